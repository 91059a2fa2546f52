"""What continual learning is measured by: the accuracy matrix of a run, and the figures that are taken from it.

R[i, j] is the accuracy on task j after task i, a fraction; it is NaN where j > i, for then the task is not there yet,
and where it is not known. All tasks count from 0. Public code disagrees on these figures: each says its source. Pure
functions of arrays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from lwf_gui.messages import ProtocolName
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS, Counts, Shares


def accuracy_matrix(right: Counts, sizes: Sequence[int]) -> Shares:
    """Return R from right answers by task.

    Parameters
    ----------
    right : int64, shape (T, T): of the test images of task j after task i; `NO_ANSWER` where there is none
    sizes : test images of each task
    """
    known = (right != NO_ANSWER) & (np.asarray(sizes) > 0)
    return np.where(known, right / np.maximum(sizes, 1), np.nan)


def last_row(matrix: Shares) -> int:
    """Return the last task after which anything is known; -1 without any."""
    known = np.flatnonzero(~np.isnan(matrix).all(axis=1))
    return int(known[-1]) if len(known) else -1


def average_accuracy(matrix: Shares, after: int | None = None) -> float:
    """Average accuracy: mean_j R[T, j] over all tasks so far, each with the same weight; NaN if one is not known.

    Source: Lopez-Paz & Ranzato 2017, section 2, "average accuracy".
    """
    row = last_row(matrix) if after is None else after
    return mean_accuracy(matrix[row, : row + 1].tolist()) if row >= 0 else float("nan")


def mean_accuracy(accuracies: Sequence[float]) -> float:
    """Return the mean of the tasks' accuracies, each with the same weight; NaN if one is not known."""
    return float(np.mean(accuracies))


def forgetting(matrix: Shares, after: int | None = None) -> float:
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


def backward_transfer(matrix: Shares, after: int | None = None) -> float:
    """Backward transfer: mean over j < T of R[T, j] - R[j, j]; NaN after the first task.

    What later tasks did to a task since it was learnt: below 0 is forgetting, above 0 they helped.

    Source: Lopez-Paz & Ranzato 2017, eq. 3.
    """
    row = last_row(matrix) if after is None else after
    return float(np.mean(matrix[row, :row] - np.diag(matrix)[:row])) if row >= 1 else float("nan")


def learning_accuracy(matrix: Shares, after: int | None = None) -> float:
    """Learning accuracy: mean_j R[j, j], how well each task was known right after it was learnt.

    Source: Riemer et al. 2019 (Meta-Experience Replay), section 5.
    """
    row = last_row(matrix) if after is None else after
    return float(np.diag(matrix)[: row + 1].mean()) if row >= 0 else float("nan")


def min_accuracy(lowest: Sequence[float] | Shares) -> float:
    """Average minimum accuracy, min-ACC: the mean of the earlier tasks' lowest accuracies; NaN if one is not known.

    ``lowest`` is by task the lowest accuracy at all looks since its training ended. What is looked at only after tasks
    misses what falls and comes back between them: see `lwf_gui.runs.stability_gap`.

    Source: De Lange, van de Ven & Tuytelaars 2023, section 3, "min-ACC".
    """
    return float(np.mean(lowest)) if len(lowest) else float("nan")


def worst_case_accuracy(current: float, lowest: float, tasks: int) -> float:
    """Worst-case accuracy, WC-ACC: 1/k of the current task's accuracy and 1 - 1/k of min-ACC, for k tasks so far.

    Source: De Lange, van de Ven & Tuytelaars 2023, section 3, "WC-ACC".
    """
    return current / tasks + (1 - 1 / tasks) * lowest


FIGURES: Mapping[str, Callable[[Shares, int], float]] = {
    "forgetting": forgetting,
    "backward_transfer": backward_transfer,
    "learning_accuracy": learning_accuracy,
}
"""What is taken from a matrix as a whole after a task, by its name in JSON."""


def figures(matrix: Shares, after: int) -> Mapping[str, float]:
    """Return the figures that are taken from a matrix as a whole after a task, by their names in JSON."""
    return {name: of(matrix, after) for name, of in FIGURES.items()}


def as_json(matrices: Mapping[ProtocolName, Shares], after: int) -> dict[str, Any]:
    """Return matrices, and figures after a task, by protocol for JSON: null where there is no number."""
    found = {protocol: figures(matrices[protocol], after) for protocol in PROTOCOLS}
    told: dict[str, Any] = {
        "matrix": {
            protocol: [[numbered(value) for value in row] for row in matrices[protocol].tolist()]
            for protocol in PROTOCOLS
        }
    }
    for name in FIGURES:
        told[name] = {protocol: numbered(found[protocol][name]) for protocol in PROTOCOLS}
    return told


def numbered(value: float) -> float | None:
    """Return a number for JSON, which has no NaN."""
    return None if np.isnan(value) else value
