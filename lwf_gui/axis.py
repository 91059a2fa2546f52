"""The step axis of a phase: how many steps each task takes, where the next one begins, and in which epoch a step is.

A task of a given number of steps may end within an epoch: that epoch is shorter, and counts as one.

One axis counts from the first step of a phase on and runs through all of its tasks. A step that ends one task and
begins the next belongs to the next: there the head has grown already.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

FIRST_LOOKS = (0, 1, 2, 3, 4, 6, 8, 10, 12, 16, 20, 24, 32, 40, 50, 60)
"""Steps after a task began at which the learners are looked at: there the earlier tasks fall and come back."""


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
    def of(cls, first: int, epochs: int, epoch_steps: Sequence[int], steps: int = 0) -> StepAxis:
        """Return the axis of tasks that all take so many epochs, or with ``steps`` above 0 so many steps each."""
        ends = list(accumulate(steps or epochs * each for each in epoch_steps))
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
        per_epoch, begin = self.per_epoch(step), self.begin(step)
        epoch, epochs = (-(-(at - begin) // per_epoch) for at in (step, self.end(step)))
        return max(1, epoch), max(1, epochs)

    def epochs(self, task: int) -> int:
        """Return how many epochs a task has; one that is not whole, the last of a task of so many steps, counts."""
        return self.epoch(self.boundaries[task - self.first])[1]

    def grows_at(self, step: int) -> bool:
        """Whether a task ends at a step and another one begins."""
        return step in self.boundaries[1:]

    def ends_at(self, step: int) -> bool:
        """Whether a task ends at a step, the last one included."""
        return step == self.steps or self.grows_at(step)

    def epoch_ends(self) -> list[int]:
        """Return the steps at which an epoch begins or ends, in order, from 0 on; the last is the end of the phase."""
        marks = {0, self.steps}
        for begin, end, per_epoch in zip(
            self.boundaries, (*self.boundaries[1:], self.steps), self.epoch_steps, strict=True
        ):
            marks.update(range(begin, end + 1, per_epoch))
        return sorted(marks)
