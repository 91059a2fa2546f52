"""The sections of the recipe panel, in the order in which people meet the parts of the experiment."""

from __future__ import annotations

from lwf_gui.methods import METHODS
from lwf_gui.runs.splits import FEWEST

GROUPS = (
    ("model", ""),
    ("task1",),
    ("task2", *(row.key for row in METHODS.values() if row.settings)),
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
        "Data, batches and probes",
        "Compute",
    )
