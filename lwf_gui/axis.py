"""The step axis of a phase: how many steps each task takes, where the next one begins, and in which epoch a step is.

One axis counts from the first step of a phase on and runs through all of its tasks. A step that ends one task and
begins the next belongs to the next: there the head has grown already.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True)
class StepAxis:
    """The tasks of a phase, one after another.

    Attributes
    ----------
    first : the phase's first task, 0 for the base task
    steps : of the whole phase
    epoch_steps : steps of an epoch, task by task
    boundaries : steps that are trained before each task begins; the first is 0
    """

    first: int
    steps: int
    epoch_steps: tuple[int, ...]
    boundaries: tuple[int, ...]

    @classmethod
    def of(cls, first: int, epochs: int, epoch_steps: Sequence[int]) -> StepAxis:
        """Return the axis of tasks that all take so many epochs."""
        ends = list(accumulate(epochs * steps for steps in epoch_steps))
        return cls(first, ends[-1], tuple(epoch_steps), (0, *ends[:-1]))

    def part(self, step: int) -> int:
        """Return which of the phase's tasks a step belongs to, 0 for its first one."""
        return max(0, bisect_right(self.boundaries, step) - 1)

    def task(self, step: int) -> int:
        """Return the task that a step belongs to: at a boundary the one that begins."""
        return self.first + self.part(step)

    def begin(self, step: int) -> int:
        """Return the steps that were trained before the task of a step began."""
        return self.boundaries[self.part(step)]

    def end(self, step: int) -> int:
        """Return the steps that are trained when the task of a step is over."""
        return (*self.boundaries[1:], self.steps)[self.part(step)]

    def per_epoch(self, step: int) -> int:
        """Return the steps of an epoch of the task of a step."""
        return self.epoch_steps[self.part(step)]

    def done(self, step: int) -> tuple[int, int]:
        """Return how many epochs of its task are whole after a step, and how many steps of the next one are done."""
        return divmod(step - self.begin(step), self.per_epoch(step))

    def epoch(self, step: int) -> tuple[int, int]:
        """Return the epoch of its task that a step is part of, 1 for the first, and how many there are.

        An epoch's last step is part of it, and the beginning of a task of the first epoch.
        """
        per_epoch = self.per_epoch(step)
        epochs = (self.end(step) - self.begin(step)) // per_epoch
        return max(1, -(-(step - self.begin(step)) // per_epoch)), max(1, epochs)

    def grows_at(self, step: int) -> bool:
        """Whether a task ends at a step and another one begins."""
        return step in self.boundaries[1:]

    def ends_at(self, step: int) -> bool:
        """Whether a task ends at a step, the last one included."""
        return step == self.steps or self.grows_at(step)

    def epoch_ends(self) -> list[int]:
        """Return the steps at which an epoch begins or ends, in order, from 0 on."""
        marks = {0}
        for begin, end, per_epoch in zip(
            self.boundaries, (*self.boundaries[1:], self.steps), self.epoch_steps, strict=True
        ):
            marks.update(range(begin, end + 1, per_epoch))
        return sorted(marks)
