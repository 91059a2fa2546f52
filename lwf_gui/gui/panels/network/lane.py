"""One lane of the network strip: its ground, the learner's name, its machine, and what came of it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui.panels.drawing import mark, wrong_colour
from lwf_gui.gui.panels.network import words
from lwf_gui.gui.panels.network.brush import Brush
from lwf_gui.gui.panels.network.columns import TOLD
from lwf_gui.gui.panels.network.comparisons import paint_comparisons
from lwf_gui.gui.panels.network.parts import Pictures, paint_answers, paint_shared, paint_tray
from lwf_gui.gui.panels.network.places import places
from lwf_gui.gui.panels.network.pushes import paint_pushes, room_for
from lwf_gui.gui.panels.text import RIGHT, write
from lwf_gui.runs.names import Names

DIM = 0.5
"""Opacity of the machine as it will be."""

PLAIN = 0.92
"""Size of a learner's plain words, in sizes of its name."""

LINE = 1.15
"""Lines from one line of an outcome to the next."""


def paint_lane(brush: Brush, area: QRectF, names: Sequence[Names], pictures: Pictures) -> None:
    """Paint a lane; ``names`` are those of all learners, the longest first."""
    painter = brush.painter
    _paint_ground(brush, area)
    at = places(area, brush.lane, brush.plan)
    _paint_header(brush, at.header, names)
    painter.setOpacity(DIM if brush.figures.phase == "ahead" else 1.0)
    paint_tray(brush, at, pictures)
    paint_shared(brush, at)
    paint_answers(brush, at, lambda room: paint_pushes(brush, room, pictures))
    paint_comparisons(brush, at)
    painter.setOpacity(1.0)
    match brush.plan.detail.outcome:
        case "beside":
            _paint_beside(brush, at.outcome, pictures)
        case "below":
            _paint_below(brush, at.outcome)


def _paint_ground(brush: Brush, area: QRectF) -> None:
    painter = brush.painter
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(brush.ground)
    painter.drawRoundedRect(area, 6, 6)
    painter.setBrush(brush.colour)
    painter.drawRoundedRect(QRectF(area.left(), area.top(), 4, area.height()), 2, 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def _paint_header(brush: Brush, row: QRectF, names: Sequence[Names]) -> None:
    """Paint the learner's mark and name, what it does, and the outcome where that has no other place."""
    painter, lane, line = brush.painter, brush.lane, brush.line
    left = row.left() if lane.is_base else _paint_name(brush, row, names)
    right = row.right()
    if brush.plan.detail.outcome == "header":
        right = _paint_at_right(brush, QRectF(left, row.top(), row.right() - left, row.height()))
    brush.spot(QRectF(row.left(), row.top(), max(left, right) - row.left() - 0.3 * line, row.height()), "lane")
    painter.setFont(brush.plan.font(PLAIN))
    painter.setPen(QColor(brush.colours.text))
    width, ways = max(0.0, right - left - 0.3 * line), words.plain(lane)
    metrics = QFontMetricsF(painter.font())
    text = next((text for text in ways if metrics.horizontalAdvance(text) <= width), "")
    write(painter, QRectF(left, row.top(), width, row.height()), [text])


def _paint_name(brush: Brush, row: QRectF, names: Sequence[Names]) -> float:
    """Paint the learner's mark and name; return where what follows begins."""
    painter, learner, size = brush.painter, brush.lane.learner, 0.62 * brush.line
    left, metrics = row.left(), QFontMetricsF(brush.bold)
    mark(painter, QRectF(left, row.center().y() - size / 2, size, size), learner, brush.colours)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    left += 1.5 * size
    room = row.right() - left
    if brush.plan.detail.outcome == "header":  # its figure must stand beside it
        figure = QFontMetricsF(brush.plan.font(TOLD, bold=True)).horizontalAdvance(words.outcome_ways(brush.lane)[-1])
        room -= figure + brush.line
    texts = [each[learner] for each in names]
    name = next((text for text in texts if metrics.horizontalAdvance(text) <= room), texts[-1])
    painter.setFont(brush.bold)
    painter.setPen(QColor(brush.colours.words(learner)))
    write(painter, QRectF(left, row.top(), room, row.height()), [name])
    return float(left + min(room, metrics.horizontalAdvance(name)) + 0.6 * brush.line)


def _paint_at_right(brush: Brush, room: QRectF) -> float:
    """Paint the outcome at the right end of a place, in the longest wording that fits; return where it begins."""
    painter, ways = brush.painter, words.outcome_ways(brush.lane)
    painter.setFont(brush.plan.font(TOLD, bold=True))
    painter.setPen(_colour(brush))
    metrics = QFontMetricsF(painter.font())
    text = next((text for text in ways if metrics.horizontalAdvance(text) <= room.width()), ways[-1])
    wide = min(room.width(), metrics.horizontalAdvance(text))
    place = QRectF(room.right() - wide, room.top(), wide, room.height())
    write(painter, place, [text], RIGHT)
    brush.spot(place, "outcome")
    return float(place.left())


def _colour(brush: Brush) -> QColor:
    """Return the colour of the first words of an outcome."""
    lost = brush.lane.outcome.state in ("lost", "diverged")
    return wrong_colour(brush.colours) if lost else QColor(brush.colours.text)


def _paint_beside(brush: Brush, place: QRectF, pictures: Pictures) -> None:
    """Paint the outcome at the lane's right end: in lines, and where there is room with bars of what the scores did."""
    painter, told, high = brush.painter, words.outcome_lines(brush.lane), LINE * brush.line
    bars, fell = None, brush.lane.outcome.fell
    for lines in ((told[0], told[2] if told[2:] else fell), told[:1]) if fell else ():
        bars = room_for(brush, place, LINE * len(lines) + 0.3)
        if bars is not None:
            told = lines
            break
    extra = 0.0 if bars is None else bars.height() + 0.3 * brush.line
    top = place.center().y() - (high * len(told) + extra) / 2
    brush.spot(QRectF(place.left(), top, place.width(), high * len(told) + extra), "outcome")
    if bars is not None:
        bars.moveTop(top + high * len(told) + 0.2 * brush.line)
        paint_pushes(brush, bars, pictures)
    for number, ways in enumerate(told):
        painter.setFont(brush.plan.font(TOLD) if number else brush.bold)
        painter.setPen(QColor(brush.colours.text) if number else _colour(brush))
        write(painter, QRectF(place.left(), top + high * number, place.width(), high), ways)


def _paint_below(brush: Brush, place: QRectF) -> None:
    """Paint the outcome in a line below the machine, or in two where that is narrow."""
    painter, outcome = brush.painter, brush.lane.outcome
    brush.spot(place, "outcome")
    painter.setFont(brush.plan.font(TOLD, bold=True))
    painter.setPen(_colour(brush))
    if brush.form < 2 or not outcome.figures:
        write(painter, place, words.outcome_ways(brush.lane))
        return
    upper = QRectF(place.left(), place.top(), place.width(), place.height() / 2)
    write(painter, upper, outcome.words)
    painter.setFont(brush.plan.font(0.9))
    painter.setPen(QColor(brush.colours.text))
    write(painter, upper.translated(0, upper.height()), outcome.figures)
