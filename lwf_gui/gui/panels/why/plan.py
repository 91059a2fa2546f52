"""Where the parts of the panel Why stand, and how large its type is: as large as there is room for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.lettered import Lettered
from lwf_gui.gui.panels.why.strip import Way, way_of
from lwf_gui.runs.why_answers import BEFORE, EARLY, NOW

HEAD, TOLD, ANSWER, BARS, STRIP = 1.3, 1.1, 0.9, 2.5, 1.5
"""Lines of the sides' headings, of a line of a learner's sentence, of what is answered, of its bars at least, and of
the classes' names."""

NAMES, CELL, GAP = 6.2, 7.0, 2.9
"""Widths in lines: of a learner's name, of a cell, and between the sides, where an arrow leads across."""

WIDER, ONLY = 1.5, 1.25
"""How much wider a cell is that tells a change in figures, as those of new images after the old network's do; and one
that is the only one of its side."""

LARGEST = 2.0
"""Largest size of the type, in body text sizes: it is seen from afar."""

LEGIBLE = 12.0
"""Pixels of a line below which parts are left out."""

COMFORT, ENOUGH, TALL = 4.4, 5.2, 7.5
"""Lines of bars, at least, where a learner more is shown; where a line more of sentences; and where type is larger than
body text."""

LETTERS = 0.47
"""Mean width of a letter in lines, with what the end of a line leaves empty."""


@dataclass(frozen=True, slots=True)
class Block:
    """Where one side stands: its heading, its columns by moment, its rows, and the names of the classes below them."""

    side: int
    heading: QRectF
    columns: dict[int, QRectF]
    rows: tuple[QRectF, ...]
    strip: QRectF
    named: Way

    def cell(self, row: int, moment: int) -> QRectF:
        """Return where a learner's bars stand at a moment, with what is answered above them."""
        column, across = self.columns[moment], self.rows[row]
        return QRectF(column.left(), across.top(), column.width(), across.height())


@dataclass(frozen=True, slots=True)
class Plan(Lettered):
    """The places of all parts; ``scale`` is the size of the type in body text sizes."""

    scale: float
    blocks: tuple[Block, ...]
    names: tuple[QRectF, ...]
    told: tuple[QRectF, ...]
    pager: QRectF

    @property
    def rows(self) -> int:
        """How many learners are shown."""
        return len(self.names)

    @property
    def between(self) -> tuple[QRectF, ...]:
        """The places between the two sides, of every learner."""
        new, old = self.blocks
        left, right = new.heading.right(), old.heading.left()
        return tuple(QRectF(left, row.top(), right - left, row.height()) for row in new.rows)


