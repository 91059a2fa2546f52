"""Bands of seeds behind the curves: where the middle 95 % of runs lie that differ in their seed alone."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtGui import QColor

from lwf_gui.gui.panels.curve import Curve
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import Band, band, shown_set
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.step_scale import StepScale

DEPTH = -25
"""Depth of the bands: all else runs over them."""

COVERS = {"old": 48, "new": 22}
"""How much a band covers, of 255: what is forgotten is looked for first."""

MEDIAN = 110
"""How much the median's line covers, of 255."""

EDGE = 0
"""How much a band's edges cover: it has none."""


class _Drawn:
    """One band on a plot: its fill between two curves, and the median."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self.low, self.median, self.high = Curve(), Curve(), Curve()
        self.fill = pg.FillBetweenItem(self.low, self.high)
        for item in self.items:
            item.setZValue(DEPTH)
            plot.addItem(item, ignoreBounds=True)

    @property
    def items(self) -> tuple[pg.GraphicsObject, ...]:
        return (self.fill, self.low, self.median, self.high)

    def draw(self, found: Band, scale: StepScale, colour: str, covers: int) -> None:
        """Show a band in a colour."""
        x = scale.place(found.x)
        for curve, y, strength in (
            (self.low, found.low, EDGE),
            (self.high, found.high, EDGE),
            (self.median, found.median, MEDIAN),
        ):
            curve.draw(x, y, pg.mkPen(_pale(colour, strength), width=1))
        self.fill.setBrush(pg.mkBrush(_pale(colour, covers)))


class SeedBands:
    """The bands of all learners; none without a set of at least three runs."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._drawn: dict[tuple[str, str], _Drawn] = {}
        self._known: tuple[object, dict[tuple[str, str], Band]] = (None, {})

    def show(
        self, record: Record, selection: Selection, scale: StepScale, colours: Theme, hidden: set[tuple[str, str]]
    ) -> None:
        """Draw the bands of a record's set, but those of curves that are hidden."""
        found = self._found(record, selection)
        wanted = {key: made for key, made in found.items() if key not in hidden}
        for key in self._drawn.keys() - wanted.keys():
            for item in self._drawn.pop(key).items:
                self._plot.removeItem(item)
        for (learner, task), made in wanted.items():
            if (learner, task) not in self._drawn:
                self._drawn[learner, task] = _Drawn(self._plot)
            self._drawn[learner, task].draw(made, scale, colours.learner(learner), COVERS[task])

    def _found(self, record: Record, selection: Selection) -> dict[tuple[str, str], Band]:
        """Return the bands by learner and task: worked out anew only where the set is another one."""
        runs = shown_set(record, selection)
        state = (runs, selection.protocol, learners_of(record))
        if state != self._known[0]:
            self._known = (state, _bands(runs, selection, learners_of(record)))
        return self._known[1]

    @property
    def shown(self) -> dict[tuple[str, str], Band]:
        """The bands that are drawn."""
        return {key: made for key, made in self._known[1].items() if key in self._drawn}


def _bands(runs: Sequence[Record], selection: Selection, learners: Sequence[str]) -> dict[tuple[str, str], Band]:
    made = {(name, task): band(runs, name, task, selection.protocol) for name in learners for task in ("old", "new")}
    return {key: found for key, found in made.items() if found is not None and len(found.x) > 1}


def _pale(colour: str, covers: int) -> QColor:
    made = QColor(colour)
    made.setAlpha(covers)
    return made
