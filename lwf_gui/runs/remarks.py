"""What is odd in a curve, said where it is: why a new task's accuracy dips, and what a low old one answers.

Pure functions of a record and a look; told task-aware, for there each image is asked among few classes.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from lwf_gui.methods import is_free
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.names import class_name, learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.series import own_part
from lwf_gui.runs.step_scale import FIRST
from lwf_gui.runs.task_habits import TaskHabit, habit_of_new, task_habits

DEEP = 25.0
"""Points by which a curve falls and rises again from where it is worth a remark."""

LOW = 65.0
"""Percent of the earlier tasks' images right below which it is said what is answered to them."""


class Remark(NamedTuple):
    """A text on a point of a learner's curve."""

    learner: str
    step: int
    percent: float
    text: str


def remarks(record: Record, selection: Selection) -> tuple[Remark, ...]:
    """Return the remarks on a record's curves so far; none under the class-incremental protocol."""
    if record.incremental is None or record.data is None or selection.protocol != "task_aware":
        return ()
    return tuple(_lowest(record) if tasks_shown.are_many(record) else _dips(record))


def _dips(record: Record) -> Iterator[Remark]:
    """Yield where, in the first steps, accuracy on the new task falls and rises again: one answer wins for a while."""
    found = []
    for learner in learners_of(record):
        steps, percent = own_part(record, learner, accuracy_series(record, learner, "new", "task_aware"))
        near = percent[(steps >= 0) & (steps <= FIRST)]
        if len(near) < 3:
            continue
        before, after = np.maximum.accumulate(near), np.maximum.accumulate(near[::-1])[::-1]
        depth = np.minimum(before, after) - near
        lowest = int(depth.argmax())
        if depth[lowest] < DEEP:
            continue
        step = int(steps[steps >= 0][lowest])
        habit = habit_of_new(record, Selection(step=step), learner)
        if habit is not None and habit.is_one:
            few = "" if habit.often == habit.images else "nearly "
            text = f"{few}all new images taken for {class_name(record, habit.unit)}"
            found.append(Remark(learner, step, float(near[lowest]), text))
    if found:
        yield min(found, key=lambda each: each.percent)


def _lowest(record: Record) -> Iterator[Remark]:
    """Yield, of the first learner that nothing holds, what it answers at its lowest point of each later task."""
    free = [name for name in learners_of(record) if is_free(name)]
    track = record.incremental
    assert track is not None, "learners have a track"
    if not free:
        return
    steps, percent = own_part(record, free[0], accuracy_series(record, free[0], "old", "task_aware"))
    ends = (*track.started.boundaries[1:], track.started.steps + 1)
    for begin, end in zip(track.started.boundaries, ends, strict=True):
        inside = np.flatnonzero((steps > begin) & (steps < end) & ~np.isnan(percent))
        if not len(inside):
            continue
        lowest = int(inside[percent[inside].argmin()])
        said = _answers(record, task_habits(record, Selection(step=int(steps[lowest])), free[0]))
        if percent[lowest] < LOW and said:
            yield Remark(free[0], int(steps[lowest]), float(percent[lowest]), said)


def _answers(record: Record, habits: tuple[TaskHabit, ...]) -> str:
    """Say what is answered to the worst task's images, in few words."""
    swapped = [habit for habit in habits if habit.is_swapped and len(habit.units) == 2]
    if swapped:
        one, two = (class_name(record, unit) for unit in swapped[-1].units)
        return f"{one} \N{LEFT RIGHT ARROW} {two}"
    ones = [habit for habit in habits if habit.is_one]
    return f"all {class_name(record, ones[-1].unit)}" if ones else ""
