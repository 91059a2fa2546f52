"""The accuracy matrix: counts, averages and forgetting, and what a record tells of them."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.messages import Evaluated, LearnerScore, TeacherReady
from lwf_gui.runs.matrix import Matrices, Matrix, matrices
from lwf_gui.runs.metrics import NO_ANSWER
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import synthetic

THREE = Matrix(
    np.array([[90, NO_ANSWER, NO_ANSWER], [95, 160, NO_ANSWER], [40, 120, 30]], np.int64),
    np.array([100, 200, 40], np.int64),
)


def at(record: Record, step: int | None = None, protocol: str = "class_incremental") -> Matrices:
    made = matrices(record, Selection(protocol, step))  # type: ignore[arg-type]
    assert made is not None
    return made


def test_accuracy_is_of_the_tasks_own_images() -> None:
    assert THREE.accuracy(2, 0) == 40
    assert THREE.accuracy(2, 2) == 75
    assert math.isnan(THREE.accuracy(0, 1))


def test_average_is_the_plain_mean_over_the_tasks_learnt_so_far() -> None:
    assert THREE.average(0) == 90
    assert THREE.average(1) == (95 + 80) / 2
    assert THREE.average(2) == pytest.approx((40 + 60 + 75) / 3)


def test_forgetting_is_from_the_best_accuracy_ever_to_the_one_now() -> None:
    assert THREE.forgetting(0) == 55
    assert THREE.forgetting(1) == 20
    assert math.isnan(THREE.forgetting(2))
    assert THREE.mean_forgetting() == 37.5


def test_means_are_taken_of_what_is_not_rounded() -> None:
    """The mean of the cells as they are shown, 66.7 and 50.0 and 33.4, would be another one than the card has."""
    total = np.array([3000, 2000, 3000, 1000], np.int64)
    right = np.tril(np.array([[2998, 0, 0, 0], [0, 2000, 0, 0], [0, 0, 2999, 0], [999, 1001, 1998, 9]], np.int64))
    right[np.triu_indices(4, 1)] = NO_ANSWER
    lost = [100 * (right[j, j] - right[3, j]) / total[j] for j in range(3)]
    assert Matrix(right, total).mean_forgetting() == pytest.approx(sum(lost) / 3, abs=1e-9)
    one = Matrix(right[:2, :2], total[:2])
    assert one.mean_forgetting() == one.forgetting(0), "of a single task it is that task's own"


def test_before_the_second_task_nothing_can_be_forgotten() -> None:
    first = Matrix(np.where(np.arange(3)[:, None] > 0, NO_ANSWER, THREE.right), THREE.total)
    assert first.learnt == 1
    assert math.isnan(first.forgetting(0))
    assert math.isnan(first.mean_forgetting())


def test_what_got_better_is_forgotten_by_less_than_nothing() -> None:
    gained = Matrix(np.array([[80, NO_ANSWER], [90, 10]], np.int64), np.array([100, 10], np.int64))
    assert gained.forgetting(0) == -10


def test_a_record_of_two_tasks_makes_two_rows() -> None:
    made = at(synthetic.record())
    assert made.learners == synthetic.LEARNERS
    assert made.tasks == (("a", "b", "c"), ("d", "e"))
    assert made.under_way is None
    last = synthetic.evaluated(3).scores
    for learner in made.learners:
        pair, matrix = last[learner].class_incremental, made.of(learner)
        assert matrix.right.tolist() == [[1140, NO_ANSWER], list(pair)]
        assert matrix.total.tolist() == [1200, 80]


def test_rows_appear_as_tasks_are_learnt() -> None:
    assert matrices(Record(), Selection()) is None
    before = synthetic.record([each for each in synthetic.task1() if not isinstance(each, TeacherReady)])
    assert matrices(before, Selection()) is None
    assert [each.learnt for each in at(synthetic.record(synthetic.task1())).matrices] == [1, 1]
    running = at(synthetic.up_to_step(15))
    assert running.under_way == 1
    assert running.where == "task 2, epoch 1 of 3, step 10"


def test_one_looks_at_the_matrix_of_the_step_where_one_is() -> None:
    record = synthetic.record()
    assert matrices(record, Selection(step=-3)) is None
    first = at(record, 15)
    assert first.where == "task 2, epoch 1 of 3, step 10"
    assert first.of("lwf").accuracy(1, 0) == pytest.approx(
        100 * synthetic.evaluated(1).scores["lwf"].class_incremental[0] / 1200, abs=0.05
    )


def test_the_protocol_is_the_one_that_is_looked_at() -> None:
    record = synthetic.record()
    assert at(record, protocol="task_aware").of("lwf").accuracy(1, 0) > at(record).of("lwf").accuracy(1, 0)


def test_a_learner_that_diverged_has_no_figures_in_its_row() -> None:
    record = synthetic.record()
    last = record.evaluations[-1]
    none = LearnerScore((), (), ())
    record.apply(replace(last, scores={**last.scores, "lwf": none}))
    assert isinstance(record.evaluations[-1], Evaluated)
    matrix = at(record).of("lwf")
    assert matrix.learnt == 1
    assert math.isnan(matrix.average(1))
    assert not math.isnan(at(record).of("fine-tune").average(1))


def test_the_mean_of_one_task_is_that_tasks_own_figure_to_the_last_digit() -> None:
    """98.85 and 98.85000000000001 would round to 98.8 and 98.9."""
    for total in (1000, 4000, 6000):
        for count in range(total + 1):
            matrix = Matrix(np.array([[count]]), np.array([total]))
            assert matrix.average(0) == matrix.accuracy(0, 0)
