"""Straight paths: what is right on them, against weights mixed by hand; who takes part; looking changes nothing."""

from __future__ import annotations

import copy

import numpy as np
import pytest
import torch
from torch import nn

from lwf_gui.axis import StepAxis
from lwf_gui.engine.networks import Network
from lwf_gui.engine.start import Start
from lwf_gui.engine.straight_path import StraightPaths, even
from lwf_gui.messages import POINTS, DataReady, Evaluated, StraightPath, TeacherReady
from lwf_gui.runs.metrics import PROTOCOLS, right
from tests.engine.lab import Lab, Ran, at, bits, lost, same_bits
from tests.engine.looked import THREE, Watched, watched


def mixed(first: Network, last: Network, share: float) -> Network:
    """Return the network that stands a share of the way from one to another."""
    made = copy.deepcopy(first)
    with torch.no_grad():
        for mine, other in zip(made.parameters(), last.parameters(), strict=True):
            mine.mul_(1 - share).add_(share * other)
    return made


def old_network(ran: Ran, like: Network) -> Network:
    """Return the network of step 0, with zeros in the rows of classes that came later."""
    made = copy.deepcopy(like)
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            start = ran.start["lwf"][name]
            parameter.zero_()
            parameter[: len(start)] = start
    return made


def by_hand(network: Network, data: DataReady, task: int) -> tuple[list[list[int]], list[float]]:
    """Return right answers by protocol and task, and the mean loss by task, on the probe images of tasks so far."""
    images = torch.from_numpy(data.probe_images).unsqueeze(1).float() / data.peak * 2 - 1
    labels = torch.from_numpy(data.probe_labels).long()
    with torch.inference_mode():
        logits = network(images)
    every = np.full((len(images), len(data.classes)), -np.inf, np.float32)
    every[:, : logits.shape[1]] = logits.numpy()
    tasks = data.scenario.task_of(data.probe_labels)
    losses = [
        float(nn.functional.cross_entropy(logits[tasks == each], labels[tasks == each])) for each in range(task + 1)
    ]
    found = [right(every, data.probe_labels, data.scenario, name)[: task + 1].tolist() for name in PROTOCOLS]
    return found, losses


def assert_as_by_hand(look: StraightPath, at: tuple[int, int], ends: tuple[Network, Network], data: DataReady) -> None:
    for point in range(POINTS):
        counts, losses = by_hand(mixed(*ends, point / (POINTS - 1)), data, look.task)
        got = look.right[at][point, :, : look.task + 1]
        np.testing.assert_allclose(got, counts, atol=1, err_msg=f"step {look.step}, point {point}")  # ties
        np.testing.assert_allclose(look.loss[at][point, : look.task + 1], losses, rtol=1e-3, atol=1e-5)


@pytest.fixture(scope="module", params=["mlp", "cnn"])
def two(request: pytest.FixtureRequest) -> Watched:
    return watched(StraightPath, f"model.network={request.param}", "model.hidden=12", "task2.epochs=1")


@pytest.fixture(scope="module")
def small() -> Watched:
    return watched(StraightPath, "task2.epochs=2")


def test_counts_and_losses_are_those_of_weights_mixed_by_hand(two: Watched) -> None:
    data = two.ran.one(DataReady)
    looks = [look for look in two.ran.all(StraightPath) if not look.tested]
    assert looks
    for look in looks:
        assert look.images == data.probe_sizes
        fine, lwf = (two.networks[look.step, name] for name in ("fine-tune", "lwf"))
        old = old_network(two.ran, fine)
        for place, ends in {(0, 0): (old, fine), (0, 1): (old, lwf), (1, 1): (fine, lwf), (2, 1): (lwf, lwf)}.items():
            assert_as_by_hand(look, place, ends, data)
    changed = np.ptp(looks[-1].loss[0, :, :, 0], axis=1)
    assert (changed > 0.01).all(), "else any point could stand for any other"


def test_the_way_back_has_the_same_points(two: Watched) -> None:
    for look in two.ran.all(StraightPath):
        np.testing.assert_array_equal(look.right[1, 1], look.right[2, 0, ::-1])
        np.testing.assert_array_equal(look.loss[1, 1], look.loss[2, 0, ::-1])


def test_on_full_test_sets_the_ends_are_what_evaluation_and_teacher_say(small: Watched) -> None:
    look, told = small.ran.all(StraightPath)[-1], small.ran.all(Evaluated)[-1]
    assert (look.tested, look.images, look.step) == (True, small.ran.one(DataReady).test_sizes, told.step)
    for row, name in enumerate(("fine-tune", "lwf")):
        assert tuple(look.right[0, row, -1, 0]) == told.scores[name].task_aware
        assert tuple(look.right[0, row, -1, 1]) == told.scores[name].class_incremental
        assert look.right[0, row, 0, 0, 0] == small.ran.one(TeacherReady).right


