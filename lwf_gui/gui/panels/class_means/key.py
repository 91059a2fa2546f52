"""The key of the panel of class means: its marks with a word each, and what axes and unit are."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui import theme
from lwf_gui.gui.panels.class_means.words import AXES
from lwf_gui.gui.panels.drawing import wrong_colour
from lwf_gui.gui.panels.text import write
from lwf_gui.gui.theme import Theme

Sign = Literal["now", "kept", "apart", "moved", "way"]

RADIUS = 4.0
"""Of a dot, in pixels, at body text of 16 pixels a line."""

RING = 1.6
"""Radius of a ring, in those of a dot."""

LONG: tuple[tuple[Sign, str], ...] = (
    ("now", "where the images are now"),
    ("kept", "where the head looks for them"),
    ("apart", "how far off it is"),
    ("moved", "how the map moved it"),
    ("way", "way of the images in this task"),
)
SHORT: tuple[tuple[Sign, str], ...] = (
    ("now", "images now"),
    ("kept", "where the head looks"),
    ("apart", "off"),
    ("moved", "moved by the map"),
    ("way", "way in this task"),
)
LEAST: tuple[tuple[Sign, str], ...] = (("now", "images"), ("kept", "head"), ("moved", "map"))


def radius(colours_line: float) -> float:
    """Return the pixels of a dot's radius where a line of body text is so high."""
    return RADIUS * max(0.75, colours_line / 16)


def height() -> float:
    """Return the pixels that the key takes."""
    return 2 * QFontMetricsF(theme.font(0.85)).height() + 3


def paint_key(painter: QPainter, area: QRectF, colours: Theme, *, still: bool) -> None:
    """Paint the key in two lines; with ``still`` without what only moving features have."""
    font = theme.font(0.85)
    metrics = QFontMetricsF(font)
    line = metrics.height()
    painter.setFont(font)
    items = _fitting(metrics, area.width(), line, still=still)
    x = area.x()
    for sign, text in items:
        box = QRectF(x, area.y(), 1.5 * line, line)
        paint_sign(painter, box, sign, colours)
        painter.setPen(QColor(colours.text))
        wide = metrics.horizontalAdvance(text)
        write(painter, QRectF(box.right() + 3, area.y(), wide + 2, line), [text])
        x = box.right() + 3 + wide + line
    painter.setPen(QColor(colours.muted))
    write(painter, QRectF(area.x(), area.y() + line + 1, area.width(), line), [*AXES, ""])


def _fitting(metrics: QFontMetricsF, width: float, line: float, *, still: bool) -> tuple[tuple[Sign, str], ...]:
    """Return as much of the key as fits, and nothing that there is not."""

    def wide(items: tuple[tuple[Sign, str], ...]) -> float:
        return sum(metrics.horizontalAdvance(text) + 2.5 * line + 3 for _, text in items) - line

    there = [
        tuple(item for item in items if not still or item[0] in ("now", "kept", "apart"))
        for items in (LONG, LONG[:4], LONG[:3], SHORT, SHORT[:4], SHORT[:2], LEAST)
    ]
    return next((items for items in there if wide(items) <= width), there[-1][:2])


def paint_sign(painter: QPainter, box: QRectF, sign: Sign, colours: Theme) -> None:
    """Paint what stands in the planes in the middle of a box."""
    middle, r = box.center(), radius(box.height())
    ends = QPointF(box.left() + 1, middle.y()), QPointF(box.right() - 1, middle.y())
    if sign == "now":
        dot(painter, middle, r, QColor(colours.text))
    elif sign == "kept":
        ring(painter, middle, RING * r, QColor(colours.text))
    elif sign == "apart":
        painter.setPen(QPen(wrong_colour(colours), 2))
        painter.drawLine(*ends)
    elif sign == "moved":
        arrow(painter, *ends, QColor(colours.muted))
    else:
        painter.setPen(QPen(QColor(colours.muted), 1.5, Qt.PenStyle.DotLine))
        painter.drawLine(*ends)


def dot(painter: QPainter, at: QPointF, r: float, colour: QColor) -> None:
    """Paint a disc."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawEllipse(at, r, r)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def ring(painter: QPainter, at: QPointF, r: float, colour: QColor) -> None:
    """Paint a circle."""
    painter.setPen(QPen(colour, 1.6))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawEllipse(at, r, r)


def arrow(painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
    """Paint an arrow, if it is long enough to have a head."""
    way = end - start
    length = (way.x() ** 2 + way.y() ** 2) ** 0.5
    if length < 1:
        return
    along, across = way / length, QPointF(-way.y(), way.x()) / length
    head = min(7.0, length / 2)
    painter.setPen(QPen(colour, 1.3))
    painter.drawLine(start, end)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    back = end - along * head
    painter.drawPolygon([end, back + across * (head / 2.2), back - across * (head / 2.2)])
    painter.setBrush(Qt.BrushStyle.NoBrush)
