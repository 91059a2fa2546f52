"""The sections of the recipe panel, in the order in which people meet the parts of the experiment."""

from __future__ import annotations

from lwf_gui.methods import METHODS
from lwf_gui.recipe import Recipe
from lwf_gui.runs.splits import FEWEST

IN_TASK_2 = ("lwf", "replay")
"""Groups of methods' settings that stand among those of task 2; every other method has a section of its own."""

OF_METHODS = {row.key: row.label for row in METHODS.values() if row.settings and row.key not in IN_TASK_2}
"""Titles of the sections of methods, by group: each is there while a learner follows its method."""

OF_LEARNERS = {*IN_TASK_2, *OF_METHODS}
"""Groups whose settings a learner may have for itself."""

GROUPS = (
    ("model",),
    ("task1",),
    ("", "task2", *IN_TASK_2),
    *((key,) for key in OF_METHODS),
    ("data", "train"),
    ("engine",),
)
"""The recipe's groups of each section."""


def titles(tasks: int) -> tuple[str, ...]:
    """Return what the sections are called, of a recipe with so many tasks."""
    later = "Task 2" if tasks == FEWEST else f"Tasks 2 to {tasks}"
    first = "the teacher" if tasks == FEWEST else "the first teacher"
    return (
        "Network and head expansion",
        f"Task 1: {first}",
        f"{later}: the learners",
        *OF_METHODS.values(),
        "Data, batches and probes",
        "Compute",
    )


def keys_of(recipe: Recipe) -> set[str]:
    """Return the groups of settings of the methods that a recipe's learners follow."""
    return {METHODS[learner.method].key for learner in recipe.learners}
