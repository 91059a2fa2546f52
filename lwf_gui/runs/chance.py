"""What guessing gets right."""

from __future__ import annotations

from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record


def chance(record: Record, protocol: ProtocolName, *, expanded: bool = True, task: int | None = None) -> float | None:
    """Return the percentage that guessing gets right on the earlier tasks of a task, or None without data.

    Before the head expansion there are outputs for the base task's classes alone, whatever the protocol. None is the
    last task. Task-aware, each of the earlier tasks has a chance of its own: the mean over their classes' images is
    what is told, as far as these are equally many.
    """
    if record.data is None:
        return None
    scenario = record.data.scenario
    if not expanded:
        return 100 / scenario.seen(0)
    task = max(1, scenario.last if task is None else task)
    if protocol == "class_incremental":
        return 100 / scenario.seen(task)
    return 100 * task / len(scenario.earlier(task))


def chances(record: Record, protocol: ProtocolName) -> list[tuple[float, float]]:
    """Return (step since the first head expansion, percent that guessing gets on the earlier tasks) of each task."""
    if record.incremental is None:
        return []
    axis = record.incremental.started.axis
    levels = (chance(record, protocol, task=axis.task(step)) for step in axis.boundaries)
    return [(float(step), level) for step, level in zip(axis.boundaries, levels, strict=True) if level is not None]
