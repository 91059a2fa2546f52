"""Layout of the bars per class: the type that there is room for, and where headings, rows and bars are."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.text import widest
from lwf_gui.numbers import percent
from lwf_gui.runs.class_rows import ClassRow

LEAST_FIGURES = 8
"""Pixels of type below which figures are not written: nobody could read them, and the bars say enough."""

ROOMY, MOST_TYPE = 40.0, 2.0
"""Pixels of a line of text from which on type grows with the panel, and how large it gets, in body text sizes."""

MOST_ROW, MOST_BAR = 64.0, 22.0
"""Pixels of a row and of a bar at most, at body text size."""

LEAST_BAR, NARROW_GAP, GAP = 2.0, 1.0, 2.0
"""Pixels of a bar at least, and between bars where they are that thin and where not.

A bar that is missing reads as 0 %: where not all have so many the panel is scrolled."""

EDGE, AROUND = 10.0, 12
"""Pixels beside what is painted, and above and below all rows together."""

Heading = tuple[str, ...]
"""What stands above the classes of a task, from the longest to the shortest way."""


@dataclass(frozen=True, slots=True)
class RowBars:
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


class Content(NamedTuple):
    """What is to be laid out.

    Attributes
    ----------
    rows : one per class
    headings : what stands above the classes of each row's task
    keys : lines above all that say which colour is whose
    """

    rows: list[ClassRow]
    headings: list[Heading]
    keys: int

    @property
    def learners(self) -> list[str]:
        """Those that have bars."""
        return max((list(row.correct) for row in self.rows), key=len)

    @property
    def heads(self) -> int:
        """The lines that are no rows."""
        return len(set(self.headings)) + self.keys

    def scale(self, height: float) -> float:
        """Return the size of type, in body text sizes, in a panel so high."""
        line = height / (len(self.rows) + self.heads + 1)  # with some room
        scale = min(1.0, max(0.5, line / QFontMetricsF(theme.font(1.0)).height()))
        return max(scale, min(line / ROOMY, MOST_TYPE))

    def needed(self, height: float) -> float:
        """Return the pixels that all of it takes at least, in the type of a panel so high; 0 where any will do."""
        bars = len(self.learners)
        least = bars * (LEAST_BAR + NARROW_GAP) + GAP
        return AROUND + self.heads * _head_height(self.scale(height)) + len(self.rows) * least if bars > 1 else 0.0


@dataclass(frozen=True, slots=True)
class ClassLayout:
    """Where everything is, in pixels, in a picture of all rows.

    Attributes
    ----------
    scale : the size of type, in body text sizes
    head : the height of a heading, and of a line of the key of colours
    headings : each one with its top
    name : left edge and width of the names of classes
    rows : the bars of each row
    figures : the type of the figures beside the bars
    written : whether there is room for figures
    """

    scale: float
    head: float
    headings: tuple[tuple[float, Heading], ...]
    name: tuple[float, float]
    rows: tuple[RowBars, ...]
    figures: QFont
    written: bool


def arranged(content: Content, wide: float, high: float, seen: float) -> ClassLayout:
    """Return the layout in a picture of some size, of which so many pixels in height are seen at a time."""
    rows, scale = content.rows, content.scale(seen)
    head = _head_height(scale)
    height = max(1.0, min((high - AROUND - content.heads * head) / len(rows), MOST_ROW * scale))
    bar, gap = _bar_and_gap(height / max(1, len(content.learners)), MOST_BAR * scale)
    figures = _figure_type(scale, bar)
    written = QFontInfo(figures).pixelSize() >= LEAST_FIGURES
    shares = (percent(share) for row in rows for share in (100, *row.correct.values()))
    digits = widest(QFontMetricsF(figures), shares) + 6 if written else 0.0
    names = EDGE + height - 4 + 8
    name_width = min(widest(QFontMetricsF(name_font(scale)), (row.name for row in rows)) + 1, wide * 0.3)
    left = names + name_width + 10
    width = max(0.0, wide - left - digits - 8)
    headings, bars, top = list[tuple[float, Heading]](), list[RowBars](), AROUND / 2 + content.keys * head
    for row, heading in zip(rows, content.headings, strict=True):
        if not headings or heading != headings[-1][1]:
            headings.append((top, heading))
            top += head
        first = top + (height - (bar + gap) * len(row.correct) + gap) / 2
        first = math.floor(first) if gap < GAP else first
        bars.append(RowBars(row, top, height, left, width, digits, first, bar, gap))
        top += height
    return ClassLayout(scale, head, tuple(headings), (names, name_width), tuple(bars), figures, written)


def head_font(scale: float) -> QFont:
    """Return the type of headings."""
    return theme.font(scale, bold=True)


def name_font(scale: float) -> QFont:
    """Return the type of the names of classes."""
    return theme.font(0.95 * scale)


def _head_height(scale: float) -> float:
    """Return the pixels of a heading's line in such type."""
    return QFontMetricsF(head_font(scale)).height() + 6


def _bar_and_gap(pitch: float, most: float) -> tuple[float, float]:
    """Return the pixels of a bar and of what is between two, of the pixels from one to the next: whole where few."""
    if pitch - GAP - 1 >= LEAST_BAR:
        return min(pitch - GAP - 1, most), GAP
    return max(LEAST_BAR, math.floor(pitch - NARROW_GAP)), NARROW_GAP


def _figure_type(scale: float, bar: float) -> QFont:
    """Return the type of the figures beside bars: low rows have small ones, and none reaches into the next line."""
    font = theme.font(0.85 * scale)
    while (size := QFontInfo(font).pixelSize()) > 1 and _height(font) > bar + 1:
        font.setPixelSize(size - 1)
    return font


def _height(font: QFont) -> float:
    """Return the pixels that figures are high, as they are painted."""
    return QFontMetricsF(font).tightBoundingRect("0123456789%").height()
