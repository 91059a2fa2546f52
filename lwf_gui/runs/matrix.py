"""The accuracy matrix R of a learner: how much of each task it gets right after each task, and what follows from it.

R[i, j] is the accuracy on task j after task i; tasks count from 0 here and from 1 for people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import ProtocolName
from lwf_gui.runs import continual, shown
from lwf_gui.runs.after_tasks import right_answers
from lwf_gui.runs.metrics import NO_ANSWER, Shares
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection


@dataclass(frozen=True, slots=True, eq=False)
class Matrix:
    """One learner's answers on the full test sets.

    Attributes
    ----------
    right : int64, shape (T, T): images of task j (column) that it got right after task i (row), or `NO_ANSWER`
    total : int64, shape (T,): test images of each task
    """

    right: NDArray[np.int64]
    total: NDArray[np.int64]

    def accuracy(self, after: int, on: int) -> float:
        """Return R[after, on] in percent; NaN where there is none."""
        count = int(self.right[after, on])
        return 100 * count / int(self.total[on]) if count != NO_ANSWER and self.total[on] else math.nan

    def average(self, after: int) -> float:
        """Return the average accuracy after a task, in percent: the plain mean over the tasks learnt so far.

        Of one task it is that task's own, the same float, so that both round alike.
        """
        if not after:
            return self.accuracy(0, 0)
        return 100 * continual.average_accuracy(self.shares, after)

    @property
    def shares(self) -> Shares:
        """R in fractions, not rounded: what every mean is taken from."""
        return continual.accuracy_matrix(self.right, self.total.tolist())

    @property
    def learnt(self) -> int:
        """How many tasks have been learnt: rows from the first one on that have figures."""
        rows = (self.right[:, 0] != NO_ANSWER).tolist()
        return rows.index(False) if False in rows else len(rows)

    def forgetting(self, on: int) -> float:
        """Return the forgetting of a task in points: its best accuracy before the last task learnt, less the one now.

        It is the difference of two figures as they are shown; NaN of the last task itself, and of later ones. A
        negative one is a gain. Source: Chaudhry et al. 2018, section 3.
        """
        last = self.learnt - 1
        if on >= last:
            return math.nan
        best = max(self.accuracy(after, on) for after in range(on, last))
        return shown.difference(best, self.accuracy(last, on), int(self.total[on]))

    def mean_forgetting(self, after: int | None = None) -> float:
        """Return the forgetting in points averaged over all tasks before one, by default before the last one learnt.

        NaN before the second one. It is the mean of what is not rounded; of a single task it is that task's own, so
        that the two are one number.
        """
        last = self.learnt - 1 if after is None else after
        if last == 1 and self.learnt == 2:
            return self.forgetting(0)
        return 100 * continual.forgetting(self.shares, last)


@dataclass(frozen=True, slots=True, eq=False)
class Matrices:
    """The matrices of all learners where one looks.

    Attributes
    ----------
    tasks : names of the classes of each task
    under_way : the task that is being learnt, whose row is of its last evaluation so far; None after its last epoch
    where : the last evaluation, in words
    """

    learners: tuple[str, ...]
    protocol: ProtocolName
    tasks: tuple[tuple[str, ...], ...]
    matrices: tuple[Matrix, ...]
    under_way: int | None
    where: str

    def of(self, learner: str) -> Matrix:
        """Return a learner's matrix."""
        return self.matrices[self.learners.index(learner)]


def matrices(record: Record, selection: Selection) -> Matrices | None:
    """Return the matrices of all learners at or before the step where one looks; None before task 1 is learnt."""
    data, teacher = record.data, record.teacher
    if data is None or teacher is None or (selection.step is not None and selection.step < 0):
        return None
    told = [each for each in record.evaluations if selection.step is None or each.step <= selection.step]
    learnt = [each for each in told if each.epoch]
    last, scenario = learnt[-1] if learnt else None, data.scenario
    epochs = record.incremental.started.axis.epochs(last.task) if last and record.incremental else 0
    learners, total = learners_of(record), np.array(data.test_sizes, np.int64)
    return Matrices(
        learners=learners,
        protocol=selection.protocol,
        tasks=tuple(tuple(data.classes[unit] for unit in scenario.units(task)) for task in range(scenario.tasks)),
        matrices=tuple(
            Matrix(right_answers(told, teacher.right, learner, selection.protocol, scenario.tasks), total)
            for learner in learners
        ),
        under_way=last.task if last is not None and last.epoch < epochs else None,
        where="after task 1"
        if last is None
        else f"task {last.task + 1}, epoch {last.epoch} of {epochs}, step {last.step:,}",
    )
