"""Where the parts of the panel Why stand, and how large its type is: as large as there is room for."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont

from lwf_gui.gui import theme
from lwf_gui.runs.why_answers import BEFORE, EARLY, NOW

HEAD, COLUMN, ROW, STRIP, VERDICT = 1.45, 0.95, 3.5, 1.2, 2.15
"""Lines of a side's heading, of its columns' names, of a learner's bars, of the classes' pictures, of the sentences."""

NAMES, CELL, GAP = 5.6, 5.0, 0.8
"""Widths in lines: of the learners' names, of a cell, and between the sides."""

LEAST, LARGEST = 0.5, 2.0
"""Size of the type, in body text sizes, below which parts are left out; and at most: it is seen from afar."""

LEGIBLE = 12.0
"""Pixels of a line below which parts are left out."""

COMFORT, TALL = 4.2, 6.5
"""Lines of a row, at least, where a further learner is shown; and where type is larger than body text."""

AMPLE, MORE = 6.0, 1.9
"""Lines of a row from which on the sentences have so many more."""


@dataclass(frozen=True, slots=True)
class Block:
    """Where one side stands: its heading, its columns by moment, its rows, and the pictures below them."""

    side: int
    heading: QRectF
    columns: dict[int, QRectF]
    rows: tuple[QRectF, ...]
    strip: QRectF

    def cell(self, row: int, moment: int) -> QRectF:
        """Return where a learner's bars stand at a moment."""
        column, across = self.columns[moment], self.rows[row]
        return QRectF(column.left(), across.top(), column.width(), across.height())


@dataclass(frozen=True, slots=True)
class Plan:
    """The places of all parts; ``scale`` is the size of the type in body text sizes."""

    scale: float
    blocks: tuple[Block, ...]
    names: tuple[QRectF, ...]
    corner: QRectF
    pager: QRectF
    verdict: QRectF

    @property
    def rows(self) -> int:
        """How many learners are shown."""
        return len(self.blocks[0].rows)

    def font(self, points: float = 1.0, *, bold: bool = False, fixed_digits: bool = False) -> QFont:
        """Return the type at a multiple of its size here."""
        return theme.font(points * self.scale, bold=bold, fixed_digits=fixed_digits)


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to lay it out: sides across and down, of how many are seen, columns, and rows."""

    across: int
    down: int
    columns: tuple[int, ...] = (BEFORE, EARLY, NOW)
    rows: int = 2
    told: float = VERDICT
    """Lines of the sentences."""

    def wide(self) -> float:
        return NAMES + self.across * (len(self.columns) * CELL + GAP)

    def high(self, rows: float) -> float:
        return self.down * (HEAD + COLUMN + STRIP + rows) + self.told

    def scale(self, area: QRectF, learners: int) -> float:
        """Return the size of the type that it has room for."""
        high = self.high(ROW * min(self.rows, learners))
        return min(area.width() / self.wide(), area.height() / high) / theme.line_height()


WAYS = (
    _Way(2, 1),
    _Way(1, 2, told=3.1),
    _Way(2, 1, rows=1),
    _Way(1, 1),
    _Way(1, 1, rows=1),
    _Way(1, 1, (BEFORE, NOW)),
    _Way(1, 1, (BEFORE, NOW), rows=1),
)
"""From the best to the least; the first with room for legible type is taken."""


def plan(area: QRectF, learners: int, side: int) -> Plan:
    """Return the places for so many learners; ``side`` is the one that is shown where there is room for one alone."""
    scales = [way.scale(area, learners) for way in WAYS]
    line = theme.line_height()
    least = max(LEAST, LEGIBLE / line)
    best = next((place for place, scale in enumerate(scales) if scale >= least), scales.index(max(scales)))
    way, scale = WAYS[best], min(scales[best], LARGEST)
    rows = min(way.rows, learners)
    room = (area.height() / line - way.high(0)) / way.down / COMFORT
    if rows < learners and room >= rows + 1 and way.rows > 1:
        rows = min(learners, int(room))
    if scale > 1:
        scale = max(1.0, min(scale, area.height() / way.high(rows * TALL) / line))
    return _laid(area, way, rows, scale, [0, 1] if way.across * way.down > 1 else [side])


def _laid(area: QRectF, way: _Way, rows: int, scale: float, sides: list[int]) -> Plan:
    line = theme.line_height() * scale
    spare = (area.height() / line - way.high(0)) / way.down / rows
    told = (way.told + (MORE if spare >= AMPLE else 0)) * line
    verdict = QRectF(area.left(), area.bottom() - told, area.width(), told)
    names = min(NAMES * line, 0.25 * area.width())
    wide = (area.width() - names) / way.across
    high = (verdict.top() - area.top()) / way.down
    blocks = []
    for place, side in enumerate(sides):
        left = area.left() + names + (place * wide if way.across > 1 else 0)
        top = area.top() + (0 if way.across > 1 else place * high)
        inner = QRectF(left, top, wide, high).adjusted(0.4 * GAP * line if place or way.across == 1 else 0, 0, 0, 0)
        if way.across > 1 and not place:
            inner.setRight(inner.right() - 0.6 * GAP * line)
        blocks.append(_block(inner, way, rows, line, side, names if way.across == 1 else 0.0))
    first = blocks[0]
    columns = QRectF(area.left(), 0, names - 0.3 * line, 0)
    places = tuple(
        QRectF(columns.left(), row.top(), columns.width(), row.height())
        for block in (blocks if way.across == 1 else blocks[:1])
        for row in block.rows
    )
    top = next(iter(first.columns.values())).bottom()
    corner = QRectF(columns.left(), area.top() if way.across > 1 else top - COLUMN * line, columns.width(), 0)
    corner.setBottom(top - 0.1 * line)
    pager = QRectF(columns.left(), first.strip.top(), columns.width(), first.strip.height())
    return Plan(scale, tuple(blocks), places, corner, pager, verdict)


def _block(inner: QRectF, way: _Way, rows: int, line: float, side: int, names: float) -> Block:
    """Return the places within a side; its heading begins above the learners' names where these are its own."""
    heading = QRectF(inner.left() - names, inner.top(), inner.width() + names, (HEAD - 0.15) * line)
    top = inner.top() + (HEAD + COLUMN) * line
    strip = QRectF(inner.left(), inner.bottom() - STRIP * line, inner.width(), (STRIP - 0.2) * line)
    wide, high = inner.width() / len(way.columns), (strip.top() - top) / rows
    columns = {
        moment: QRectF(inner.left() + place * wide + 2, top - COLUMN * line, wide - 4, COLUMN * line)
        for place, moment in enumerate(way.columns)
    }
    places = tuple(QRectF(inner.left(), top + row * high, inner.width(), high - 0.15 * line) for row in range(rows))
    return Block(side, heading, columns, places, strip)
