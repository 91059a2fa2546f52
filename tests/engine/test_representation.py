"""Representations: linear CKA and principal axes against independent formulas, and that looking changes nothing."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from lwf_gui.axis import FIRST_LOOKS, StepAxis
from lwf_gui.engine.cka import Reference, table_of
from lwf_gui.engine.networks import Network
from lwf_gui.engine.representation import EARLY, Representations
from lwf_gui.messages import DataReady, Evaluated, Message, PutBack, Representation
from lwf_gui.runs.old_images import measured, shown
from lwf_gui.scenario import Scenario
from tests.engine.lab import Lab, Ran, at, bits, lost, same_bits
from tests.engine.looked import THREE

Floats = NDArray[np.float64]


@dataclass
class Watched:
    """A run whose networks were copied at every look, and as every task began."""

    ran: Ran
    networks: dict[tuple[int, str], Network] = field(default_factory=dict)

    def teacher(self, step: int, name: str) -> Network:
        """Return a learner's network as the task of a step began."""
        begin = self.ran.started("incremental").axis.begin(step)
        return self.networks[begin, name]


def watched(*changes: str) -> Watched:
    seen: dict[tuple[int, str], Network] = {}

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Representation):
            for name, learner in ran.learners.items():
                seen[message.step, name] = copy.deepcopy(learner.network)

    return Watched(Lab().run("train.probe_every=4", *changes, hook=hook), seen)


def hidden(network: Network, data: DataReady, numbers: NDArray[np.intp]) -> list[Floats]:
    """Return hidden values after each ReLU, convolutions averaged over 4 x 4 pixels of 8 x 8 and then over none."""
    values = torch.from_numpy(data.probe_images[numbers]).unsqueeze(1).float() / data.peak * 2 - 1
    found = []
    with torch.no_grad():
        for name, module in network.backbone.named_children():
            values = module(values)
            if name.startswith("relu"):
                found.append(values)
        if network.new_fc is not None:
            found.append(torch.relu(network.new_fc(values)))
    return [_pooled(each).flatten(1).double().numpy() for each in found]


def _pooled(values: torch.Tensor) -> torch.Tensor:
    return values if values.ndim == 2 else torch.nn.functional.adaptive_avg_pool2d(values, min(7, values.shape[-1]))


def cka_by_features(x: Floats, y: Floats) -> float:
    """Return linear CKA as Kornblith et al. (2019) write it, from tables of features, not of images."""
    x, y = x - x.mean(axis=0), y - y.mean(axis=0)
    return float(np.linalg.norm(y.T @ x) ** 2 / (np.linalg.norm(x.T @ x) * np.linalg.norm(y.T @ y)))


def on_axes(features: Floats, teacher: Floats) -> tuple[Floats, Floats]:
    """Return features on the first two eigenvectors of the teacher's covariance, in its spreads, and their variance."""
    centre = teacher.mean(axis=0)
    values, vectors = np.linalg.eigh(np.cov(teacher.T, bias=True))
    return (features - centre) @ vectors[:, :-3:-1] / np.sqrt(values.sum()), values[:-3:-1] / values.sum()


@pytest.fixture(scope="module", params=["mlp", "cnn", "growth"])
def two(request: pytest.FixtureRequest) -> Watched:
    change = "model.growth=random" if request.param == "growth" else f"model.network={request.param}"
    return watched(change, "model.hidden=12")


def assert_as_by_hand(seen: Watched, look: Representation, row: int, name: str) -> None:
    """Assert that a learner's figures are those of its networks, computed in numpy."""
    data, axis = seen.ran.one(DataReady), seen.ran.started("incremental").axis
    old = len(data.scenario.earlier(axis.task(look.step)))
    numbers = measured(data.probe_labels, old)
    now = hidden(seen.networks[look.step, name], data, numbers)
    then = hidden(seen.teacher(look.step, name), data, numbers)
    expected = [cka_by_features(x, y) for x, y in zip(now, then, strict=True)]
    np.testing.assert_allclose(look.cka[row], expected, atol=1e-5, err_msg=f"{name}, step {look.step}")
    every = shown(data.probe_labels, data.scenario)
    places, variance = on_axes(now[-1], then[-1])
    there = np.isin(every, numbers)
    mine = look.points[row][there]
    theirs = places[np.searchsorted(numbers, every[there])]
    np.testing.assert_allclose(look.variance[row], variance, atol=1e-5)
    np.testing.assert_allclose(np.abs(mine), np.abs(theirs), atol=1e-3)  # an axis has no direction of its own
    assert np.isnan(look.points[row][~there]).all()
    assert (data.probe_labels[every[~there]] >= old).all()


def test_figures_are_those_of_the_formulas_at_every_look(two: Watched) -> None:
    looks = two.ran.all(Representation)
    put_back = {look.step for look in two.ran.all(PutBack)}
    assert two.networks[0, "lwf"].new_fc is not None or put_back & {look.step for look in looks}, (
        "others look there too"
    )
    for look in looks:
        for row, name in enumerate(("fine-tune", "lwf")):
            assert_as_by_hand(two, look, row, name)
    assert (looks[-1].cka[0, -1] < 0.99).all(), "else it could be the teacher's own"


def test_at_the_boundary_all_is_as_the_teacher_has_it(two: Watched) -> None:
    first, *later = two.ran.all(Representation)
    np.testing.assert_allclose(first.cka, 1, atol=1e-5)
    np.testing.assert_allclose(first.points[0], first.points[1], atol=1e-6)
    assert all(np.array_equal(look.variance, first.variance) for look in later), "axes stay where they were"


