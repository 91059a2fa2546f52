"""Bars of what is right of old and new task: two large ones, and a list of the telling combinations."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui.panels.put_back import words
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.put_back.place import Place
from lwf_gui.gui.panels.put_back.plan import Plan
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import LEFT, RIGHT, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.put_back import Known, PutBackFigures

FULL = "100.0 %"
"""The widest figure: room for it is reserved."""

STOOD = ("where it stands with nothing put back", "with nothing put back", "nothing put back")
"""What a thin mark is."""


class BarPainter:
    """Paints one learner's bars, and notes their spots."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: PutBackFigures, learner: str) -> None:
        self._painter, self._plan, self._colours = painter, plan, colours
        self._figures, self._learner = figures, learner
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, combination: int) -> None:
        """Paint what is right of both tasks, with a mark where it stands as it is, and below what the bars are of."""
        figures, line = self._figures, QFontMetricsF(self._plan.font(0.85)).height()
        legend = QRectF(area.left(), area.bottom() - 2 * line, area.width(), 2 * line)
        high = (legend.top() - area.top() - 0.2 * line) / 2
        now, was = (_pair(figures.known[self._learner][each]) for each in (combination, 0))
        titles = [name[0].upper() + name[1:] for name in figures.tasks]
        name = sized(self._plan.font(), titles, 0.3 * area.width(), 0.9 * high)
        digits = sized(self._plan.font(1.3, bold=True, fixed_digits=True), (FULL,), 0.32 * area.width(), 0.9 * high)
        left = widest(QFontMetricsF(name), titles) + 0.5 * line
        right = widest(QFontMetricsF(digits), (FULL,)) + 0.4 * line
        for place, title in enumerate(titles):
            row = QRectF(area.left(), area.top() + place * high, area.width(), high)
            self.spots.append(Spot(row, Place("bar", self._learner, place)))
            self._painter.setPen(QColor(self._colours.text))
            self._painter.setFont(name)
            write(self._painter, QRectF(row.left(), row.top(), left, high), [title])
            thick = min(0.72 * high, 2.4 * line)
            bar = QRectF(row.left() + left, row.center().y() - thick / 2, row.width() - left - right, thick)
            self._bar(bar, now[place], was[place])
            self._painter.setPen(QColor(self._colours.text))
            self._painter.setFont(digits)
            write(
                self._painter,
                QRectF(bar.right(), row.top(), right, high),
                [words.percents(figures, place, now[place])],
                RIGHT,
            )
        self._legend(legend)

    def _bar(self, rect: QRectF, share: float, stood: float) -> None:
        """Paint a bar from 0 to 100 % and a thin mark where it stands as it is."""
        painter, colours = self._painter, self._colours
        self._filled(rect, share, colours.raised)
        if math.isfinite(stood):
            at = rect.left() + rect.width() * stood / 100
            painter.fillRect(QRectF(at - 2, rect.top() - 3, 4, rect.height() + 6), QColor(colours.surface))
            painter.fillRect(QRectF(at - 1, rect.top() - 3, 2, rect.height() + 6), QColor(colours.text))

    def _filled(self, rect: QRectF, share: float, back: str) -> None:
        """Paint a bar from 0 to 100 % upon its background."""
        self._painter.fillRect(rect, QColor(back))
        part = QRectF(rect.left(), rect.top(), rect.width() * share / 100, rect.height())
        self._painter.fillRect(part, QColor(self._colours.learner(self._learner)))

    def _legend(self, rect: QRectF) -> None:
        """Say in two lines what the bars are of, and what the thin mark is."""
        painter, line = self._painter, rect.height() / 2
        painter.setFont(self._plan.font(0.85))
        painter.setPen(QColor(self._colours.muted))
        write(painter, QRectF(rect.left(), rect.top(), rect.width(), line), words.measured(self._figures))
        below = QRectF(rect.left(), rect.top() + line, rect.width(), line)
        painter.fillRect(QRectF(below.left() + 1, below.top() + 2, 2, line - 4), QColor(self._colours.text))
        write(painter, below.adjusted(0.5 * line, 0, 0, 0), STOOD)

    # ---- the list

    def list_telling(self, area: QRectF, combination: int) -> None:
        """Paint a row for each combination that says much: its name, and small bars of both tasks."""
        figures, telling = self._figures, self._figures.telling
        high = area.height() / (len(telling) + 1)
        names = [words.row_name(figures, each) for each in telling]
        heading = "Put back"
        font = sized(self._plan.font(0.9), (*names, heading), 0.32 * area.width(), 0.95 * high)
        metrics = QFontMetricsF(font)
        left = widest(metrics, (*names, heading)) + 20
        half = (area.width() - left) / 2
        columns = [QRectF(area.left() + left + place * half, area.top(), half - 8, high) for place in (0, 1)]
        self._painter.setFont(font)
        self._painter.setPen(QColor(self._colours.muted))
        write(self._painter, QRectF(area.left(), area.top(), left, high), [heading])
        for column, task in zip(columns, figures.tasks, strict=True):
            write(self._painter, column, [f"{task}, %", task])
        for number, (each, name) in enumerate(zip(telling, names, strict=True), 1):
            row = QRectF(area.left(), area.top() + number * high, area.width(), high)
            self.spots.append(Spot(row, Place("combination", self._learner, each)))
            self._row(row, [column.translated(0, number * high) for column in columns], name, each, combination)

    def _row(self, row: QRectF, columns: list[QRectF], name: str, each: int, chosen: int) -> None:
        painter, is_chosen = self._painter, each == chosen
        if is_chosen:  # a bar at its side, as colour alone says nothing
            painter.fillRect(row.adjusted(0, 1, 0, -1), QColor(self._colours.raised))
            painter.fillRect(QRectF(row.left(), row.top() + 1, 3, row.height() - 2), QColor(self._colours.accent))
        font = painter.font()
        painter.setPen(QColor(self._colours.text))
        write(painter, QRectF(row.left() + 7, row.top(), columns[0].left() - row.left() - 9, row.height()), [name])
        metrics = QFontMetricsF(font)
        right = metrics.horizontalAdvance(FULL) + 4
        shares = _pair(self._figures.known[self._learner][each])
        for place, (column, share) in enumerate(zip(columns, shares, strict=True)):
            thick = min(0.6 * row.height(), 1.5 * metrics.height())
            bar = QRectF(column.left(), row.center().y() - thick / 2, max(0.0, column.width() - right), thick)
            self._filled(bar, share, self._colours.surface if is_chosen else self._colours.raised)
            painter.setPen(QColor(self._colours.text))
            write(
                painter,
                QRectF(bar.right(), row.top(), right, row.height()),
                [words.percents(self._figures, place, share)],
                RIGHT,
            )


def write_lines(painter: QPainter, rect: QRectF, texts: tuple[str, ...]) -> None:
    """Write the first of these texts that fits a place, in several lines if need be; of the last what fits a line."""
    metrics, flags = QFontMetricsF(painter.font()), int(LEFT | Qt.TextFlag.TextWordWrap)
    for text in texts:
        needed = metrics.boundingRect(QRectF(0, 0, rect.width(), 1e6), flags, text)
        if needed.height() <= rect.height() + 1 and needed.width() <= rect.width():
            painter.drawText(rect, flags, text)
            return
    write(painter, rect, texts)


def _pair(known: Known) -> tuple[float, float]:
    return known.old, known.new
