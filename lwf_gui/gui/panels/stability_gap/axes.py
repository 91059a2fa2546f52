"""The lens's axes: steps since a task began, the very first ones stretched, and accuracy from 0 to 100 percent."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.stability_gap import words
from lwf_gui.gui.panels.stability_gap.plan import Plan
from lwf_gui.gui.panels.text import CENTRE, RIGHT, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.stability_gap import StabilityGap

FULL = "100 %"
"""The widest label of the axis of accuracy: room for it is reserved."""

STRETCH = 0.5
"""Power of a step that is its place: the very first steps, where all falls, have the most room."""

TICKS = (8, 24, 2, 40, 16, 4, 1, 12, 32, 6, 20, 50, 10, 3)
"""Steps that are labelled beside the first and the last, those first that say most: as many as have room."""


class Axes:
    """Says where a step and an accuracy are in an area, ``right`` pixels of which are for what stands at its side."""

    def __init__(self, area: QRectF, right: float, plan: Plan, colours: Theme, figures: StabilityGap) -> None:
        self._colours, self._length = colours, figures.length
        self.font = plan.font(0.85, fixed_digits=True)
        self._metrics = QFontMetricsF(self.font)
        self.line = line = self._metrics.height()
        self.field = QRectF(area)
        self.field.setLeft(area.left() + self._metrics.horizontalAdvance(FULL) + 6)
        self.field.setRight(area.right() - right)
        self.field.setTop(area.top() + 0.5 * line)
        self.field.setBottom(area.bottom() - 2 * line - 2)
        self._ticks: list[QRectF] = []
        self._row = QRectF(self.field.left(), self.field.bottom() + 2, self.field.width(), line)

    def point(self, step: float, share: float) -> QPointF:
        """Return where a step and an accuracy in percent are."""
        field, along = self.field, (max(step, 0) / self._length) ** STRETCH
        return QPointF(field.left() + along * field.width(), field.bottom() - share / 100 * field.height())

    def paint(self, painter: QPainter, figures: StabilityGap) -> None:
        """Paint both axes with their labels."""
        field, line, left = self.field, self.line, self.field.left() - self._metrics.horizontalAdvance(FULL) - 6
        painter.setFont(self.font)
        for percent in (0, 25, 50, 75, 100) if field.height() > 6 * line else (0, 50, 100):
            y = self.point(0, percent).y()
            painter.setPen(QColor(self._colours.line))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            if percent != 50 or field.height() > 3 * line:
                painter.setPen(QColor(self._colours.muted))
                write(painter, QRectF(left, y - line / 2, field.left() - left - 5, line), [f"{percent} %"], RIGHT)
        self._steps(painter)
        below = QRectF(left, self._row.bottom(), field.right() - left, line)
        write(painter, below, words.axis_texts(figures), RIGHT)

    def here(self, painter: QPainter, step: int) -> None:
        """Mark the step that is looked at, over its label."""
        x, text = self.point(step, 0).x(), f"step {step:,}"
        painter.setPen(QPen(QColor(self._colours.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, self.field.top()), QPointF(x, self.field.bottom()))
        place = self._place(x, text)
        for other in (place, *(tick for tick in self._ticks if tick.adjusted(-3, 0, 3, 0).intersects(place))):
            painter.fillRect(other, QColor(self._colours.window))  # a label goes as a whole
        painter.setFont(self.font)
        painter.setPen(QColor(self._colours.text))
        painter.drawText(place, int(CENTRE | Qt.TextFlag.TextDontClip), text)

    def _steps(self, painter: QPainter) -> None:
        """Write the steps below the field."""
        painter.setPen(QColor(self._colours.muted))
        for step in dict.fromkeys((0, self._length, *TICKS)):
            x, text = self.point(step, 0).x(), f"{step:,}"
            place = self._place(x, text)
            if step <= self._length and not any(place.adjusted(-5, 0, 5, 0).intersects(other) for other in self._ticks):
                self._ticks.append(place)
                painter.drawText(place, int(CENTRE | Qt.TextFlag.TextDontClip), text)
                painter.drawLine(QPointF(x, self._row.top() - 2), QPointF(x, self._row.top() + 1))

    def _place(self, x: float, text: str) -> QRectF:
        """Return the place of a text below a step, which reaches little beyond the field."""
        row, wide = self._row, self._metrics.horizontalAdvance(text) + 2
        left = min(max(x - wide / 2, row.left() - 0.5 * self.line), row.right() + 0.5 * self.line - wide)
        return QRectF(left, row.top(), wide, row.height())
