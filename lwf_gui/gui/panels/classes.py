"""One row per class: an image of it, and how many of its probe images each learner gets right.

It shows what is old and what is new at a glance, and which classes are forgotten first.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPixmap, QResizeEvent

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import blank, grey_image
from lwf_gui.gui.panels.drawing import heading as head_of
from lwf_gui.gui.panels.panel import MARGIN, Spot
from lwf_gui.gui.panels.scrolling import ScrolledPanel
from lwf_gui.gui.panels.text import LEFT, RIGHT, fitted, names_within, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import counted, percent
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.captions import probe_caption, probe_captions
from lwf_gui.runs.class_rows import ClassRow, class_image, class_rows
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record

LEAST_FIGURES = 8
"""Pixels of type below which figures are not written: nobody could read them, and the bars say enough."""

ROOMY, MOST_TYPE = 40.0, 2.0
"""Pixels of a line of text from which on type grows with the panel, and how large it gets, in body text sizes."""

MOST_ROW, MOST_BAR = 64.0, 22.0
"""Pixels of a row and of a bar at most, at body text size."""

LEAST_BAR, NARROW_GAP, GAP = 2.0, 1.0, 2.0
"""Pixels of a bar at least, and between bars where they are that thin and where not.

A bar that is missing reads as 0 %: where not all have so many the panel is scrolled."""

OLD_TASK, NEW_TASK = "Old task", ("New task: learnt now", "New task")


@dataclass(frozen=True, slots=True)
class _RowBars:
    """Where the bars of one row are, in pixels."""

    row: ClassRow
    top: float
    height: float
    left: float
    width: float
    digits: float
    first: float
    bar: float
    gap: float

    def bars(self) -> Iterator[tuple[str, QRectF]]:
        """Yield each learner with the place of its full bar."""
        for index, learner in enumerate(self.row.correct):
            yield learner, QRectF(self.left, self.first + index * (self.bar + self.gap), self.width, self.bar)


MOST_KEYS = 3
"""Lines at most that say which colour is whose."""


class ClassBars(ScrolledPanel):
    """Bars of the accuracy per class and learner. What stands still is painted once and kept as a picture."""

    EMPTY = "The classes of both tasks appear here when the images are loaded."

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ClassRow] = []
        self._still: QPixmap | None = None
        self._still_size = (0, 0)
        self._places: list[_RowBars] = []
        self._small = QFont()
        self._written = True

    def figures(self) -> list[ClassRow] | None:
        """Return one row per class."""
        before, self._rows = self._rows, class_rows(self.record, self.selection)
        if [(row.name, *row.correct) for row in before] != [(row.name, *row.correct) for row in self._rows]:
            self._still = None
        return self._rows or None

    def state(self) -> object:
        """Return what the rows depend on: there are rows as soon as there are data."""
        return (super().state(), self.record.data)

    def caption(self) -> str:
        """Say what is counted."""
        return probe_caption(self.record, self.selection)

    def captions(self) -> tuple[str, ...]:
        """Return what is counted, and shorter wordings."""
        return probe_captions(self.record, self.selection)

    def sentence(self) -> str:
        """Say every row."""
        return " ".join(self.tip(row.unit) for row in self._rows)

    def tip(self, key: int) -> str:
        """Say one row; ``key`` is its output unit."""
        row = self._rows[key]
        task = f"{'old' if row.old else 'new'} task"
        if tasks_shown.are_many(self.record) and self.record.data is not None:
            task = f"task {self.record.data.scenario.task_of_unit(row.unit) + 1}"
        figures = ", ".join(f"{label_of(learner)} {percent(share, 1)}" for learner, share in row.correct.items())
        what = f"{PROTOCOLS[self.selection.protocol]} accuracy on {counted(row.count, 'probe image')}"
        return f"{row.name} ({task}): {figures or 'not trained yet'} ({what})."

    def _heading(self, row: ClassRow) -> tuple[str, ...]:
        """Return what stands above the classes of a row's task, from the longest to the shortest way."""
        of_many = tasks_shown.class_heading(self.record, self.selection, row.unit)
        if of_many or not row.old:
            return of_many or NEW_TASK
        again = tasks_shown.shown_again(self.record)
        return (*(f"{OLD_TASK}: learnt first, {said}" for said in again), f"{OLD_TASK}: learnt first", OLD_TASK)

    def set_theme(self, colours: Theme) -> None:
        """Dress the panel."""
        self._still = None
        super().set_theme(colours)

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self._rows, self._still = [], None
        super().show_record(record)

    def minimumSizeHint(self) -> QSize:
        """Return little: a lesson beside it must still fit on a projector."""
        return QSize(240, 80)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay the rows out anew."""
        super().resizeEvent(event)
        self._still = None

    def changeEvent(self, event: QEvent) -> None:
        """Lay the rows out anew in another font."""
        super().changeEvent(event)
        self._still = None

    def paint(self, painter: QPainter, figures: list[ClassRow]) -> None:
        """Paint the bars and their figures upon the picture of all that stands still."""
        size = (self._wide, self._high(figures))
        if self._still is None or self._still_size != size:
            self._still, self._still_size = self._paint_still(*size), size
        painter.translate(0, -self.scrolled)
        self.spots = [Spot(QRectF(0, p.top - self.scrolled, size[0], p.height), p.row.unit) for p in self._places]
        painter.drawPixmap(0, 0, self._still)
        painter.setFont(self._small)
        painter.setPen(QColor(self.colours.text))
        for row, place in zip(figures, self._places, strict=True):
            for learner, bar in place.bars():
                share = row.correct[learner]
                painter.fillRect(
                    QRectF(bar.x(), bar.y(), bar.width() * share / 100, bar.height()),
                    QColor(self.colours.learner(learner)),
                )
                if self._written:
                    write(painter, bar.adjusted(bar.width(), -3, place.digits, 3), [percent(share)], RIGHT)

    @property
    def _wide(self) -> int:
        """The pixels beside the scroll bar."""
        return self.width() - (self.bar.width() if self.bar.isVisibleTo(self) else 0)

    def needed(self, figures: list[ClassRow]) -> float:
        """Return the pixels that the rows take at least, between the margins."""
        scale, heads = self._lines(figures)
        least = _most_bars(figures) * (LEAST_BAR + NARROW_GAP) + GAP
        lines = 12 + heads * _head_height(scale) + len(figures) * least
        return lines - 2 * MARGIN if _most_bars(figures) > 1 else 0.0

    def _high(self, figures: list[ClassRow]) -> int:
        """Return the pixels of all rows: those of the panel, or more, of which a part is seen."""
        return max(self.height(), math.ceil(self.needed(figures)) + 2 * MARGIN)

    def _lines(self, rows: list[ClassRow]) -> tuple[float, int]:
        """Return the size of type in body text sizes, and how many headings there are, with the key of colours."""
        heads = len({self._heading(row) for row in rows}) + (
            self._key_lines() if tasks_shown.are_many(self.record) else 0
        )
        line = self.height() / (len(rows) + heads + 1)  # with some room
        scale = min(1.0, max(0.5, line / QFontMetricsF(theme.font(1.0)).height()))
        return max(scale, min(line / ROOMY, MOST_TYPE)), heads

    def _paint_still(self, wide: int, high: int) -> QPixmap:
        """Return a picture of headings, images, names and empty bars, and find the places of the bars."""
        picture = blank(self, wide, high)
        rows = self._rows
        headings = [self._heading(row) for row in rows]
        keys = self._key_lines() if tasks_shown.are_many(self.record) else 0
        scale, heads = self._lines(rows)
        head_font, name_font = theme.font(scale, bold=True), theme.font(0.95 * scale)
        head = _head_height(scale)
        height = max(1.0, min((high - 12 - heads * head) / len(rows), MOST_ROW * scale))
        bar, gap = _bar_and_gap(height / max(1, _most_bars(rows)), MOST_BAR * scale)
        digits = self._measure_figures(scale, bar)
        name_left = 10 + height - 4 + 8
        name_width = min(widest(QFontMetricsF(name_font), (row.name for row in rows)) + 1, wide * 0.3)
        left = name_left + name_width + 10
        width = max(0.0, wide - left - digits - 8)
        top = 6.0
        self._places = []
        with QPainter(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.setPen(QColor(self.colours.text))
            if keys:
                self._paint_key(painter, QRectF(10, top, wide - 20, head), head_font, keys)
                top += keys * head
            for index, (row, heading) in enumerate(zip(rows, headings, strict=True)):
                if index == 0 or heading != headings[index - 1]:
                    painter.setFont(head_font)
                    room = QRectF(10, top, wide - 20, head)
                    if not self._written:
                        self._paint_scale(painter, QRectF(left, top, width, head))
                        room.setRight(left - 4)
                    write(painter, room, heading)
                    top += head
                painter.setFont(name_font)
                self._paint_class(
                    painter, row, QRectF(10, top, height, height), QRectF(name_left, top, name_width, height)
                )
                first = top + (height - (bar + gap) * len(row.correct) + gap) / 2
                place = _RowBars(
                    row, top, height, left, width, digits, math.floor(first) if gap < GAP else first, bar, gap
                )
                self._places.append(place)
                for _, box in place.bars():
                    painter.fillRect(box, QColor(self.colours.raised))
                top += height
        return picture

    @property
    def _learners(self) -> list[str]:
        return max((list(row.correct) for row in self._rows), key=len)

    def _key_lines(self) -> int:
        """Return the lines that the learners' names take in type of body text, but a few at most."""
        count, font = len(self._learners), theme.font(1.0, bold=True)
        for lines in range(1, min(count, MOST_KEYS) + 1):
            room = (self.width() - 20) / -(-count // lines) - _mark_width(font)
            if widest(QFontMetricsF(font), names_within(QFontMetricsF(font), room, self._learners).values()) <= room:
                return lines
        return min(count, MOST_KEYS)

    def _paint_key(self, painter: QPainter, place: QRectF, font: QFont, lines: int) -> None:
        """Say which colour is whose: of many learners nobody knows it by heart."""
        across = -(-len(self._learners) // lines)
        width, mark = place.width() / across, _mark_width(font)
        names = names_within(QFontMetricsF(font), width - mark, self._learners)
        painter.setFont(fitted(QFont(font), place.height(), names.values(), width - mark))
        for number, learner in enumerate(self._learners):
            left, top = number % across * width, number // across * place.height()
            box = QRectF(place.left() + left, place.top() + top, width - 4, place.height())
            head_of(painter, box, learner, [names[learner]], self.colours)
        painter.setPen(QColor(self.colours.text))

    def _paint_scale(self, painter: QPainter, place: QRectF) -> None:
        """Say above the bars what they reach from and to, where their figures have no room."""
        bold = painter.font()
        painter.setFont(fitted(theme.font(0.85), place.height()))
        for text, side in (("0 %", LEFT), ("100 %", RIGHT)):
            write(painter, place, [text, ""], side)
        painter.setFont(bold)

    def _measure_figures(self, scale: float, bar: float) -> float:
        """Choose the type of the figures beside the bars, and return the pixels that they take; 0 for none."""
        self._small = theme.font(0.85 * scale)
        while (size := QFontInfo(self._small).pixelSize()) > 1 and _height(self._small) > bar + 1:
            self._small.setPixelSize(size - 1)  # low rows, small figures: none reaches into the next one's line
        self._written = size >= LEAST_FIGURES
        figures = (percent(share) for row in self._rows for share in (100, *row.correct.values()))
        return widest(QFontMetricsF(self._small), figures) + 6 if self._written else 0.0

    def _paint_class(self, painter: QPainter, row: ClassRow, image: QRectF, name: QRectF) -> None:
        """Paint a class's image and name, where its row is high enough to see anything."""
        if image.height() < LEAST_FIGURES:
            return
        picture = self._picture(row)
        painter.drawPixmap(image.adjusted(0, 2, -4, -2), picture, QRectF(picture.rect()))
        write(painter, name, [row.name])

    def _picture(self, row: ClassRow) -> QPixmap:
        assert self.record.data is not None
        pixels = class_image(self.record, row.unit)
        return QPixmap.fromImage(grey_image(pixels, self.record.data.peak, dark=self.colours.dark))


def _most_bars(rows: list[ClassRow]) -> int:
    """Return how many bars a row has."""
    return max(len(row.correct) for row in rows)


def _head_height(scale: float) -> float:
    """Return the pixels of a heading's line in such type."""
    return QFontMetricsF(theme.font(scale, bold=True)).height() + 6


def _bar_and_gap(pitch: float, most: float) -> tuple[float, float]:
    """Return the pixels of a bar and of what is between two, of the pixels from one to the next: whole where few."""
    if pitch - GAP - 1 >= LEAST_BAR:
        return min(pitch - GAP - 1, most), GAP
    return max(LEAST_BAR, math.floor(pitch - NARROW_GAP)), NARROW_GAP


def _mark_width(font: QFont) -> float:
    """Return the pixels of a learner's mark beside its name."""
    return 1.3 * QFontMetricsF(font).ascent() + 10


def _height(font: QFont) -> float:
    """Return the pixels that figures are high, as they are painted."""
    return QFontMetricsF(font).tightBoundingRect("0123456789%").height()
