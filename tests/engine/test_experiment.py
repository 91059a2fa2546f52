"""Whole runs on the built-in digits: the story they tell, that they repeat, and that the user's hand is obeyed."""

from __future__ import annotations

import json
import math
import os
import pickle
import pickletools
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from lwf_gui import InputError, paths
from lwf_gui.axis import FIRST_LOOKS
from lwf_gui.control import Control
from lwf_gui.data import sources
from lwf_gui.engine.compute.optimizer import Optimizer
from lwf_gui.engine.methods.base import Context, Terms
from lwf_gui.engine.methods.lwf import Lwf
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.runner import Job, Runner
from lwf_gui.engine.tasks import Batch, Order, generator
from lwf_gui.messages import (
    TEACHER,
    TERMS,
    DataReady,
    Evaluated,
    Failed,
    Finished,
    LiveSettingsApplied,
    LogLine,
    Message,
    MiniBatch,
    Notice,
    Outcome,
    Paused,
    Phase,
    PhaseStarted,
    Probe,
    Resumed,
    Steps,
    Stopped,
    TeacherReady,
)
from lwf_gui.recipe import Recipe, compose
from lwf_gui.runs.step_scale import FIRST
from tests.engine.lab import (
    CE,
    FINE_TUNE,
    KD,
    KL,
    LWF,
    TINY,
    TOTAL,
    Bits,
    Lab,
    Ran,
    at,
    bits,
    both,
    momentum,
    same_bits,
    told_at,
)


def teacher_files() -> list[Path]:
    return sorted((paths.cache_dir() / "teachers").glob("*.safetensors"))


def forget_teachers() -> None:
    for file in teacher_files():
        file.unlink()


def numbers(summary: dict[str, Any]) -> dict[str, Any]:
    """Return a summary without what may differ between equal runs."""
    kept = {key: value for key, value in summary.items() if key not in ("seconds", "samples_per_second")}
    return {**kept, "teacher": {"old": summary["teacher"]["old"]}}


def assert_same_numbers(first: Ran, second: Ran) -> None:
    for phase in ("base", "incremental"):
        assert first.losses(phase).tobytes() == second.losses(phase).tobytes()
        ours, theirs = first.probes(phase), second.probes(phase)
        assert ours.keys() == theirs.keys()
        for step, probe in ours.items():
            assert probe.logits.tobytes() == theirs[step].logits.tobytes()
            if probe.teacher is None:
                assert theirs[step].teacher is None
            else:
                np.testing.assert_array_equal(probe.teacher, theirs[step].teacher)
    assert first.all(Evaluated) == second.all(Evaluated)
    assert numbers(first.summary) == numbers(second.summary)
    for name, learner in first.learners.items():
        assert same_bits(bits(learner.network), bits(second.learners[name].network))


# ---- the story


def test_digits_preset_forgets_by_fine_tuning_and_remembers_by_lwf(lab: Lab) -> None:
    ran = lab.run_recipe(compose("digits", ["engine.threads=1", "engine.device=cpu", "train.probe_every=1000"]))
    tuned, lwf = (ran.summary["learners"][name] for name in ("fine-tune", "lwf"))
    assert ran.summary["teacher"]["old"] >= 0.98
    assert tuned["task_aware"]["old"] <= 0.85
    assert lwf["task_aware"]["old"] >= 0.96
    assert min(tuned["task_aware"]["new"], lwf["task_aware"]["new"]) >= 0.96
    assert max(tuned["class_incremental"]["old"], lwf["class_incremental"]["old"]) <= 0.1  # recency bias


def test_scores_are_accuracies_on_the_full_test_sets(lab: Lab) -> None:
    """Recomputed from the networks by other means."""
    ran, digits = lab.run("data.tasks=[[9,2,4],[0,5]]"), sources.load("digits")
    order = [9, 2, 4, 0, 5]
    for name, learner in ran.learners.items():
        hits: dict[str, list[bool]] = {"old": [], "new": []}
        incremental: dict[str, list[bool]] = {"old": [], "new": []}
        for image, label in zip(digits.test_images, digits.test_labels.tolist(), strict=True):
            if label not in order:
                continue
            with torch.no_grad():
                logits = learner.network(torch.tensor(image / 8 - 1, dtype=torch.float32)[None, None])[0].tolist()
            task, units = ("old", range(3)) if label in order[:3] else ("new", range(3, 5))
            hits[task].append(order[max(units, key=logits.__getitem__)] == label)
            incremental[task].append(order[max(range(5), key=logits.__getitem__)] == label)
        told = ran.summary["learners"][name]
        for protocol, found in (("task_aware", hits), ("class_incremental", incremental)):
            expected = {task: np.mean(hit) for task, hit in found.items()}
            assert {task: told[protocol][task] for task in expected} == pytest.approx(expected)


def test_learners_start_from_the_same_weights_and_see_the_same_batches(lab: Lab) -> None:
    ran = lab.run("model.growth=random")
    assert same_bits(ran.start["fine-tune"], ran.start["lwf"])
    first = ran.losses()[0]
    assert first[FINE_TUNE, CE] == first[LWF, CE]
    assert first[FINE_TUNE, KD] == first[LWF, KD]
    assert first[LWF, TOTAL] == pytest.approx(first[LWF, CE] + 4 * first[LWF, KD])  # T = 2
    alone = lab.run("model.growth=random", "learners=lwf")
    assert alone.losses()[:, 0].tobytes() == ran.losses()[:, LWF].tobytes()  # nobody disturbs anybody


def test_student_remembers_exactly_right_after_the_head_expansion(lab: Lab) -> None:
    ran = lab.run()
    assert abs(ran.losses()[0, :, KL]).max() < 1e-5
    assert ran.losses()[-1, FINE_TUNE, KL] > 4 * ran.losses()[-1, LWF, KL] > 0


# ---- repetition and the teacher cache


def test_same_recipe_and_seed_give_the_same_numbers_to_the_last_bit(lab: Lab) -> None:
    changes = ("model.growth=random", "task2.warmup_epochs=1", "train.probe_every=7")
    first = lab.run(*changes)
    forget_teachers()
    second = lab.run(*changes)
    assert not second.one(TeacherReady).cached
    assert_same_numbers(first, second)
    other = lab.run(*changes, "seed=1")
    assert other.losses("base").tobytes() != first.losses("base").tobytes()
    assert other.losses("incremental").tobytes() != first.losses("incremental").tobytes()


