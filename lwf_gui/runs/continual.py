"""What continual learning is measured by: the accuracy matrix of a run, and the figures that are taken from it.

R[i, j] is the accuracy on task j after task i, a fraction; it is NaN where j > i, for then the task is not there yet,
and where it is not known. All tasks count from 0. Public code disagrees on these figures: each says its source. Pure
functions of arrays and messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import Evaluated, ProtocolName
from lwf_gui.methods import method_of
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS, Counts
from lwf_gui.runs.record import Record

Matrix = NDArray[np.float64]


def accuracy_matrix(right: Counts, sizes: Sequence[int]) -> Matrix:
    """Return R from right answers by task.

    Parameters
    ----------
    right : int64, shape (T, T): of the test images of task j after task i; `NO_ANSWER` where there is none
    sizes : test images of each task
    """
    known = (right != NO_ANSWER) & (np.asarray(sizes) > 0)
    return np.where(known, right / np.maximum(sizes, 1), np.nan)


def last_row(matrix: Matrix) -> int:
    """Return the last task after which anything is known; -1 without any."""
    known = np.flatnonzero(~np.isnan(matrix).all(axis=1))
    return int(known[-1]) if len(known) else -1


def average_accuracy(matrix: Matrix, after: int | None = None) -> float:
    """Average accuracy: mean_j R[T, j] over all tasks so far, each with the same weight; NaN if one is not known.

    Source: Lopez-Paz & Ranzato 2017, section 2, "average accuracy".
    """
    row = last_row(matrix) if after is None else after
    return float(matrix[row, : row + 1].mean()) if row >= 0 else float("nan")


def forgetting(matrix: Matrix, after: int | None = None) -> float:
    """Forgetting: mean over j < T of max_{j <= i < T} R[i, j] - R[T, j]; NaN after the first task.

    How much worse a task is than it ever was before, so it can be negative. Some code takes the last row into the
    maximum too, which cannot be negative and hides gains.

    Source: Chaudhry et al. 2018 (Riemannian Walk), eq. 3 and 4.
    """
    row = last_row(matrix) if after is None else after
    if row < 1:
        return float("nan")
    # Row i has numbers for j <= i alone: a task that is not there yet cannot be the best that it ever was.
    best = [np.max(matrix[task:row, task]) for task in range(row)]
    return float(np.mean(np.array(best) - matrix[row, :row]))


def backward_transfer(matrix: Matrix, after: int | None = None) -> float:
    """Backward transfer: mean over j < T of R[T, j] - R[j, j]; NaN after the first task.

    What later tasks did to a task since it was learnt: below 0 is forgetting, above 0 they helped.

    Source: Lopez-Paz & Ranzato 2017, eq. 3.
    """
    row = last_row(matrix) if after is None else after
    return float(np.mean(matrix[row, :row] - np.diag(matrix)[:row])) if row >= 1 else float("nan")


def learning_accuracy(matrix: Matrix, after: int | None = None) -> float:
    """Learning accuracy: mean_j R[j, j], how well each task was known right after it was learnt.

    Source: Riemer et al. 2019 (Meta-Experience Replay), section 5.
    """
    row = last_row(matrix) if after is None else after
    return float(np.diag(matrix)[: row + 1].mean()) if row >= 0 else float("nan")


def right_answers(
    evaluations: Iterable[Evaluated], teacher: int | None, learner: str, protocol: ProtocolName, tasks: int
) -> Counts:
    """Return a learner's right answers on task j after task i, shape (tasks, tasks), from what a run told.

    A row is taken from the last evaluation of its task; row 0 is the first teacher's, the same under both protocols. A
    learner with a head of its own answers by that after the first task too: its row 0 is what it tells where the second
    one begins, task-aware, for after the first task there are its classes alone.
    """
    counts = np.full((tasks, tasks), NO_ANSWER, np.int64)
    own = has_own_head(learner)
    if teacher is not None and not own:
        counts[0, 0] = teacher
    for told in evaluations:
        score = told.scores.get(learner)
        if own and (told.task, told.epoch) == (1, 0) and score is not None and score.task_aware:
            counts[0, 0] = score.task_aware[0]
        if told.epoch and told.task < tasks and score is not None:
            counts[told.task] = NO_ANSWER
            found = score.under(protocol)
            counts[told.task, : len(found)] = found
    return counts


def has_own_head(learner: str) -> bool:
    """Say whether a learner, or the one that it branches off, answers by another head than its network's."""
    row = method_of(learner)
    return row is not None and bool(row.answers_by)


def matrix_of(record: Record, learner: str, protocol: ProtocolName) -> Matrix | None:
    """Return a learner's accuracy matrix on the full test sets, as far as a record goes; None without data."""
    data = record.data
    if data is None:
        return None
    teacher = None if record.teacher is None else record.teacher.right
    counts = right_answers(record.evaluations, teacher, learner, protocol, data.scenario.tasks)
    return accuracy_matrix(counts, data.test_sizes)


def tasks_done(record: Record) -> int:
    """Return the last task after which the learners were tested, -1 before there is any."""
    done = [told.task for told in record.evaluations if told.epoch]
    return max(done, default=-1 if record.teacher is None else 0)


def figures(matrix: Matrix, after: int) -> Mapping[str, float]:
    """Return the figures that are taken from a matrix as a whole after a task, by their names in JSON."""
    return {
        "forgetting": forgetting(matrix, after),
        "backward_transfer": backward_transfer(matrix, after),
        "learning_accuracy": learning_accuracy(matrix, after),
    }


def as_json(matrices: Mapping[ProtocolName, Matrix], after: int) -> dict[str, Any]:
    """Return matrices, and figures after a task, by protocol for JSON: null where there is no number."""
    found = {protocol: figures(matrices[protocol], after) for protocol in PROTOCOLS}
    told: dict[str, Any] = {
        "matrix": {
            protocol: [[numbered(value) for value in row] for row in matrices[protocol].tolist()]
            for protocol in PROTOCOLS
        }
    }
    for name in ("forgetting", "backward_transfer", "learning_accuracy"):
        told[name] = {protocol: numbered(found[protocol][name]) for protocol in PROTOCOLS}
    return told


def numbered(value: float) -> float | None:
    """Return a number for JSON, which has no NaN."""
    return None if np.isnan(value) else value
