"""The losses as bars, a learner below the other on one axis: what is counted, and which distance is not."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.drawing import hatch, mark, mixed
from lwf_gui.gui.panels.equation.bar_plan import AXIS, BETWEEN, HEAD, NAME, plan, scale_of, texts_within
from lwf_gui.gui.panels.equation.typesetting import Typesetter
from lwf_gui.gui.panels.text import CENTRE, LEFT, names_within, widest, write
from lwf_gui.gui.panels.view_keys import ViewKey, height_of, paint_keys, width_of
from lwf_gui.numbers import compact
from lwf_gui.runs.loss_bar_words import NOT_COUNTED, legend, told, verdict
from lwf_gui.runs.loss_bars import Kind, LossBar, LossBars
from lwf_gui.runs.record import Record

PALE = 0.45
"""How much of its colour a bar has that is counted for the old classes; mistakes on the new ones have all of it."""

HIT = 10.0
"""Pixels that a bar can be pointed at, at least."""


class BarsPainter:
    """Paints the losses as bars, and finds their spots with the typesetter.

    Parameters
    ----------
    first : place of the first learner that is shown, where not all have room
    """

    def __init__(self, to: Typesetter, record: Record, bars: LossBars, area: QRectF, first: int) -> None:
        self._to, self._record, self._all, self._area = to, record, bars, area
        self._plan = plan(area, to.line, len(bars.bars))
        start = min(first // self._plan.rows * self._plan.rows, len(bars.bars) - self._plan.rows)
        self._shown = bars.bars[start : start + self._plan.rows]
        self._start, self._line = start, self._plan.scale * to.line
        self._top, self._tick = scale_of(bars.longest)

    @property
    def rows(self) -> int:
        """How many learners are shown."""
        return self._plan.rows

    def paint(self, keys: Sequence[ViewKey]) -> None:
        """Paint head, bars, axis and sentence, from top to bottom."""
        area, line = self._area, self._line
        self._head(QRectF(area.left(), area.top(), area.width(), HEAD * line), keys)
        top, high = area.top() + HEAD * line, (NAME + self._plan.bar + BETWEEN) * line
        names = self._names()
        for place, bar in enumerate(self._shown):
            self._row(bar, names, QRectF(area.left(), top + place * high, area.width(), high))
        top += len(self._shown) * high
        self._axis(QRectF(area.left(), top, area.width(), AXIS * line))
        top += AXIS * line
        self._verdict(QRectF(area.left(), top, area.width(), area.bottom() - top))

    # The head: what the bars are, and the keys

    def _head(self, box: QRectF, keys: Sequence[ViewKey]) -> None:
        to, font = self._to, self._to.font(0.85 * self._plan.scale)
        if len(self._shown) < len(self._all.bars):
            last = self._start + len(self._shown)
            keys = (ViewKey(f"{self._start + 1}-{last} of {len(self._all.bars)} ▶", False, ("page", "", 0)), *keys)
        wide = min(width_of(keys, font), 0.6 * box.width())
        corner = QRectF(box.right() - wide, box.top(), wide, box.height())
        spots = paint_keys(to.painter, corner, keys, font, to.colours)
        to.spots += spots
        room = spots[0].rect.left() - box.left() - 8 if spots else box.width()
        self._legend(QRectF(box.left(), box.top(), room, height_of(font)))

    def _legend(self, box: QRectF) -> None:
        """Paint a swatch of each kind of bar and what it is, in the longest way for which there is room."""
        to, items = self._to, legend(self._record, self._all)
        font = to.font(0.85 * self._plan.scale)
        metrics = QFontMetricsF(font)
        side = 0.7 * metrics.height()
        texts = texts_within(items, metrics, box.width() - 2.6 * side * len(items))
        x = box.left()
        for kind, text in texts:
            if x + 2 * side > box.right():
                break
            self._fill(QRectF(x, box.center().y() - side / 2, 1.4 * side, side), kind, QColor(to.colours.text))
            x += 1.8 * side
            to.painter.setFont(font)
            to.painter.setPen(QColor(to.colours.text))
            write(to.painter, QRectF(x, box.top(), max(0.0, box.right() - x), box.height()), [text])
            x += metrics.horizontalAdvance(text) + 0.8 * side

    # The learners

    def _names(self) -> dict[str, str]:
        metrics = QFontMetricsF(self._to.font(self._plan.scale, bold=True))
        learners = [bar.learner for bar in self._all.bars]
        return dict(names_within(metrics, 0.3 * self._area.width(), learners))

    def _row(self, bar: LossBar, names: dict[str, str], box: QRectF) -> None:
        """Paint a learner's name and what its loss is made of, and below that the bar."""
        to, line, scale = self._to, self._line, self._plan.scale
        bold, plain = to.font(scale, bold=True), to.font(scale)
        size = 0.6 * line
        head = QRectF(box.left(), box.top(), box.width(), NAME * line)
        mark(to.painter, QRectF(box.left(), head.center().y() - size / 2, size, size), bar.learner, to.colours)
        to.painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        to.painter.setFont(bold)
        to.painter.setPen(QColor(to.colours.words(bar.learner)))
        wide = widest(QFontMetricsF(bold), (names[each.learner] for each in self._shown)) + 1
        room = min(wide, 0.35 * box.width())
        write(to.painter, QRectF(box.left() + 1.4 * size, head.top(), room, head.height()), [names[bar.learner]])
        text = QRectF(head)
        text.setLeft(box.left() + 1.4 * size + room + 0.6 * line)
        to.painter.setFont(plain)
        to.painter.setPen(QColor(to.colours.text))
        write(to.painter, text, told(bar))
        to.add(head, "learner", bar.learner)
        self._bar(bar, QRectF(box.left(), head.bottom(), box.width(), self._plan.bar * line))

    def _bar(self, bar: LossBar, track: QRectF) -> None:
        to, x, free = self._to, track.left(), track.left()
        to.painter.fillRect(track, QColor(to.colours.raised))
        colour = QColor(to.colours.learner(bar.learner))
        for part in bar.parts:
            wide = self._across(part.nats, track)
            segment = QRectF(x, track.top(), max(wide, 1.5 if part.nats > 0 else 0.0), track.height())
            hit = QRectF(segment)
            hit.setLeft(max(free, segment.left()))
            hit.setRight(min(max(hit.left() + HIT, segment.right()), track.right()))
            to.light(segment, part.term)
            self._fill(segment, part.kind if bar.minimised else "free", colour)
            if part.kind == "free":
                self._say_not_counted(segment)
            to.add(hit, part.term, bar.learner)
            x, free = segment.right(), hit.right()

    def _across(self, nats: float, track: QRectF) -> float:
        """Return the pixels of so many nats."""
        return track.width() * min(1.0, nats / self._top) if math.isfinite(nats) and nats > 0 else 0.0

    def _fill(self, box: QRectF, kind: Kind, colour: QColor) -> None:
        """Fill a bar: whole, paler with an outline, or, of what is not counted, hatched with a broken outline."""
        painter, colours = self._to.painter, self._to.colours
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        inner = box.adjusted(0.5, 0.5, -0.5, -0.5)
        if kind in ("new", "both"):
            painter.fillRect(box, colour)
        elif kind == "old":
            painter.fillRect(box, mixed(QColor(colours.surface), colour, PALE))
            painter.setPen(QPen(colour, 1))
            painter.drawRect(inner)
        else:
            hatch(painter, box, colour)
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DashLine))
            painter.drawRect(inner)
        painter.restore()

    def _say_not_counted(self, box: QRectF) -> None:
        """Write on a hatched bar, on a ground of its own, that it is in no loss, where that has room."""
        to = self._to
        font = to.font(0.9 * self._plan.scale, bold=True)
        metrics = QFontMetricsF(font)
        wide, high = metrics.horizontalAdvance(NOT_COUNTED[0]) + 10, 1.05 * metrics.height()
        if wide > 0.9 * box.width() or high > box.height():
            return
        plate = QRectF(box.center().x() - wide / 2, box.center().y() - high / 2, wide, high)
        to.painter.setPen(Qt.PenStyle.NoPen)
        to.painter.setBrush(QColor(to.colours.surface))
        to.painter.drawRoundedRect(plate, 3, 3)
        to.painter.setBrush(Qt.BrushStyle.NoBrush)
        to.painter.setFont(font)
        to.painter.setPen(QColor(to.colours.text))
        write(to.painter, plate, [NOT_COUNTED[0]], CENTRE)

    # Below them

    def _axis(self, box: QRectF) -> None:
        """Write the scale below the bars: nats from 0 on."""
        to, font = self._to, self._to.font(0.8 * self._plan.scale)
        metrics = QFontMetricsF(font)
        to.painter.setFont(font)
        to.painter.setPen(QColor(to.colours.muted))
        count, taken = int(self._top / self._tick + 1e-6), -math.inf
        for index in range(count + 1):
            x = box.left() + box.width() * index * self._tick / self._top
            text = compact(index * self._tick, digits=2) + (" nats" if index == count else "")
            wide = metrics.horizontalAdvance(text) + 1
            left = min(max(x - wide / 2, box.left()), box.right() - wide)
            to.painter.fillRect(
                QRectF(min(x, box.right() - 1), box.top() - 0.3 * self._line, 1, 0.35 * self._line),
                (QColor(to.colours.muted)),
            )
            if left > taken + 6:
                write(to.painter, QRectF(left, box.top(), wide, box.height()), [text], LEFT)
                taken = left + wide

    def _verdict(self, box: QRectF) -> None:
        """Write whose loss is smaller and why, in the longest way for which there is room."""
        to, ways = self._to, verdict(self._record, self._all)
        if not ways:
            return
        flags = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
        font = to.font(self._plan.scale)
        metrics = QFontMetricsF(font)
        to.painter.setFont(font)
        to.painter.setPen(QColor(to.colours.text))
        for text in ways:
            needed = metrics.boundingRect(QRectF(0, 0, box.width(), 1e6), flags, text)
            if needed.height() <= box.height() + 1 and needed.width() <= box.width():
                to.painter.drawText(box, flags, text)
                return
        write(to.painter, QRectF(box.left(), box.top(), box.width(), min(box.height(), metrics.height())), ways[-1:])
