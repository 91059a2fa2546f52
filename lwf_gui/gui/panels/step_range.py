"""Which steps the plots show at first: the base task while it trains, then all later ones with the end of the base."""

from __future__ import annotations

from lwf_gui.runs import tasks_shown
from lwf_gui.runs.record import Record
from lwf_gui.runs.step_scale import StepScale

LEAD = 0.12
"""Part of a plot's width that shows the end of task 1, and of the timeline's that shows all of it, however long."""

TAIL, TAIL_BY_TASK, MOST_TAIL = 0.02, 0.11, 0.5
"""Part of the steps that is left free behind the last one; for each learner whose tasks' numbers stand there; and of
these at most."""

TAILS = (TAIL, 0.06, 0.09, 0.12, 0.16, 0.2, 0.25, 0.3)
"""Parts of the steps that are left free for the curves' names: steps, so that small changes of size change nothing."""


CLOSE_LEAD, CLOSE_TAIL = 0.1, 0.4
"""Parts of the width of the first steps that are seen before and behind them, where these are looked at closely."""


def close_range(scale: StepScale) -> tuple[float, float] | None:
    """Return the first and last step to show so that the first steps of the first later task have most of the room.

    None where no first steps are stretched. Behind them there is room for the curves' names.
    """
    if not scale.steps or scale.steps[0]:
        return None
    wide = scale.places[1]
    return (-CLOSE_LEAD * wide, float(scale.step((1 + CLOSE_TAIL) * wide)))


def tail_for(room: float, width: float) -> float | None:
    """Return the part of the steps to leave free, so that names of so many pixels have room; None if there is none."""
    return next((tail for tail in TAILS if tail / (1 + LEAD + tail) * width >= room), None)


def whole_range(
    record: Record, *, by_task: bool = False, looked: float = 0.0, tail: float = TAIL
) -> tuple[float, float]:
    """Return the first and the last step to show, with the one that is looked at.

    ``by_task``: every task's own curve is wanted; ``tail``: part of the steps that is free behind the last one.
    """
    if record.incremental is not None:
        steps = record.incremental.started.steps
        if by_task and tasks_shown.are_many(record):
            tail = min(TAIL + TAIL_BY_TASK * len(record.incremental.started.learners), MOST_TAIL)
        return (min(-LEAD * steps, looked * 1.02) if record.base else 0.0, steps * (1 + tail))
    if record.base is not None:
        return (-float(record.base.started.steps), record.base.started.steps * 0.05)
    return (0.0, 1.0)
