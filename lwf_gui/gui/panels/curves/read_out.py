"""Read-out of a plot: the pieces of text that tell learners' values at a step."""

from __future__ import annotations

import itertools
from typing import NamedTuple

from lwf_gui.gui.panels.line import Segments
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import Names

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

    def shorter(self) -> tuple[Segments, ...]:
        """Return all, then the same without the step, then the first learners and how many more there are.

        What has no room goes whole: a part of a name or number would be another one.
        """
        count = len(self.learners)
        some = (itertools.chain(*self.learners[:kept]) for kept in range(count - 1, 0, -1))
        more = (f"and {left} more" for left in range(1, count))
        fewer = ((*told, (left, "")) for told, left in zip(some, more, strict=True))
        return (self.segments, tuple(itertools.chain(*self.learners)), *fewer)


def step_text(step: float) -> str:
    """Say a step since the head expansion, or before it."""
    return f"Step {step:,.0f}" if step >= 0 else f"{-step:,.0f} steps before head expansion"


def coloured(colours: Theme, called: Names, learner: str, text: str) -> Segments:
    """Return a learner's name in its colour, and what is said of it."""
    return (called[learner], colours.words(learner)), (f" {text}   ", "")
