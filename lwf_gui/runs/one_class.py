"""Tasks of a single class: task-aware there is nothing to choose among, and every answer is right.

Such a figure is 100 % whatever was learnt; it is said where it stands. Pure functions of a record and a look.
"""

from __future__ import annotations

from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment

HELP = (
    "Task-aware, an image's task is told and only its class is to be chosen: of a task with a single class every "
    "answer is right, whatever was learnt. Class-incremental accuracy says more."
)


def note(record: Record, selection: Selection) -> str:
    """Say that there is nothing to choose in the tasks so far, or in some of them; nothing where there is."""
    at, data = moment(record, selection.step), record.data
    if data is None or at is None or selection.protocol != "task_aware":
        return ""
    sizes = data.scenario.sizes[: at.task + 1]
    single = [task for task, size in enumerate(sizes, 1) if size == 1]
    if len(single) == len(sizes):
        return "One class a task: nothing to choose, always right"
    if not single:
        return ""
    if len(single) == 1:
        return f"Task {single[0]} has one class: always right"
    return f"{len(single)} of {len(sizes)} tasks have one class: always right"


def noted(record: Record, selection: Selection, captions: tuple[str, ...]) -> tuple[str, ...]:
    """Return captions with that note in front, which no shorter way leaves out."""
    said = note(record, selection)
    return (*(f"{said}. {caption}" for caption in captions), said) if said and captions else captions


def helped(record: Record, selection: Selection, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return explanations with the one of that note, where it is said."""
    return (*texts, HELP) if note(record, selection) else texts
