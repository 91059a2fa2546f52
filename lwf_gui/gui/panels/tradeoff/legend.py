"""The legend in a square of a trade-off."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import widest, write
from lwf_gui.gui.panels.tradeoff.axes import PercentAxes
from lwf_gui.gui.panels.tradeoff.marks import TradeoffKey, paint_mark
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import tradeoff

GRID = np.linspace(0, 1, 6)
"""Where a legend may stand, in both directions, as shares of the room."""


LegendRow = tuple[TradeoffKey, tuple[str, ...]]
"""A row of a legend: what it is about, and its text from the longest to the shortest form."""


class Legend:
    """Rows of text in a square of accuracies, where they hide the fewest points of its lines."""

    def __init__(self) -> None:
        self.colours: Theme = theme.LIGHT
        self._places: dict[str, int] = {}
        """By what a legend is about, its place in `GRID`: it stays there while it can."""

    def paint(self, painter: QPainter, axes: PercentAxes, rows: list[LegendRow], points: tradeoff.Floats) -> list[Spot]:
        """Paint one row per learner beside the lines, given as points in pixels, shape (n, 2); return the spots."""
        font, square = theme.font(0.85, bold=True), axes.square.adjusted(6, 6, -6, -6)
        line = min(QFontMetricsF(font).height(), 0.75 * square.height() / len(rows))
        if line < QFontMetricsF(font).height():
            font.setPixelSize(max(6, int(0.82 * line)))
        metrics, place, room = QFontMetricsF(font), QRectF(), square.width() - 18
        forms = [[texts[form] for _, texts in rows] for form in range(len(rows[0][1]))]
        for texts in forms:  # the longest one that fits and hides nothing, else the shortest one
            size = QSizeF(min(widest(metrics, texts), room) + 18, line * len(rows))
            place, hidden = self._free_place(rows[0][0].what, square, size, points)
            if not hidden and widest(metrics, texts) <= room and size.width() < 0.9 * square.width():
                break
        ground = QColor(self.colours.window)
        ground.setAlpha(190)
        painter.fillRect(place.toAlignedRect(), ground)  # whole pixels are much faster
        painter.setFont(font)
        spots = []
        for index, ((key, _), text) in enumerate(zip(rows, texts, strict=True)):
            row = QRectF(place.x(), place.y() + index * line, place.width(), line)
            paint_mark(painter, QPointF(row.x() + 7, row.center().y()), key.learner, self.colours)
            painter.setPen(QColor(self.colours.words(key.learner) if key.learner else self.colours.text))
            write(painter, row.adjusted(17, 0, 4, 0), [text])
            spots.append(Spot(row, key))
        return spots

    def _free_place(self, what: str, square: QRectF, size: QSizeF, points: tradeoff.Floats) -> tuple[QRectF, int]:
        """Return where in a square something hides the fewest points, and how many; it stays there while it can."""
        left = square.x() + np.repeat(GRID, len(GRID)) * (square.width() - size.width())
        top = square.bottom() - size.height() - np.tile(GRID, len(GRID)) * (square.height() - size.height())
        x, y = points[:, 0] - left[:, None], points[:, 1] - top[:, None]  # from the upper left corner of every place
        hidden = ((x > -4) & (x < size.width() + 4) & (y > -4) & (y < size.height() + 4)).sum(1)
        at = self._places.get(what, 0)
        if hidden[at] > hidden.min():
            at = self._places[what] = int(hidden.argmin())
        return QRectF(QPointF(float(left[at]), float(top[at])), size), int(hidden[at])
