"""Averages of two networks: their weights are those of two others mixed by hand, at every step and in every task."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch

from lwf_gui import InputError
from lwf_gui.control import Control
from lwf_gui.engine.networks import Network
from lwf_gui.messages import POINTS, Evaluated, MiniBatch, StraightPath
from lwf_gui.recipe import compose
from tests.engine.lab import TINY, Bits, Lab, Ran, bits
from tests.engine.looked import THREE, Watched, watched
from tests.engine.test_divergence import failing

NAMES = ("fine-tune", "lwf", "a", "b")
MIXED = (
    'learners=["fine-tune", "lwf", {method="average", name="a", share=0.25}, '
    '{method="average", name="b", start="lwf", end="fine-tune", share=0.625}]'
)
"""A quarter of the way from the old network to fine-tuning, and five eighths from LwF to fine-tuning."""


def by_hand(first: Bits, last: Bits, share: float) -> Bits:
    """Return weights mixed of two networks', where rows that one of them has not yet are zeros."""
    found = {}
    for name, end in last.items():
        start = torch.zeros_like(end)
        start[: len(first[name])] = first[name]
        found[name] = (1 - share) * start + share * end
    return found


def require_mixed(ran: Ran, networks: dict[str, Network], *, share: float = 0.25) -> None:
    """Assert that both averages have the weights that are mixed by hand of the others', which differ."""
    fine, lwf = (bits(networks[name]) for name in NAMES[:2])
    assert any(not torch.allclose(fine[name], lwf[name], atol=1e-4) for name in fine)
    for name, wanted in (("a", by_hand(ran.start["a"], fine, share)), ("b", by_hand(lwf, fine, 0.625))):
        for parameter, value in bits(networks[name]).items():
            torch.testing.assert_close(value, wanted[parameter], rtol=1e-5, atol=1e-6)


@pytest.fixture(scope="module")
def run() -> Watched:
    return watched(StraightPath, MIXED)


@pytest.mark.parametrize(
    "changes",
    [
        (),
        ("model.network=cnn", "model.hidden=12", "task2.epochs=1"),
        ("task2.warmup_epochs=1", "task2.optimizer=restarted"),
        ("model.growth=random", "lwf.teacher=aliased"),
        ("task2.lr=0.02", "task2.algorithm=adam"),
        (*THREE, "task2.warmup_epochs=1"),
    ],
    ids=["plain", "cnn", "warm-up", "inserted layer, aliased", "adam", "three tasks"],
)
def test_weights_are_those_of_two_networks_mixed_by_hand_whenever_one_looks(changes: tuple[str, ...]) -> None:
    seen = watched(StraightPath, MIXED, *changes)
    steps = {step for step, _ in seen.networks}
    for step in steps:
        require_mixed(seen.ran, {name: seen.networks[step, name] for name in NAMES})
    require_mixed(seen.ran, {name: learner.network for name, learner in seen.ran.learners.items()})


def test_full_test_sets_find_what_the_path_finds_at_that_point(run: Watched) -> None:
    path, told = run.ran.all(StraightPath)[-1], run.ran.all(Evaluated)[-1]
    assert (path.tested, path.step) == (True, told.step)
    for name, at, point in (("a", (0, 0), 2), ("b", (2, 0), 5)):
        counts = path.right[at][point]
        assert np.ptp(path.right[at][:, 0, 0]) > 5, "else any point could stand for any other"
        np.testing.assert_allclose(told.scores[name].task_aware, counts[0], atol=1)  # ties
        np.testing.assert_allclose(told.scores[name].class_incremental, counts[1], atol=1)
    assert POINTS == 9


def test_those_that_train_along_are_no_learners_of_the_run_and_learn_as_they_do(run: Watched) -> None:
    assert tuple(run.ran.started("incremental").learners) == NAMES
    alone = Lab().run('learners=[{method="average", name="a", share=0.25}]', "train.probe_every=4")
    assert tuple(alone.started("incremental").learners) == ("a",)
    np.testing.assert_array_equal(alone.losses()[:, 0, 0], run.ran.losses()[:, 2, 0])
    assert alone.all(Evaluated)[-1].scores["a"] == run.ran.all(Evaluated)[-1].scores["a"]


def test_an_average_of_an_average_is_mixed_twice() -> None:
    ran = Lab().run(
        'learners=["fine-tune", {method="average", name="a", share=0.5}, '
        '{method="average", name="c", start="a", end="fine-tune", share=0.5}]'
    )
    wanted = by_hand(ran.start["c"], bits(ran.learners["fine-tune"].network), 0.75)
    for name, value in bits(ran.learners["c"].network).items():
        torch.testing.assert_close(value, wanted[name], rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("value", [math.inf, math.nan])
def test_a_network_that_diverges_takes_its_averages_with_it_at_that_step(value: float) -> None:
    with failing(9, value, "lwf"):  # which the average of it trains a second time, after the learner itself
        ran = Lab().run('learners=["fine-tune", {method="average", name="b", end="lwf"}]')
    losses = ran.losses()[:, :, -1]
    assert np.isfinite(losses[:8]).all()
    assert np.isnan(losses[8:, 1]).all()
    assert np.isfinite(losses[:, 0]).all()
    assert ran.all(Evaluated)[-1].scores["b"].diverged


def test_what_those_store_that_train_along_is_counted() -> None:
    ran = Lab().run('learners=["replay", {method="average", name="a", end="replay"}, "average"]')
    scores = ran.all(Evaluated)[-1].scores
    assert scores["a"].stored_bytes == scores["replay"].stored_bytes > 0
    assert scores["average"].stored_bytes == 0


def test_in_slow_motion_it_moves_by_its_share_of_the_step_that_the_other_takes() -> None:
    control = Control()
    control.pace(500)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lwf_gui.control.SLOW_MOTION", 500.0)
        ran = Lab().run(MIXED, "task2.epochs=1", "data.train_images=64", control=control)
    assert ran.all(MiniBatch)
    for batch in ran.all(MiniBatch):
        fine, _, quarter, _ = batch.updates
        assert quarter == pytest.approx(0.25 * fine, rel=1e-3)


@pytest.mark.parametrize(
    ("own", "said"),
    [
        ('end="nobody"', "a cannot mix nobody: it is no learner of this run, no method, and not teacher."),
        ('end="ncm"', "a cannot mix ncm: it answers by class means, not by its network alone."),
        ('end="average"', "a cannot mix average: it mixes others itself, and must stand before."),
        ('end="a"', "a cannot mix a: it mixes others itself, and must stand before."),
        ('end="teacher"', "a cannot mix teacher with itself: start and end must be two networks."),
        ("share=1.5", "share in the range"),
    ],
)
def test_what_cannot_be_mixed_is_refused_in_one_sentence(own: str, said: str) -> None:
    with pytest.raises(InputError) as refused:
        compose("digits", [*TINY, f'learners=[{{method="average", name="a", {own}}}, "fine-tune"]'])
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)
