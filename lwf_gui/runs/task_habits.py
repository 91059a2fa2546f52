"""What a learner answers to the images of each earlier task, when it is told which: one class to all, or swapped ones.

Pure functions of a record and a look.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from lwf_gui.runs.metrics import NO_ANSWER, predictions
from lwf_gui.runs.names import class_name
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.shown import percent

ALL = 0.9
"""Share of a task's images from which on one answer is said to be given to all of them."""

SWAPPED = 0.5
"""Part of what guessing gets right below which answers are worse than guessed: each image's own class is avoided."""


class TaskHabit(NamedTuple):
    """A learner's answers to the probe images of one earlier task.

    Attributes
    ----------
    units : output units of the task
    images, right : how many images there are, and how many are right
    unit, often : the answer that is given most often, and how often
    """

    units: tuple[int, ...]
    images: int
    right: int
    unit: int
    often: int

    @property
    def is_one(self) -> bool:
        """Whether one answer is given to nearly all images of several classes."""
        return len(self.units) > 1 and self.images > 0 and self.often >= ALL * self.images

    @property
    def is_swapped(self) -> bool:
        """Whether far fewer are right than by guessing: what an image shows is what it is not taken for."""
        return len(self.units) > 1 and self.images > 0 and self.right < SWAPPED * self.images / len(self.units)


def task_habits(record: Record, selection: Selection, learner: str) -> tuple[TaskHabit, ...]:
    """Return a learner's answers to each earlier task's images, in their order; none where nobody knows."""
    return _habits(record, selection, learner)[:-1]


def habit_of_new(record: Record, selection: Selection, learner: str) -> TaskHabit | None:
    """Return a learner's answers to the images of the task that is learnt; None where nobody knows."""
    found = _habits(record, selection, learner)
    return found[-1] if found else None


def _habits(record: Record, selection: Selection, learner: str) -> tuple[TaskHabit, ...]:
    """Return a learner's answers to the images of each task so far, the current one at the end."""
    at, data = moment(record, selection.step), record.data
    if at is None or data is None or at.track is not record.incremental or learner not in at.learners:
        return ()
    logits = at.logits[at.learners.index(learner)]
    taken = predictions(logits, data.probe_labels, data.scenario, "task_aware")
    found = []
    for task in range(at.task + 1):
        units = tuple(data.scenario.units(task))
        here = np.flatnonzero(np.isin(data.probe_labels, units))
        said, right = taken[here], int((taken[here] == data.probe_labels[here]).sum())
        counts = np.bincount(said[said != NO_ANSWER], minlength=1)
        most = int(counts.argmax())
        found.append(TaskHabit(units, len(here), right, most, int(counts[most])))
    return tuple(found)


def told_habit(record: Record, selection: Selection, learner: str) -> str:
    """Say the worst of these answers as a clause: 'asked "T-shirt or Trouser?", it says T-shirt to all'; or nothing.

    Worse than guessing goes first, for a curve below that level is what one wonders about; also where it was so at an
    earlier task's end.
    """
    habits = task_habits(record, selection, learner)
    if swapped := [each for each in habits if each.is_swapped]:
        worst = min(swapped, key=lambda each: each.right / each.images)
        right = percent(100 * worst.right / worst.images, worst.images)
        how = "takes each for the other" if len(worst.units) == 2 else "avoids the right one"
        return f"{_asked(record, worst)} it {how} ({right} right)"
    ones = [each for each in habits if each.is_one]
    if not ones:
        return ""
    most = max(ones, key=lambda each: each.often / each.images)
    said = f"{_asked(record, most)} it says {class_name(record, most.unit)} to {_share(most)}"
    return f"{said}{_swapped_before(record, selection, learner)}"


def _swapped_before(record: Record, selection: Selection, learner: str) -> str:
    """Say the last earlier task at whose end two classes were taken for each other, if there is any."""
    at = moment(record, selection.step)
    if at is None:
        return ""
    for task in range(at.task - 1, 0, -1):
        end = at.track.started.boundaries[task] - 1
        for habit in task_habits(record, Selection(step=end), learner):
            if habit.is_swapped and len(habit.units) == 2:
                one, two = (class_name(record, unit) for unit in habit.units)
                return f"; in task {task + 1} it took {one} and {two} for each other"
    return ""


def _asked(record: Record, habit: TaskHabit) -> str:
    names = [class_name(record, unit) for unit in habit.units]
    if len(names) > 3:
        return f"of {names[0]} to {names[-1]}"
    return f'asked "{", ".join(names[:-1])} or {names[-1]}?",'


def _share(habit: TaskHabit) -> str:
    return "all" if habit.often == habit.images else percent(100 * habit.often / habit.images, habit.images)
