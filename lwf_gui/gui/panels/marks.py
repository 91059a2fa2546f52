"""Marks of a run over steps: its head expansion, its epochs, and what happened."""

from __future__ import annotations

from lwf_gui.gui.panels.strip import HEAD_EXPANSION
from lwf_gui.runs import views
from lwf_gui.runs.record import Record

MAX_EPOCH_MARKS = 25
"""Of more epochs only every second, third ... is marked: hundreds of lines would cost more than all curves."""


def marks_of(record: Record) -> list[tuple[float, str]]:
    """Return (step, label) of every event; epochs have no label and, where there are many, not each its mark."""
    if record.track is None:
        return []
    marks = [(0.0, HEAD_EXPANSION)]
    if record.incremental is not None:
        ends = record.incremental.started.axis.epoch_ends()
        every = max(1, -(-(len(ends) - 1) // MAX_EPOCH_MARKS))
        marks += [(float(step), "") for step in ends[every::every]]
    marks += [(float(step), label) for step, label in views.events(record)]
    return marks
