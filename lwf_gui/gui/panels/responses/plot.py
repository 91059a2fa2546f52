"""One learner's plot of old scores: the old network's to the right, its own upwards, a line for each old class."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curves.heights import spread
from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, RIGHT, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import score_response_words as words
from lwf_gui.runs.names import names_of
from lwf_gui.runs.score_response import Floats, Response, Responses

MOST_DOTS = 600
"""Dots of one plot: of more images every second, third, ... is drawn, for they would only lie upon each other."""

DOT, FAINT = 2.4, 70
"""Pixels of a dot, and how much it covers, of 255."""

FARTHEST = 1e6
"""Scores from here on are of a learner about to diverge: no axis can show them."""

MOST_NAMES = 8
"""Classes whose lines carry names: of more the highest one alone."""


class Place(NamedTuple):
    """A learner's plot, or the line of one of its old classes."""

    learner: str
    unit: int = -1


class Range(NamedTuple):
    """The scores that all plots show, so that they can be compared: lowest and highest, before and now."""

    left: float
    right: float
    low: float
    high: float

    @staticmethod
    def of(shown: list[Response]) -> Range:
        """Return the range of nearly all scores, of those who are shown."""
        with np.errstate(all="ignore"):
            before = np.quantile(np.concatenate([each.before.ravel() for each in shown]), (0.002, 0.998))
            now = np.quantile(np.concatenate([each.now.ravel() for each in shown]), (0.002, 0.998))
        (left, right), (low, high) = (_widened(*map(float, ends)) for ends in (before, now))
        return Range(left, right, low, high)


def _widened(low: float, high: float) -> tuple[float, float]:
    """Return ends with some room beside them; of scores that are none, those of nothing."""
    if not (abs(low) < FARTHEST and abs(high) < FARTHEST):
        return -1.0, 1.0
    room = 0.04 * (high - low) or 1.0
    return low - room, high + room


