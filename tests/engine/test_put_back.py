"""Layers put back: what is right with them, against layers swapped by hand; who takes part; looking changes nothing."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch

from lwf_gui.axis import StepAxis
from lwf_gui.engine import put_back
from lwf_gui.engine.networks import Network
from lwf_gui.engine.put_back import PuttingBack, parts_of
from lwf_gui.messages import DataReady, Evaluated, Message, Probe, PutBack, TeacherReady
from lwf_gui.methods import METHODS
from lwf_gui.runs.metrics import PROTOCOLS, right
from tests.engine.contexts import small_tasks
from tests.engine.lab import Lab, Ran, at, bits, lost, same_bits
from tests.engine.looked import THREE, Watched, watched
from tests.engine.test_methods import begun


def swapped(network: Network, teacher: Network, combination: int) -> Network:
    """Return a copy of a network with layers of another one, by the names of their weights."""
    made, layers = (
        copy.deepcopy(network),
        [name for name, part in network.named_modules() if any(True for _ in part.parameters(recurse=False))],
    )
    with torch.no_grad():
        for place, layer in enumerate(layers):
            if combination >> place & 1:
                for mine, its in zip(
                    made.get_submodule(layer).parameters(), teacher.get_submodule(layer).parameters(), strict=True
                ):
                    mine[: len(its)] = its
    return made


def by_hand(network: Network, teacher: Network, data: DataReady) -> list[list[list[int]]]:
    """Return right answers on the probe images by combination, protocol and task."""
    images = torch.from_numpy(data.probe_images).unsqueeze(1).float() / data.peak * 2 - 1
    layers = len(parts_of(network.backbone)) + 1
    found = []
    for combination in range(1 << layers):
        with torch.inference_mode():
            logits = np.full((len(images), len(data.classes)), -np.inf, np.float32)
            given = swapped(network, teacher, combination)(images).numpy()
            logits[:, : given.shape[1]] = given
        found.append([right(logits, data.probe_labels, data.scenario, name).tolist() for name in PROTOCOLS])
    return found


@pytest.fixture(scope="module", params=["mlp", "cnn"])
def two(request: pytest.FixtureRequest) -> Watched:
    return watched(PutBack, f"model.network={request.param}", "model.hidden=12", "task2.epochs=1")


def test_counts_are_those_of_layers_swapped_by_hand(two: Watched) -> None:
    data, teacher = two.ran.one(DataReady), two.ran.teacher()
    looks = [look for look in two.ran.all(PutBack) if not look.full]
    assert len(looks) > 2
    differing = 0
    for look in looks:
        for row, name in enumerate(("fine-tune", "lwf")):
            expected = np.array(by_hand(two.networks[look.step, name], teacher, data))
            differing += len(np.unique(expected[:, 0, 0])) > 2
            np.testing.assert_array_equal(look.right[row], expected, err_msg=f"{name}, step {look.step}")
    assert differing, "else any layer could stand for any other"


def test_as_it_is_and_whole_are_what_evaluation_and_teacher_say() -> None:
    ran = Lab().run()
    look, told = ran.all(PutBack)[-1], ran.all(Evaluated)[-1]
    assert look.full
    assert look.step == told.step
    for row, name in enumerate(("fine-tune", "lwf")):
        assert tuple(look.right[row, 0, 0]) == told.scores[name].task_aware
        assert tuple(look.right[row, 0, 1]) == told.scores[name].class_incremental
        assert look.right[row, -1, 0, 0] == ran.one(TeacherReady).right


def test_the_new_rows_of_the_head_stay_the_learners(two: Watched) -> None:
    for look in two.ran.all(PutBack):
        layers = look.right.shape[1].bit_length() - 1
        head = 1 << (layers - 1)
        np.testing.assert_array_equal(look.right[:, head:, 0, 1], look.right[:, :head, 0, 1])


def test_small_networks_are_tested_whole_as_a_task_ends_and_others_on_probe_images(two: Watched) -> None:
    ends = [look for look in two.ran.all(PutBack) if look.step == two.ran.started("incremental").steps]
    (last,) = ends
    assert last.full == (last.right.shape[1] == 8)


def test_each_later_task_has_a_look_at_its_end_before_the_head_grows() -> None:
    many = watched(PutBack, *THREE)
    looks, data = many.ran.all(PutBack), many.ran.one(DataReady)
    begin = many.ran.started("incremental").boundaries[1]
    assert [look.step for look in looks] == sorted({look.step for look in looks})
    (at_end,) = [look for look in looks if look.step == begin]
    assert (at_end.task, at_end.full) == (1, True)
    for look in looks:
        assert (look.right[..., look.task + 1 :] == -1).all()
        assert (look.right[..., : look.task + 1] >= 0).all()
    last = [look for look in looks if look.task == 2 and not look.full][-1]
    expected = by_hand(many.networks[last.step, "lwf"], first_teacher(), data)
    np.testing.assert_array_equal(last.right[1], np.array(expected))


def first_teacher() -> Network:
    """Return the network of task 1, as a run with two tasks has it: the same first weights, images and steps."""
    return Lab().run("data.tasks=[[0,1,2],[3,4]]", "task2.epochs=1").teacher()


@pytest.mark.parametrize("name", METHODS)
def test_who_answers_by_another_head_takes_no_part(name: str) -> None:
    assert put_back.answers_by_network(begun(name, *small_tasks())) == (not METHODS[name].answers_by)


def test_rows_of_those_left_out_hold_nothing() -> None:
    ran = Lab().run('learners=["ncm", "lwf", "icarl"]', "task2.epochs=1")
    for look in ran.all(PutBack):
        assert (look.right[[0, 2]] == -1).all()
        assert (look.right[1] >= 0).all()


@pytest.mark.parametrize("growth", ["random", "identity"])
def test_with_an_inserted_layer_there_are_no_looks(growth: str) -> None:
    assert not Lab().run(f"model.growth={growth}", "task2.epochs=1").all(PutBack)


def test_an_aliased_teacher_changes_nothing_of_what_is_put_back() -> None:
    look = Lab().run("lwf.teacher=aliased", "task2.epochs=1").all(PutBack)[-1]
    plain = Lab().run("task2.epochs=1").all(PutBack)[-1]
    np.testing.assert_array_equal(look.right[:, -1, :, 0], plain.right[:, -1, :, 0])


def test_a_frozen_backbone_is_the_old_networks_anyway() -> None:
    ran = Lab().run("task2.warmup_epochs=1", "task2.epochs=1", "train.probe_every=4")
    for look in ran.all(PutBack):
        for combination in range(8):
            np.testing.assert_array_equal(look.right[:, combination], look.right[:, combination & 4])
    assert (look.right[:, 0] != look.right[:, 4]).any()


def test_a_backbone_that_is_frozen_later_is_looked_at_by_its_recorded_features() -> None:
    def freeze(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and message.phase == "incremental" and message.step == 4:
            ran.control.change(backbone_frozen=True)

    frozen = {}

    def hook(ran: Ran, message: Message) -> None:
        freeze(ran, message)
        if isinstance(message, PutBack):
            frozen[message.step] = {name: copy.deepcopy(each.network) for name, each in ran.learners.items()}

    ran = Lab().run("train.probe_every=4", "task2.epochs=1", hook=hook)
    assert ran.lwf().frozen_backbone is not None
    look = [each for each in ran.all(PutBack) if not each.full][-1]
    expected = by_hand(frozen[look.step]["lwf"], ran.teacher(), ran.one(DataReady))
    np.testing.assert_array_equal(look.right[1], np.array(expected))


def test_looking_leaves_every_bit_of_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = ("train.probe_every=1", 'learners=["fine-tune", "lwf", "replay", "lwf-ldc"]')
    looked = Lab().run(*changes)
    monkeypatch.setattr(PuttingBack, "of", classmethod(lambda cls, start: None))
    plain = Lab().run(*changes)
    assert looked.all(PutBack)
    assert not plain.all(PutBack)
    assert looked.losses().tobytes() == plain.losses().tobytes()
    for name, learner in looked.learners.items():
        assert same_bits(bits(learner.network), bits(plain.learners[name].network))
    for step, probe in looked.probes().items():
        assert probe.logits.tobytes() == plain.probes()[step].logits.tobytes()
    assert [each.scores for each in looked.all(Evaluated)] == [each.scores for each in plain.all(Evaluated)]


def test_no_hook_is_left_in_a_network() -> None:
    for learner in Lab().run("task2.epochs=1").learners.values():
        assert not any(module._forward_hooks for module in learner.network.modules())


def test_a_learner_that_diverged_has_no_numbers_any_more() -> None:
    ran = Lab().run("train.probe_every=4", "task2.epochs=1", hook=at(4, lost("fine-tune")))
    looks = {look.step: look for look in ran.all(PutBack)}
    assert (looks[4].right >= 0).all()
    assert (looks[max(looks)].right[0] == -1).all()
    assert (looks[max(looks)].right[1] >= 0).all()


def test_looks_are_due_by_steps_alone_and_seldom_enough(two: Watched) -> None:
    looks = PuttingBack.__new__(PuttingBack)
    axis = StepAxis(1, 2000, (500, 500), (0, 1000))
    for convolves in (False, True):
        looks._convolves = convolves
        due = [step for step in range(2001) if looks.due(axis, step, 600, 64, 20)]
        assert due[:3] == [0, 4, 16]
        assert {500, 1500} <= set(due)
        assert not {1000, 2000} & set(due), "as a task ends it is looked at apart"
        assert len(due) < 12
