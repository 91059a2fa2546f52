"""How new images changed the scores of the old answers, as a bar each over its picture: what decides who is on top."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPen

from lwf_gui.gui.panels.network import words
from lwf_gui.gui.panels.network.brush import Brush
from lwf_gui.gui.panels.network.columns import SMALL
from lwf_gui.gui.panels.network.parts import Pictures
from lwf_gui.gui.panels.text import CENTRE, write

BARS, LEAST_BARS = 4.0, 1.5
"""Lines that bars are high at most, and at least."""

WIDEST = 2.2
"""Lines that a bar has to itself at most."""

PICTURE = 1.05
"""Lines of a class's picture below its bar."""

LABELLED = 3.2
"""Lines of bars from which on each has its figure."""


def room_for(brush: Brush, place: QRectF, lines: float) -> QRectF | None:
    """Return where the bars stand below so many lines of words; None where they have no room, or there are none.

    They are as high in all lanes as in the lowest one: one scale for all learners.
    """
    count, line = len(brush.lane.outcome.falls), brush.line
    lowest = min(place.height(), *(area.height() for area in brush.plan.areas))
    high = min(lowest - (lines + PICTURE) * line, BARS * line)
    if not count or high < LEAST_BARS * line or place.width() < count * 0.7 * line:
        return None
    wide = min(place.width() - 0.3 * line, count * WIDEST * line)
    return QRectF(place.left(), place.top(), wide, high + PICTURE * line)


def paint_pushes(brush: Brush, room: QRectF, pictures: Pictures) -> None:
    """Paint the bars, all learners' on one scale, and the classes' pictures below them."""
    painter, line, changes = brush.painter, brush.line, [-fall for fall in brush.lane.outcome.falls]
    every = [-fall for lane in brush.figures.lanes for fall in lane.outcome.falls]
    high, low = max(0.0, *every), min(0.0, *every)
    area = room.adjusted(0, 0, 0, -PICTURE * line)
    labelled = area.height() >= LABELLED * line
    span = area.adjusted(0, 0.9 * line, 0, -0.9 * line) if labelled else area
    zero = span.top() + span.height() * high / (high - low or 1.0)
    slot, scale = area.width() / len(changes), span.height() / (high - low or 1.0)
    for place, change in enumerate(changes):  # old units come first: a place is one
        bar = QRectF(area.left() + (place + 0.12) * slot, zero, 0.76 * slot, -change * scale).normalized()
        painter.fillRect(bar, brush.colour)
        if labelled:
            _paint_figure(brush, bar, change, slot)
        side = min(PICTURE * line, slot) - 1
        middle = area.left() + (place + 0.5) * slot
        pictures.kind(painter, QRectF(middle - side / 2, area.bottom() + 1, side, side), place)
    painter.setPen(QPen(QColor(brush.colours.text), 1.0))
    painter.drawLine(QLineF(area.left(), zero, area.right(), zero))


def _paint_figure(brush: Brush, bar: QRectF, change: float, slot: float) -> None:
    """Write by how many points a score changed at the end of its bar, where there is room across."""
    font, text = brush.plan.font(SMALL * 0.9), words.change(change)
    if QFontMetricsF(font).horizontalAdvance(text) > slot:
        return
    top = bar.top() - 0.9 * brush.line if change > 0 else bar.bottom()
    brush.painter.setFont(font)
    brush.painter.setPen(QColor(brush.colours.text))
    write(brush.painter, QRectF(bar.center().x() - slot / 2, top, slot, 0.9 * brush.line), [text], CENTRE)
