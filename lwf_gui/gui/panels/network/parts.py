"""The parts of a learner's own network: its images, the shared part with its layers, and the answers."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui.panels.drawing import mixed
from lwf_gui.gui.panels.network import words
from lwf_gui.gui.panels.network.brush import APART, Brush
from lwf_gui.gui.panels.network.detail import PUSHES, RICH_ROW, slots
from lwf_gui.gui.panels.network.places import Places
from lwf_gui.gui.panels.network.shapes import box


class Pictures(NamedTuple):
    """What paints pictures in a place.

    Attributes
    ----------
    images : the new images
    kind : the first image of a class, by its unit
    """

    images: Callable[[QPainter, QRectF], None]
    kind: Callable[[QPainter, QRectF, int], None]


def paint_tray(brush: Brush, at: Places, pictures: Pictures) -> None:
    """Paint the new images, what is stored of old ones below them, and where they go."""
    lane, line, tray = brush.lane, brush.line, at.tray
    box(brush.painter, tray, QColor(brush.colours.line), brush.surface, wide=1.2)
    upper = tray.adjusted(0.2 * line, 0.12 * line, -0.2 * line, -0.15 * line)
    if lane.stored:
        store = QRectF(upper.left(), upper.bottom() - 1.25 * line, upper.width(), 1.25 * line)
        upper.setBottom(store.top() - 0.15 * line)
        box(brush.painter, store, QColor(brush.colours.muted), QColor(brush.colours.raised), wide=1.0)
        brush.write(store, words.store(lane)[brush.form :], brush.bold)
        brush.spot(store, "store")
    brush.spot(QRectF(tray.left(), tray.top(), tray.width(), upper.bottom() - tray.top()), "images")
    title = QRectF(upper.left(), upper.top(), upper.width(), 1.1 * line)
    brush.write(title, words.images(brush.figures, lane)[brush.form :], brush.bold)
    upper.setTop(title.bottom())
    for text in reversed(_task_lines(brush, upper)):
        below = QRectF(upper.left(), upper.bottom() - 0.95 * line, upper.width(), 0.95 * line)
        upper.setBottom(below.top())
        brush.write(below, (text, ""), brush.small, muted=True)
    pictures.images(brush.painter, upper)
    brush.flow(tray.right(), at.shared.left(), at.shared.center().y())


def _task_lines(brush: Brush, room: QRectF) -> tuple[str, ...]:
    """Return what stands below the pictures: of which task they are, with its classes where there is room."""
    line, metrics = brush.line, QFontMetricsF(brush.small)
    if not brush.plan.detail.rich or room.height() < 2.6 * line:
        return ()
    if brush.figures.batch is not None:
        return ("this step's",)
    task, _, kinds = brush.figures.name.partition(": ")
    for lines in ((kinds,), words.in_two(kinds)):
        if room.height() > 3.4 * line and max(map(metrics.horizontalAdvance, lines)) <= room.width():
            return lines
    return (task,)


def paint_shared(brush: Brush, at: Places) -> None:
    """Paint the shared part, with its layers where there is room."""
    lane, line, detail, rect = brush.lane, brush.line, brush.plan.detail, at.shared
    layered = detail.layers and bool(lane.layers)
    farthest = max((share for share in lane.moved if math.isfinite(share)), default=0.0)
    brush.box(rect, brush.surface if layered else brush.tint(farthest), still=bool(lane.still))
    if layered:
        _paint_layers(brush, rect)
    notes = words.shared_notes(lane)
    high = 2.1 * line if notes[0] else 1.2 * line
    top = rect.top() + 0.2 * line if layered else rect.center().y() - high / 2
    title = QRectF(rect.left(), top, rect.width(), 1.15 * line)
    brush.named(title, words.SHARED[brush.form :], locked=bool(lane.still))
    below = QRectF(rect.left() + 3, title.bottom(), rect.width() - 6, 0.95 * line)
    brush.write(below, (*notes, ""), brush.small)
    brush.spot(rect, "shared")


def _paint_layers(brush: Brush, rect: QRectF) -> None:
    """Paint the layers side by side, tinted by how far each has moved: the figure, alike in all, explains nothing."""
    lane, line = brush.lane, brush.line
    room = rect.adjusted(0.3 * line, 2.35 * line, -0.3 * line, -0.3 * line)
    high, gap = min(room.height(), 2.4 * line), 0.25 * line
    wide = (room.width() - gap * (len(lane.layers) - 1)) / len(lane.layers)
    for number, (name, share) in enumerate(zip(lane.layers, lane.moved, strict=True)):
        each = QRectF(room.left() + number * (wide + gap), room.center().y() - high / 2, wide, high)
        edge = brush.grey if lane.still else brush.colour
        box(brush.painter, each, edge, brush.tint(share if math.isfinite(share) else 0.0), wide=1.0)
        brush.write(each, (name,), brush.small)
        brush.spot(each, "layer", name)


def paint_answers(brush: Brush, at: Places, pushes: Callable[[QRectF], None]) -> None:
    """Paint the head: new answers above old ones, with what leads to them and what pulls at the shared part.

    ``pushes`` paints in a place how the old scores were pushed.
    """
    if "means" in at.rows:
        _paint_means(brush, at)
    lane, line, new = brush.lane, brush.line, at.row("new", at.answers)
    grown, later = brush.figures.grown, lane.is_base
    if not later:
        y, apart = new.center().y(), APART * line if lane.minimises else 0.0
        brush.flow(at.shared.right(), new.left(), y - apart)
        if lane.minimises and not lane.still:
            brush.pull(new.left(), at.shared.right(), y + apart, lane.shared, "new")
    brush.box(new, brush.surface, dashed=later or grown, dim=later)
    name = words.new(lane)[brush.form :]
    note = words.GROWN if grown and (lane.minimises or lane.mixed) else words.new_note(lane)
    brush.titled(new, (f"+ {name[0]}", *name) if grown else name, note, dim=later)
    brush.spot(new, "new")
    _paint_old(brush, at, pushes)


def _paint_means(brush: Brush, at: Places) -> None:
    """Paint a head of statistics beside the one that is trained."""
    lane, rect = brush.lane, at.row("means", at.answers)
    brush.flow(at.shared.right(), rect.left(), rect.center().y())
    brush.box(rect, QColor(brush.colours.raised))
    brush.titled(rect, words.means(lane)[brush.form :], words.means_note(lane))
    brush.spot(rect, "means")


def _paint_old(brush: Brush, at: Places, pushes: Callable[[QRectF], None]) -> None:
    """Paint the old answers, with what leads to them and each of their pulls at the shared part."""
    lane, line, rect, kinds = brush.lane, brush.line, at.row("old", at.answers), slots(brush.lane)
    brush.box(rect, brush.surface, still=lane.head_still)
    _paint_blocks(brush, rect)
    title = QRectF(rect)
    if brush.plan.detail.bars and lane.outcome.falls:
        title.setHeight(RICH_ROW * line)
        pushes(QRectF(rect.left() + 0.4 * line, title.bottom(), rect.width() - 0.8 * line, PUSHES * line - 0.3 * line))
    brush.titled(title, words.old(lane)[brush.form :], words.old_note(lane), locked=lane.head_still)
    brush.spot(rect, "old")
    first = at.slot(0, len(kinds)).center().y() - APART * line if kinds else rect.center().y()
    brush.flow(at.shared.right(), rect.left(), first)
    for number, kind in enumerate(() if lane.still else kinds):
        y = at.slot(number, len(kinds)).center().y() + APART * line
        brush.pull(rect.left(), at.shared.right(), y, lane.shared, kind)


def _paint_blocks(brush: Brush, rect: QRectF) -> None:
    """Paint a block for each earlier task at the foot of the old answers, as wide as it has classes."""
    count, every = len(brush.lane.old), sum(brush.lane.old)
    if not 1 < count <= words.MOST_BLOCKS or rect.height() < 1.75 * brush.line:
        return  # below the name there must be room for them
    foot = QRectF(rect.left() + 7, rect.bottom() - 5.5, rect.width() - 14, 3)
    left = foot.left()
    brush.painter.setPen(Qt.PenStyle.NoPen)
    brush.painter.setBrush(mixed(brush.surface, brush.colour, 0.6))
    for classes in brush.lane.old:
        wide = foot.width() * classes / every
        brush.painter.drawRoundedRect(QRectF(left + 1, foot.top(), wide - 2, foot.height()), 1.5, 1.5)
        left += wide
    brush.painter.setBrush(Qt.BrushStyle.NoBrush)
