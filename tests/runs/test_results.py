"""The table of results: its figures are those of the accuracy matrix, and it sorts by any of them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

import pytest

from lwf_gui.messages import LearnerScore
from lwf_gui.runs import continual
from lwf_gui.runs.after_tasks import matrix_of, tasks_done
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.results import COLUMNS, Results, results, table
from lwf_gui.runs.selection import Selection
from tests.runs import five, synthetic

STORED, SECONDS, TIMES = 4, 5, 6


def told(record: Record, **scores: LearnerScore) -> Results:
    """Return the results of a record whose last scores are changed."""
    last = record.evaluations[-1]
    changed = {name.replace("_", "-"): score for name, score in scores.items()}
    record.evaluations[-1] = replace(last, scores={**last.scores, **changed})
    found = results(record, Selection())
    assert found is not None
    return found


@pytest.mark.parametrize("make", [synthetic.record, five.record])
def test_averages_and_forgetting_are_those_of_the_accuracy_matrix(make: Callable[[], Record]) -> None:
    record = make()
    found = results(record, Selection())
    assert found is not None
    last = tasks_done(record)
    for name, row in found.rows.items():
        for at, protocol in enumerate(PROTOCOLS):
            matrix = matrix_of(record, name, protocol)
            assert matrix is not None
            assert row[2 * at][0] == pytest.approx(100 * continual.average_accuracy(matrix, last))
            assert row[2 * at + 1][0] == pytest.approx(100 * continual.forgetting(matrix, last), abs=0.5)


def test_it_is_of_the_moment_that_is_looked_at() -> None:
    record = five.record()
    early = next(each for each in record.evaluations if each.epoch and each.task == 2)
    found = results(record, Selection(step=early.step))
    assert found is not None
    assert "task 3" in found.where
    assert f"{sum(five.SIZES[:3]):,} test images of 3 tasks" in found.images


def test_there_is_no_table_before_a_later_task_was_tested() -> None:
    assert results(synthetic.record(synthetic.task1()), Selection()) is None
    assert results(Record(), Selection()) is None


def test_bytes_and_times_are_those_that_the_scores_tell() -> None:
    record = synthetic.record()
    scores = record.evaluations[-1].scores
    fine, lwf = scores["fine-tune"], scores["lwf"]
    found = told(record, fine_tune=replace(fine, seconds=2e-5), lwf=replace(lwf, stored_bytes=157_000, seconds=3e-5))
    assert found.rows["lwf"][STORED] == (157.0, "157")
    assert found.rows["fine-tune"][STORED] == (0.0, "0")
    assert found.rows["lwf"][SECONDS][1] == "30"
    assert found.rows["lwf"][TIMES][1] == "1.5"


def test_what_is_not_known_is_no_zero() -> None:
    value, text = told(synthetic.record()).rows["lwf"][SECONDS]
    assert math.isnan(value)
    assert text == "-"


def test_a_learner_that_diverged_has_no_average_and_stands_last() -> None:
    found = told(synthetic.record(), lwf=LearnerScore((), (), ()))
    assert found.rows["lwf"][0][1] == "-"
    assert [found.order(0, turned=turned)[-1] for turned in (False, True)] == ["lwf", "lwf"]


@pytest.mark.parametrize("at", range(len(COLUMNS)))
def test_the_best_of_a_column_comes_first_and_last_when_turned(at: int) -> None:
    record = synthetic.record()
    scores = record.evaluations[-1].scores
    fine = replace(scores["fine-tune"], stored_bytes=5, seconds=1e-5)
    found = told(record, fine_tune=fine, lwf=replace(scores["lwf"], stored_bytes=7, seconds=3e-5))
    numbers = [found.rows[name][at][0] for name in found.order(at)]
    assert numbers == sorted(numbers, reverse=COLUMNS[at].high)
    assert len(set(numbers)) > 1
    assert found.order(at, turned=True) == found.order(at)[::-1]


def test_a_copied_table_says_protocol_and_unit_in_every_heading() -> None:
    found = told(synthetic.record())
    heading, rows = table(found, found.order(None))
    assert heading[1] == "task-aware, average (%)"
    assert {len(row) for row in rows} == {len(heading)} == {len(COLUMNS) + 1}


def test_the_cost_of_training_is_named_in_the_unit_of_its_column() -> None:
    column = COLUMNS[SECONDS]
    assert (column.name, column.unit) == ("training", "µs")
    assert "microseconds" in column.help
    assert "Seconds" not in column.help
