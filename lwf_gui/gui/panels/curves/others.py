"""The curves of other runs beside those of the shown one: of the run that it was forked from, and of pinned ones."""

from __future__ import annotations

from collections.abc import Iterator

from lwf_gui.gui.panels.curves.plot import Stroke
from lwf_gui.gui.panels.pin_lines import OPACITY, STYLES, WIDTH
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.pins import Pins
from lwf_gui.runs.record import Record

GHOST = "ghost"
"""The kind of the curves of the run that the shown one was forked from; of a pinned run it is its letter."""

STROKES = {
    GHOST: Stroke(1, opacity=0.4),
    **{letter: Stroke(WIDTH, style, OPACITY) for letter, style in STYLES.items()},
}
"""The lines of other runs by kind: fainter than the shown run's, and no two of one style."""


def others(ghost: Record | None, pins: Pins) -> Iterator[tuple[str, Record, str]]:
    """Yield kind, run and learner of the curves of other runs; a forked one that is pinned is drawn so alone."""
    if ghost is not None and all(pin.record is not ghost for pin in pins):
        yield from ((GHOST, ghost, learner) for learner in learners_of(ghost))
    for pin in pins:
        yield from ((pin.letter, pin.record, learner) for learner in learners_of(pin.record))
