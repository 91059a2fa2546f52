"""The squares of a trade-off: accuracies from 0 to 100 percent in both directions."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import apart
from lwf_gui.gui.panels.text import LEFT, MIDDLE, RIGHT, fitting, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import tradeoff

CORNERS = ("remembers and learns ↗", "keeps both ↗"), ("learns but forgets ↘", "forgets ↘")
"""What the right ends of the square mean, above and below."""

HOLLOW = (), ("hollow mark: b = 0", "hollow: b = 0")
"""What the marks on the bias curves are; said below."""

WIDEST = 2.0
"""How much wider than high a square of accuracies may be drawn."""

BELOW = 6
"""Pixels between a square and the figures below it: room for half a mark."""


class PercentAxes(NamedTuple):
    """The square from 0 to 100 percent in both directions, in pixels."""

    square: QRectF

    def point(self, new: float, old: float) -> QPointF:
        """Return where accuracies are."""
        return QPointF(
            self.square.x() + self.square.width() * new / 100, self.square.bottom() - self.square.height() * old / 100
        )

    def line(self, new: tradeoff.Floats, old: tradeoff.Floats) -> tradeoff.Floats:
        """Return where a line of accuracies is, shape (n, 2), without points that share a place with the one before."""
        square = self.square
        x, y = square.x() + square.width() / 100 * new, square.bottom() - square.height() / 100 * old
        return apart(np.stack((x, y), 1))


def paint_axes(
    painter: QPainter,
    cell: QRectF,
    title: tuple[str, ...],
    notes: tuple[tuple[str, ...], tuple[str, ...]],
    colours: Theme,
) -> PercentAxes:
    """Paint a square with percent ticks and titles, and with notes at its right, above and below."""
    bold, small = theme.font(0.9, bold=True), theme.font(0.8)
    head, metrics = QFontMetricsF(bold), QFontMetricsF(small)
    line = metrics.height()
    roomy = cell.height() > 11 * line
    gap = metrics.horizontalAdvance("100") + line + 6
    square = cell.adjusted(gap, head.height() + 3, 0, -line * (2 if roomy else 1) - BELOW)
    square.setWidth(min(square.width(), WIDEST * square.height()))
    painter.fillRect(square, QColor(colours.window))
    painter.setPen(QPen(QColor(colours.line), 1))
    axes = PercentAxes(square)
    for share in (0, 25, 50, 75, 100):
        painter.drawLine(axes.point(share, 0), axes.point(share, 100))
        painter.drawLine(axes.point(0, share), axes.point(100, share))
    painter.setFont(small)
    painter.setPen(QColor(colours.muted))
    for share, side in ((0, LEFT), (50, MIDDLE), (100, RIGHT)):
        x, y = axes.point(share, 0).x(), axes.point(0, share).y() - line / 2
        if roomy or share != 50:
            x = min(max(x - 30, square.x()), square.right() - 60)  # the outer ones stay within the square
            write(painter, QRectF(x, square.bottom() + BELOW, 60, line), [str(share)], side)
        if square.height() > 3.4 * line or share != 50:
            y = min(max(y, square.y()), square.bottom() - line)
            write(painter, QRectF(square.x() - 64, y, 60, line), [str(share)], RIGHT)
    _paint_titles(painter, axes, cell, roomy)
    painter.setFont(bold)
    painter.setPen(QColor(colours.text))
    top = QRectF(cell.x(), cell.y(), cell.width(), head.height())
    text = fitting(head, top.width(), *title)
    write(painter, top, [text])
    painter.setFont(small)
    painter.setPen(QColor(colours.muted))
    top.setRight(square.right())
    room = top.width() - head.horizontalAdvance(text) - 10
    top.setLeft(top.right() - room)
    write(painter, top, [*notes[0], ""], RIGHT)
    if roomy:
        half = square.width() / 2 - 4
        ends = QRectF(square.right() - half, square.bottom() + BELOW + line, half, line)
        write(painter, ends, [*notes[1], ""], RIGHT)
    return axes


def _paint_titles(painter: QPainter, axes: PercentAxes, cell: QRectF, roomy: bool) -> None:
    """Paint what both directions are."""
    metrics = QFontMetricsF(painter.font())
    line, square = metrics.height(), axes.square
    across, up = ((f"{task} task, % right", f"{task}, % right", f"{task} %", "") for task in ("new", "old"))
    room = square.width() / 2 if roomy else square.width() - 2 * metrics.horizontalAdvance("100")
    place = QRectF(square.x(), square.bottom() + BELOW + (line if roomy else 0), square.width(), line)
    text = fitting(metrics, room, *across)
    write(painter, place, [text], LEFT if roomy else MIDDLE)
    painter.save()
    painter.translate(cell.x(), square.bottom())
    painter.rotate(-90)
    write(painter, QRectF(0, 0, square.height(), line), up, MIDDLE)
    painter.restore()
