"""Curves of accuracy against plain loops over the same record, and which of their points are drawn."""

from __future__ import annotations

import numpy as np
import pytest

from lwf_gui.messages import TEACHER
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.cards import teacher_accuracy
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.series import MAX_PROBES, thinned
from tests.runs import synthetic
from tests.runs.synthetic import OLD, PROBE_LABELS, TASK1_STEPS

BOTH: tuple[ProtocolName, ...] = ("task_aware", "class_incremental")


@pytest.mark.parametrize("protocol", BOTH)
def test_accuracy_curves_are_the_probes_in_percent(protocol: ProtocolName) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    for column, learner in enumerate(synthetic.LEARNERS):
        for row, task in enumerate(("old", "new")):
            x, y = accuracy_series(record, learner, task, protocol)  # type: ignore[arg-type]
            assert list(x) == [0, 10, 15, 30]
            for percent, probe in zip(y, record.incremental.probes, strict=True):
                chosen = (PROBE_LABELS >= OLD) if row else (PROBE_LABELS < OLD)
                logits = probe.logits[column].astype(float)[chosen]
                if protocol == "task_aware":
                    logits[:, :OLD] -= 1000 * row
                    logits[:, OLD:] -= 1000 * (1 - row)
                assert percent == pytest.approx(100 * (logits.argmax(1) == PROBE_LABELS[chosen]).mean())


def test_teachers_accuracy_curve_is_negative_up_to_the_head_expansion() -> None:
    before = synthetic.record(synthetic.task1())
    x, y = accuracy_series(before, TEACHER, "old", "task_aware")
    assert list(x) == [-TASK1_STEPS, 0]
    assert before.base is not None
    assert list(y) == list(100 * before.base.accuracies("task_aware")[:, 0, 0])
    assert teacher_accuracy(before) == y[-1]
    whole = synthetic.record()
    x, y = accuracy_series(whole, TEACHER, "old", "task_aware")
    assert list(x) == [-TASK1_STEPS, 0, 0, 10, 15, 30], "and goes on in task 2, where an aliased one drifts"
    assert whole.incremental is not None
    assert list(y[2:]) == list(100 * whole.incremental.teacher_accuracy())


def test_learner_that_is_not_in_the_run_has_no_curve() -> None:
    assert len(accuracy_series(synthetic.record(), "joint", "old", "task_aware")[0]) == 0
    assert len(accuracy_series(Record(), "lwf", "old", "task_aware")[0]) == 0


@pytest.mark.parametrize("points", [1, 2, 159, 160])
def test_every_probe_is_a_point_of_the_curve_that_is_drawn(points: int) -> None:
    x = np.arange(points, dtype=np.float64) * 20
    for drawn, true in zip(thinned((x, np.sin(x))), (x, np.sin(x)), strict=True):
        np.testing.assert_array_equal(drawn, true)


@pytest.mark.parametrize("points", [161, 162, 164, 321, 1024, 1025, 5000, 100_001])
def test_of_very_many_probes_the_ends_and_the_extremes_of_every_stretch_are_drawn(points: int) -> None:
    x = np.arange(points, dtype=np.float64) * 20
    y = np.sin(x)
    few_x, few_y = thinned((x, y))
    assert len(few_x) <= MAX_PROBES
    assert (few_x[0], few_x[-1]) == (x[0], x[-1])
    assert (np.diff(few_x) > 0).all()
    np.testing.assert_array_equal(few_y, np.sin(few_x))
    for part in np.array_split(np.arange(points), 8):
        drawn = few_y[np.isin(few_x, x[part])]
        width = 4 * points // MAX_PROBES  # a group that the part cuts has its extremes beside it
        inner = y[part][width:-width]
        assert drawn.min() <= inner.min()
        assert drawn.max() >= inner.max()


def test_every_probe_of_the_part_that_is_shown_is_drawn_once_there_are_few_in_it() -> None:
    x = np.arange(5000, dtype=np.float64) * 20
    few_x, few_y = thinned((x, np.sin(x)), (40_000.0, 42_000.0))
    np.testing.assert_array_equal(few_x, np.arange(39_980.0, 42_021.0, 20.0))  # with one on either side
    np.testing.assert_array_equal(few_y, np.sin(few_x))


def test_thinned_points_stay_where_they_are_while_a_run_grows() -> None:
    def chosen(points: int, first: float = 0.0) -> set[float]:
        x = np.arange(points, dtype=np.float64)
        return set(thinned((x, np.sin(x)), (first, np.inf))[0].tolist())

    assert len(chosen(2000) - chosen(2001)) <= 1  # the last
    assert len(chosen(2000, 30.0) - chosen(2000)) <= 3  # the first, and what is left of its group
