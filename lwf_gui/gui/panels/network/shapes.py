"""Shapes of the network strip: round boxes, straight arrows that end where they point, padlocks, springs."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

WIDTHS = (1.2, 1.8, 2.8, 4.0, 5.4)
"""Pixels of an arrow's line by the step of its strength, at body type; 0 is of one that is not known."""

DASH = (5.0, 3.0)
"""Pixels of dash and gap of an arrow in slow motion."""

PHASES = 4
"""Steps after which the dashes are where they were."""

SWINGS = 4
"""Windings of a spring."""


def box(
    painter: QPainter, rect: QRectF, edge: QColor, fill: QColor, *, dashed: bool = False, wide: float = 1.5
) -> None:
    """Paint a round box."""
    pen = QPen(edge, wide)
    if dashed:
        pen.setDashPattern([3, 2.5])
    painter.setPen(pen)
    painter.setBrush(fill)
    half, radius = wide / 2, min(7.0, rect.height() / 3)
    painter.drawRoundedRect(rect.adjusted(half, half, -half, -half), radius, radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def arrow(
    painter: QPainter, start: QPointF, end: QPointF, colour: QColor, wide: float, *, step: int | None = None
) -> None:
    """Paint a level arrow whose tip is at its end; with a ``step`` its line is dashed, and the dashes go on with it."""
    right = 1.0 if end.x() > start.x() else -1.0
    head = min(2.2 + 2.0 * wide, abs(end.x() - start.x()))
    half = 1.6 + 1.15 * wide
    pen = QPen(colour, wide)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if step is not None:
        pen.setDashPattern([pixels / wide for pixels in DASH])  # Qt counts in widths of the line
        pen.setDashOffset(-(step % PHASES) * sum(DASH) / PHASES / wide)
    painter.setPen(pen)
    back = end.x() - right * head
    painter.drawLine(QLineF(start.x(), start.y(), back + right, end.y()))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawPolygon(QPolygonF([end, QPointF(back, end.y() - half), QPointF(back, end.y() + half)]))
    painter.setBrush(Qt.BrushStyle.NoBrush)


def dotted(painter: QPainter, start: QPointF, end: QPointF, colour: QColor) -> None:
    """Paint where a pull would be, of which there is none: a line without a tip."""
    pen = QPen(colour, 1.2)
    pen.setDashPattern([1.5, 3.0])
    painter.setPen(pen)
    painter.drawLine(start, end)


def padlock(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Paint a closed padlock that fills a place."""
    body = QRectF(rect.left(), rect.top() + 0.42 * rect.height(), rect.width(), 0.58 * rect.height())
    shackle = QRectF(rect.left() + 0.2 * rect.width(), rect.top(), 0.6 * rect.width(), 0.84 * rect.height())
    painter.setPen(QPen(colour, max(1.2, 0.14 * rect.width())))
    painter.drawArc(shackle.adjusted(0, 0.7, 0, 0), 0, 180 * 16)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(colour)
    painter.drawRoundedRect(body, 1.5, 1.5)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def spring(painter: QPainter, top: QPointF, bottom: QPointF, wide: float, colour: QColor) -> None:
    """Paint an upright spring between two points."""
    high = (bottom.y() - top.y()) / (2 * SWINGS)
    middle = [
        QPointF(top.x() + (wide if turn % 2 else -wide) / 2, top.y() + turn * high) for turn in range(1, 2 * SWINGS)
    ]
    painter.setPen(QPen(colour, 1.5))
    painter.drawPolyline(QPolygonF([top, *middle, bottom]))
