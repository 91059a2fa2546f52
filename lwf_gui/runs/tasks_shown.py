"""What is shown of a run of more than two tasks: names of its tasks, and averages over them. Pure functions.

With two tasks everything is told as "old" and "new". With more these are the earlier tasks together and the current
one, and what counts is the average over all tasks so far: see `lwf_gui.runs.averages`. Tasks count from 0
here and from 1 for people.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from lwf_gui.messages import DataReady
from lwf_gui.methods import method_of
from lwf_gui.runs.names import label_of, learners_of, short_label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment

HEAD_EXPANSION = "head expansion"
"""The moment between the tasks of a run with two: the head grows by the new task's classes."""


def are_many(record: Record) -> bool:
    """Whether a run has more than two tasks."""
    return record.data is not None and record.data.scenario.tasks > 2


def beginning(record: Record) -> str:
    """Return the moment from which steps of the later tasks count, as in "steps since task 2 began"."""
    return "task 2 began" if are_many(record) else HEAD_EXPANSION


def name(record: Record, task: int) -> str:
    """Return "task 3: Sandal, Shirt"; each class by the first of its names."""
    assert record.data is not None, "tasks come with the data"
    units = record.data.scenario.units(task)
    return f"task {task + 1}: {', '.join(record.data.classes[unit].partition('/')[0] for unit in units)}"


def plot_key(record: Record, task: str = "") -> str:
    """Return which line is of which task; of many tasks, the earlier ones together and the current one."""
    names = called(record)
    several = "s" if task and are_many(record) else ""
    return f"━━ {names['old']}{task}{several}   ┅┅ {names['new']}{task}"


def called(record: Record) -> Mapping[Literal["old", "new"], str]:
    """Return what the two sides are called: of many tasks, the earlier ones together and the current one."""
    return {"old": "earlier", "new": "current"} if are_many(record) else {"old": "old", "new": "new"}


def span(last: int, first: int = 1) -> str:
    """Return tasks as people count them: "task 1", "tasks 1-4"."""
    return f"task {last}" if last == first else f"tasks {first}-{last}"


def listed(tasks: Sequence[int]) -> str:
    """Return tasks as people count them, neighbours from the first to the last.

    >>> listed([0, 1, 2, 4]), listed([0, 1])
    ('1-3, 5', '1, 2')
    """
    runs: list[list[int]] = []
    for task in sorted(tasks):
        if runs and task == runs[-1][-1] + 1:
            runs[-1].append(task)
        else:
            runs.append([task])
    said = (f"{run[0] + 1}-{run[-1] + 1}" if len(run) > 2 else ", ".join(str(task + 1) for task in run) for run in runs)
    return ", ".join(said)


def where(record: Record, step: int) -> str:
    """Return "step 12", or with many tasks "task 3, step 12", of a step of the later tasks."""
    if not are_many(record) or record.incremental is None:
        return f"step {step:,}"
    return f"task {record.incremental.started.task_at(step) + 1}, step {step:,}"


def class_heading(record: Record, selection: Selection, unit: int) -> tuple[str, ...]:
    """Return what stands above a class where one looks, and a shorter way; nothing of a run with two tasks."""
    at, data = moment(record, selection.step), record.data
    if data is None or not are_many(record):
        return ()
    task, now = data.scenario.task_of_unit(unit), 0 if at is None else at.task
    if task == now:
        return (f"Task {now + 1}: learnt now", f"Task {now + 1}")
    said = span(now if task < now else data.scenario.tasks, 1 if task < now else now + 2).capitalize()
    if task > now:
        return (f"{said}: still to come", said)
    return (*(f"{said}: learnt before, {again}" for again in shown_again(record)), f"{said}: learnt before", said)


def shown_again(record: Record) -> tuple[str, ...]:
    """Say who sees images of earlier tasks again, and shorter; nothing where all learners do: then it is no news."""
    names = learners_of(record)
    again = [name for name in names if (method := method_of(name)) is not None and method.rehearses]
    if not again:
        return ("not shown again",)
    if len(again) == len(names):
        return ()
    return tuple(f"shown again to {', '.join(map(way, again))}" for way in (label_of, short_label_of))


def probe_images(data: DataReady) -> str:
    """Say on which probe images every task's own accuracy is taken."""
    sizes = set(data.probe_sizes)
    return f"{sizes.pop():,} probe images of each task" if len(sizes) == 1 else "each task's probe images"
