"""Which steps the plots show at first: the base task while it trains, then all later ones with the end of the base."""

from __future__ import annotations

from lwf_gui.runs import tasks_shown
from lwf_gui.runs.record import Record

LEAD = 0.12
"""Part of a plot's width that shows the end of task 1, and of the timeline's that shows all of it, however long."""

TAIL, TAIL_BY_TASK, MOST_TAIL = 0.02, 0.11, 0.5
"""Part of the steps that is left free behind the last one; for each learner whose tasks' numbers stand there; and in
all at most."""


def whole_range(record: Record, *, by_task: bool = False, looked: float = 0.0) -> tuple[float, float]:
    """Return the first and the last step to show, with the one that is looked at.

    ``by_task``: every task's own curve is wanted.
    """
    if record.incremental is not None:
        steps = record.incremental.started.steps
        tail = TAIL
        if by_task and tasks_shown.are_many(record):
            tail = min(TAIL + TAIL_BY_TASK * len(record.incremental.started.learners), MOST_TAIL)
        return (min(-LEAD * steps, looked * 1.02) if record.base else 0.0, steps * (1 + tail))
    if record.base is not None:
        return (-float(record.base.started.steps), record.base.started.steps * 0.05)
    return (0.0, 1.0)
