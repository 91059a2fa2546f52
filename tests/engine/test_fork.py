"""A fork continues another run from one of its steps, to the last bit, and branches are true copies."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from lwf_gui.control import Control
from lwf_gui.data import sources
from lwf_gui.engine.runner import Job
from lwf_gui.engine.thread import EngineThread
from lwf_gui.engine.training import Trainer
from lwf_gui.messages import (
    Branch,
    DataReady,
    Evaluated,
    Failed,
    Finished,
    Fork,
    LayerProbe,
    LiveSettingsApplied,
    LogLine,
    Message,
    Outcome,
    Paused,
    PhaseStarted,
    Probe,
    Progress,
    Snapshots,
    Steps,
    Stopped,
    TeacherReady,
)
from lwf_gui.recipe import LiveSettings, compose
from tests.engine.lab import FINE_TUNE, LWF, TINY, Hook, Lab, Ran, bits, both, momentum, same_bits
from tests.engine.test_experiment import forget_teachers

SPAN = ("train.probe_every=7", "data.train_images=160", "task2.epochs=4")
EPOCH, STEPS = 10, 40
CNN_IN_BF16 = ("model.network=cnn", "engine.precision=bf16", "data.train_images=40", "train.batch_size=4")
"""As many steps of fewer images, where `SPAN` stands before it: bf16 is slow on processors that lack it."""


def held(ran: Ran, step: int) -> LiveSettings:
    """Return the live settings of a run from a step on."""
    marks = [mark for mark in ran.all(LiveSettingsApplied) if mark.step <= step]
    return marks[-1].live_settings if marks else ran.one(DataReady).recipe.live_settings()


def fork_of(
    ran: Ran,
    step: int,
    *,
    origin: int = 1,
    branches: tuple[Branch, ...] = (),
    live_settings: Mapping[str, Any] | None = None,
) -> Fork:
    marks = tuple(mark for mark in ran.all(LiveSettingsApplied) if mark.step < step)
    return Fork(origin, step, marks, branches, replace(held(ran, step), **(live_settings or {})))


def turning(step: int, **changes: Any) -> Hook:
    """Return a hook that changes live settings at a step where there is a probe."""

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and (message.phase, message.step) == ("incremental", step):
            ran.control.change(**changes)

    return hook


def assert_continues(original: Ran, fork: Ran, step: int, columns: tuple[int, ...] = (FINE_TUNE, LWF)) -> None:
    """Assert that from a step on a fork tells what the original told, in the original's columns."""
    rows = list(columns)
    expected = original.losses()[step:][:, rows]
    told = fork.losses() if fork.all(Steps) else expected[:0]
    assert told[:, : len(rows)].tobytes() == expected.tobytes(), step
    probes = {at: probe for at, probe in original.probes().items() if at > step}
    assert list(fork.probes()) == list(probes)
    for at, probe in probes.items():
        assert fork.probes()[at].logits[: len(rows)].tobytes() == probe.logits[rows].tobytes(), (step, at)
        np.testing.assert_array_equal(fork.probes()[at].teacher, probe.teacher)
    layers = [message for message in original.all(LayerProbe) if message.step > step]
    for before, after in zip(layers, fork.all(LayerProbe), strict=True):
        for name in ("forces", "moved", "filters"):
            np.testing.assert_array_equal(getattr(after, name)[: len(rows)], getattr(before, name)[rows])
    later = [message for message in original.all(Evaluated) if message.step > step]
    for ours, theirs in zip(fork.all(Evaluated), later, strict=True):
        assert (ours.epoch, ours.step) == (theirs.epoch, theirs.step)
        assert {name: ours.scores[name] for name in theirs.scores} == theirs.scores
    for name, learner in original.learners.items():
        assert same_bits(bits(learner.network), bits(fork.learners[name].network)), (step, name)


# ---- the same again


MARKS = both(turning(7, alpha=3.0, lr=0.1), turning(21, temperature=5.0, ce_scope="new"), turning(28, lr=0.01))
FREEZES = both(turning(14, backbone_frozen=True), turning(28, backbone_frozen=False))
TOGGLES = both(turning(2, backbone_frozen=False), turning(8, backbone_frozen=True), turning(21, backbone_frozen=True))


