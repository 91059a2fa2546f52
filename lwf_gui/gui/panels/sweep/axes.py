"""Axes of the two small plots of a sweep: a field, round ticks, and titles that never leave their place."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.sweep.plan import Plan
from lwf_gui.gui.panels.text import CENTRE, LEFT, RIGHT, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import compact, round_up

Floats = NDArray[np.float64]


class Range(NamedTuple):
    """The values that an axis shows, and its ticks."""

    low: float
    high: float
    ticks: tuple[float, ...]


def rounded(values: Sequence[float], *, least: float, bounds: tuple[float, float]) -> Range:
    """Return round ends around values, at least so far apart and within bounds, with ticks between them."""
    known = [value for value in values if math.isfinite(value)] or [bounds[0], bounds[1]]
    low, high = min(known), max(known)
    missing = max(0.0, least - (high - low))
    low, high = max(bounds[0], low - missing / 2), min(bounds[1], high + missing / 2)
    low = min(low, max(bounds[0], high - least))
    step = round_up((high - low) / 3)
    begin, end = math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step
    begin, end = max(begin, bounds[0]), min(end, bounds[1])
    count = int((end - begin) / step + 1e-6)
    return Range(begin, end, tuple(begin + number * step for number in range(count + 1)))


class SmallAxes:
    """A field between two axes; ``titles`` are those above and below it, from long to short."""

    def __init__(self, area: QRectF, plan: Plan, x: Range, y: Range) -> None:
        self.x, self.y, self._font = x, y, plan.font(0.85)
        metrics = QFontMetricsF(self._font)
        self.line = metrics.height()
        self._gutter = widest(metrics, map(_tick, y.ticks)) + 6
        self._area = area
        self.field = area.adjusted(self._gutter, 1.15 * self.line, -0.5 * self.line, -2.1 * self.line)

    def point(self, x: float, y: float) -> QPointF:
        """Return where values stand, in pixels."""
        field = self.field
        return QPointF(
            field.left() + field.width() * (x - self.x.low) / (self.x.high - self.x.low),
            field.bottom() - field.height() * (y - self.y.low) / (self.y.high - self.y.low),
        )

    def points(self, x: Floats, y: Floats) -> Floats:
        """Return where values stand, shape (n, 2), in pixels."""
        field = self.field
        across = field.left() + field.width() * (x - self.x.low) / (self.x.high - self.x.low)
        up = field.bottom() - field.height() * (y - self.y.low) / (self.y.high - self.y.low)
        return np.stack((across, up), axis=1)

    def paint(self, painter: QPainter, colours: Theme, above: Sequence[str], below: Sequence[str]) -> None:
        """Paint the field, its lines and ticks, and what both directions are."""
        painter.fillRect(self.field, QColor(colours.window))
        painter.setFont(self._font)
        metrics, field = QFontMetricsF(self._font), self.field
        every = max(1, math.ceil(1.3 * self.line * len(self.y.ticks) / max(1.0, field.height())))
        across = widest(metrics, map(_tick, self.x.ticks)) + 0.6 * self.line
        few = max(1, math.ceil(across * len(self.x.ticks) / max(1.0, field.width())))
        for number, tick in enumerate(self.y.ticks):
            at = self.point(self.x.low, tick)
            self._rule(painter, colours, at, QPointF(field.right(), at.y()))
            if number % every == 0:
                top = min(max(at.y() - self.line / 2, field.top()), field.bottom() - self.line / 2)
                write(painter, QRectF(self._area.left(), top, self._gutter - 4, self.line), [_tick(tick)], RIGHT)
        for number, tick in enumerate(self.x.ticks):
            at = self.point(tick, self.y.low)
            self._rule(painter, colours, at, QPointF(at.x(), field.top()))
            if number % few == 0:
                wide = metrics.horizontalAdvance(_tick(tick)) + 2
                left = min(at.x() - wide / 2, self._area.right() - wide)
                write(painter, QRectF(left, field.bottom() + 1, wide, self.line), [_tick(tick)], CENTRE)
        painter.setPen(QColor(colours.muted))
        write(
            painter,
            QRectF(field.left(), self._area.bottom() - self.line, self._area.right() - field.left(), self.line),
            below,
            LEFT,
        )
        write(painter, QRectF(self._area.left(), self._area.top(), self._area.width(), self.line), above, LEFT)

    def _rule(self, painter: QPainter, colours: Theme, begin: QPointF, end: QPointF) -> None:
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(begin, end)
        painter.setPen(QColor(colours.muted))


def _tick(value: float) -> str:
    return compact(round(value, 6), digits=4)
