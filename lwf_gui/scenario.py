"""The scenario: how the classes are split into tasks, and which output unit is whose.

Tasks count from 0 here and from 1 for people. Output units are ordered by task, so that a head that grows gets the new
task's units at its end. Imports no torch and knows nothing of images.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Scenario:
    """A class-incremental split (van de Ven et al. 2022): ``sizes`` are the numbers of classes, task by task.

    ``Scenario((6, 4))`` is the notebook's: six old classes, then four new ones; ``Scenario((2,) * 5)`` is "5 x 2".
    """

    sizes: tuple[int, ...]

    @property
    def tasks(self) -> int:
        """How many tasks there are."""
        return len(self.sizes)

    @property
    def classes(self) -> int:
        """How many classes there are in all, and so how many output units at the end."""
        return sum(self.sizes)

    @property
    def last(self) -> int:
        """The last task."""
        return len(self.sizes) - 1

    @property
    def starts(self) -> tuple[int, ...]:
        """The first output unit of every task."""
        return (0, *accumulate(self.sizes[:-1]))

    def seen(self, task: int) -> int:
        """Return how many output units there are once a task has begun: its own and all earlier ones'."""
        return sum(self.sizes[: task + 1])

    def units(self, task: int) -> range:
        """Return a task's own output units."""
        return range(self.seen(task - 1) if task else 0, self.seen(task))

    def earlier(self, task: int) -> range:
        """Return the output units of all tasks before one: its old classes, those that its teacher knows."""
        return range(self.seen(task - 1) if task else 0)

    def task_of(self, units: NDArray[np.integer[Any]]) -> NDArray[np.intp]:
        """Return the task of every output unit, of the same shape; what is no unit counts to the last task."""
        ends = np.cumsum(self.sizes)[:-1]
        found: NDArray[np.intp] = np.searchsorted(ends, units, side="right")
        return found

    def task_of_unit(self, unit: int) -> int:
        """Return the task of one output unit."""
        return bisect_right(self.starts, unit) - 1

    def counts(self, units: NDArray[np.integer[Any]]) -> NDArray[np.int64]:
        """Return how many of some images, given their output units, are of each task, shape (tasks,)."""
        return np.bincount(self.task_of(units), minlength=self.tasks).astype(np.int64)