@pytest.mark.parametrize(
    ("changes", "hook"),
    [
        ((), None),
        (CNN_IN_BF16, None),
        (("task2.warmup_epochs=2", "model.growth=random"), None),
        (("task2.warmup_epochs=4",), None),
        (("task2.optimizer=restarted", "task2.warmup_epochs=1"), MARKS),
        (("lwf.teacher=aliased", "task2.momentum=0"), None),
        (("task2.max_step=0.02", "task2.optimizer=restarted", "task2.warmup_epochs=1"), MARKS),
        (("task2.max_step=0.02", *CNN_IN_BF16), None),
        (("lwf.teacher=aliased", "task2.warmup_epochs=1", "model.network=cnn"), None),
        ((), MARKS),
        ((), FREEZES),
        (("task2.warmup_epochs=2", "engine.precision=bf16"), TOGGLES),
    ],
    ids=lambda value: "+".join(value) or "plain" if isinstance(value, tuple) else "",
)
def test_fork_without_changes_repeats_the_rest_of_the_run_to_the_last_bit(
    lab: Lab, changes: tuple[str, ...], hook: Hook | None
) -> None:
    original = lab.run(*SPAN, *changes, hook=hook)
    kept = lab.runner._kept
    chosen = random.Random(str(changes))  # the assertions name the steps
    # A hook acts at probes: at that of the fork's own step it would not be asked again.
    inside = [step for step in range(1, STEPS) if not (hook and step in original.probes())]
    ends = (EPOCH, 2 * EPOCH) if hook else (0, EPOCH, 2 * EPOCH)
    for origin, steps in ((1, (chosen.choice(ends), *chosen.sample(inside, 3))), (0, chosen.sample(inside, 1))):
        for step in steps:
            lab.runner._kept = kept
            ran = lab.fork(fork_of(original, step, origin=origin), *SPAN, *changes, hook=hook)
            assert_continues(original, ran, step)


def test_fork_tells_the_rest_and_nothing_before_it(lab: Lab) -> None:
    original = lab.run(*SPAN, "task2.warmup_epochs=2", "train.log=notebook")
    ran = lab.fork(fork_of(original, 13), *SPAN, "task2.warmup_epochs=2", "train.log=notebook")
    kinds = [type(message) for message in ran.messages]
    assert not {PhaseStarted, TeacherReady} & set(kinds)
    data_first = [kind for kind in kinds if kind not in (Progress, Snapshots)]
    assert (data_first[0], data_first[-1]) == (DataReady, Finished)
    assert {message.run_id for message in ran.messages} == {2}
    blocks = ran.all(Steps)
    assert {block.phase for block in blocks} == {"incremental"}
    assert blocks[0].first == 14
    assert sum(len(block.losses) for block in blocks) == STEPS - 13
    assert blocks[-1].images == 2 * 16 * (STEPS - 13)
    assert [message.step for message in ran.all(Evaluated)] == [20, 30, 40]
    assert [(mark.step, mark.by) for mark in ran.all(LiveSettingsApplied)] == [(20, "schedule")]
    assert ran.one(DataReady).recipe == original.one(DataReady).recipe
    assert ran.summary["learners"] == original.summary["learners"]
    assert [epoch["epoch"] for epoch in ran.summary["epochs"]] == [2, 3, 4]
    assert ran.all(LogLine)[0].text.startswith("Test Error")


def test_fork_from_the_last_step_has_nothing_left_to_train(lab: Lab) -> None:
    original = lab.run(*SPAN)
    ran = lab.fork(fork_of(original, STEPS), *SPAN)
    assert not ran.all(Steps)
    assert not ran.all(Evaluated)
    assert ran.summary["learners"] == original.summary["learners"]


