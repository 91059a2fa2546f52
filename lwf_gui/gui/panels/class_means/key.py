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

Item = tuple[Sign, str]

LONG: tuple[Item, ...] = (
    ("now", "where the images are now"),
    ("kept", "where the head looks for them"),
    ("apart", "how far off it is"),
    ("moved", "how the map moved it"),
    ("way", "way of the images in this task"),
)
SHORT: tuple[Item, ...] = (
    ("now", "images now"),
    ("kept", "where the head looks"),
    ("apart", "how far off"),
    ("moved", "moved by the map"),
    ("way", "way in this task"),
)
LEAST: tuple[Item, ...] = (("now", "images"), ("kept", "head"), ("apart", "off"), ("moved", "map"))

STILL = ("now", "kept", "apart")
"""What there is of features that never move."""


def radius(line: float) -> float:
    """Return the pixels of a dot's radius where a line of body text is so high."""
    return RADIUS * max(0.75, line / 16)


class Key:
    """The key in a width; with ``still`` without what only moving features have."""

    def __init__(self, width: float, *, still: bool) -> None:
        self._width = width
        self._font = theme.font(0.85)
        self._metrics = QFontMetricsF(self._font)
        self._line = self._metrics.height()
        forms = [[item for item in form if not still or item[0] in STILL] for form in (LONG, SHORT, LEAST)]
        ways = [(form, lines) for lines in (1, 2) for form in forms[:2]] + [(forms[2], 1)]
        found = (rows for form, lines in ways if len(rows := self._rows(form)) <= lines)
        self._items = next(found, [forms[2][:2]])

    @property
    def height(self) -> float:
        """The pixels that it takes."""
        return (len(self._items) + 1) * self._line + 3

    def _wide(self, item: Item) -> float:
        """Return the pixels of a mark with its words, and of what is free behind them."""
        return self._metrics.horizontalAdvance(item[1]) + 2.5 * self._line + 3

    def _rows(self, items: list[Item]) -> list[list[Item]]:
        """Return the lines that the items take, each as full as can be."""
        rows: list[list[Item]] = [[]]
        for item in items:
            if rows[-1] and sum(map(self._wide, (*rows[-1], item))) - self._line > self._width:
                rows.append([])
            rows[-1].append(item)
        return rows

    def paint(self, painter: QPainter, corner: QPointF, colours: Theme) -> None:
        """Paint the marks with their words, and below them what axes and unit are."""
        painter.setFont(self._font)
        y, line = corner.y(), self._line
        for items in self._items:
            x = corner.x()
            for item in items:
                box = QRectF(x, y, 1.5 * line, line)
                paint_sign(painter, box, item[0], colours)
                painter.setPen(QColor(colours.text))
                write(painter, QRectF(box.right() + 3, y, self._wide(item) - 2.5 * line, line), [item[1]])
                x += self._wide(item)
            y += line
        painter.setPen(QColor(colours.muted))
        write(painter, QRectF(corner.x(), y + 1, self._width, line), [*AXES, ""])


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
