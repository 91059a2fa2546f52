"""The names of the classes below their bars: in a line, in two in turn, turned, or pictures in their place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.text import CENTRE, RIGHT, widest, write
from lwf_gui.gui.theme import Theme

PICTURES = "pictures"

SIZES = (0.8, 0.72, 0.64, 0.57)
"""Sizes of the names' type, as parts of the type around them, from the best on: standing names are read most easily."""

LEAST = 8
"""Pixels of the names' smallest type, but for the largest one of these."""

PAD = 2.0
"""Pixels between two names."""

Slots = Sequence[tuple[QRectF, int]]
"""The place of each class across a cell, and its output unit."""


class Way(NamedTuple):
    """How classes are named: in one line, in two by turns, turned by 90 degrees, or by pictures; in which type.

    ``high`` is what that takes, in pixels.
    """

    kind: Literal["one", "two", "turned", "pictures"]
    size: float
    high: float

    def font(self) -> QFont:
        """Return the type of the names."""
        return theme.font(self.size)


def way_of(names: Sequence[str], cell: float, scale: float, spare: float) -> Way:
    """Return how so many names have room below a cell; ``spare`` is how much height turned ones may take, in pixels."""
    slot = cell / max(1, len(names))
    for size in SIZES:
        way = _standing(names, slot, size * scale)
        if way and (size == SIZES[0] or QFontInfo(way.font()).pixelSize() >= LEAST):
            return way
    for size in SIZES:
        metrics = QFontMetricsF(theme.font(size * scale))
        needed = widest(metrics, names) + 2 * PAD
        if (
            metrics.height() <= slot + 1
            and needed <= spare
            and QFontInfo(theme.font(size * scale)).pixelSize() >= LEAST
        ):
            return Way("turned", size * scale, needed)
    return Way("pictures", SIZES[0] * scale, 1.2 * theme.line_height() * scale)


def _standing(names: Sequence[str], slot: float, size: float) -> Way | None:
    """Return how names stand below their bars with type of this size, None where they have no room."""
    metrics = QFontMetricsF(theme.font(size))
    needed = widest(metrics, names) + PAD
    if needed <= slot:
        return Way("one", size, metrics.height())
    return Way("two", size, 1.9 * metrics.height()) if needed <= 2 * slot else None


class StripPainter:
    """Paints the names of a cell's classes."""

    def __init__(self, painter: QPainter, colours: Theme, name: Callable[[int], str]) -> None:
        self._painter, self._colours, self._name = painter, colours, name

    def paint(self, slots: Slots, way: Way, images: Mapping[int, Callable[[QRectF], None]]) -> None:
        """Paint a name below each slot, or what ``images`` paints of its class."""
        self._painter.setFont(way.font())
        self._painter.setPen(QColor(self._colours.text))
        if way.kind == "turned":
            self._turned(slots)
        elif way.kind == PICTURES:
            self._pictures(slots, images)
        else:
            self._lines(slots, 1 if way.kind == "one" else 2)

    def _lines(self, slots: Slots, lines: int) -> None:
        """Write names in lines by turns, within the cell; a thin line leads to those that stand lower."""
        painter, metrics = self._painter, QFontMetricsF(self._painter.font())
        left, right = slots[0][0].left(), slots[-1][0].right()
        for place, (slot, unit) in enumerate(slots):
            name = self._name(unit)
            wide, high = metrics.horizontalAdvance(name) + 1, slot.height() / lines
            lower = place % lines
            at = min(max(slot.center().x() - wide / 2, left - 1), right + 1 - wide)
            box = QRectF(at, slot.top() + lower * high, wide, high)
            if lower:
                painter.fillRect(QRectF(slot.center().x(), slot.top() + 1, 1, high - 1), QColor(self._colours.line))
            write(painter, box, [name], CENTRE)

    def _turned(self, slots: Slots) -> None:
        painter = self._painter
        for slot, unit in slots:
            painter.save()
            painter.translate(slot.center().x(), slot.top())
            painter.rotate(-90)
            box = QRectF(-slot.height(), -slot.width() / 2, slot.height() - 2, slot.width())
            write(painter, box, [self._name(unit)], RIGHT)
            painter.restore()

    def _pictures(self, slots: Slots, images: Mapping[int, Callable[[QRectF], None]]) -> None:
        """Paint a picture of each class, or the first letters of one that has none."""
        for slot, unit in slots:
            side = min(slot.width() - 1, slot.height())
            box = QRectF(slot.center().x() - side / 2, slot.top(), side, side)
            if unit in images:
                images[unit](box)
            else:
                write(self._painter, box, [self._name(unit)[:2], ""], CENTRE)
