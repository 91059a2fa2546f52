"""Read-out of a plot: the pieces of text that tell learners' values at a step."""

from __future__ import annotations

from lwf_gui.gui.panels.line import Segments
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import Names

FORMS = 3
"""Lengths of learners' names in a read-out."""


def step_text(step: float) -> str:
    """Say a step since the head expansion, or before it."""
    return f"Step {step:,.0f}" if step >= 0 else f"{-step:,.0f} steps before surgery"


def coloured(colours: Theme, called: Names, learner: str, text: str) -> Segments:
    """Return a learner's name in its colour, and what is said of it."""
    return (called[learner], colours.words(learner)), (f" {text}   ", "")
