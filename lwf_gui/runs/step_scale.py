"""The scale of an axis of steps: the first steps of a task are given a third of its width.

Forgetting happens in twenty of a thousand steps: on an axis where all steps are equally wide it is a vertical stroke.
Places on the axis are counted in steps too: where tasks begin and end both are equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import overload

import numpy as np
from numpy.typing import NDArray

from lwf_gui.axis import StepAxis
from lwf_gui.runs.record import Record

FIRST, SHARE = 40, 1 / 3
"""The first steps of a task, which are stretched, and the part of the task's width that they get."""

LEAST_GAIN = 1.5
"""Times as wide as they would be that the first steps become at least: else the axis stays as it is."""

Points = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class StepScale:
    """Where steps stand on the axis: straight between knots, and beyond them as they are.

    Attributes
    ----------
    steps, places : of the knots, increasing; none: nothing is stretched
    """

    steps: tuple[float, ...] = ()
    places: tuple[float, ...] = ()

    @classmethod
    def of(cls, record: Record) -> StepScale:
        """Return the scale that gives the first steps of every later task their room."""
        return cls() if record.incremental is None else stretched(record.incremental.started.axis)

    @overload
    def place(self, steps: float) -> float: ...
    @overload
    def place(self, steps: Points) -> Points: ...
    def place(self, steps: float | Points) -> float | Points:
        """Return where steps stand."""
        return _through(steps, self.steps, self.places)

    @overload
    def step(self, places: float) -> float: ...
    @overload
    def step(self, places: Points) -> Points: ...
    def step(self, places: float | Points) -> float | Points:
        """Return which steps stand at places."""
        return _through(places, self.places, self.steps)

    @property
    def bands(self) -> tuple[tuple[float, float], ...]:
        """Return (first, last) place of every part that is stretched: where a step is wider than on a plain axis."""
        knots = list(zip(self.steps, self.places, strict=True))
        return tuple(
            (place, later) for (step, place), (after, later) in pairwise(knots) if later - place > after - step
        )


def first_steps(axis: StepAxis, step: int) -> int:
    """Return how many first steps of a step's task are given more room and time than others: none of a short one."""
    return FIRST if SHARE * (axis.end(step) - axis.begin(step)) >= LEAST_GAIN * FIRST else 0


def stretched(axis: StepAxis) -> StepScale:
    """Return the scale of a phase's tasks, each with its first steps stretched; short tasks stay as they are."""
    steps, places = [0.0], [0.0]
    for begin in axis.boundaries:
        end = axis.end(begin)
        if first := first_steps(axis, begin):
            steps.append(float(begin + first))
            places.append(begin + SHARE * (end - begin))
        steps.append(float(end))
        places.append(float(end))
    return StepScale(tuple(steps), tuple(places)) if steps != places else StepScale()


def _through(values: float | Points, of: Sequence[float], to: Sequence[float]) -> float | Points:
    """Return values moved as knots are: what lies beyond the first and the last stays, for these do not move."""
    if not of:
        return values
    inside = np.interp(values, of, to)
    found = np.where((np.asarray(values) > of[0]) & (np.asarray(values) < of[-1]), inside, values)
    return found if isinstance(values, np.ndarray) else float(found)
