"""Where the bubble of the tour stands: beside the part that it speaks of, inside the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, QRect, QSize
from PySide6.QtGui import (
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    pass

GAP = 20
"""Pixels between a part and the bubble that speaks of it: the length of the arrow."""


def seen_of(part: QWidget | None, sheet: QWidget) -> QRect:
    """Return what is to be seen of a part, in the sheet's pixels; empty if nothing."""
    if part is None or not part.isVisible():
        return QRect()
    seen = part.visibleRegion().boundingRect()
    return QRect(part.mapTo(sheet.window(), seen.topLeft()), seen.size()) if not seen.isEmpty() else QRect()


def beside(part: QRect, size: QSize, room: QRect) -> QRect | None:
    """Return the place for a bubble of that size beside, below or above a part; None where no side has the room."""
    centre = part.center()
    left, top = centre.x() - size.width() // 2, centre.y() - size.height() // 2
    places = [
        QRect(QPoint(left, part.bottom() + GAP), size),
        QRect(QPoint(part.right() + GAP, top), size),
        QRect(QPoint(part.left() - GAP - size.width(), top), size),
        QRect(QPoint(left, part.top() - GAP - size.height()), size),
    ]
    for place in (_inside(place, room) for place in places):
        if not place.intersects(part.adjusted(-GAP // 2, -GAP // 2, GAP // 2, GAP // 2)):
            return place
    return None


def upon(part: QRect, size: QSize, room: QRect) -> QRect:
    """Return the place for a bubble inside a part, at its lower edge: the last resort."""
    left = part.center().x() - size.width() // 2
    return _inside(QRect(QPoint(left, part.bottom() - size.height() - GAP), size), room)


def _inside(place: QRect, room: QRect) -> QRect:
    """Return a place moved into a room."""
    moved = QRect(place)
    moved.moveRight(min(moved.right(), room.right()))
    moved.moveBottom(min(moved.bottom(), room.bottom()))
    moved.moveLeft(max(moved.left(), room.left()))
    moved.moveTop(max(moved.top(), room.top()))
    return moved


def arrow(bubble: QRect, part: QRect) -> QPolygonF:
    """Return a triangle from the bubble to the part, none where the bubble lies upon it."""
    if bubble.intersects(part):
        return QPolygonF()
    half = GAP * 0.6
    x = min(max(part.center().x(), bubble.left() + 2 * half), bubble.right() - 2 * half)
    y = min(max(part.center().y(), bubble.top() + 2 * half), bubble.bottom() - 2 * half)
    if part.bottom() < bubble.top():
        return QPolygonF([QPointF(x - half, bubble.top()), QPointF(x + half, bubble.top()), QPointF(x, part.bottom())])
    if part.top() > bubble.bottom():
        base = bubble.bottom() + 1
        return QPolygonF([QPointF(x - half, base), QPointF(x + half, base), QPointF(x, part.top())])
    if part.right() < bubble.left():
        return QPolygonF([QPointF(bubble.left(), y - half), QPointF(bubble.left(), y + half), QPointF(part.right(), y)])
    base = bubble.right() + 1
    return QPolygonF([QPointF(base, y - half), QPointF(base, y + half), QPointF(part.left(), y)])
