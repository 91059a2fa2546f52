"""Curves of losses: the first steps as they are, then means, against plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from lwf_gui.messages import TEACHER, TERMS
from lwf_gui.runs.loss_curves import EXACT, MAX_POINTS, loss_series, losses_at, steps_per_point
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import moment
from tests.runs import synthetic
from tests.runs.synthetic import TASK1_STEPS


@pytest.mark.parametrize("count", [1, 2, 159, 160, 161, 320, 321, 1000, 5121])
def test_loss_curve_has_the_first_steps_as_they_are_and_then_the_mean_of_equal_bins(count: int) -> None:
    record = synthetic.with_losses(count)
    for learner, column in (("fine-tune", 0), ("lwf", 1)):
        for term in TERMS:
            x, y = loss_series(record, learner, term)
            assert len(x) == len(y) <= MAX_POINTS + EXACT
            exact = min(count, EXACT)
            assert x[:exact].tolist() == list(range(1, exact + 1))
            losses = synthetic.losses(count, 2)[:, column, TERMS.index(term)].tolist()
            first = 0
            for end, mean in zip(x.astype(int), y, strict=True):
                assert mean == pytest.approx(sum(losses[first:end]) / (end - first), rel=1e-6)
                first = end
            assert first == count, "the last bin holds what is left"
    assert record.incremental is not None
    width = steps_per_point(record.incremental)
    widths = np.diff(x[EXACT - 1 :])
    assert set(widths[1:-1]) <= {width}, "the first of them may be narrower, and the last"
    assert len(widths) == 0 or max(widths) <= width
    assert width.bit_count() == 1, "bins grow in powers of two"
    assert count <= MAX_POINTS or len(x) > MAX_POINTS / 2 - 1


def test_loss_curve_of_the_teacher_ends_at_the_head_expansion() -> None:
    x, y = loss_series(synthetic.record(), TEACHER, "ce")
    assert (x[0], x[-1]) == (1 - TASK1_STEPS, 0)
    np.testing.assert_allclose(y[12:], synthetic.losses(8, 1, seed=13)[:, 0, 0], rtol=1e-6)


def test_loss_curve_without_steps_is_empty() -> None:
    for record in (Record(), synthetic.with_losses(0)):
        x, y = loss_series(record, "lwf", "ce")
        assert len(x) == len(y) == 0


def test_the_loss_of_a_moment_is_that_very_steps() -> None:
    record = synthetic.record()
    assert record.incremental is not None
    for step, row in ((0, 0), (10, 9), (15, 14), (30, 29)):
        at = moment(record, step)
        assert at is not None
        np.testing.assert_array_equal(losses_at(at), record.incremental.losses.values[row])
    begun = synthetic.record([*synthetic.task1(), *synthetic.task2()[:2]])
    at = moment(begun, 0)
    assert at is not None
    assert losses_at(at) is None


def test_means_follow_a_record_that_grows() -> None:
    record = synthetic.record()
    assert record.incremental is not None
    before = loss_series(record, synthetic.LEARNERS[0], "ce")
    again = loss_series(record, synthetic.LEARNERS[0], "ce")
    np.testing.assert_array_equal(before[1], again[1])
    record.incremental.losses.append(np.full((1, len(synthetic.LEARNERS), 4), 7.0, np.float32))
    after = loss_series(record, synthetic.LEARNERS[0], "ce")
    assert after[0][-1] == before[0][-1] + 1
    assert not np.array_equal(after[1], before[1])