@pytest.mark.parametrize("network", ["mlp", "cnn"])
def test_cached_teacher_gives_the_same_messages_and_numbers_as_a_fresh_one(lab: Lab, network: str) -> None:
    changes = (f"model.network={network}", "train.log=notebook", "train.probe_every=7", "data.train_images=300")
    fresh, cached = lab.run(*changes), lab.run(*changes)
    assert (fresh.one(TeacherReady).cached, cached.one(TeacherReady).cached) == (False, True)
    assert fresh.one(TeacherReady).right == cached.one(TeacherReady).right
    assert cached.started("base") == replace(fresh.started("base"), cached=True)
    assert cached.started("incremental") == fresh.started("incremental")
    assert_same_numbers(fresh, cached)
    assert cached.all(LogLine) == fresh.all(LogLine)
    assert len(fresh.all(LogLine)) > 10
    kinds = [Counter(type(m) for m in ran.messages if not isinstance(m, Steps)) for ran in (fresh, cached)]
    assert kinds[0][Probe] == kinds[1][Probe] > 10
    last = [[block for block in ran.all(Steps) if block.phase == "base"][-1] for ran in (fresh, cached)]
    assert (last[0].seconds, last[0].images) == (last[1].seconds, last[1].images)


@pytest.mark.parametrize(
    ("change", "same_teacher"),
    [
        ("lwf.alpha=3", True),
        ("task2.lr=0.2", True),
        ("model.growth=random", True),
        ("learners=lwf", True),
        ("task1.lr=0.02", False),
        ("model.hidden=33", False),
        ("train.batch_size=17", False),
        ("data.tasks=[[0,1,2,3,4,6],[5,7,8,9]]", False),
        ("data.tasks=[[0,1,2,3,4,5],[6,7,9,8]]", False),  # the probe shows new classes too
        ("data.train_images=100", False),
        ("seed=1", False),
    ],
)
def test_teacher_is_taken_again_where_nothing_that_it_depends_on_changed(
    lab: Lab, change: str, same_teacher: bool
) -> None:
    lab.run()
    assert lab.run(change).one(TeacherReady).cached is same_teacher


