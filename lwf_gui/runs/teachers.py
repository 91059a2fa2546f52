"""Whose teacher is shown: from the third task on every learner has one of its own, what it was before the task.

A probe has the answers of one teacher alone. Those of the others are in the record too: where a task begins each
learner still answers about the earlier classes as its teacher does, for the old rows of its head are copied.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.branches import branch_number
from lwf_gui.messages import TEACHER
from lwf_gui.methods import method_of
from lwf_gui.runs.names import label_of, short_label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment

SHARED = 1
"""The last task in which all learners have the same teacher: the first one."""


def owner(record: Record, at: Moment | None) -> str:
    """Return the learner whose teacher a probe shows; empty while all learners share the first teacher."""
    if at is None or at.track is not record.incremental or at.task <= SHARED:
        return ""
    return shown_of(at.track.started.learners)


def shown_of(learners: Sequence[str]) -> str:
    """Return whose teacher is shown where learners train together: the last that distils, else the last; no branch."""
    own = [name for name in learners if not branch_number(name)] or list(learners)
    distilling = [name for name in own if (row := method_of(name)) is not None and row.distils]
    return (distilling or own)[-1]


def names(owner: str) -> tuple[str, str]:
    """Return what the shown teacher is called, and a shorter way: "LwF's teacher"."""
    if not owner:
        plain = label_of(TEACHER)
        return plain, plain
    return f"{label_of(owner)}'s teacher", f"{short_label_of(owner)}'s teacher"


def answers(record: Record, at: Moment, image: int | NDArray[np.integer[Any]], old: int) -> NDArray[np.float32] | None:
    """Return what the teacher of each learner that answers says of an image; None before any.

    The shape is (learners, old), of several images (learners, images, old).

    NaN of a teacher that nothing is known of: one that trains too, or whose task began without a probe.
    """
    if at.probe.teacher is None:
        return None
    shown, whose = at.probe.teacher[image, :old].astype(np.float32), owner(record, at)
    found = np.stack([shown] * len(at.rows))
    if not whose:
        return found
    begin = at.track.started.axis.begin(at.step)
    first = at.track.probes[at.first]
    for place, (row, learner) in enumerate(zip(at.rows, at.learners, strict=True)):
        if learner != whose:
            known = first.step == begin and not trains(record, learner)
            found[place] = first.logits[row, image, :old] if known else np.nan
    return found


def trains(record: Record, learner: str) -> bool:
    """Whether a learner's teacher is aliased: it trains too."""
    assert record.data is not None, "what is answered was read before"
    recipe = record.data.recipe
    return bool(dict(recipe.learner(learner).own).get("teacher", recipe.lwf.teacher) == "aliased")


LINE_NAMES = (f"old network ({TEACHER})", TEACHER)
"""What the first teacher's curve is called for whom the term is new, and the term alone."""
