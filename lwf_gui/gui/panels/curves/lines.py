"""Vertical lines of a plot over steps: the timeline's step, the one under the mouse, and one for each mark."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import Qt

from lwf_gui.gui.panels.strip import Mark
from lwf_gui.gui.theme import Theme

LINES = -20
"""Depth of the vertical lines: curves and labels run over them."""


class StepLines:
    """The vertical lines of a plot: the step under the mouse, the timeline's, and one for each mark."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self.now = self._hidden_line()
        """The step that the timeline is at."""
        self.cursor = self._hidden_line()
        """The probe nearest to the mouse."""
        self.marks: list[pg.InfiniteLine] = []

    def set_theme(self, colours: Theme) -> None:
        """Dress the lines but the marks, which are made anew."""
        self.cursor.setPen(pg.mkPen(colours.muted, style=Qt.PenStyle.DashLine))
        self.now.setPen(pg.mkPen(colours.accent, width=2))

    def set_marks(self, marks: list[Mark], colours: Theme) -> None:
        """Draw a line for each mark, behind the curves."""
        for line in self.marks:
            self._plot.removeItem(line)
        self.marks = [self._mark(step, colours, event=bool(text)) for step, text in marks]

    def _hidden_line(self) -> pg.InfiniteLine:
        line = pg.InfiniteLine(angle=90, movable=False)
        line.hide()
        self._plot.addItem(line, ignoreBounds=True)
        return line

    def _mark(self, step: float, colours: Theme, *, event: bool) -> pg.InfiniteLine:
        colour = colours.muted if event else colours.line  # epochs stay in the background
        pen = pg.mkPen(colour, width=1, style=Qt.PenStyle.SolidLine if event else Qt.PenStyle.DotLine)
        line = pg.InfiniteLine(step, angle=90, pen=pen)
        line.setZValue(LINES)
        self._plot.addItem(line, ignoreBounds=True)
        return line


def show_line(line: pg.InfiniteLine, step: float) -> None:
    """Put a line at a step; NaN hides it."""
    line.setVisible(not math.isnan(step))
    if not math.isnan(step):
        line.setPos(step)