def test_turned_and_scaled_features_are_alike_and_noise_is_not() -> None:
    random = np.random.default_rng(3)
    x = random.normal(size=(60, 5))
    turn, _ = np.linalg.qr(random.normal(size=(5, 5)))
    reference = Reference.of([torch.from_numpy(x)])
    assert reference.cka([torch.from_numpy(7 * x @ turn + 3)])[0] == pytest.approx(1, abs=1e-5)
    noise = random.normal(size=(60, 5))
    assert reference.cka([torch.from_numpy(noise)])[0] == pytest.approx(cka_by_features(noise, x), abs=1e-5)
    assert reference.cka([torch.from_numpy(noise)])[0] < 0.3


def test_a_layer_that_tells_no_images_apart_has_no_cka() -> None:
    reference = Reference.of([torch.randn(9, 4)])
    assert np.isnan(reference.cka([torch.ones(9, 4)])[0])
    dead = Reference.of([torch.ones(9, 4)])
    assert np.isnan(dead.cka([torch.randn(9, 4)])[0])
    assert np.isnan(dead.points(torch.ones(3, 4))).all()
    assert not table_of(torch.ones(9, 4)).any()


def test_features_of_one_direction_have_one_axis() -> None:
    line = torch.linspace(-1, 1, 11)[:, None] * torch.tensor([[1.0, 2.0, 0.0]])
    reference = Reference.of([line])
    places = reference.points(line)
    assert reference.variance == pytest.approx((1, 0), abs=1e-6)
    assert not places[:, 1].any()
    assert np.abs(places[:, 0]).max() == pytest.approx(np.sqrt(1 / np.mean(np.linspace(-1, 1, 11) ** 2)))


def test_every_later_task_has_its_own_teacher_and_more_old_images() -> None:
    many = watched(*THREE)
    begin = many.ran.started("incremental").boundaries[1]
    for look in many.ran.all(Representation):
        if look.step in (begin - 1, begin, begin + 8):
            for row, name in enumerate(("fine-tune", "lwf")):
                assert_as_by_hand(many, look, row, name)


def test_who_keeps_its_backbone_and_reads_others_features_are_known_too() -> None:
    learners = 'learners=["lwf", "ncm", "lwf-ldc", {method="ranpac", features="fc+conv"}, "joint"]'
    seen = watched(learners, "model.network=cnn", "model.hidden=12", "task2.epochs=1", "task2.warmup_epochs=1")
    for look in seen.ran.all(Representation)[::4]:
        for row, name in enumerate(("lwf", "ncm", "lwf-ldc", "ranpac", "joint")):
            assert_as_by_hand(seen, look, row, name)


def test_a_teacher_that_trains_on_is_no_measure_from_the_second_boundary_on() -> None:
    ran = Lab().run("lwf.teacher=aliased", "train.probe_every=4", *THREE)
    begin = ran.started("incremental").boundaries[1]
    looks = {look.step: look for look in ran.all(Representation)}
    assert np.isfinite(looks[begin - 1].cka).all()
    lwf = looks[max(looks)]
    for values in (lwf.cka, lwf.points, lwf.variance):
        assert np.isnan(values[1]).all()


def test_a_learner_that_diverged_is_not_known_any_more() -> None:
    ran = Lab().run("train.probe_every=4", "task2.epochs=1", hook=at(4, lost("fine-tune")))
    looks = {look.step: look for look in ran.all(Representation)}
    assert np.isfinite(looks[4].cka).all()
    assert np.isnan(looks[max(looks)].cka[0]).all()
    assert np.isnan(looks[max(looks)].points[0]).all()
    assert np.isfinite(looks[max(looks)].cka[1]).all()


def without_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Representations, "due", staticmethod(lambda *given: False))


def test_looking_leaves_every_bit_of_the_training_and_of_other_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    changes = ("train.probe_every=1", 'learners=["fine-tune", "lwf", "replay", "lwf-ldc"]')
    looked = Lab().run(*changes)
    without_looks(monkeypatch)
    plain = Lab().run(*changes)
    assert looked.all(Representation)
    assert not plain.all(Representation)
    assert looked.losses().tobytes() == plain.losses().tobytes()
    for name, learner in looked.learners.items():
        assert same_bits(bits(learner.network), bits(plain.learners[name].network))
    for step, probe in looked.probes().items():
        assert probe.logits.tobytes() == plain.probes()[step].logits.tobytes()
    for one, other in zip(looked.all(PutBack), plain.all(PutBack), strict=True):
        np.testing.assert_array_equal(one.right, other.right)
    assert [each.scores for each in looked.all(Evaluated)] == [each.scores for each in plain.all(Evaluated)]


def test_nothing_is_left_hanging_on_the_networks() -> None:
    network: Any = Lab().run("task2.epochs=1").lwf().network
    for module in network.modules():
        assert not module._forward_hooks
        assert not module._forward_pre_hooks


def test_looks_are_due_by_steps_alone() -> None:
    axis = StepAxis(1, 600, (150, 150), (0, 300))
    due = [step for step in range(601) if Representations.due(axis, step, 10)]
    assert set(EARLY) <= set(FIRST_LOOKS), "they are probed"
    assert [step for step in due if step <= 40] == sorted(EARLY)
    assert [step for step in due if 40 < step <= 300] == [80, 120, 150, 160, 200, 240, 280, 299, 300]
    assert due[-1] == 600
    assert [step for step in due if 400 < step < 600] == [420, 450, 460, 500, 540, 580]
    assert Representations.due(axis, 250, 50)


def test_images_are_the_first_of_every_old_class() -> None:
    labels = np.repeat(np.arange(5), 100)
    assert measured(labels, 3).tolist() == [*range(40), *range(100, 140), *range(200, 240)]
    chosen = shown(labels, Scenario((3, 2)))
    assert chosen.tolist() == [*range(5), *range(100, 105), *range(200, 205)]
    assert set(chosen) <= set(measured(labels, 3).tolist())