def test_run_that_was_stopped_or_failed_can_be_continued(lab: Lab) -> None:
    whole = lab.run(*SPAN)

    def stop(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and (message.phase, message.step) == ("incremental", 21):
            ran.control.stop()

    stopped = lab.run(*SPAN, hook=stop)
    assert stopped.all(Stopped)
    assert_continues(whole, lab.fork(fork_of(stopped, 17), *SPAN), 17)
    wild = ("task2.lr=10", "lwf.alpha=100", "task2.epochs=20", "data.train_images=160")
    diverged = lab.run(*wild)
    assert diverged.all(Failed)
    saved = lab.fork(fork_of(diverged, 0, live_settings={"lr": 0.01, "alpha": 1.0}), *wild)
    assert saved.all(Finished)
    assert saved.one(LiveSettingsApplied).changed == ("alpha", "lr")


# ---- other settings


def test_other_settings_hold_from_the_step_on_and_are_told(lab: Lab) -> None:
    original = lab.run(*SPAN)
    ran = lab.fork(fork_of(original, 13, live_settings={"alpha": 4.0}), *SPAN)
    live_settings = replace(compose("digits", [*TINY, *SPAN]).live_settings(), alpha=4.0)
    assert ran.one(LiveSettingsApplied) == LiveSettingsApplied(2, 13, live_settings, ("alpha",), "user")
    tuned, lwf = (ran.losses()[:, column].tobytes() for column in (FINE_TUNE, LWF))
    assert tuned == original.losses()[13:, FINE_TUNE].tobytes()
    assert lwf != original.losses()[13:, LWF].tobytes()
    # and it is what the change by hand at that step would have done
    by_hand = lab.run(*SPAN, "train.probe_every=13", hook=turning(13, alpha=4.0))
    assert ran.losses().tobytes() == by_hand.losses()[13:].tobytes()


@pytest.mark.parametrize("optimizer", ["kept", "restarted"])
@pytest.mark.parametrize("frozen", [False, True])
def test_at_the_end_of_the_warm_up_the_schedule_comes_first_and_the_user_last(
    lab: Lab, optimizer: str, frozen: bool
) -> None:
    changes = (*SPAN, "train.probe_every=10", "task2.warmup_epochs=2", f"task2.optimizer={optimizer}")
    end = 2 * EPOCH
    original = lab.run(*changes, hook=turning(end, backbone_frozen=True, alpha=3.0) if frozen else None)
    marks = [(mark.step, mark.by, mark.changed) for mark in original.all(LiveSettingsApplied)]
    assert marks[0] == (end, "schedule", ("backbone_frozen",))
    fork = fork_of(original, end)
    assert fork.live_settings.backbone_frozen == frozen
    for origin in (1, 0):
        ran = lab.fork(replace(fork, origin=origin), *changes)
        assert_continues(original, ran, end)
        assert [(mark.step, mark.by, mark.changed) for mark in ran.all(LiveSettingsApplied)] == marks
    other = lab.fork(fork_of(original, end, live_settings={"backbone_frozen": not frozen}), *changes)
    assert other.losses().tobytes() != original.losses()[end:].tobytes()


def test_backbone_that_was_unfrozen_early_and_frozen_again_as_the_warm_up_ends_stays_frozen(lab: Lab) -> None:
    changes = (*SPAN, "train.probe_every=10", "task2.warmup_epochs=2")
    hook = both(turning(10, backbone_frozen=False), turning(20, backbone_frozen=True))
    original = lab.run(*changes, hook=hook)
    assert [mark.by for mark in original.all(LiveSettingsApplied)] == [
        "user",
        "user",
    ]  # the schedule finds nothing to do
    assert_continues(original, lab.fork(fork_of(original, 20), *changes), 20)


def test_changes_made_while_the_teacher_trained_hold_in_the_fork(lab: Lab) -> None:
    def turn(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and (message.phase, message.step) == ("base", 2):
            ran.control.change(alpha=0.25, backbone_frozen=True, lr=0.2)

    original = lab.run(*SPAN, hook=turn)
    for step, origin in ((0, 1), (0, 0), (5, 0)):
        fork = fork_of(original, step, origin=origin)
        marks = tuple(original.all(LiveSettingsApplied))
        ran = lab.fork(replace(fork, marks=marks), *SPAN)
        assert not ran.all(LiveSettingsApplied)
        assert_continues(original, ran, step)


# ---- branches


def branch(origin: str = "lwf", step: int = 13, number: int = 1, **overrides: Any) -> Branch:
    return Branch(f"{origin}+{number}@{step}", origin, step, overrides)


@pytest.mark.parametrize("origin", ["lwf", "fine-tune"])
@pytest.mark.parametrize(
    ("changes", "hook"),
    [
        ((), None),
        (("lwf.teacher=aliased", "model.network=cnn"), None),
        (("task2.warmup_epochs=2",), None),
        (("task2.warmup_epochs=1", "task2.optimizer=restarted"), MARKS),
        ((), FREEZES),
    ],
)
def test_branch_without_settings_of_its_own_is_its_origin_to_the_last_bit(
    lab: Lab, changes: tuple[str, ...], hook: Hook | None, origin: str
) -> None:
    step = 15
    original = lab.run(*SPAN, *changes, hook=hook)
    ran = lab.fork(fork_of(original, step, branches=(branch(origin, step),)), *SPAN, *changes, hook=hook)
    column = (FINE_TUNE, LWF)[origin == "lwf"]
    assert_continues(original, ran, step)
    assert ran.losses()[:, 2].tobytes() == ran.losses()[:, column].tobytes()
    for probe in ran.probes().values():
        assert probe.logits[2].tobytes() == probe.logits[column].tobytes()
    for layer in ran.all(LayerProbe):
        np.testing.assert_array_equal(layer.forces[2], layer.forces[column])
    assert list(ran.summary["learners"]) == ["fine-tune", "lwf", f"{origin}+1@15"]
    ours, theirs = ran.learners[f"{origin}+1@15"], ran.learners[origin]
    assert same_bits(bits(ours.network), bits(theirs.network))
    shared = {value.data_ptr() for value in theirs.network.parameters()}
    assert not any(value.data_ptr() in shared for value in ours.network.parameters())


def test_branch_with_another_alpha_goes_its_own_way_and_disturbs_nobody(lab: Lab) -> None:
    original = lab.run(*SPAN)
    ran = lab.fork(fork_of(original, 13, branches=(branch(alpha=5.0),)), *SPAN)
    assert_continues(original, ran, 13)
    first = ran.losses()[0]
    assert first[2, 0] == first[LWF, 0]  # the same weights and images: only what was made of them differs
    assert first[2, 3] == pytest.approx(first[LWF, 0] + 5 * 4 * first[LWF, 1])  # T = 2
    assert not np.any(ran.losses()[1:, 2, 3] == ran.losses()[1:, LWF, 3])
    assert not ran.all(LiveSettingsApplied)
    changed = lab.fork(fork_of(original, 13, live_settings={"alpha": 5.0}), *SPAN)
    assert changed.losses()[:, LWF].tobytes() == ran.losses()[:, 2].tobytes()  # as if the run's alpha had changed


def test_live_change_passes_by_a_branch_that_overrides_it_and_reaches_it_otherwise(lab: Lab) -> None:
    original = lab.run(*SPAN)
    fork = fork_of(original, 13, branches=(branch(lr=0.001, backbone_frozen=True),))
    backbones: dict[int, Any] = {}

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and "lwf+1@13" in ran.learners:
            backbones[message.step] = bits(ran.learners["lwf+1@13"].network.backbone)

    ran = lab.fork(fork, *SPAN, hook=both(hook, turning(21, lr=0.2, backbone_frozen=False, alpha=2.0)))
    apart, lwf = ran.learners["lwf+1@13"], ran.learners["lwf"]
    assert (apart.optimizer.lr, lwf.optimizer.lr) == (0.001, 0.2)
    assert len(backbones) >= 4
    assert all(same_bits(backbones[14], backbone) for backbone in backbones.values())
    assert not same_bits(backbones[14], bits(lwf.network.backbone))
    assert apart.frozen_backbone is not None
    assert lwf.frozen_backbone is None
    ce, kd, _, total = ran.losses()[15, 2]
    np.testing.assert_allclose(total, ce + 2 * 4 * kd, rtol=1e-6)  # alpha = 2, T = 2
    assert np.isnan(ran.all(LayerProbe)[-1].forces[2, :2]).all()


def test_branch_that_stays_frozen_keeps_its_features_while_its_origin_trains(lab: Lab) -> None:
    """Both shared the warm-up's record; the origin's backbone, now training, must not answer for the branch's."""
    changes = (*SPAN, "task2.warmup_epochs=1")
    original = lab.run(*changes)
    ran = lab.fork(fork_of(original, 3, branches=(branch(step=3, backbone_frozen=True),)), *changes)
    assert_continues(original, ran, 3)
    forever = lab.run(*SPAN, "task2.warmup_epochs=4")
    assert ran.losses()[:, 2].tobytes() == forever.losses()[3:, LWF].tobytes()


def test_fork_of_a_fork_replays_branches_and_changes_at_their_steps(lab: Lab) -> None:
    original = lab.run(*SPAN)
    first = (branch("lwf", 13, 1, alpha=5.0), branch("fine-tune", 13, 2))
    once = lab.fork(
        fork_of(original, 13, branches=first, live_settings={"lr": 0.05}), *SPAN, hook=turning(21, temperature=4.0)
    )
    kept = lab.runner._kept
    second = (*first, Branch("lwf+3@24", "lwf+1@13", 24, {"lr": 0.001}))
    for origin in (2, 0, 1):  # 1 is gone by now
        lab.runner._kept = kept
        twice = lab.fork(fork_of(once, 24, origin=origin, branches=second), *SPAN, run_id=3)
        assert list(twice.learners) == ["fine-tune", "lwf", "lwf+1@13", "fine-tune+2@13", "lwf+3@24"]
        expected = once.losses()[24 - 13 :]
        assert twice.losses()[:, :4].tobytes() == expected.tobytes()
        assert twice.losses()[:, 4].tobytes() != expected[:, 2].tobytes()
        for name, learner in once.learners.items():
            assert same_bits(bits(learner.network), bits(twice.learners[name].network))
    # before its own beginning a fork is the run that it came from
    early = lab.fork(fork_of(original, 6, origin=3), *SPAN, run_id=4)
    assert_continues(original, early, 6)


def test_branch_begins_with_its_origins_momentum(lab: Lab) -> None:
    seen: list[bool] = []
    stand = Trainer.stand

    def watched(trainer: Trainer, step: int, live_settings: LiveSettings, learners: list[Any]) -> None:
        stand(trainer, step, live_settings, learners)
        if len(learners) == 3:
            ours, theirs = (momentum(learner, learner.network) for learner in (learners[2], learners[1]))
            seen.append(
                len(ours) == 6 and all(bool((a == b).all()) and a is not b for a, b in zip(ours, theirs, strict=True))
            )

    original = lab.run(*SPAN)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Trainer, "stand", watched)
        lab.fork(fork_of(original, 13, branches=(branch(),)), *SPAN)
    assert seen == [True]


# ---- the way back


def test_way_back_is_told_as_progress_and_can_be_stopped(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lwf_gui.engine.experiment.SECONDS_PER_BLOCK", 0.0)
    original = lab.run(*SPAN)

    def stop(ran: Ran, message: Message) -> None:
        if isinstance(message, Progress) and message.what.startswith("Going back") and message.done == 3:
            ran.control.stop()

    fork = fork_of(original, 11, origin=0)
    whole, stopped = lab.fork(fork, *SPAN), lab.fork(fork, *SPAN, hook=stop)
    told = [message for message in whole.all(Progress) if message.what.startswith("Going back")]
    assert told == [Progress(2, "Going back to step 11", done, 11, "steps") for done in range(1, 12)]
    assert stopped.messages[-1] == Stopped(2)
    assert not stopped.all(Steps)
    # what was gone through is kept: it need not be gone through again
    again = lab.fork(replace(fork, origin=2, step=3), *SPAN, run_id=3)
    assert not [message for message in again.all(Progress) if message.what.startswith("Going back")]


def test_users_hand_is_not_felt_before_the_fork_begins(lab: Lab) -> None:
    original = lab.run(*SPAN)
    control = Control()
    control.pause()
    control.change(alpha=7.0)

    def resume(ran: Ran, message: Message) -> None:
        if isinstance(message, Paused):
            ran.control.resume()

    forget_teachers()  # task 1 is trained again, and that is not the user's to steer either
    ran = lab.do(Job(2, compose("digits", [*TINY, *SPAN]), control, fork_of(original, 13, origin=0)), resume)
    assert ran.one(Paused) == Paused(2, "incremental", 13)
    mark = ran.one(LiveSettingsApplied)
    assert (mark.step, mark.changed) == (13, ("alpha",))
    assert ran.losses()[:, FINE_TUNE].tobytes() == original.losses()[13:, FINE_TUNE].tobytes()
    assert not ran.all(TeacherReady)
    assert [message for message in ran.all(Progress) if message.what == "Training the teacher again"]


def test_step_that_the_run_does_not_have_is_a_mistake_of_the_user(lab: Lab) -> None:
    original = lab.run(*SPAN)
    failed = lab.fork(fork_of(original, STEPS + 1), *SPAN).one(Failed)
    assert failed.bad_input
    assert failed.cause == "There is no step 41 to go back to: this run has 40."


def test_run_of_another_recipe_is_not_continued_from_what_is_kept(lab: Lab) -> None:
    lab.run(*SPAN)
    other = lab.run(*SPAN, "seed=1")
    lab.run(*SPAN)
    assert_continues(other, lab.fork(fork_of(other, 13), *SPAN, "seed=1"), 13)


def test_fork_goes_through_the_engines_thread() -> None:
    assert sources.load("digits").name == "digits"
    engine = EngineThread()
    engine.start()
    recipe = compose("digits", [*TINY, *SPAN])
    engine.train(1, recipe, Control())
    engine.fork(2, recipe, Fork(1, 13, (), (), recipe.live_settings()), Control())
    told: list[Message] = []
    while not (told and isinstance(told[-1], Outcome) and told[-1].run_id == 2):
        told.append(engine.outbox.get(timeout=60))
    engine.close()
    engine.join(10)
    losses = [
        np.concatenate([m.losses for m in told if isinstance(m, Steps) and (m.run_id, m.phase) == (run, "incremental")])
        for run in (1, 2)
    ]
    assert losses[0][13:].tobytes() == losses[1].tobytes()