@dataclass(frozen=True, slots=True)
class Content:
    """What is to have room: learners, letters of their longest sentence, names of both sides' classes, and early."""

    learners: int
    letters: int
    names: Sequence[Sequence[str]]
    early: bool


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to lay it out: the moments that are told of new images and of old ones, if both, and of how many learners.

    Where old images have no column of the old network, its level is a line in the other one still.
    """

    new: tuple[int, ...] = (BEFORE, NOW)
    old: tuple[int, ...] = (BEFORE, NOW)
    rows: int = 2

    @property
    def sides(self) -> int:
        """How many sides are seen at once."""
        return 2 if self.old else 1

    def columns(self, side: int) -> tuple[int, ...]:
        """Return the moments that are told of a side."""
        return (self.old or self.new) if side else self.new

    def cells(self, side: int) -> list[float]:
        """Return how wide the columns of a side are, in cells."""
        if side:
            return [1.0 if len(self.columns(1)) > 1 else ONLY] * len(self.columns(1))
        return [1.0 if moment == BEFORE else WIDER for moment in self.new]

    def scales(self, area: QRectF, learners: int) -> tuple[float, float]:
        """Return the sizes of the type that it has room for across, and down."""
        wide = CELL * sum(sum(self.cells(side)) for side in range(self.sides)) + GAP
        high = _high(min(self.rows, learners), TOLD, BARS)
        return area.width() / wide / theme.line_height(), area.height() / high / theme.line_height()

    def fits(self, area: QRectF, learners: int) -> bool:
        """Whether type is legible, and all cells are wide for it."""
        wide, high = self.scales(area, learners)
        least = LEGIBLE / theme.line_height()
        return high >= least and wide >= (min(1.0, high) if len(self.old) > 1 else least)


ALL = (BEFORE, EARLY, NOW)

WAYS = (
    _Way(ALL, ALL),
    _Way(),
    _Way(old=(NOW,)),
    _Way(old=(NOW,), rows=1),
    _Way(old=()),
    _Way(old=(), rows=1),
)
"""From the best to the least; the first with room for legible type is taken."""


def _high(rows: int, told: float, bars: float) -> float:
    return HEAD + rows * (told + ANSWER + bars) + STRIP


def plan(area: QRectF, content: Content, side: int) -> Plan:
    """Return the places; ``side`` is the one that is shown where there is room for one alone."""
    ways = [way for way in WAYS if content.early or EARLY not in way.new]
    line, learners = theme.line_height(), content.learners
    way = next((way for way in ways if way.fits(area, learners)), ways[-1])
    scale = min(*way.scales(area, learners), LARGEST)
    rows = min(way.rows, learners)
    room = int((area.height() / line - _high(0, 0, 0)) / (TOLD + ANSWER + COMFORT))
    if way.rows > 1 and rows < learners and room > rows:
        rows = min(learners, room)
    if scale > 1:
        scale = max(1.0, min(scale, area.height() / _high(rows, 2 * TOLD, TALL) / line))
    return _laid(area, way, rows, scale, content, [0, 1] if way.sides > 1 else [side])


def _laid(area: QRectF, way: _Way, rows: int, scale: float, content: Content, sides: list[int]) -> Plan:
    line = theme.line_height() * scale
    gap = GAP * line if len(sides) > 1 else 0.0
    cell = (area.width() - gap) / sum(sum(way.cells(side)) for side in sides)
    spare = (area.height() / line - HEAD) / rows - TOLD - ANSWER
    named = [way_of(content.names[side], cell - 4, scale, (spare - COMFORT) * rows * line) for side in sides]
    below = max(each.high for each in named) + 2
    names = min(NAMES * line, 0.3 * area.width())
    high = (area.height() - HEAD * line - below) / rows
    needed = math.ceil(content.letters * LETTERS * line / (area.width() - names))
    told = TOLD * line * max(1, min(needed, int((high / line - ANSWER - ENOUGH) / TOLD)))
    tops = [area.top() + HEAD * line + row * high for row in range(rows)]
    texts = [QRectF(area.left() + names, top, area.width() - names, told) for top in tops]
    pager = QRectF()
    if rows < content.learners:
        pager = QRectF(area.right() - 5.5 * line, texts[-1].top() + 0.5, 5.5 * line, TOLD * line - 1)
        pager.setLeft(max(pager.left(), texts[-1].left() + 0.5 * texts[-1].width()))
        texts[-1].setRight(pager.left() - 4)
    places = [QRectF(area.left(), top + told, area.width(), high - told - 0.2 * line) for top in tops]
    blocks, left = [], area.left()
    for side, each in zip(sides, named, strict=True):
        wide = cell * sum(way.cells(side))
        inner = QRectF(left, area.top(), wide, area.height())
        blocks.append(_block(inner, way, (line, cell, below), (side, each), places))
        left += wide + gap
    title = tuple(QRectF(area.left(), top, names - 0.3 * line, told) for top in tops)
    return Plan(scale, tuple(blocks), title, tuple(texts), pager)


def _block(
    inner: QRectF, way: _Way, sizes: tuple[float, float, float], of: tuple[int, Way], rows: list[QRectF]
) -> Block:
    """Return the places within a side."""
    (line, cell, below), (side, named) = sizes, of
    columns, left = {}, inner.left()
    for moment, cells in zip(way.columns(side), way.cells(side), strict=True):
        columns[moment] = QRectF(left + 2, inner.top(), cells * cell - 4, 0)
        left += cells * cell
    heading = QRectF(inner.left(), inner.top(), inner.width(), (HEAD - 0.1) * line)
    strip = QRectF(inner.left(), inner.bottom() - below, inner.width(), below)
    across = tuple(QRectF(inner.left(), row.top(), inner.width(), row.height()) for row in rows)
    return Block(side, heading, columns, across, strip, named)
