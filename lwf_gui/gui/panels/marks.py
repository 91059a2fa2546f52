"""Marks of a run over steps: its head expansion, its epochs, and what happened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lwf_gui.gui.panels.strip import HEAD_EXPANSION
from lwf_gui.runs import views
from lwf_gui.runs.record import Record

if TYPE_CHECKING:
    pass

MAX_EPOCH_MARKS = 25
"""Of more epochs only every second, third ... is marked: hundreds of lines would cost more than all curves."""


def marks_of(record: Record) -> list[tuple[float, str]]:
    """Return (step, label) of every event; epochs have no label and, where there are many, not each its mark."""
    if record.track is None:
        return []
    marks = [(0.0, HEAD_EXPANSION)]
    if record.task2 is not None:
        per_epoch = record.task2.started.steps_per_epoch
        epochs = record.task2.started.steps // per_epoch
        every = max(1, -(-epochs // MAX_EPOCH_MARKS))
        marks += [(float(per_epoch * epoch), "") for epoch in range(every, epochs + 1, every)]
    marks += [(float(step), label) for step, label in views.events(record)]
    return marks
