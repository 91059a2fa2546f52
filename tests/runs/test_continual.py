"""The figures of continual learning, against plain loops and matrices whose figures are known."""

from __future__ import annotations

import math

import numpy as np
import pytest

from lwf_gui.runs import continual
from lwf_gui.runs.after_tasks import matrix_of, tasks_done
from lwf_gui.runs.continual import accuracy_matrix, average_accuracy, backward_transfer, forgetting, learning_accuracy
from lwf_gui.runs.metrics import NO_ANSWER, ratio
from tests.runs import synthetic

NAN = math.nan
FORGETS = np.array([[0.9, NAN, NAN], [0.5, 0.8, NAN], [0.1, 0.6, 1.0]])
"""Loses 80 points of the first task and 20 of the second."""

RECOVERS = np.array([[0.6, NAN, NAN], [0.9, 0.7, NAN], [0.8, 0.9, 0.5]])
"""The first task was best after the second; the second is better than ever after the third."""


def random_matrix(seed: int, tasks: int) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    matrix = np.random.default_rng(seed).uniform(0, 1, (tasks, tasks))
    matrix[np.triu_indices(tasks, 1)] = NAN
    return matrix


def test_figures_of_matrices_made_by_hand() -> None:
    assert average_accuracy(FORGETS) == pytest.approx((0.1 + 0.6 + 1.0) / 3)
    assert forgetting(FORGETS) == pytest.approx((0.8 + 0.2) / 2)
    assert backward_transfer(FORGETS) == pytest.approx(-(0.8 + 0.2) / 2)
    assert learning_accuracy(FORGETS) == pytest.approx((0.9 + 0.8 + 1.0) / 3)
    assert forgetting(RECOVERS) == pytest.approx((0.1 - 0.2) / 2), "what got better counts against what was lost"
    assert backward_transfer(RECOVERS) == pytest.approx((0.2 + 0.2) / 2)


@pytest.mark.parametrize("tasks", [2, 3, 5, 10])
def test_figures_equal_plain_loops(tasks: int) -> None:
    for seed in range(20):
        r = random_matrix(seed, tasks)
        end = tasks - 1
        lost = [max(r[i][j] for i in range(j, end)) - r[end][j] for j in range(end)]
        assert forgetting(r) == pytest.approx(sum(lost) / end)
        assert backward_transfer(r) == pytest.approx(sum(r[end][j] - r[j][j] for j in range(end)) / end)
        assert learning_accuracy(r) == pytest.approx(sum(r[j][j] for j in range(tasks)) / tasks)
        assert average_accuracy(r) == pytest.approx(sum(r[end]) / tasks)
        sizes = [10 * (j + 1) for j in range(tasks)]
        right = [round(r[end][j] * sizes[j]) for j in range(tasks)]
        weights = [size / sum(sizes) for size in sizes]
        assert ratio(right, sizes) == pytest.approx(sum(weights[j] * right[j] / sizes[j] for j in range(tasks)))


def test_after_two_tasks_forgetting_is_what_was_lost_and_never_0_by_definition() -> None:
    """Some public code takes the last row into the maximum, or the first task alone, and reports 0 here."""
    r = np.array([[0.9, NAN], [0.2, 0.95]])
    assert forgetting(r) == pytest.approx(0.7)
    assert backward_transfer(r) == pytest.approx(-0.7)


def test_after_the_first_task_nothing_can_be_forgotten() -> None:
    r = random_matrix(0, 3)
    assert math.isnan(forgetting(r, 0))
    assert math.isnan(backward_transfer(r, 0))
    assert average_accuracy(r, 0) == r[0, 0]


@pytest.mark.parametrize("after", [1, 2])
def test_figures_after_a_task_are_those_of_the_run_that_ends_there(after: int) -> None:
    r = random_matrix(3, 5)
    cut = r[: after + 1, : after + 1]
    for figure in (average_accuracy, forgetting, backward_transfer, learning_accuracy):
        assert figure(r, after) == figure(cut)


def test_matrix_is_made_of_counts_and_has_no_number_where_there_is_none() -> None:
    right = np.array([[45, NO_ANSWER, NO_ANSWER], [20, 30, NO_ANSWER], [0, 15, 10]])
    found = accuracy_matrix(right, [50, 30, 10])
    np.testing.assert_array_equal(found, [[0.9, NAN, NAN], [0.4, 1.0, NAN], [0.0, 0.5, 1.0]])


def test_a_row_that_is_not_known_leaves_out_what_hangs_on_it() -> None:
    r = random_matrix(1, 4)
    r[1] = NAN
    assert math.isnan(forgetting(r))
    assert math.isnan(backward_transfer(r))
    assert not math.isnan(average_accuracy(r))
    assert continual.as_json({"task_aware": r, "class_incremental": r}, 3)["forgetting"]["task_aware"] is None


def test_matrix_of_a_record_is_that_of_its_last_evaluation_of_each_task() -> None:
    record = synthetic.record()
    matrix = matrix_of(record, "lwf", "task_aware")
    assert matrix is not None
    np.testing.assert_allclose(matrix, [[0.95, NAN], [0.87, 0.9]])
    assert matrix_of(synthetic.record([]), "lwf", "task_aware") is None
    begun = synthetic.record([*synthetic.task1(), *synthetic.task2()[:4]])
    assert tasks_done(begun) == 0, "right after the head grew no later task is learnt yet"
