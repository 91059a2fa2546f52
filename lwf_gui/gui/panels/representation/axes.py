"""The curves' axes: steps of the later tasks, as the plots have them, and linear CKA up to 1."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.representation import words
from lwf_gui.gui.panels.representation.plan import Plan
from lwf_gui.gui.panels.text import CENTRE, RIGHT, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.representation import RepresentationFigures
from lwf_gui.runs.step_scale import StepScale

FULL = "1.00"
"""The widest label of the axis of CKA: room for it is reserved."""

BAND = 0.06
"""How much of the paper the part covers in which the first steps are stretched."""

APART = 6.0
"""Pixels between two labels at least."""


class Axes:
    """Says where a step and a CKA are in an area, ``right`` pixels of which are for what stands at its side."""

    def __init__(
        self, area: QRectF, right: float, plan: Plan, colours: Theme, figures: RepresentationFigures, scale: StepScale
    ) -> None:
        assert figures.axis is not None, "there are figures"
        self._colours, self._scale, self._axis = colours, scale, figures.axis
        self.font = plan.font(0.85, fixed_digits=True)
        self._metrics = QFontMetricsF(self.font)
        self.line = line = self._metrics.height()
        self.lowest = 0.5 if not (figures.cka < 0.5).any() else 0.0
        self.field = area.adjusted(self._metrics.horizontalAdvance(FULL) + 6, 1.6 * line, -right, -2 * line - 2)
        self._row = QRectF(self.field.left(), self.field.bottom() + 2, self.field.width(), line)
        self._ticks: list[tuple[QRectF, str]] = []

    def x(self, step: float) -> float:
        """Return where a step is."""
        return self.field.left() + self._scale.place(float(step)) / self._axis.steps * self.field.width()

    def point(self, step: float, cka: float) -> QPointF:
        """Return where a step and a CKA are."""
        share = (cka - self.lowest) / (1 - self.lowest)
        return QPointF(self.x(step), self.field.bottom() - share * self.field.height())

    def paint(self, painter: QPainter, figures: RepresentationFigures) -> None:
        """Paint both axes with their labels, the stretched parts, and where tasks begin."""
        field, line = self.field, self.line
        fill = QColor(self._colours.text)
        fill.setAlphaF(BAND)
        for begin, end in self._scale.bands:
            ends = [field.left() + place / self._axis.steps * field.width() for place in (begin, end)]
            painter.fillRect(QRectF(ends[0], field.top(), ends[1] - ends[0], field.height()), fill)
        painter.setFont(self.font)
        most = 4 if self.lowest == 0 else 5  # labels with two decimals at most
        count = most if field.height() > 1.4 * most * line else 2 if field.height() > 3 * line else 1
        left = field.left() - self._metrics.horizontalAdvance(FULL) - 6
        for number in range(count + 1):
            cka = self.lowest + (1 - self.lowest) * number / count
            y = self.point(0, cka).y()
            painter.setPen(QColor(self._colours.line))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(QColor(self._colours.muted))
            write(painter, QRectF(left, y - line / 2, field.left() - left - 5, line), [f"{cka:.3g}"], RIGHT)
        painter.setPen(QPen(QColor(self._colours.muted), 1, Qt.PenStyle.DotLine))
        for begin in self._axis.boundaries[1:]:
            painter.drawLine(QPointF(self.x(begin), field.top()), QPointF(self.x(begin), field.bottom()))
        self._steps(painter)
        below = QRectF(left, self._row.bottom(), field.right() - left, line)
        write(painter, below, words.axis_texts(figures, stretched=bool(self._scale.bands)), RIGHT)

    def here(self, painter: QPainter, step: int) -> None:
        """Mark the step that is looked at, and label it and those whose labels leave it room."""
        x, text = self.x(step), f"step {step:,}"
        painter.setPen(QPen(QColor(self._colours.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(x, self.field.top()), QPointF(x, self.field.bottom()))
        place = self._place(x, text)
        painter.setFont(self.font)
        painter.setPen(QColor(self._colours.muted))
        for tick, label in self._ticks:
            if not tick.adjusted(-3, 0, 3, 0).intersects(place):  # a label goes as a whole
                painter.drawText(tick, int(CENTRE | Qt.TextFlag.TextDontClip), label)
        painter.setPen(QColor(self._colours.text))
        painter.drawText(place, int(CENTRE | Qt.TextFlag.TextDontClip), text)

    def _steps(self, painter: QPainter) -> None:
        """Mark steps below the field: the ends, where tasks begin, where a stretched part ends, then round ones."""
        painter.setPen(QColor(self._colours.muted))
        knots = [int(step) for step in self._scale.steps]
        power = 10 ** (len(str(self._axis.steps)) - 1)
        round_ones = [part * power // 2 for part in range(1, 20)] + [knot // 2 for knot in knots[1:2]]
        for step in dict.fromkeys((0, self._axis.steps, *self._axis.boundaries, *knots, *round_ones)):
            x, text = self.x(step), f"{step:,}"
            place = self._place(x, text)
            free = not any(place.adjusted(-APART, 0, APART, 0).intersects(other) for other, _ in self._ticks)
            if step <= self._axis.steps and free:
                self._ticks.append((place, text))
                painter.drawLine(QPointF(x, self._row.top() - 2), QPointF(x, self._row.top() + 1))

    def _place(self, x: float, text: str) -> QRectF:
        """Return the place of a text below a step, which reaches little beyond the field."""
        row, wide = self._row, self._metrics.horizontalAdvance(text) + 2
        left = min(max(x - wide / 2, row.left() - 0.5 * self.line), row.right() + 0.5 * self.line - wide)
        return QRectF(left, row.top(), wide, row.height())