def cut(file: Path) -> None:
    os.truncate(file, file.stat().st_size // 2)


def empty(file: Path) -> None:
    file.write_bytes(b"")


def garble(file: Path) -> None:
    file.write_bytes(bytes(range(256)) * 50)


def without_metadata(file: Path) -> None:
    save_file(load_file(file), file)


def of_another_network(file: Path) -> None:
    """Leave parameters that fit, with other values, beside one that does not."""
    tensors = {name: value * 0 + 3 for name, value in load_file(file).items()}
    tensors["classifier.weight"] = torch.zeros(6, 5)
    save_file(tensors, file, metadata_of(file))


def without_a_parameter(file: Path) -> None:
    tensors = {name: value * 0 + 3 for name, value in load_file(file).items() if name != "backbone.fc1.bias"}
    save_file(tensors, file, metadata_of(file))


def with_a_record_cut_short(file: Path) -> None:
    tensors = {name: value * 0 + 3 for name, value in load_file(file).items()}
    save_file(tensors, file, {"about": json.dumps({"learners": ["teacher"]})})


def changed(**tensors: Callable[[Tensor], Tensor]) -> Callable[[Path], None]:
    """Return a damage that changes some tensors of a file."""

    def damage(file: Path) -> None:
        found = load_file(file)
        for name, change in tensors.items():
            found[name.replace("__", ".")] = change(found[name.replace("__", ".")].clone())
        save_file(found, file, metadata_of(file))

    return damage


def told(**about: Any) -> Callable[[Path], None]:
    """Return a damage that changes what a file says about its training."""

    def damage(file: Path) -> None:
        metadata = json.loads(metadata_of(file)["about"]) | about
        save_file(load_file(file), file, {"about": json.dumps(metadata)})

    return damage


def one_entry(value: float) -> Callable[[Tensor], Tensor]:
    """Return a change of a tensor's last entry."""

    def change(tensor: Tensor) -> Tensor:
        tensor.view(-1)[-1] = value
        return tensor

    return change


DAMAGES: dict[str, Callable[[Path], None]] = {
    "a weight that is no number": changed(backbone__fc1__weight=one_entry(math.nan)),
    "an infinite bias": changed(classifier__bias=one_entry(-math.inf)),
    "weights of another kind": changed(backbone__fc2__bias=lambda tensor: tensor.double()),
    "a loss that is no number": changed(losses=one_entry(math.nan)),
    "a step missing": changed(losses=lambda tensor: tensor[:-1].clone()),
    "a term missing": changed(losses=lambda tensor: tensor[..., :-1].clone()),
    "answers to fewer images": changed(probe_logits=lambda tensor: tensor[:, :, :-1].clone()),
    "answers that are no numbers": changed(probe_logits=lambda tensor: torch.full_like(tensor, math.nan)),
    "answers about new classes": changed(probe_logits=one_entry(1.0)),
    "a probe fewer": changed(probe_steps=lambda tensor: tensor[:-1].clone()),
    "probes out of order": changed(probe_steps=lambda tensor: tensor.flip(0)),
    "no probe": changed(probe_steps=lambda tensor: tensor[:0].clone(), probe_logits=lambda tensor: tensor[:0].clone()),
    "another epoch": told(steps_per_epoch=7),
    "another learner": told(learners=["lwf"]),
    "no time": told(seconds="soon"),
    "endless time": told(seconds=math.inf),
    "a log of numbers": told(log=[1, 2]),
    "no log": told(log=None),
}


def metadata_of(file: Path) -> dict[str, str]:
    content = file.read_bytes()
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    return dict(header["__metadata__"])


@pytest.mark.parametrize(
    "damage",
    [
        *(cut, empty, garble, without_metadata, of_another_network, without_a_parameter, with_a_record_cut_short),
        *(pytest.param(damage, id=name) for name, damage in DAMAGES.items()),
    ],
)
def test_damaged_teacher_file_is_trained_anew_and_written_again(lab: Lab, damage: Callable[[Path], None]) -> None:
    fresh = lab.run()
    (file,) = teacher_files()
    damage(file)
    again = lab.run()
    assert not again.one(TeacherReady).cached
    notice = again.one(Notice).text
    assert notice.startswith("The teacher that was kept from an earlier run is not used: its file ")
    assert notice.endswith(". It is trained again.")
    assert_same_numbers(fresh, again)
    whole = lab.run()
    assert whole.one(TeacherReady).cached
    assert fresh.all(Notice) == whole.all(Notice) == [], "that there is no file yet, or a sound one, is no news"


def test_cache_that_cannot_be_written_costs_a_notice_and_no_more(
    lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = lab.run()
    (tmp_path / "file").write_bytes(b"")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    ran = lab.run()
    notice = ran.one(Notice)
    assert notice.text.startswith("The teacher was not kept for the next run: ")
    assert_same_numbers(fresh, ran)
    assert fresh.all(Notice) == []


def test_cache_that_can_only_be_read_is_used(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    lab.run()

    def denied(path: Path, *_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(os, "utime", denied)  # the tests may run as root, who may write everywhere
    assert lab.run().one(TeacherReady).cached


# ---- fine-tuning is LwF with alpha = 0


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("task2.warmup_epochs=1", "model.growth=random"),
        ("task2.warmup_epochs=1", "model.growth=identity", "lwf.ce_scope=new", "task2.optimizer=restarted"),
        ("model.network=cnn", "data.train_images=200"),
        ("lwf.teacher=aliased",),
        ("task1.momentum=0", "task2.momentum=0", "task2.warmup_epochs=1"),
        ("task2.max_step=0.02",),
        ("model.network=cnn", "data.train_images=200", "engine.precision=bf16", "task2.max_step=0.02"),
    ],
)
def test_lwf_with_alpha_zero_is_fine_tuning_to_the_last_bit(lab: Lab, changes: tuple[str, ...]) -> None:
    ran = lab.run("lwf.alpha=0", *changes)
    tuned, lwf = (bits(ran.learners[name].network) for name in ("fine-tune", "lwf"))
    assert same_bits(tuned, lwf)
    assert not any(torch.equal(lwf[name], before) for name, before in ran.start["lwf"].items())
    losses = ran.losses()
    assert losses[:, FINE_TUNE].tobytes() == losses[:, LWF].tobytes()
    assert np.array_equal(losses[..., TOTAL], losses[..., CE])
    assert (losses[..., KD] > 0).all()  # measured all the same


def test_alpha_above_zero_makes_another_network(lab: Lab) -> None:
    ran = lab.run("lwf.alpha=0.01")
    tuned, lwf = (bits(ran.learners[name].network) for name in ("fine-tune", "lwf"))
    assert not any(torch.equal(tuned[name], lwf[name]) for name in tuned)


# ---- where the distillation loss reaches


def test_distillation_moves_backbone_inserted_layer_and_old_rows_alone(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the cross-entropy silenced, all that moves is moved by KD; the random layer gives it something to do."""

    def silent(logits: Tensor, targets: Tensor, old_classes: int, scope: str) -> Tensor:
        return logits.sum() * 0

    after_one: dict[str, Bits] = {}

    def snapshot(ran: Ran) -> None:
        after_one.update({name: bits(learner.network) for name, learner in ran.learners.items()})

    lab.run("model.growth=random")  # trains the teacher, with its cross-entropy
    monkeypatch.setattr("lwf_gui.engine.losses.cross_entropy", silent)
    ran = lab.run("model.growth=random", "task2.weight_decay=0", hook=at(1, snapshot))
    before = ran.start["lwf"]
    moved = {name for name in before if not torch.equal(before[name], after_one["lwf"][name])}
    assert moved == before.keys()
    assert not torch.equal(before["classifier.weight"][:6], after_one["lwf"]["classifier.weight"][:6])
    assert torch.equal(before["classifier.weight"][6:], after_one["lwf"]["classifier.weight"][6:])
    assert same_bits(after_one["fine-tune"], before)


def test_old_rows_stay_put_under_scope_new_without_distillation(lab: Lab) -> None:
    ran = lab.run("lwf.ce_scope=new", "task2.weight_decay=0")
    before = ran.start["lwf"]["classifier.weight"][:6]
    tuned, lwf = (ran.learners[name].network.classifier.weight[:6] for name in ("fine-tune", "lwf"))
    assert torch.equal(tuned, before)
    assert not torch.equal(lwf, before)


# ---- warm-up, freezing and the optimiser


def test_backbone_keeps_its_bytes_through_the_warm_up_and_trains_after_it(lab: Lab) -> None:
    at_its_end: dict[str, Bits] = {}

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Evaluated) and message.epoch == 1:
            for name, learner in ran.learners.items():
                at_its_end[name] = bits(learner.network)
                assert momentum(learner, learner.network.backbone) == []
                assert all(value.grad is None for value in learner.network.backbone.parameters())

    ran = lab.run("task2.warmup_epochs=1", "model.growth=random", "task2.weight_decay=0.1", "task2.lr=0.1", hook=hook)
    assert set(at_its_end) == {"fine-tune", "lwf"}
    for name, learner in ran.learners.items():
        for parameter, before in ran.start[name].items():
            in_backbone = parameter.startswith("backbone.")
            assert torch.equal(at_its_end[name][parameter], before) is in_backbone, parameter
        backbone = bits(learner.network.backbone)
        assert not any(torch.equal(value, ran.start[name][f"backbone.{key}"]) for key, value in backbone.items())


def test_schedule_unfreezes_at_its_step_and_says_so(lab: Lab) -> None:
    backbones: dict[int, Bits] = {}

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental":
            backbones[message.step] = bits(ran.lwf().network.backbone)

    ran = lab.run("task2.warmup_epochs=1", "train.probe_every=1", "data.train_images=64", hook=hook)
    step = ran.started("incremental").epoch_steps[0]
    assert step == 4
    applied = ran.one(LiveSettingsApplied)
    live_settings = replace(compose("digits", [*TINY, "task2.warmup_epochs=1"]).live_settings(), backbone_frozen=False)
    assert applied == LiveSettingsApplied(1, step, live_settings, ("backbone_frozen",), "schedule")
    assert same_bits(backbones[0], backbones[step])
    assert not same_bits(backbones[step], backbones[step + 1])


def test_warm_up_of_all_epochs_never_unfreezes(lab: Lab) -> None:
    ran = lab.run("task2.warmup_epochs=2")
    assert ran.all(LiveSettingsApplied) == []
    backbone = {f"backbone.{name}": value for name, value in bits(ran.lwf().network.backbone).items()}
    assert all(torch.equal(value, ran.start["lwf"][name]) for name, value in backbone.items())


def test_unfreezing_by_hand_trains_the_backbone_from_the_next_step_and_keeps_the_heads_momentum(lab: Lab) -> None:
    seen: dict[int, Bits] = {}
    optimizers: list[Optimizer] = []
    heads: list[list[Tensor]] = []

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental":
            seen[message.step] = bits(ran.lwf().network.backbone)
            if message.step == 5:
                keep(ran)
                ran.control.change(backbone_frozen=False)
        elif isinstance(message, LiveSettingsApplied):
            keep(ran)

    def keep(ran: Ran) -> None:
        optimizers.append(ran.lwf().optimizer)
        heads.append([*momentum(ran.lwf(), ran.lwf().network.classifier)])
        heads.append([value.clone() for value in heads[-1]])

    ran = lab.run("task2.warmup_epochs=1", "train.probe_every=1", hook=hook)
    applied = ran.one(LiveSettingsApplied)  # the schedule has nothing left to say
    assert (applied.step, applied.changed, applied.by) == (5, ("backbone_frozen",), "user")
    assert same_bits(seen[0], seen[5])
    assert not same_bits(seen[5], seen[6])
    assert optimizers[0] is optimizers[1] is ran.lwf().optimizer
    (before, before_bits, after, after_bits) = heads
    assert len(before) == 2
    assert all(a is b for a, b in zip(before, after, strict=True))
    assert all(torch.equal(a, b) and a.any() for a, b in zip(before_bits, after_bits, strict=True))


def test_warm_up_leaves_task_1_alone(lab: Lab) -> None:
    plain = lab.run()
    forget_teachers()
    warmed = lab.run("task2.warmup_epochs=1")
    assert warmed.losses("base").tobytes() == plain.losses("base").tobytes()
    assert warmed.one(TeacherReady).right == plain.one(TeacherReady).right


def test_freezing_by_hand_stops_the_backbone_despite_its_momentum(lab: Lab) -> None:
    seen: dict[int, Bits] = {}

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental":
            seen[message.step] = bits(ran.lwf().network.backbone)
            if message.step in (5, 9):
                ran.control.change(backbone_frozen=message.step == 5)

    lab.run("train.probe_every=1", "task2.weight_decay=0.1", hook=hook)
    assert not same_bits(seen[4], seen[5])
    assert all(same_bits(seen[5], seen[step]) for step in (6, 7, 8, 9))
    assert not same_bits(seen[9], seen[10])


def test_learning_rate_changed_by_hand_keeps_the_momentum_and_holds_from_the_next_step(lab: Lab) -> None:
    momenta: list[list[Tensor]] = []
    weights: dict[int, Tensor] = {}

    def hook(ran: Ran, message: Message) -> None:
        learner = ran.learners.get("lwf")
        if isinstance(message, Probe) and message.phase == "incremental" and learner:
            weights[message.step] = learner.network.classifier.weight.detach().clone()
            if message.step == 5:
                momenta.append([value.clone() for value in momentum(learner, learner.network)])
                ran.control.change(lr=0.125)
            if message.step == 6:
                momenta.append([value.clone() for value in momentum(learner, learner.network.classifier)])
        elif isinstance(message, LiveSettingsApplied) and learner:
            momenta.append([value.clone() for value in momentum(learner, learner.network)])

    ran = lab.run("train.probe_every=1", hook=hook)
    applied = ran.one(LiveSettingsApplied)
    assert (applied.step, applied.changed, applied.live_settings.lr, applied.by) == (5, ("lr",), 0.125, "user")
    before, after, sixth = momenta
    assert len(before) == 6
    assert all(torch.equal(a, b) and a.any() for a, b in zip(before, after, strict=True))
    # w <- w - lr x v, with the new rate and the velocity that was kept
    torch.testing.assert_close(weights[6], weights[5] - 0.125 * sixth[0], rtol=1e-5, atol=1e-7)
    for learner in ran.learners.values():
        assert learner.optimizer.lr == 0.125


@pytest.mark.parametrize(("kind", "distinct"), [("kept", 1), ("restarted", 4)])
def test_optimiser_is_kept_or_restarted_at_every_epoch_from_the_unfreeze_on(lab: Lab, kind: str, distinct: int) -> None:
    seen: list[Optimizer] = []

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Evaluated):
            seen.append(ran.lwf().optimizer)

    lab.run(f"task2.optimizer={kind}", "task2.epochs=5", "task2.warmup_epochs=2", "data.train_images=32", hook=hook)
    # evaluated at the epochs 0 to 5: the warm-up's optimiser, then one for each of the epochs 3, 4 and 5
    changes = [first is not second for first, second in pairwise(seen)]
    assert changes == ([False] * 5 if kind == "kept" else [False, False, True, True, True])
    assert len({id(optimizer) for optimizer in seen}) == distinct
    assert seen[0].weight_decay == 5e-4
    assert seen[-1].weight_decay == (5e-4 if kind == "kept" else 0.0)


# ---- teachers


def test_frozen_teacher_does_not_drift(lab: Lab) -> None:
    teacher: list[Bits] = []
    ran = lab.run("task2.lr=0.1", "train.probe_every=10", hook=at(0, lambda ran: teacher.append(bits(ran.teacher()))))
    assert same_bits(teacher[0], bits(ran.teacher()))
    answers = [told_at(probe) for probe in ran.probes().values()]
    assert len(answers) > 5
    for answer in answers:
        assert answer.shape == (40, 10)
        assert np.isfinite(answer[:, :6]).all()
        assert np.isneginf(answer[:, 6:]).all()
        np.testing.assert_array_equal(answer, answers[0])
    assert len({score.teacher for told in ran.all(Evaluated) for score in told.scores.values()}) == 1
    ours = {value.data_ptr() for value in ran.teacher().parameters()}
    assert not any(
        value.data_ptr() in ours for learner in ran.learners.values() for value in learner.network.parameters()
    )


def test_aliased_teacher_is_the_students_backbone_and_drifts_from_the_unfreeze_on(lab: Lab) -> None:
    """The notebook's hidden bug, replayed."""
    ran = lab.run("lwf.teacher=aliased", "task2.warmup_epochs=1", "task2.lr=0.2", "train.probe_every=1", "lwf.alpha=0")
    for learner in ran.learners.values():
        assert learner.teacher is not None
        told_by = learner.teacher.network
        for name, value in learner.network.backbone.named_parameters():
            assert told_by.backbone.get_parameter(name).data_ptr() == value.data_ptr()
        assert told_by.classifier.weight.data_ptr() != learner.network.classifier.weight.data_ptr()
    step = ran.started("incremental").epoch_steps[0]
    probes = ran.probes()
    first, last_frozen, drifted = (told_at(probes[seen]) for seen in (0, step, step + 1))
    np.testing.assert_array_equal(first, last_frozen)
    assert not np.array_equal(last_frozen, drifted)
    after = [told.scores["lwf"].teacher[0] for told in ran.all(Evaluated)]
    assert after[0] == after[1] == ran.one(TeacherReady).right
    assert after[2] < after[1]


def test_aliased_teachers_answers_are_never_looked_up(lab: Lab) -> None:
    """In the second epoch a drifted teacher must answer anew."""
    frozen, aliased = (lab.run(f"lwf.teacher={kind}", "task2.lr=0.1", "lwf.alpha=0") for kind in ("frozen", "aliased"))
    assert frozen.losses()[..., CE].tobytes() == aliased.losses()[..., CE].tobytes()
    step = frozen.started("incremental").epoch_steps[0]
    assert not np.any(frozen.losses()[step:, LWF, KD] == aliased.losses()[step:, LWF, KD])


def test_learners_share_one_answer_of_the_teacher_a_step(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    computed: Counter[str] = Counter()
    record = OutputCache._record

    def counted(cache: OutputCache, batch: Batch, memory: Any) -> Tensor:
        computed["train" if len(batch.split) == 320 else "test"] += len(batch.numbers)
        return record(cache, batch, memory)

    monkeypatch.setattr(OutputCache, "_record", counted)
    ran = lab.run("task2.epochs=3")
    assert computed["train"] == 320 == ran.one(DataReady).train_sizes[1]  # once an image, not once a learner or epoch


@pytest.mark.parametrize(
    "changes",
    [
        ("model.growth=random",),
        ("lwf.teacher=aliased", "model.growth=identity"),
        ("model.network=cnn", "data.train_images=100"),
    ],
)
def test_recorded_features_and_answers_change_no_bit(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, changes: tuple[str, ...]
) -> None:
    """The live path is the recorded one that forgets everything at once."""
    changes = ("task2.epochs=3", "task2.warmup_epochs=2", "train.probe_every=3", "data.train_images=160", *changes)
    recorded = lab.run(*changes)

    def forgetful(cache: OutputCache, batch: Batch, memory: Any) -> Tensor:
        with torch.no_grad():
            return cache._network(batch.images)

    monkeypatch.setattr(OutputCache, "_record", forgetful)
    live = lab.run(*changes)
    assert np.array_equal(recorded.losses(), live.losses())
    for name, learner in recorded.learners.items():
        assert same_bits(bits(learner.network), bits(live.learners[name].network))


def test_unfreezing_by_hand_leaves_the_recorded_features_at_that_step(lab: Lab) -> None:
    seen: dict[int, bool] = {}

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental" and ran.learners:
            seen[message.step] = ran.lwf().frozen_backbone is not None
            if message.step in (5, 8):
                ran.control.change(backbone_frozen=message.step == 8)

    ran = lab.run("task2.warmup_epochs=2", "train.probe_every=1", hook=hook)
    assert [seen[step] for step in (0, 5, 6, 8, 9)] == [True, True, False, False, True]
    backbones = {id(learner.frozen_backbone) for learner in ran.learners.values()}
    assert len(backbones) == 2  # backbones that trained differ: each has its own record


@pytest.mark.parametrize("changes", [(), ("task2.warmup_epochs=1",), ("lwf.teacher=aliased",)])
def test_learners_side_by_side_get_the_same_numbers_as_one_after_the_other(
    lab: Lab, monkeypatch: pytest.MonkeyPatch, changes: tuple[str, ...]
) -> None:
    changes = ("train.probe_every=5", *changes)
    alone = lab.run(*changes)
    monkeypatch.setattr("lwf_gui.processor.cores", lambda: 2)
    together = lab.run("engine.threads=auto", *changes)
    assert together.one(DataReady).device == "CPU, 1 thread a learner, fp32"
    assert alone.losses().tobytes() == together.losses().tobytes()
    assert alone.all(Evaluated) == together.all(Evaluated)
    for step, probe in alone.probes().items():
        assert probe.logits.tobytes() == together.probes()[step].logits.tobytes()


def test_failure_of_a_learner_in_another_thread_is_told_and_leaves_no_thread(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> Terms:
        raise RuntimeError("the second learner broke")

    monkeypatch.setattr("lwf_gui.processor.cores", lambda: 2)
    monkeypatch.setattr(Lwf, "losses", fail)
    ran = lab.run("engine.threads=auto")
    assert ran.one(Failed).cause == "RuntimeError: the second learner broke"
    assert not [thread.name for thread in threading.enumerate() if thread.name.startswith("lwf-gui worker")]


# ---- messages


def test_messages_come_in_order_and_account_for_every_step(lab: Lab) -> None:
    ran = lab.run("train.probe_every=10")
    assert {message.run_id for message in ran.messages} == {1}
    kinds = [type(message) for message in ran.messages]
    assert kinds.index(DataReady) < kinds.index(PhaseStarted) < kinds.index(Steps) < kinds.index(TeacherReady)
    assert kinds[-1] is Finished
    sizes = ran.one(DataReady).train_sizes
    for phase, epochs, images in (("base", 1, sizes[0]), ("incremental", 2, sizes[1])):
        started = next(message for message in ran.all(PhaseStarted) if message.phase == phase)
        assert started.learners == ((TEACHER,) if phase == "base" else ("fine-tune", "lwf"))
        assert started.epoch_steps[0] == -(-images // 16)
        assert started.steps == epochs * started.epoch_steps[0]
        blocks = [block for block in ran.all(Steps) if block.phase == phase]
        done = 0
        for block in blocks:
            assert block.first == done + 1
            assert block.losses.dtype == np.float32
            assert block.losses.shape[1:] == (len(started.learners), len(TERMS))
            done += len(block.losses)
        assert done == started.steps
        assert all(before.seconds <= after.seconds for before, after in pairwise(blocks))
        assert blocks[-1].images == epochs * images * len(started.learners)
        probed = [message.step for message in ran.all(Probe) if message.phase == phase]
        epoch_ends = range(0, started.steps + 1, started.epoch_steps[0])
        wanted = {0, 1, 2, 4, 8, 16, *range(10, started.steps, 10), *epoch_ends}
        closely = {step for step in FIRST_LOOKS if step <= started.steps and phase == "incremental"}
        assert probed == sorted(wanted | closely)


def test_test_sets_are_evaluated_after_the_head_expansion_and_after_every_epoch(lab: Lab) -> None:
    ran = lab.run("task2.epochs=3", "data.train_images=64")
    told = ran.all(Evaluated)
    assert [(message.epoch, message.step) for message in told] == [(0, 0), (1, 4), (2, 8), (3, 12)]
    for message in told:
        assert list(message.scores) == ["fine-tune", "lwf"]
    assert told[0].scores["lwf"].task_aware[0] == told[0].scores["lwf"].teacher[0] == ran.one(TeacherReady).right
    assert [epoch["epoch"] for epoch in ran.summary["epochs"]] == [0, 1, 2, 3]


def test_probe_holds_what_the_networks_answer(lab: Lab) -> None:
    ran = lab.run('learners=["lwf", "fine-tune"]')
    ready = ran.one(DataReady)
    assert ready.probe_labels.tolist() == sorted(ready.probe_labels.tolist())
    images = torch.from_numpy(ready.probe_images / ready.peak * 2 - 1).float().unsqueeze(1)
    last = ran.probes()[ran.started("incremental").steps]
    for row, name in enumerate(("lwf", "fine-tune")):
        with torch.no_grad():
            answers = ran.learners[name].network(images).numpy()
        np.testing.assert_allclose(last.logits[row], answers, rtol=2e-3, atol=2e-3)
    with torch.no_grad():
        np.testing.assert_allclose(told_at(last)[:, :6], ran.teacher()(images).numpy(), rtol=2e-3, atol=2e-3)
    early = ran.probes("base")[0]
    assert early.logits.shape == (1, 40, 10)
    assert np.isneginf(early.logits[..., 6:]).all()
    assert np.isfinite(early.logits[..., :6]).all()
    assert early.teacher is None


def modules_of(packed: bytes) -> set[str]:
    """Return the modules whose classes and functions a pickle names, and all other short texts in it, but for keys."""
    said = [str(arg) for code, arg, _ in pickletools.genops(packed) if "UNICODE" in code.name]
    return {text for text in said if text != "torch"}


def test_messages_can_be_sent_between_processes_and_hold_no_tensors(lab: Lab) -> None:
    ran = lab.run("task2.warmup_epochs=1", "train.log=notebook")
    for message in ran.messages:
        packed = pickle.dumps(message)
        assert not any(each.startswith("torch") for each in modules_of(packed))
        assert type(pickle.loads(packed)) is type(message)
    assert {DataReady, PhaseStarted, Steps, Probe, Evaluated, LiveSettingsApplied, LogLine, Finished} <= {
        type(message) for message in ran.messages
    }


def test_summary_is_the_json_of_the_contract(lab: Lab) -> None:
    summary = json.loads(json.dumps(lab.run().summary))
    assert {"recipe", "seed", "dataset", "teacher", "learners", "epochs", "seconds", "samples_per_second"} <= set(
        summary
    )
    assert Recipe.model_validate(summary["recipe"]) == compose("digits", TINY)
    assert (summary["seed"], summary["dataset"]) == (0, "digits")
    assert set(summary["learners"]) == {"fine-tune", "lwf"}
    for learner in summary["learners"].values():
        for protocol in ("task_aware", "class_incremental"):
            assert set(learner[protocol]) == {"old", "new", "tasks", "average", "average_weighted"}
            assert learner[protocol]["tasks"] == [learner[protocol]["old"], learner[protocol]["new"]]
    seconds = summary["seconds"]
    assert set(seconds) == {"load", "task1", "task2", "total", "per_image"}
    assert set(seconds["per_image"]) == {"fine-tune", "lwf"}
    assert all(0 < each < seconds["task2"] for each in seconds["per_image"].values())
    assert seconds["total"] >= seconds["load"] + seconds["task1"] + seconds["task2"]
    assert summary["samples_per_second"] > 100
    for name, last in summary["epochs"][-1]["learners"].items():
        assert last == {key: summary["learners"][name][key] for key in last}


def test_probes_do_not_change_the_training(lab: Lab) -> None:
    often, seldom = (lab.run(f"train.probe_every={every}", "model.growth=random") for every in (1, 1000))
    assert len(often.probes()) > 2 * len(seldom.probes())
    for phase in ("base", "incremental"):
        assert often.losses(phase).tobytes() == seldom.losses(phase).tobytes()
    assert often.all(Evaluated) == seldom.all(Evaluated)


def test_bf16_trains_too_and_tells_float32_losses(lab: Lab) -> None:
    ran, exact = lab.run("engine.precision=bf16"), lab.run()
    assert not ran.one(TeacherReady).cached
    assert not exact.one(TeacherReady).cached  # another arithmetic, another teacher
    np.testing.assert_allclose(ran.losses("base")[0, 0, CE], exact.losses("base")[0, 0, CE], rtol=0.02)
    assert ran.losses()[-1, LWF, TOTAL] < ran.losses()[0, LWF, TOTAL]
    assert {value.dtype for value in ran.lwf().network.parameters()} == {torch.float32}


# ---- failures


def failing_at(step: int, change: Callable[[Terms], Terms]) -> Callable[[Lwf, Context], Terms]:
    """Return LwF's loss, changed at one step."""
    losses = Lwf.losses
    calls: list[None] = []

    def changed(self: Lwf, context: Context) -> Terms:
        calls.append(None)
        terms = losses(self, context)
        return change(terms) if len(calls) == step else terms

    return changed


@pytest.mark.parametrize("value", [float("inf"), float("nan")])
def test_loss_that_is_no_number_names_learner_and_step(lab: Lab, monkeypatch: pytest.MonkeyPatch, value: float) -> None:
    broken = failing_at(7, lambda terms: {**terms, "total": terms["total"] * value})
    monkeypatch.setattr(Lwf, "losses", broken)
    failed = lab.run("learners=lwf").one(Failed)
    assert failed.cause == (
        "LwF diverged: its loss is not a finite number at step 7 of task 2; "
        "lower the learning rate or alpha and run again."
    )
    assert not failed.bad_input


def test_divergence_is_a_sentence_that_names_a_learner(lab: Lab) -> None:
    ran = lab.run("task2.lr=10", "lwf.alpha=100", "task2.epochs=20", "learners=lwf")
    failed = ran.one(Failed)
    assert failed.cause.startswith("LwF diverged: ")
    assert failed.cause.endswith("of task 2; lower the learning rate or alpha and run again.")
    assert "\n" not in failed.cause
    assert np.isfinite(ran.losses()).all()
    assert all(np.isfinite(block.losses).all() for block in ran.all(Steps))


def test_teacher_that_diverges_is_not_kept(lab: Lab) -> None:
    failed = lab.run("task1.lr=10", "task1.momentum=0.99", "task1.epochs=20").one(Failed)
    assert failed.cause.startswith("teacher diverged: ")
    assert failed.cause.endswith("of task 1; lower task1.lr and run again.")
    assert teacher_files() == []


def test_fault_in_an_objective_is_told_with_its_traceback_and_the_next_run_works(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> Terms:
        raise RuntimeError("boom\nand details")

    with monkeypatch.context() as patch:
        patch.setattr(Lwf, "losses", broken)
        failed = lab.run().one(Failed)
    assert failed.cause == "RuntimeError: boom"
    assert "Traceback" in failed.traceback
    assert "in broken" in failed.traceback
    assert not failed.bad_input
    assert lab.run().all(Finished)


def test_mistake_of_the_user_is_told_as_one(lab: Lab) -> None:
    failed = lab.run("data.tasks=[[0],[12]]").one(Failed)
    assert failed.cause == "data.tasks names class 12, but digits has the classes 0 to 9."
    assert failed.bad_input
    assert failed.traceback == ""


def test_mistake_in_the_middle_of_a_run_is_told_as_one(lab: Lab) -> None:
    def refuse(ran: Ran) -> None:
        raise InputError("Not like this.")

    failed = lab.run("train.probe_every=1", hook=at(3, refuse)).one(Failed)
    assert (failed.cause, failed.bad_input) == ("Not like this.", True)


def test_interrupted_run_still_ends_with_an_outcome(lab: Lab) -> None:
    told: list[Message] = []

    def emit(message: Message) -> None:
        told.append(message)
        if isinstance(message, TeacherReady):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        lab.runner.run(Job(1, compose("digits", TINY)), emit)
    assert [message for message in told if isinstance(message, Outcome)] == [Stopped(1)]
    assert told[-1] == Stopped(1)


def test_what_should_be_known_of_the_data_is_told_and_the_recipe_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = replace(sources.load("digits"), note="Found instead.")
    monkeypatch.setattr(sources, "load", lambda _spec: digits)
    hoped_for, told = compose("classroom", [*TINY, "train.batch_size=32"]), list[Message]()
    Runner().run(Job(1, hoped_for), told.append)
    (ready,) = [message for message in told if isinstance(message, DataReady)]
    assert (ready.recipe, ready.note) == (hoped_for, "Found instead.")
    assert isinstance(told[-1], Finished)
    assert told[-1].summary["recipe"] == ready.recipe.model_dump(mode="json")
    assert told[-1].summary["note"] == "Found instead."


# ---- the user's hand


def test_stop_ends_the_run_before_another_step(lab: Lab) -> None:
    stopped_at: list[Bits] = []

    def stop(ran: Ran) -> None:
        ran.control.stop()
        stopped_at.append(bits(ran.lwf().network))

    ran = lab.run("train.probe_every=1", hook=at(5, stop))
    assert ran.messages[-1] == Stopped(1)
    assert len(ran.losses()) == 5
    assert same_bits(stopped_at[0], bits(ran.lwf().network))


def test_stop_before_the_run_trains_nothing(lab: Lab) -> None:
    control = Control()
    control.stop()
    ran = lab.run(control=control)
    assert ran.messages[-1] == Stopped(1)
    assert ran.all(Steps) == []


def test_teacher_that_was_stopped_is_not_kept(lab: Lab) -> None:
    ran = lab.run("train.probe_every=1", hook=at(5, lambda ran: ran.control.stop(), phase="base"))
    assert ran.messages[-1] == Stopped(1)
    assert len(ran.losses("base")) == 5
    assert teacher_files() == []


@pytest.mark.parametrize("phase", ["base", "incremental"])
def test_pause_and_single_steps_change_nothing_but_the_time(lab: Lab, phase: Phase) -> None:
    lossless = lab.run("train.probe_every=1")
    forget_teachers()
    known: list[int] = []

    def answer(ran: Ran, message: Message) -> None:
        if isinstance(message, Paused):
            known.append(len(ran.losses(phase)))  # all that was done is told by now
            ran.control.step() if message.step < 5 else ran.control.resume()

    hook = both(at(3, lambda ran: ran.control.pause(), phase=phase), answer)
    ran = lab.run("train.probe_every=1", hook=hook)
    assert ran.all(Paused) == [Paused(1, phase, step) for step in (3, 4, 5)]
    assert known == [3, 4, 5]
    assert len(ran.all(Resumed)) == 3
    assert_same_numbers(lossless, ran)


def test_time_in_a_pause_is_not_counted_as_training_and_the_time_before_it_is(lab: Lab) -> None:
    def answer(ran: Ran, message: Message) -> None:
        if isinstance(message, Paused):
            time.sleep(0.03)
            ran.control.step() if message.step < 10 else ran.control.resume()

    ran = lab.run("train.probe_every=1", hook=both(at(4, lambda ran: ran.control.pause()), answer))
    assert len(ran.all(Paused)) == 7
    told = [block.seconds for block in ran.all(Steps) if block.phase == "incremental"]
    assert 0 < told[0] < told[3] < told[-1] < ran.summary["seconds"]["task2"] - 7 * 0.03
    assert all(before < after for before, after in pairwise(told))


def test_alpha_changed_by_hand_holds_from_an_exact_step(lab: Lab) -> None:
    plain = lab.run("train.probe_every=1")
    ran = lab.run("train.probe_every=1", hook=at(3, lambda ran: ran.control.change(alpha=0.0)))
    applied = ran.one(LiveSettingsApplied)
    assert applied == LiveSettingsApplied(
        1, 3, replace(compose("digits", TINY).live_settings(), alpha=0.0), ("alpha",), "user"
    )
    assert ran.losses()[:3].tobytes() == plain.losses()[:3].tobytes()
    total, ce, kd = (ran.losses()[:, LWF, column] for column in (TOTAL, CE, KD))
    np.testing.assert_allclose(total[:3], ce[:3] + 4 * kd[:3], rtol=1e-6)  # T = 2
    assert np.array_equal(total[3:], ce[3:])
    assert ran.losses()[3:, LWF].tobytes() != plain.losses()[3:, LWF].tobytes()
    assert ran.losses()[:, FINE_TUNE].tobytes() == plain.losses()[:, FINE_TUNE].tobytes()


def test_several_changes_are_applied_together_and_equal_values_are_no_change(lab: Lab) -> None:
    def turn(ran: Ran) -> None:
        ran.control.change(temperature=4.0, scale_t2=False)
        ran.control.change(ce_scope="new", alpha=1.0)

    ran = lab.run(
        "train.probe_every=1",
        hook=both(at(3, turn), at(6, lambda ran: ran.control.change(ce_scope="new", temperature=4.0))),
    )
    applied = ran.one(LiveSettingsApplied)
    assert (applied.step, set(applied.changed)) == (3, {"temperature", "scale_t2", "ce_scope"})
    assert (applied.live_settings.temperature, applied.live_settings.scale_t2, applied.live_settings.ce_scope) == (
        4.0,
        False,
        "new",
    )


def test_changes_during_task_1_wait_for_task_2(lab: Lab) -> None:
    plain = lab.run("train.probe_every=1")
    forget_teachers()

    def turn(ran: Ran) -> None:
        ran.control.change(alpha=0.0, lr=0.5, backbone_frozen=True)

    ran = lab.run("train.probe_every=1", hook=at(2, turn, phase="base"))
    applied = ran.one(LiveSettingsApplied)
    assert (applied.step, set(applied.changed), applied.by) == (0, {"alpha", "lr", "backbone_frozen"}, "user")
    assert ran.losses("base").tobytes() == plain.losses("base").tobytes()
    assert np.array_equal(ran.losses()[:, LWF, TOTAL], ran.losses()[:, LWF, CE])
    for name, learner in ran.learners.items():
        assert learner.optimizer.lr == 0.5
        backbone = bits(learner.network.backbone)
        assert all(torch.equal(value, ran.start[name][f"backbone.{key}"]) for key, value in backbone.items())


def test_pace_slows_the_steps_and_changes_no_number(lab: Lab) -> None:
    plain = lab.run("data.train_images=32")
    control = Control()
    control.pace(200)
    slow = lab.run("data.train_images=32", control=control)
    assert_same_numbers(plain, slow)
    assert slow.summary["seconds"]["task2"] >= 3 / 200


def test_a_slow_start_shows_every_first_step_of_a_long_task_and_changes_no_number(
    lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lwf_gui.control.SLOW_START", 1e4)
    control = Control()
    control.start_slowly(True)
    long = ("train.probe_every=1000", "train.batch_size=2", "data.train_images=400", "task2.epochs=1")
    plain, slow = lab.run(*long), lab.run(*long, control=control)
    assert np.array_equal(plain.losses(), slow.losses())
    assert same_bits(bits(plain.lwf().network), bits(slow.lwf().network))
    assert {batch.step for batch in slow.all(MiniBatch)} == set(range(1, FIRST + 1))
    assert set(range(FIRST + 1)) <= set(slow.probes())
    assert slow.summary["seconds"]["task2"] < 400
    short = lab.run("data.train_images=64", control=control)
    assert not short.all(MiniBatch)


@pytest.mark.parametrize("target", [0, 7, 20, 33])
def test_run_to_pauses_with_exactly_so_many_steps_of_task_2_done(lab: Lab, target: int) -> None:
    plain = lab.run("train.probe_every=1")
    known: list[int] = []

    def resume(ran: Ran, message: Message) -> None:
        if isinstance(message, Paused):
            known.append(sum(len(block.losses) for block in ran.all(Steps) if block.phase == "incremental"))
            ran.control.resume()

    control = Control()
    control.run_to(target)
    ran = lab.run("train.probe_every=1", control=control, hook=resume)
    assert ran.one(Paused) == Paused(1, "incremental", target)
    assert known == [target]
    assert_same_numbers(plain, ran)


def test_slow_motion_shows_the_mini_batch_of_every_step_of_task_2(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lwf_gui.control.SLOW_MOTION", 500.0)
    weights: dict[int, list[Tensor]] = {}

    def keep(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental":
            learners = ran.learners.values()
            weights[message.step] = [torch.cat([p.flatten() for p in bits(x.network).values()]) for x in learners]

    control = Control()
    control.pace(500)
    small = ("train.probe_every=1", "train.batch_size=24", "data.train_images=64")
    ran = lab.run(*small, control=control, hook=keep)
    plain = lab.run(*small)
    assert_same_numbers(plain, ran)
    assert not plain.all(MiniBatch)
    assert lab.runner._tasks is not None
    train = lab.runner._tasks.train[1]
    order = Order(len(train), generator(0, "task2 order"))
    batches = ran.all(MiniBatch)
    assert [batch.step for batch in batches] == list(range(1, 7))
    assert [batch.size for batch in batches] == [24, 24, 16] * 2
    for batch in batches:
        numbers = order((batch.step - 1) // 3)[(batch.step - 1) % 3 * 24 :][:16]
        assert np.array_equal(batch.images, train.pixels[numbers, 0].numpy())
        assert batch.labels.tolist() == train.targets[numbers].tolist()
        assert [x.dtype.name for x in (batch.images, batch.labels, batch.updates)] == ["uint8", "uint8", "float32"]
        moved = [float((b - a).norm()) for a, b in zip(weights[batch.step - 1], weights[batch.step], strict=True)]
        np.testing.assert_allclose(batch.updates, moved, rtol=1e-5)
    blocks = [block for block in ran.all(Steps) if block.phase == "incremental"]
    assert [block.first for block in blocks] == list(range(1, 7))  # none waits for its batch


def test_single_steps_show_their_mini_batches_and_full_speed_shows_none(lab: Lab) -> None:
    def answer(ran: Ran, message: Message) -> None:
        if isinstance(message, Paused):
            ran.control.step() if message.step < 6 else ran.control.resume()

    hook = both(at(3, lambda ran: ran.control.pause(), phase="base"), at(4, lambda ran: ran.control.pause()), answer)
    ran = lab.run("train.probe_every=1", hook=hook)
    assert [batch.step for batch in ran.all(MiniBatch)] == [5, 6]
