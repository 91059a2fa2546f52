"""What is odd in a curve, written below the point where it is, with a line to it: where no curve is in the way."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor, QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curve import Curve
from lwf_gui.gui.panels.overlays import Box, Points, known
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.remarks import Remark
from lwf_gui.runs.step_scale import StepScale

DEPTH, SIZE, GAP = 4, 0.8, 3.0
"""Depth of the texts, size of their type, and pixels kept free around them."""

BEFORE = 0.08
"""Part of a text that stands before its point."""

LOWER = 8
"""Heights below the point that are tried, as far as the plot's lower edge."""


class Remarks:
    """The remarks of a plot."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot, self._box = plot, plot.vb
        self.items: list[pg.TextItem] = []
        self.leads = Curve()
        self.leads.setZValue(DEPTH)
        plot.addItem(self.leads, ignoreBounds=True)

    def show(
        self,
        told: Sequence[Remark],
        scale: StepScale,
        curves: Sequence[Points],
        taken: Sequence[Box],
        colours: Theme,
    ) -> None:
        """Write those that are in sight and have room beside ``taken`` places; the others are left out."""
        self.clear()
        (low, high), (bottom, top) = self._box.viewRange()
        across, along = (high - low) / max(self._box.width(), 1.0), (top - bottom) / max(self._box.height(), 1.0)
        metrics = QFontMetricsF(theme.font(SIZE))
        high_text = metrics.height() * along
        drawn, boxes, x, y = [known(curve) for curve in curves], list(taken), list[float](), list[float]()
        for remark in told:
            at, wide = scale.place(float(remark.step)), metrics.horizontalAdvance(remark.text) * across
            left = min(max(at - BEFORE * wide, low + GAP * across), high - wide)
            if not low <= at <= high:
                continue
            place = self._free(drawn, boxes, (left, wide, remark.percent, high_text), (across, along), bottom)
            if place is None:
                continue
            self._write(remark.text, left, place, colours)
            boxes.append((left, left + wide, place - high_text, place))
            x += [at, at, np.nan]
            y += [remark.percent, place, np.nan]
        self.leads.draw(np.array(x), np.array(y), pg.mkPen(colours.muted))

    def clear(self) -> None:
        """Take all away."""
        for item in self.items:
            self._plot.removeItem(item)
        self.items.clear()
        self.leads.draw(np.empty(0), np.empty(0), pg.mkPen())

    def _free(
        self,
        curves: Sequence[Points],
        taken: Sequence[Box],
        text: Box,
        pixel: tuple[float, float],
        bottom: float,
    ) -> float | None:
        """Return the upper edge of the highest place below a point that a text has to itself; None without any."""
        (left, wide, percent, high), (across, along) = text, pixel
        first = percent - 2 * GAP * along
        for top in np.linspace(first, bottom + high, LOWER) if first - high > bottom else ():
            box = left - GAP * across, left + wide + GAP * across, top - high - GAP * along, top + GAP * along
            if not any(_meets(box, other) for other in taken) and not any(_runs_through(each, box) for each in curves):
                return float(top)
        return None

    def _write(self, text: str, left: float, top: float, colours: Theme) -> None:
        item = pg.TextItem(text, QColor(colours.text), anchor=(0, 0), fill=pg.mkBrush(colours.surface))
        item.setFont(theme.font(SIZE))
        item.textItem.document().setDocumentMargin(0)
        item.setZValue(DEPTH)
        item.setPos(left, top)
        self._plot.addItem(item, ignoreBounds=True)
        self.items.append(item)


def leads(told: Sequence[Remark], scale: StepScale) -> list[Points]:
    """Return the lines from the points down to where their remarks may stand: other words keep off them."""
    return [
        (np.full(LOWER, scale.place(float(each.step))), np.linspace(0.0, each.percent, LOWER, dtype=np.float64))
        for each in told
    ]


def _meets(one: Box, two: Box) -> bool:
    return one[0] < two[1] and two[0] < one[1] and one[2] < two[3] and two[2] < one[3]


def _runs_through(curve: Points, box: Box) -> bool:
    """Whether a curve has a point in a box, or goes straight through it between two points."""
    x, y = curve
    left, right, low, high = box
    if not len(x) or x[0] > right or x[-1] < left:
        return False
    across = np.linspace(max(left, x[0]), min(right, x[-1]), 24)
    inside = (x >= left) & (x <= right)
    met = np.concatenate((np.interp(across, x, y), y[inside]))
    return bool(((met >= low) & (met <= high)).any())
