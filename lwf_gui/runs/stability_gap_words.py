"""What is said beside figures of the stability gap: what is missing in them, who is not shown, and why.

Pure functions of a record; `lwf_gui.runs.stability_gap` has the figures.
"""

from __future__ import annotations

from lwf_gui.learners import MOST_LEARNERS
from lwf_gui.methods import METHODS, method_of
from lwf_gui.numbers import counted
from lwf_gui.runs import cures
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment
from lwf_gui.runs.series import own_from


def seldom(looks: tuple[int, ...]) -> tuple[str, str]:
    """Say that a run was looked at less often than runs are now, and shorter."""
    count = counted(len(looks), "time")
    return (
        f"An earlier version recorded this run and looked only {count} in these steps: press Run to see them more "
        "closely.",
        f"Looked at only {count} here by an earlier version.",
    )


def without_joint(record: Record) -> tuple[tuple[str, str], ...]:
    """Say that joint training falls too and how to see it, and shorter, in a run without."""
    assert record.data is not None, "who asks has figures"
    rows = (method_of(learner.name) for learner in record.data.recipe.learners)
    if "joint" not in METHODS or any(row is not None and row.name == "joint" for row in rows):
        return ()
    label = METHODS["joint"].label
    falls = f"{label}, which sees the images of all tasks, falls here too (De Lange et al. 2023)."
    if len(record.data.recipe.learners) >= MOST_LEARNERS:
        return ((falls, f"{label} falls here too."),)
    way = f"Run > Add a learner > {label} shows it"
    how = f"{way} here." if not cures.why_not(record) else f"{way}, once this run has come to its end."
    return ((f"{falls} {how}", f"{label} falls here too: Run > Add a learner shows it."),)


def why_not(record: Record, learner: str, at: Moment) -> str:
    """Say why a learner is not shown."""
    name, ended, leaves = label_of(learner), at.track.diverged(learner), own_from(record, learner)
    if ended is not None and ended <= at.track.started.axis.begin(at.probe.step):
        return f"{name} is not shown: its training diverged at step {ended:,}."
    if leaves:
        return f"{name} is not shown: it leaves its origin later, after step {leaves:,}."
    return f"{name} is not shown: nothing is known of it where this task begins."
