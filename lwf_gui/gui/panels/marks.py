"""Marks of a run over steps: its head expansions, its epochs, and what happened."""

from __future__ import annotations

from lwf_gui.runs import tasks_shown
from lwf_gui.runs.live_changes import events
from lwf_gui.runs.record import Record

MAX_EPOCH_MARKS = 25
"""Of more epochs only every second, third ... is marked: hundreds of lines would cost more than all curves."""


def marks_of(record: Record) -> list[tuple[float, str]]:
    """Return (step, label) of every event; epochs have no label and, where there are many, not each its mark."""
    if record.track is None:
        return []
    marks = _beginnings(record)
    if record.incremental is not None:
        ends = record.incremental.started.axis.epoch_ends()
        every = max(1, -(-(len(ends) - 1) // MAX_EPOCH_MARKS))
        begun = {step for step, _ in marks}
        marks += [(float(step), "") for step in ends[every::every] if step not in begun]
    marks += [(float(step), label) for step, label in events(record)]
    return marks


def _beginnings(record: Record) -> list[tuple[float, str]]:
    """Return where the head grows: of more than two tasks each with its classes."""
    if not tasks_shown.are_many(record) or record.incremental is None:
        return [(0.0, tasks_shown.HEAD_EXPANSION)]
    boundaries = record.incremental.started.boundaries
    return [(float(step), tasks_shown.name(record, task)) for task, step in enumerate(boundaries, 1)]
