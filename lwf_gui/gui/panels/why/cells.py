"""The bars of one side: for each learner and moment a score of each class, and where the old network's stands."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPolygonF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import ink, mixed, verdict_sign, wrong_colour
from lwf_gui.gui.panels.put_back.network import SMALLEST, sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, widest, write
from lwf_gui.gui.panels.why.bars import Bars
from lwf_gui.gui.panels.why.place import Place
from lwf_gui.gui.panels.why.plan import Block, Plan
from lwf_gui.gui.panels.why.words import WhyWords
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.metrics import NO_ANSWER
from lwf_gui.runs.why_answers import BEFORE

SAID, SAID_LARGE, LARGE = 0.8, 0.7, 18.0
"""Size of what stands above the bars, as a part of the type around them; and where lines are so many pixels high."""

SHRUNK = 0.86
"""How much smaller it is made rather than shorter."""

ZERO = 0.05
"""Change below which none is written."""

PALE = 0.5
"""How much of its colour a bar has that is not the highest: that one has all of it."""


GHOST = 0.35
"""How much of its colour the old network's bar has where it stands behind another one, as in the column beside it."""

FIGURE, FLAT = 0.8, 0.9
"""Size of the bars' figures, as a part of the type around them; and how high they are, of a line of it."""

READABLE = 7
"""Pixels of type below which figures of the extremes alone stand there, larger."""

ROOMY = 4.0
"""Lines of figures that bars are high at least where one line is kept free below the longest of them."""