def test_networks_with_convolutions_are_looked_at_as_a_task_ends_on_probe_images(two: Watched) -> None:
    looks, steps = two.ran.all(StraightPath), two.ran.started("incremental").steps
    assert [look.step for look in looks if look.tested or look.step == steps] == [steps]
    convolves = looks[-1].images == two.ran.one(DataReady).probe_sizes
    assert looks[-1].tested != convolves
    assert (len(looks) == 1) == convolves


def test_in_later_tasks_the_old_network_has_zeros_for_what_came_later() -> None:
    many = watched(StraightPath, *THREE)
    data, begin = many.ran.one(DataReady), many.ran.started("incremental").boundaries[1]
    looks = many.ran.all(StraightPath)
    assert [look.step for look in looks] == sorted({look.step for look in looks})
    (at_end,) = [look for look in looks if look.step == begin]
    assert (at_end.task, at_end.tested, len(at_end.images)) == (1, True, 2)
    for look in looks:
        assert (look.right[..., look.task + 1 :] == -1).all()
        assert np.isnan(look.loss[..., look.task + 1 :]).all()
        assert (look.right[..., : look.task + 1] >= 0).all()
    last = [look for look in looks if look.task == 2 and not look.tested][-1]
    lwf = many.networks[last.step, "lwf"]
    assert_as_by_hand(last, (0, 1), (old_network(many.ran, lwf), lwf), data)


def test_of_more_than_four_learners_there_are_paths_from_the_old_network_alone() -> None:
    ran = Lab().run('learners=["fine-tune", "lwf", "ewc", "si", "ncm"]', "task2.epochs=1")
    for look in ran.all(StraightPath):
        assert look.right.shape[:2] == (1, 5)
        assert (look.right[:, :4] >= 0).all()
        assert (look.right[:, 4] == -1).all(), "it answers by its class means"
        assert np.isnan(look.loss[:, 4]).all()


def test_where_nobody_answers_by_a_network_nothing_is_known() -> None:
    for look in Lab().run('learners=["ncm"]', "task2.epochs=1").all(StraightPath):
        assert (look.right == -1).all()


@pytest.mark.parametrize("growth", ["random", "identity"])
def test_an_inserted_layer_is_mixed_too(growth: str) -> None:
    seen = watched(StraightPath, f"model.growth={growth}", "task2.epochs=1")
    look = [each for each in seen.ran.all(StraightPath) if not each.tested][-1]
    lwf = seen.networks[look.step, "lwf"]
    assert_as_by_hand(look, (0, 1), (old_network(seen.ran, lwf), lwf), seen.ran.one(DataReady))


def test_looking_leaves_every_bit_of_the_training(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = ("train.probe_every=1", 'learners=["fine-tune", "lwf", "replay", "lwf-ldc"]')
    looked = Lab().run(*changes)
    monkeypatch.setattr(StraightPaths, "of", classmethod(lambda cls, *given: None))
    plain = Lab().run(*changes)
    assert looked.all(StraightPath)
    assert not plain.all(StraightPath)
    assert looked.losses().tobytes() == plain.losses().tobytes()
    for name, learner in looked.learners.items():
        assert same_bits(bits(learner.network), bits(plain.learners[name].network))
    for step, probe in looked.probes().items():
        assert probe.logits.tobytes() == plain.probes()[step].logits.tobytes()
    assert [each.scores for each in looked.all(Evaluated)] == [each.scores for each in plain.all(Evaluated)]


def test_a_learner_that_diverged_has_no_paths_any_more() -> None:
    ran = Lab().run("train.probe_every=4", "task2.epochs=1", hook=at(16, lost("fine-tune")))
    looks = {look.step: look for look in ran.all(StraightPath)}
    assert (looks[16].right >= 0).all()
    last = looks[max(looks)]
    assert (last.right[:, 0] == -1).all()
    assert (last.right[1] == -1).all()
    assert (last.right[0, 1] >= 0).all()


def test_networks_that_keep_statistics_are_not_mixed(small: Watched) -> None:
    learner = small.ran.lwf()
    start = Start.__new__(Start)
    start.network = copy.deepcopy(learner.network)
    start.network.backbone.append(nn.BatchNorm1d(3))  # type: ignore[operator]
    assert StraightPaths.of(start, *[None] * 4) is None  # type: ignore[arg-type]


def test_looks_are_due_by_steps_alone_and_seldom_enough() -> None:
    looks = StraightPaths.__new__(StraightPaths)
    looks._plan = type("Plan", (), {"batch_size": 64})()
    axis = StepAxis(1, 2000, (500, 500), (0, 1000))
    looks._convolves = False
    assert [step for step in range(2001) if looks.due(axis, step)] == [16, 500, 1016]
    short = StepAxis(1, 200, (10,), (0,))
    assert [step for step in range(201) if looks.due(short, step)] == [16], "short epochs have none each"
    looks._convolves = True
    assert not [step for step in range(2001) if looks.due(axis, step)]


def test_images_are_drawn_evenly() -> None:
    assert even(5, 100).tolist() == [0, 1, 2, 3, 4]
    assert even(6000, 3).tolist() == [0, 2000, 4000]
    assert even(7, 3).tolist() == [0, 2, 4]
    assert not len(even(0, 3))
