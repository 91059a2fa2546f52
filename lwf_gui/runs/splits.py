"""Splits of classes into tasks, as people make them: moves, presets and words. Pure functions of tuples.

Classes are labels of the data. A class that is in no task is not used: no network ever sees it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

Task = tuple[int, ...]
Tasks = tuple[Task, ...]
Names = Mapping[int, str]
"""Names of classes by label; one without a name is called by its number."""

FEWEST = 2
"""Tasks of a run at least: with a single one there is nothing to forget."""

NOTEBOOK = 10
"""Classes of the notebook's data, which it splits into six and four."""

SPAN = 3
"""Neighbouring classes from which on "T-shirt/top to Shirt" is said instead of each name."""


class Place(NamedTuple):
    """Where a class stands: its row, a task or, behind the last one, what is not used; and its place in that row."""

    row: int
    column: int


@dataclass(frozen=True, slots=True)
class Split:
    """Classes in rows: one row a task, and one of those that are not used, which stay in the order of their labels."""

    tasks: Tasks
    unused: Task = ()

    @classmethod
    def of(cls, tasks: Iterable[Iterable[int]], classes: Iterable[int]) -> Split:
        """Return these tasks of all these classes."""
        made = tuple(tuple(task) for task in tasks)
        used = {label for task in made for label in task}
        return cls(made, tuple(sorted(set(classes) - used)))

    @property
    def rows(self) -> Tasks:
        """The tasks, then what is not used."""
        return (*self.tasks, self.unused)

    @property
    def classes(self) -> Task:
        """All classes, in the order in which they stand."""
        return tuple(label for row in self.rows for label in row)

    def place(self, label: int) -> Place:
        """Return where a class stands."""
        return next(Place(at, row.index(label)) for at, row in enumerate(self.rows) if label in row)

    def moved(self, label: int, to: Place) -> Split:
        """Return the split with a class in another place: before the one that stands there now, or at the row's end."""
        rows = [[other for other in row if other != label] for row in self.rows]
        here = self.place(label)
        index = to.column - (here.row == to.row and here.column < to.column)  # its own place is closed first
        rows[to.row].insert(max(index, 0), label)
        *tasks, unused = map(tuple, rows)
        return Split(tuple(tasks), tuple(sorted(unused)))

    def with_task(self) -> Split:
        """Return the split with one more task, which is empty."""
        return replace(self, tasks=(*self.tasks, ()))

    def without_task(self, task: int) -> Split:
        """Return the split without a task; its classes are not used any more."""
        kept = (*self.tasks[:task], *self.tasks[task + 1 :])
        return Split(kept, tuple(sorted((*self.unused, *self.tasks[task]))))

    def task_moved(self, task: int, by: int) -> Split:
        """Return the split with a task so many places later, or earlier; no further than the ends."""
        tasks = list(self.tasks)
        tasks.insert(min(max(task + by, 0), len(tasks) - 1), tasks.pop(task))
        return replace(self, tasks=tuple(tasks))

    def fault(self, most: int) -> str:
        """Say why this cannot be trained, or nothing where it can. ``most``: tasks that a run may have."""
        empty = [number for number, task in enumerate(self.tasks, 1) if not task]
        if len(self.tasks) < FEWEST:
            return "A run needs at least two tasks: add one and move a class into it."
        if empty:
            return f"Task {empty[0]} has no class: move one into it, or remove the task."
        if len(self.tasks) > most:
            return f"A run can have at most {most} tasks, and these are {len(self.tasks)}: remove one."
        return ""


class Preset(NamedTuple):
    """A split with a name."""

    name: str
    tasks: Tasks


def presets(classes: Sequence[int]) -> tuple[Preset, ...]:
    """Return the splits that people know by name, made from these classes; none twice, and none with a single task."""
    labels = tuple(sorted(classes))
    count = len(labels)
    first = round(0.6 * count)
    known = (
        Preset(_sizes((first, count - first), notebook=count == NOTEBOOK), cut(labels, (first, count - first))),
        Preset(_twos(count), cut(labels, _by_two(count))),
        Preset(f"{_twos(count)}, in reverse", cut(labels[::-1], _by_two(count))),
        Preset("One class a task", cut(labels, (1,) * count)),
        Preset("Half and half", cut(labels, (-(-count // 2), count // 2))),
    )
    made: dict[Tasks, Preset] = {}
    for preset in known:
        if len(preset.tasks) >= FEWEST and all(preset.tasks):
            made.setdefault(preset.tasks, preset)
    return tuple(made.values())


def cut(labels: Task, sizes: Iterable[int]) -> Tasks:
    """Return labels cut into tasks of these sizes, in their order."""
    tasks, rest = [], labels
    for size in sizes:
        tasks.append(rest[:size])
        rest = rest[size:]
    return tuple(tasks)


def _by_two(count: int) -> tuple[int, ...]:
    return (2,) * (count // 2) + (1,) * (count % 2)


def _sizes(sizes: Iterable[int], *, notebook: bool) -> str:
    return " + ".join(map(str, sizes)) + (" (the notebook)" if notebook else "")


def _twos(count: int) -> str:
    """Return "5 x 2"; of an odd number what is left too."""
    return f"{count // 2} x 2" + (" + 1" if count % 2 else "")


# Words


def name_of(label: int, names: Names) -> str:
    """Return what a class is called."""
    return names.get(label, str(label))


def words_of(tasks: Tasks, names: Names) -> str:
    """Say a split in one line: two tasks by their classes, more by how many each has.

    >>> words_of(((0, 1, 2), (3, 5)), {0: "a", 2: "c", 3: "d"})
    'a to c | d, 5'
    >>> words_of(((0, 1), (2, 3), (4,)), {})
    '3 tasks: 2, 2, 1 classes'
    >>> words_of(((0, 1), (2, 3), (4, 5)), {})
    '3 tasks of 2 classes each'
    """
    sizes = [len(task) for task in tasks]
    if len(tasks) != FEWEST and len(set(sizes)) == 1:
        return f"{len(tasks)} tasks of {sizes[0]} class{'es' if sizes[0] > 1 else ''} each"
    if len(tasks) != FEWEST:
        return f"{len(tasks)} tasks: {', '.join(map(str, sizes))} classes"
    return " | ".join(_said(task, names) for task in tasks)


def lines_of(tasks: Tasks, names: Names) -> tuple[str, ...]:
    """Say a split wholly, one line a task."""
    return tuple(f"Task {at}: {', '.join(name_of(each, names) for each in task)}" for at, task in enumerate(tasks, 1))


def _said(task: Task, names: Names) -> str:
    """Return a task's classes; neighbours from the first to the last."""
    spans: list[list[int]] = []
    for label in task:
        if spans and label == spans[-1][-1] + 1:
            spans[-1].append(label)
        else:
            spans.append([label])
    return ", ".join(_span(span, names) for span in spans)


def _span(span: Sequence[int], names: Names) -> str:
    said = [name_of(label, names) for label in span]
    return f"{said[0]} to {said[-1]}" if len(span) >= SPAN else ", ".join(said)
