"""Read-out of a plot: of which step it tells, and the pieces of text that tell learners' values."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from typing import NamedTuple

from lwf_gui.gui.panels.line import Segments
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import Names
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, moment

FORMS = 3
"""Lengths of learners' names in a read-out."""

WIDEST_STEP = "Step 10,000:  "
"""The widest step that room is kept for."""


class Told(NamedTuple):
    """What a read-out says: of which step, and of every learner."""

    step: Segments = ()
    learners: tuple[Segments, ...] = ()

    @property
    def segments(self) -> Segments:
        """All of it."""
        return (*self.step, *itertools.chain(*self.learners)) if self.learners else ()

    def shorter(self) -> Iterator[Segments]:
        """Yield all, then the same without the step, then the first learners and how many more there are.

        What has no room goes whole: a part of a name or number would be another one.
        """
        yield self.segments
        yield tuple(itertools.chain(*self.learners))
        for left in range(1, len(self.learners)):
            yield (*itertools.chain(*self.learners[:-left]), (f"and {left} more", ""))


def moment_at(record: Record, step: float) -> Moment | None:
    """Return the probe at or before a step, endless for the latest: the one that all panels show."""
    return moment(record, None if math.isinf(step) else math.floor(step))


def diverged_by(record: Record, learner: str, step: float) -> int | None:
    """Return the step at which a learner diverged, if it had by a step."""
    track = record.incremental
    end = track.diverged(learner) if track is not None and learner in track.started.learners else None
    return end if end is not None and step >= end else None


def step_text(step: float) -> str:
    """Say a step since the head expansion, or before it."""
    return f"Step {step:,.0f}" if step >= 0 else f"{-step:,.0f} steps before head expansion"


def coloured(colours: Theme, called: Names, learner: str, text: str) -> Segments:
    """Return a learner's name in its colour, and what is said of it."""
    return (called[learner], colours.words(learner)), (f" {text}   ", "")