class CellPainter:
    """Paints the cells of one side, and notes their spots."""

    def __init__(
        self, painter: QPainter, places: tuple[Plan, Block], colours: Theme, words: WhyWords, bars: Bars
    ) -> None:
        self._painter, self._colours, self._words, self._all = painter, colours, words, bars
        self._plan, self._block = places
        self._said = SAID if theme.line_height() * places[0].scale < LARGE else SAID_LARGE
        self._font: tuple[QFont, bool] = (places[0].font(FIGURE), True)
        self.spots: list[Spot] = []

    def paint(self, learners: Sequence[str], rows: Sequence[int]) -> None:
        """Paint a cell for each of these learners, which have these rows in the figures, and each moment."""
        side = self._all.side
        line = QFontMetricsF(self._plan.font(self._said)).height()
        self._font = self._small(rows)
        for moment, column in self._block.columns.items():
            heads = self._heads(rows, moment, column.width())
            for place, row in enumerate(rows):
                cell = self._block.cell(place, moment)
                head = QRectF(cell.left(), cell.top(), cell.width(), min(line, 0.4 * cell.height()))
                bars = QRectF(cell.left(), head.bottom() + 1, cell.width(), cell.bottom() - head.bottom() - 1)
                key = Place("answer", self._block.side, learners[row], moment)
                self.spots.append(Spot(head, key))
                self._answer(head, heads[place], row, moment)
                if side.told.answers[moment, row] != NO_ANSWER:
                    self._bars(bars, row, key)

    def _heads(self, rows: Sequence[int], moment: int, width: float) -> list[str]:
        """Return what stands above the bars of a column: for all learners the longest wording that fits."""
        side, metrics = self._all.side, QFontMetricsF(self._plan.font(self._said, bold=True))
        if self._all.are_changes(moment):
            said = [self._words.pushed(side, row, moment) for row in rows]
        else:
            said = [self._words.headed(side, row, moment) for row in rows]
        width -= 0.0 if side.is_mean or self._all.are_changes(moment) else metrics.height()
        width /= SHRUNK if SHRUNK * QFontInfo(self._plan.font(self._said)).pixelSize() > SMALLEST else 1.0
        most = max(map(len, said))
        told = [texts for texts in said if len(texts) == most]
        form = next((form for form in range(most) if widest(metrics, [texts[form] for texts in told]) <= width), most)
        return [texts[min(form, len(texts) - 1)] for texts in said]

    def _answer(self, head: QRectF, text: str, row: int, moment: int) -> None:
        """Write what is answered; of one image with a tick or a cross where it can be right."""
        painter, side = self._painter, self._all.side
        known, right = bool(side.told.answers[moment, row] != NO_ANSWER), int(side.told.right[moment, row])
        changes = self._all.are_changes(moment)
        judged = known and right != NO_ANSWER and not side.is_mean and not changes
        size = 0.62 * head.height() if judged else 0.0
        room = head.width() - (size + 4 if judged else 0)
        font = sized(self._plan.font(self._said, bold=known and not changes), [text], room, head.height())
        painter.setFont(font)
        painter.setPen(QColor(self._colours.text if known else self._colours.muted))
        wide = min(room, widest(QFontMetricsF(font), [text]))
        left = head.center().x() - (wide + (size + 4 if judged else 0)) / 2
        write(painter, QRectF(left, head.top(), wide + 1, head.height()), [text])
        if judged:
            painter.setPen(QColor(self._colours.text) if right else wrong_colour(self._colours))
            verdict_sign(painter, QRectF(left + wide + 4, head.center().y() - size / 2, size, size), bool(right))

    def _bars(self, area: QRectF, row: int, key: Place) -> None:
        """Paint a bar for each class from the zero line, the old network's behind it, and a mark over the highest."""
        painter, colours, bars, moment = self._painter, self._colours, self._all, key.moment
        crown = min(5.0 * self._plan.scale, 0.14 * area.height())
        inner = area.adjusted(0, crown + 1, 0, -1)
        painter.fillRect(inner, QColor(colours.raised))
        low, high = bars.span(moment)
        changes, below = bars.are_changes(moment), FLAT * QFontMetricsF(self._font[0]).height()
        roomy = ROOMY * below < inner.height()
        figured = changes or (not bars.side.new and roomy)
        room = inner.height() - (below if figured and roomy else 0.0)
        unit_high = room / (high - low)
        zero = inner.top() + high * unit_high
        fill = QColor(colours.teacher if moment == BEFORE else colours.learner(key.learner))
        pale, answer = mixed(QColor(colours.raised), fill, PALE), int(bars.side.told.answers[moment, row])
        ghost = mixed(QColor(colours.raised), QColor(colours.teacher), GHOST)
        drawn: list[tuple[QRectF, float]] = []
        for slot, unit in bars.slots(inner):
            value, was = bars.value(moment, row, unit), bars.value(BEFORE, row, unit)
            gap = 0.14 * slot.width()
            if moment != BEFORE and math.isfinite(was) and not changes:
                level = QRectF(
                    slot.left() + 0.5, zero - max(was, 0.0) * unit_high, slot.width() - 1, abs(was) * unit_high
                )
                painter.fillRect(level, ghost)
            bar = QRectF(slot.left() + gap, zero, slot.width() - 2 * gap, 0)
            if math.isfinite(value):
                end = min(max(zero - value * unit_high, inner.top()), inner.bottom())
                bar.setTop(min(end, zero))
                bar.setBottom(max(end, zero, bar.top() + 1.5))
                painter.fillRect(bar, fill if unit == answer or changes else pale)
                drawn.append((bar, value))
            if unit == answer and not changes:  # the highest score, not the largest change
                self._crown(QRectF(slot.center().x() - crown, area.top(), 2 * crown, crown))
            self.spots.append(Spot(QRectF(slot.left(), area.top(), slot.width(), area.height()), _bar(key, unit)))
        thick = max(1.0, 1.5 * self._plan.scale) if changes else 1.0
        line = QColor(colours.text if changes else colours.muted)
        painter.fillRect(QRectF(inner.left(), zero - thick / 2, inner.width(), thick), line)
        if figured and drawn:
            self._figures(inner, drawn, fill, _figure if changes else _score)

    def _small(self, rows: Sequence[int]) -> tuple[QFont, bool]:
        """Return the type of the bars' figures, and whether all of them have room: the same for all learners."""
        bars, block = self._all, self._block
        moments = [moment for moment in block.columns if bars.are_changes(moment) or not bars.side.new]
        texts = [_figure(bars.value(each, row, unit)) for each in moments for row in rows for unit in bars.units]
        slot = min((block.columns[moment].width() for moment in moments), default=0.0) / max(1, len(bars.units))
        font = sized(self._plan.font(FIGURE), texts, slot - 1, 1e3)
        if widest(QFontMetricsF(font), texts) > slot + 1 or QFontInfo(font).pixelSize() < READABLE:
            return sized(self._plan.font(FIGURE), texts, 2 * slot, 1e3), False
        return font, True

    def _figures(
        self, inner: QRectF, drawn: list[tuple[QRectF, float]], fill: QColor, told: Callable[[float], str]
    ) -> None:
        """Write how large each value is: below its bar, or in it where there is no room, and below a rising one.

        Where not all have room side by side the extreme ones stand alone.
        """
        font, every = self._font
        self._painter.setFont(font)
        metrics, values = QFontMetricsF(font), [value for _, value in drawn]
        high, extremes = FLAT * metrics.height(), (values.index(min(values)), values.index(max(values)))
        taken = QRectF()
        for place in range(len(drawn)) if every else extremes:
            bar, text = drawn[place][0], told(values[place])
            wide = metrics.horizontalAdvance(text) + 1
            left = min(max(bar.center().x() - wide / 2, inner.left()), inner.right() - wide)
            within = bar.bottom() + high > inner.bottom() + 1
            box = QRectF(left, bar.bottom() - high - 1 if within else bar.bottom() + 0.5, wide, high)
            if not every and box.intersects(taken):
                continue
            taken = box
            if within and wide > bar.width():
                self._painter.fillRect(box, fill)
            elif not within and told is _score:  # no level runs through a figure
                self._painter.fillRect(box, QColor(self._colours.raised))
            self._painter.setPen(ink(fill) if within else QColor(self._colours.text))
            write(self._painter, box, [text], CENTRE)

    def _crown(self, box: QRectF) -> None:
        """Paint a mark over what is answered."""
        painter = self._painter
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(self._colours.text))
        painter.drawPolygon(QPolygonF([box.topLeft(), box.topRight(), QPointF(box.center().x(), box.bottom())]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _figure(value: float) -> str:
    return f"{value:+.1f}" if abs(value) >= ZERO else "0.0"


def _score(value: float) -> str:
    return f"{value:.1f}"


def _bar(key: Place, unit: int) -> Place:
    return key._replace(kind="bar", number=unit)
