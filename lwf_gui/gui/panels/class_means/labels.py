"""Names beside points: each where it hides the least."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF

MOST = 40
"""Names at most: more nobody could read."""

SIDES = ((1.0, 0.0), (-1.0, 0.0), (0.0, -1.0), (0.0, 1.0), (0.8, -0.8), (-0.8, -0.8), (0.8, 0.8), (-0.8, 0.8))
"""Where a name can stand, from the point, to the right and downwards."""

ON_NAME, BEYOND = 4.0, 20.0
"""What it costs to hide a part of another name, or to stand beyond the edge, where hiding a mark costs 1 a share."""

Edges = tuple[float, float, float, float]
"""Left, upper, right and lower edge of a box, in pixels."""


class Labels:
    """Finds places for names in an area, among marks that they should leave free, and words that they must."""

    def __init__(self, area: QRectF, marks: Sequence[QRectF], words: Sequence[QRectF] = ()) -> None:
        self._area, self._bounds = area, _edges(area)
        self._marks, self._placed = list(map(_edges, marks)), list(map(_edges, words))

    def place(self, point: QPointF, size: QSizeF, gap: float) -> QRectF | None:
        """Return where a name of a size stands beside a point; None where it would lie upon another one."""
        if len(self._placed) >= MOST:
            return None
        rects = [_beside(point, size, gap, *side) for side in SIDES]
        boxes = list(map(_edges, rects))
        whole = size.width() * size.height() or 1.0
        costs = [self._cost(box, whole) + number / 100 for number, box in enumerate(boxes)]
        best = min(range(len(rects)), key=costs.__getitem__)
        if any(_common(boxes[best], other) > 0 for other in self._placed) or not self._area.contains(rects[best]):
            return None
        self._placed.append(boxes[best])
        return rects[best]

    def _cost(self, rect: Edges, whole: float) -> float:
        marks = sum(_common(rect, mark) for mark in self._marks)
        names = sum(_common(rect, name) for name in self._placed)
        return (marks + ON_NAME * names + BEYOND * (whole - _common(rect, self._bounds))) / whole


def _beside(point: QPointF, size: QSizeF, gap: float, right: float, down: float) -> QRectF:
    """Return the box of a name on one side of a point."""
    middle = QPointF(point.x() + right * (gap + size.width() / 2), point.y() + down * (gap + size.height() / 2))
    return QRectF(middle.x() - size.width() / 2, middle.y() - size.height() / 2, size.width(), size.height())


def _edges(rect: QRectF) -> Edges:
    return rect.left(), rect.top(), rect.right(), rect.bottom()


def _common(one: Edges, other: Edges) -> float:
    """Return the area that two boxes have in common: asked of every name and mark, many hundred times a picture."""
    left, top, right, bottom = one
    begin, above, end, below = other
    if begin >= right or end <= left or above >= bottom or below <= top:
        return 0.0
    wide = (right if right < end else end) - (left if left > begin else begin)
    return wide * ((bottom if bottom < below else below) - (top if top > above else above))
