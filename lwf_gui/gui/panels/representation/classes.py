"""Classes in planes: a colour and a symbol for each, for colour alone says nothing, and their key."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui.panels.drawing import draw_symbol
from lwf_gui.gui.panels.representation.place import Place
from lwf_gui.gui.panels.representation.plan import Plan
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.representation import RepresentationFigures

HUES = (0.58, 0.07, 0.38, 0.90, 0.75, 0.14, 0.50, 0.0, 0.66, 0.28)
SYMBOLS = ("o", "s", "t1", "d", "p", "+", "x", "star", "t", "h", "t2")
"""Of classes in their order; there are more symbols than hues, so that of many classes no two are alike."""

SATURATION, LIGHT, DARK = 0.75, 0.38, 0.68
"""Of the colours, and their lightness on light and on dark ground."""


def colour_of(unit: int, colours: Theme) -> QColor:
    """Return a class's colour."""
    return QColor.fromHslF(HUES[unit % len(HUES)], SATURATION, DARK if colours.dark else LIGHT)


def draw_class(painter: QPainter, rect: QRectF, unit: int, colours: Theme) -> None:
    """Draw a class's mark."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour_of(unit, colours))
    draw_symbol(painter, rect, SYMBOLS[unit % len(SYMBOLS)])
    painter.setBrush(Qt.BrushStyle.NoBrush)


class KeyPainter:
    """Paints the key of classes, and notes their spots."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: RepresentationFigures) -> None:
        self._painter, self._plan, self._colours, self._figures = painter, plan, colours, figures
        self.spots: list[Spot] = []

    def paint(self, area: QRectF) -> None:
        """Paint a mark and a name for each old class, in a line or two."""
        painter, units = self._painter, self._figures.classes
        font = self._plan.font(0.85)
        metrics = QFontMetricsF(font)
        rows = max(1, int(area.height() / metrics.height()))
        names = [self._figures.names[unit].partition("/")[0] for unit in units]
        needed = sum(metrics.horizontalAdvance(name) + 2 * metrics.height() for name in names)
        rows = 1 if needed <= area.width() else rows
        columns = -(-len(units) // rows)
        wide, high = area.width() / columns, min(area.height() / rows, 1.2 * metrics.height())
        painter.setFont(font)
        for number, (unit, name) in enumerate(zip(units, names, strict=True)):
            row, column = divmod(number, columns)
            cell = QRectF(area.left() + column * wide, area.top() + row * high, wide, high)
            side = 0.6 * metrics.height()
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            draw_class(painter, QRectF(cell.left(), cell.center().y() - side / 2, side, side), unit, self._colours)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painter.setPen(QColor(self._colours.text))
            write(painter, cell.adjusted(1.5 * side, 0, -3, 0), [name])
            self.spots.append(Spot(cell, Place("key", "", unit)))
