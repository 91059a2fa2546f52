"""The bars of one side: for each learner and moment a score of each class, and where the old network's stands."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPolygonF

from lwf_gui.gui.panels.drawing import mixed, verdict_sign, wrong_colour
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, widest, write
from lwf_gui.gui.panels.why.place import Place
from lwf_gui.gui.panels.why.plan import Block, Plan
from lwf_gui.gui.panels.why.words import VIEWS, WhyWords
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.metrics import NO_ANSWER
from lwf_gui.runs.why import WhyFigures
from lwf_gui.runs.why_answers import BEFORE
from lwf_gui.runs.why_sides import Side

PALE = 0.5
"""How much of its colour a bar has that is not the highest: that one has all of it."""


class CellPainter:
    """Paints the cells of one side, and notes their spots."""

    def __init__(
        self, painter: QPainter, places: tuple[Plan, Block], colours: Theme, words: WhyWords, view: str
    ) -> None:
        self._painter, self._colours, self._words, self._view = painter, colours, words, view
        self._plan, self._block = places
        self.spots: list[Spot] = []

    def paint(self, figures: WhyFigures, rows: list[int]) -> None:
        """Paint the columns' names, and a cell for each of these learners and each moment."""
        side = figures.sides[self._block.side]
        values = side.told.scores if self._view == VIEWS[0] else side.told.shares
        low, high = _span(values[:, rows], self._view)
        self._columns()
        self._form = self._form_of(side, rows)
        for place, row in enumerate(rows):
            colour = QColor(self._colours.learner(figures.learners[row]))
            for moment in self._block.columns:
                cell = self._block.cell(place, moment)
                line = QFontMetricsF(self._plan.font(0.9)).height()
                head = QRectF(cell.left(), cell.top(), cell.width(), min(line, 0.4 * cell.height()))
                bars = QRectF(cell.left(), head.bottom() + 1, cell.width(), cell.bottom() - head.bottom() - 1)
                key = Place("answer", self._block.side, figures.learners[row], moment)
                self.spots.append(Spot(head, key))
                self._answer(head, side, row, moment)
                if side.told.answers[moment, row] == NO_ANSWER:
                    continue
                fill = QColor(self._colours.teacher) if moment == BEFORE else colour
                self._bars(bars, values[:, row], side, (low, high), key, fill, int(side.told.answers[moment, row]))

    def _columns(self) -> None:
        self._painter.setFont(self._plan.font(0.85))
        self._painter.setPen(QColor(self._colours.muted))
        for moment, column in self._block.columns.items():
            write(self._painter, column, self._words.moment(moment), CENTRE)

    def _form_of(self, side: Side, rows: list[int]) -> int:
        """Return the longest wording of the answers that fits all cells."""
        metrics = QFontMetricsF(self._plan.font(0.9, bold=True))
        said = [self._words.answer(side, row, moment) for row in rows for moment in self._block.columns]
        sign = 0.0 if side.is_mean else metrics.height()
        told = [texts for texts in said if len(texts) == max(map(len, said))]
        room = next(iter(self._block.columns.values())).width() - sign
        forms = range(len(told[0]))
        return next((form for form in forms if widest(metrics, [texts[form] for texts in told]) <= room), forms[-1])

    def _answer(self, head: QRectF, side: Side, row: int, moment: int) -> None:
        """Write what is answered; of one image with a tick or a cross where it can be right."""
        painter, texts = self._painter, self._words.answer(side, row, moment)
        known, right = bool(side.told.answers[moment, row] != NO_ANSWER), int(side.told.right[moment, row])
        judged = known and right != NO_ANSWER and not side.is_mean
        size = 0.62 * head.height() if judged else 0.0
        room = head.width() - (size + 4 if judged else 0)
        font = sized(self._plan.font(0.9, bold=known), [texts[-1]], room, head.height())
        painter.setFont(font)
        painter.setPen(QColor(self._colours.text if known else self._colours.muted))
        metrics = QFontMetricsF(font)
        text = texts[self._form] if known else texts[min(self._form, len(texts) - 1)]
        wide = min(room, widest(metrics, [text]))
        left = head.center().x() - (wide + (size + 4 if judged else 0)) / 2
        write(painter, QRectF(left, head.top(), wide + 1, head.height()), [text])
        if judged:
            painter.setPen(QColor(self._colours.text) if right else wrong_colour(self._colours))
            verdict_sign(painter, QRectF(left + wide + 4, head.center().y() - size / 2, size, size), bool(right))

    def _bars(
        self,
        area: QRectF,
        values: NDArray[np.float32],
        side: Side,
        span: tuple[float, float],
        key: Place,
        fill: QColor,
        answer: int,
    ) -> None:
        """Paint a bar for each class from the zero line, the old network's level, and a mark over the highest."""
        painter, colours = self._painter, self._colours
        crown = min(5.0 * self._plan.scale, 0.14 * area.height())
        inner = area.adjusted(0, crown + 1, 0, -1)
        painter.fillRect(inner, QColor(colours.raised))
        scale = inner.height() / (span[1] - span[0])

        def y(value: float) -> float:
            return inner.bottom() - (value - span[0]) * scale

        pale, level = mixed(QColor(colours.raised), fill, PALE), QColor(colours.text)
        for slot, unit in self.slots(inner, side):
            place = unit - side.asked.start
            value, was = float(values[key.moment, place]), float(values[BEFORE, place])
            gap = 0.14 * slot.width()
            bar = QRectF(slot.left() + gap, 0, slot.width() - 2 * gap, 0)
            if math.isfinite(value):
                bar.setTop(min(y(value), y(0)))
                bar.setBottom(max(y(value), y(0), bar.top() + 1.5))
                painter.fillRect(bar, fill if unit == answer else pale)
            if key.moment != BEFORE and math.isfinite(was):
                thick = max(1.0, 0.9 * self._plan.scale)
                painter.fillRect(QRectF(slot.left() + 1, y(was) - thick / 2, slot.width() - 2, thick), level)
            if unit == answer:
                self._crown(QRectF(slot.center().x() - crown, area.top(), 2 * crown, crown))
            self.spots.append(Spot(QRectF(slot.left(), area.top(), slot.width(), area.height()), _bar(key, unit)))
        painter.fillRect(QRectF(inner.left(), y(0) - 0.5, inner.width(), 1), QColor(colours.muted))

    def _crown(self, box: QRectF) -> None:
        """Paint a mark over what is answered."""
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colours.text))
        painter.drawPolygon(QPolygonF([box.topLeft(), box.topRight(), QPointF(box.center().x(), box.bottom())]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def slots(self, area: QRectF, side: Side) -> list[tuple[QRectF, int]]:
        """Return the place of each class across a cell, new ones a little apart from old ones."""
        old = [unit for unit in side.units if unit < self._old]
        apart = 0.4 if 0 < len(old) < len(side.units) else 0.0
        wide = area.width() / (len(side.units) + apart)
        return [
            (
                QRectF(
                    area.left() + (place + (0 if unit < self._old else apart)) * wide, area.top(), wide, area.height()
                ),
                unit,
            )
            for place, unit in enumerate(side.units)
        ]

    _old = _form = 0

    def separate(self, old: int) -> None:
        """Take how many old classes there are."""
        self._old = old


def _bar(key: Place, unit: int) -> Place:
    return key._replace(kind="bar", number=unit)


def _span(values: NDArray[np.float32], view: str) -> tuple[float, float]:
    """Return the lowest and highest value of a side's scale, 0 within; 1 is the highest probability."""
    if view != VIEWS[0]:
        return 0.0, 1.03
    known = values[np.isfinite(values)]
    low, high = (min(0.0, float(known.min())), max(0.0, float(known.max()))) if known.size else (0.0, 1.0)
    margin = 0.04 * (high - low) or 1.0
    return low - margin, high + margin
