"""Classes in planes: a colour and a symbol for each, for colour alone says nothing, and their key."""

from __future__ import annotations

from collections.abc import Mapping

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
        names = {unit: self._figures.names[unit].partition("/")[0] for unit in units}
        font = self._plan.font(0.85)
        for share in (0.85, 0.75, 0.65, 0.55):
            font = self._plan.font(share)
            rows = self._rows(names, QFontMetricsF(font), area)
            if len(rows) * QFontMetricsF(font).height() <= area.height():
                break
        painter.setFont(font)
        metrics, top = QFontMetricsF(font), area.top()
        for row in rows[: max(1, int(area.height() / metrics.height()))]:
            left = area.left()
            for unit in row:
                cell = QRectF(left, top, min(_wide(metrics, names[unit]), area.right() - left), metrics.height())
                self._paint_class(cell, unit, names[unit], 0.6 * metrics.height())
                left += cell.width() + metrics.height()
            top += metrics.height()

    @staticmethod
    def _rows(names: Mapping[int, str], metrics: QFontMetricsF, area: QRectF) -> list[list[int]]:
        """Return the lines that the classes take, each as full as can be."""
        rows, used = [list[int]()], 0.0
        for unit, name in names.items():
            wide = _wide(metrics, name)
            if rows[-1] and used + wide > area.width():
                rows.append([])
                used = 0.0
            rows[-1].append(unit)
            used += wide + metrics.height()
        return rows

    def _paint_class(self, cell: QRectF, unit: int, name: str, side: float) -> None:
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_class(painter, QRectF(cell.left(), cell.center().y() - side / 2, side, side), unit, self._colours)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QColor(self._colours.text))
        write(painter, cell.adjusted(1.5 * side, 0, 0, 0), [name])
        self.spots.append(Spot(cell, Place("key", "", unit)))


def _wide(metrics: QFontMetricsF, name: str) -> float:
    """Return the pixels of a mark with its name."""
    return metrics.horizontalAdvance(name) + 0.95 * metrics.height()