class ResponsePlot:
    """Paints one plot in a cell."""

    def __init__(self, painter: QPainter, cell: QRectF, figures: Responses, ends: Range, colours: Theme) -> None:
        self._painter, self._figures, self._ends, self._colours = painter, figures, ends, colours
        self._small = theme.font(0.85)
        metrics = QFontMetricsF(self._small)
        self._line = metrics.height()
        self._cell = cell
        names = max(map(metrics.horizontalAdvance, figures.classes))
        self._right = min(names + 8, 0.32 * cell.width())
        top = QFontMetricsF(theme.font(1.0, bold=True)).height() + self._line + 4
        left = metrics.horizontalAdvance("-10") + self._line + 6
        self.field = cell.adjusted(left, top, -self._right, -2 * self._line - 2)
        self.spots: list[Spot] = []

    def paint(self, found: Response) -> None:
        """Paint headline, axes, dots, lines and names."""
        painter, line = self._painter, self._line
        self.spots.append(Spot(self._cell, Place(found.learner)))
        self._head(found)
        self._axes()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.save()
        painter.setClipRect(self.field)
        self._diagonal()
        self._dots(found)
        ends = self._lines(found)
        painter.restore()
        painter.setFont(self._small)
        for unit, y in self._spread(found, ends).items():
            text = self._figures.classes[unit]
            box = QRectF(self.field.right() + 4, y - line / 2, self._right - 4, line)
            top = found.one_answer and unit == found.top
            painter.setFont(theme.font(0.85, bold=top))
            painter.setPen(QColor(self._colours.text if top else self._colours.muted))
            write(painter, box, [text])
            self.spots.append(Spot(box, Place(found.learner, unit)))

    def _head(self, found: Response) -> None:
        """Paint the learner's name with how much is left, and below it what that means."""
        painter, bold = self._painter, theme.font(1.0, bold=True)
        metrics, cell = QFontMetricsF(bold), self._cell
        painter.setFont(bold)
        names = dict.fromkeys(form[found.learner] for form in names_of([found.learner]))
        texts = [f"{name}{end}" for name in names for end in words.headlines(found)]
        heading(
            painter,
            QRectF(cell.left(), cell.top(), cell.width(), metrics.height()),
            found.learner,
            texts,
            self._colours,
        )
        painter.setFont(self._small)
        painter.setPen(QColor(self._colours.text))
        below = QRectF(cell.left(), cell.top() + metrics.height(), cell.width(), self._line)
        write(painter, below, words.verdicts(found, self._figures.classes))

    def _axes(self) -> None:
        """Paint the field with round scores along both sides, and what lies along them."""
        painter, field, line = self._painter, self.field, self._line
        painter.fillRect(field, QColor(self._colours.window))
        painter.setFont(self._small)
        across, up = words.axes(self._figures.task)
        for score in _round(self._ends.left, self._ends.right):
            x = self.point(score, 0).x()
            painter.setPen(QPen(QColor(self._colours.line), 1))
            painter.drawLine(QPointF(x, field.top()), QPointF(x, field.bottom()))
            painter.setPen(QColor(self._colours.muted))
            write(painter, QRectF(x - 30, field.bottom() + 1, 60, line), [f"{score:g}"], CENTRE)
        for score in _round(self._ends.low, self._ends.high):
            y = self.point(0, score).y()
            painter.setPen(QPen(QColor(self._colours.line), 1))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            painter.setPen(QColor(self._colours.muted))
            write(painter, QRectF(field.left() - 44, y - line / 2, 40, line), [f"{score:g}"], RIGHT)
        write(painter, QRectF(field.left(), field.bottom() + line, field.width(), line), across, CENTRE)
        painter.save()
        painter.translate(self._cell.left(), field.bottom())
        painter.rotate(-90)
        write(painter, QRectF(0, 0, field.height(), line), up, CENTRE)
        painter.restore()

    def point(self, before: float, now: float) -> QPointF:
        """Return where two scores are."""
        ends, field = self._ends, self.field
        x = field.left() + field.width() * (before - ends.left) / (ends.right - ends.left)
        return QPointF(x, field.bottom() - field.height() * (now - ends.low) / (ends.high - ends.low))

    def _diagonal(self) -> None:
        """Paint where nothing has changed."""
        pen = QPen(QColor(self._colours.muted), 1.2, Qt.PenStyle.DashLine)
        painter, field, ends = self._painter, self.field, self._ends
        painter.setPen(pen)
        low, high = max(ends.left, ends.low), min(ends.right, ends.high)
        begin, end = self.point(low, low), self.point(high, high)
        painter.drawLine(begin, end)
        painter.save()
        painter.setFont(self._small)
        painter.translate(begin)
        painter.rotate(math.degrees(math.atan2(end.y() - begin.y(), end.x() - begin.x())))
        length = math.hypot(end.x() - begin.x(), end.y() - begin.y())
        painter.setPen(QColor(self._colours.muted))
        if low < high and field.height() > 4 * self._line:
            write(painter, QRectF(6, -self._line - 1, length - 12, self._line), ["as before", ""])
        painter.restore()

    def _dots(self, found: Response) -> None:
        before, now = found.before, found.now
        every = -(-before.size // MOST_DOTS)
        colour = QColor(self._colours.learner(found.learner))
        colour.setAlpha(FAINT)
        pen = QPen(colour, DOT)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        self._painter.setPen(pen)
        self._painter.drawPoints(QPolygonF(self._points(before[::every], now[::every])))

    def _points(self, before: Floats, now: Floats) -> list[QPointF]:
        finite = np.isfinite(before) & np.isfinite(now)
        return [self.point(x, y) for x, y in zip(before[finite].tolist(), now[finite].tolist(), strict=True)]

    def _lines(self, found: Response) -> dict[int, float]:
        """Paint each old class's line over the scores that it had; return the heights that they end at."""
        painter, heights = self._painter, dict[int, float]()
        for unit, slope in enumerate(found.slopes.tolist()):
            if slope != slope:
                continue
            low, high = (float(end) for end in np.quantile(found.before[:, unit], (0.02, 0.98)))
            top = found.one_answer and unit == found.top
            colour = QColor(self._colours.learner(found.learner))
            painter.setPen(QPen(colour, 3.2 if top else 1.6))
            begin, end = (self.point(x, found.at(unit, x)) for x in (low, high))
            painter.drawLine(begin, end)
            heights[unit] = min(max(end.y(), self.field.top()), self.field.bottom())
        return heights

    def _spread(self, found: Response, ends: dict[int, float]) -> dict[int, float]:
        """Return the heights of the names, apart from each other; of many classes the highest line's name alone.

        Lines that go up side by side end in one place: whose each is would not be seen.
        """
        if found.slope >= words.FOLLOWS:
            return {}
        if len(ends) > MOST_NAMES or len(ends) * self._line > self.field.height() + self._line:
            ends = {unit: y for unit, y in ends.items() if unit == found.top}
        half = self._line / 2
        places = spread(list(ends.values()), self._line, self.field.top() - half, self.field.bottom() + half)
        return dict(zip(ends, places, strict=True))


def _round(low: float, high: float) -> list[float]:
    """Return a few round scores between two."""
    least = 10.0 ** np.floor(np.log10((high - low) / 2))
    step = next((float(least * part) for part in (1, 2, 5) if (high - low) / (least * part) <= 6), 10 * float(least))
    return [round(number * step, 6) + 0.0 for number in range(int(np.ceil(low / step)), int(np.floor(high / step)) + 1)]
