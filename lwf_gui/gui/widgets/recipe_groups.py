"""The sections of the recipe panel, in the order in which people meet the parts of the experiment."""

from __future__ import annotations

from lwf_gui.methods import METHODS
from lwf_gui.recipe import Recipe
from lwf_gui.runs.splits import FEWEST

Groups = tuple[str, ...]
"""The recipe's groups whose settings stand in one section."""

IN_TASK_2 = ("lwf", "replay")
"""Groups of methods' settings that stand among those of task 2; every other method has a section of its own."""

OF_METHODS: dict[Groups, str] = {
    (row.key,): row.label for row in METHODS.values() if row.settings and row.key not in IN_TASK_2
}
"""Titles of the sections of methods: each is there while a learner follows its method."""


def titles(tasks: int) -> dict[Groups, str]:
    """Return what the sections of a recipe with so many tasks are called, in their order."""
    later = "Task 2" if tasks == FEWEST else f"Tasks 2 to {tasks}"
    first = "the teacher" if tasks == FEWEST else "the first teacher"
    return {
        ("model",): "Network and head expansion",
        ("task1",): f"Task 1: {first}",
        ("", "task2", *IN_TASK_2): f"{later}: the learners",
        **OF_METHODS,
        ("data", "train"): "Data, batches and probes",
        ("engine",): "Compute",
    }


def sections_of(recipe: Recipe) -> set[Groups]:
    """Return the sections that a recipe wants: of methods only those that its learners follow."""
    followed = {METHODS[learner.method].key for learner in recipe.learners}
    return {groups for groups in titles(FEWEST) if groups not in OF_METHODS or groups[0] in followed}
