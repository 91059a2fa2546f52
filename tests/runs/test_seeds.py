"""Several seeds: mean and interval."""

from __future__ import annotations

import math
import statistics
from typing import Any

import pytest

from lwf_gui.runs.seeds import spread, student, summary, table

scipy_stats = pytest.importorskip("scipy.stats")


def run_of(seed: int, average: float | None) -> dict[str, Any]:
    """Return what a run with one learner says."""
    protocol = {"old": average, "new": 0.5, "average": average, "average_weighted": average}
    whole = {"task_aware": average, "class_incremental": 0.25}
    told = {
        "task_aware": protocol,
        "class_incremental": protocol,
        "forgetting": whole,
        "backward_transfer": whole,
        "learning_accuracy": whole,
        "stored_bytes": 1000 * seed,
    }
    return {"seed": seed, "learners": {"lwf": told}}


@pytest.mark.parametrize("freedom", [1, 2, 4, 9, 29, 30, 31, 60, 500])
def test_points_are_those_of_students_distribution(freedom: int) -> None:
    assert student(freedom) == pytest.approx(scipy_stats.t.ppf(0.975, freedom), abs=6e-4)


def test_the_interval_is_that_of_the_mean() -> None:
    values = [0.81, 0.84, 0.79, 0.86, 0.80]
    found = spread(values)
    assert found is not None
    low, high = scipy_stats.t.interval(
        0.95, len(values) - 1, loc=statistics.fmean(values), scale=statistics.stdev(values) / math.sqrt(len(values))
    )
    assert found.mean - found.half == pytest.approx(low, abs=1e-5)
    assert found.mean + found.half == pytest.approx(high, abs=1e-5)


def test_a_seed_without_a_figure_leaves_none_for_all_of_them() -> None:
    assert spread([0.8, None, 0.9]) is None
    assert spread([0.8]) is None
    told = summary([run_of(0, 0.8), run_of(1, None)])
    assert told["learners"]["lwf"]["task_aware"]["average"] is None
    assert told["learners"]["lwf"]["task_aware"]["new"] == {"mean": 0.5, "interval_95": 0.0}
    assert table([run_of(0, 0.8), run_of(1, None)])[1][0][1] == "-"


def test_the_table_says_percent_and_what_is_stored() -> None:
    heading, rows = table([run_of(0, 0.8), run_of(1, 0.9)])
    assert len(heading) == len(rows[0])
    assert rows == [["LwF", "85.0 ± 63.5", "85.0 ± 63.5", "85.0 ± 63.5", "25.0 ± 0.0", "1"]]
