"""Which class is taken for which: a confusion matrix per learner, as a pure function of a record and a look."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lwf_gui.runs.captions import when
from lwf_gui.runs.metrics import ProtocolName, predictions
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment


class Cell(NamedTuple):
    """One cell of one matrix; classes are output units."""

    learner: str
    true: int
    taken: int


@dataclass(frozen=True, slots=True, eq=False)
class Matrices:
    """The confusion matrices of all learners at one probe, of the classes that they know.

    Attributes
    ----------
    classes : names by output unit: all that are there at this step, the old ones alone for the teacher
    old : number of old classes: those of all tasks before the one that the step belongs to
    when : the step, in words
    counts : int64, shape (learners, K, K): probe images by true class (row) and predicted class (column)
    percent : float64, same shape, of the row's images; 0 in the row of a class without images
    possible : bool, shape (K, K): whether the protocol lets a class be taken for another at all
    images : shape (N,): numbers of the probe images that are counted
    true : shape (N,), output units
    taken : shape (learners, N), output units
    """

    learners: tuple[str, ...]
    protocol: ProtocolName
    when: str
    classes: tuple[str, ...]
    old: int
    counts: NDArray[np.int64]
    percent: NDArray[np.float64]
    possible: NDArray[np.bool_]
    images: NDArray[np.intp]
    true: NDArray[np.intp]
    taken: NDArray[np.intp]

    def count(self, cell: Cell) -> tuple[int, int]:
        """Return how many probe images are in a cell, and how many in its row."""
        row = self.counts[self.learners.index(cell.learner), cell.true]
        return int(row[cell.taken]), int(row.sum())

    def images_in(self, cell: Cell) -> list[int]:
        """Return the numbers of the probe images in a cell."""
        taken = self.taken[self.learners.index(cell.learner)]
        numbers: list[int] = self.images[(self.true == cell.true) & (taken == cell.taken)].tolist()
        return numbers

    def right(self, learner: str) -> int:
        """Return how many images a learner gets right."""
        return int(np.trace(self.counts[self.learners.index(learner)]))

    def only(self, learner: str) -> Matrices:
        """Return the matrix of one learner alone."""
        row = slice(place := self.learners.index(learner), place + 1)
        return replace(
            self, learners=(learner,), counts=self.counts[row], percent=self.percent[row], taken=self.taken[row]
        )

    def mistakes(self, learner: str, most: int) -> list[Cell]:
        """Return a learner's most frequent mistakes, the first one the most frequent, in images."""
        counts = self.counts[self.learners.index(learner)].copy()
        np.fill_diagonal(counts, 0)
        order = np.argsort(-counts, axis=None, kind="stable")[:most]
        pairs = (divmod(int(place), len(self.classes)) for place in order if counts.flat[place])
        return [Cell(learner, true, taken) for true, taken in pairs]


def matrices(record: Record, selection: Selection) -> Matrices | None:
    """Return the matrices of the learners where one looks, or the teacher's before task 2; None without a probe."""
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None:
        return None
    scenario, size = data.scenario, min(data.scenario.seen(at.task), len(data.classes))
    labels = data.probe_labels.astype(np.intp)
    images = np.flatnonzero(labels < size)
    true = labels[images]
    taken = predictions(at.logits[:, images], true, scenario, selection.protocol)
    learners = at.learners
    cells = (np.arange(len(learners))[:, None] * size + true) * size + taken
    counts = np.bincount(cells.ravel(), minlength=len(learners) * size * size).reshape(-1, size, size)
    task_of_unit = scenario.task_of(np.arange(size))
    same_task = task_of_unit[:, None] == task_of_unit
    return Matrices(
        learners=learners,
        protocol=selection.protocol,
        when=when(at, record),
        classes=data.classes[:size],
        old=len(scenario.earlier(max(at.task, 1))),
        counts=counts,
        percent=100 * counts / np.maximum(counts.sum(axis=2, keepdims=True), 1),
        possible=same_task if selection.protocol == "task_aware" else np.ones_like(same_task),
        images=images,
        true=true,
        taken=taken,
    )
