"""Where the accuracy matrices of all learners stand in a panel, in pixels, and how large their figures are written."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.measuring import metrics_of
from lwf_gui.gui.panels.drawing import GAP
from lwf_gui.gui.panels.text import widest
from lwf_gui.gui.printing import has_keys

ROOMY = 3.0
"""How much larger than body text figures are written at most, where there is room."""

MOST_CELL, LEAST_MOST, FLAT = 10.0, 3.0, 0.6
"""Lines of body text that a cell is wide at most, and high where it is narrow; a wide one may be so high for its width.
Few tasks have large cells where there is room."""

FEW = 2
"""Tasks of which all matrices are seen at once, whatever the room."""

ROW = 1.25
"""Lines of bold body text that a row is high where matrices are scrolled."""

LEGIBLE = 7
"""Pixels of type below which figures are not written: a bar says enough."""

FIGURES = ("100.0", "100", "99")
"""The widest figures with a decimal, without one, and of all but the highest."""


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of all matrices, each with a column more for averages, and a row more for what is forgotten.

    Attributes
    ----------
    cell : size of a cell
    gutter, title, band : pixels for the names of rows, of learners and of columns
    origins : the corner of each matrix's cells
    strip : what is left below, for words
    height : pixels of all of it; more than the area has where that is to be scrolled
    digits : characters that a cell has room for: with a decimal, without, or none
    font : of the figures
    """

    cell: QSizeF
    gutter: float
    title: float
    band: float
    origins: tuple[QPointF, ...]
    strip: QRectF
    digits: int
    font: QFont
    height: float

    def rect(self, place: int, row: int, column: int) -> QRectF:
        """Return a cell of a matrix."""
        corner = QPointF(column * self.cell.width(), row * self.cell.height())
        return QRectF(self.origins[place] + corner, self.cell)


def arrange(area: QRectF, learners: int, tasks: int, heads: list[str]) -> Layout:
    """Return the layout in which figures are the largest; as many matrices side by side as that allows.

    Many tasks whose figures have no room in the area take more height than it has, if then they have.
    ``heads`` are the longest names of rows.
    """
    ways = range(learners, 0, -1)
    options = [_placed(area, learners, tasks, heads, across) for across in ways]
    best = max(options, key=lambda layout: (layout.digits > 0, round(_size(layout.font)), layout.digits))
    if tasks <= FEW or best.digits == len(FIGURES[0]):
        return best
    high = [_placed(_grown(area, learners, tasks, across), learners, tasks, heads, across) for across in ways]
    higher = max(high, key=lambda layout: layout.digits)
    return higher if higher.digits > best.digits else best


def _grown(area: QRectF, learners: int, tasks: int, across: int) -> QRectF:
    """Return the area with as much height as so many matrices side by side need for figures in body type."""
    down, line = -(-learners // across), QFontMetricsF(theme.font(1.0, bold=True)).height()
    grown = QRectF(area)
    grown.setHeight(max(area.height(), down * ((tasks + 1) * ROW * line + 2 * line + 4 + GAP) + 3 * line))
    return grown


def _placed(area: QRectF, learners: int, tasks: int, heads: list[str], across: int) -> Layout:
    body, bold = metrics_of(theme.font(0.9)), metrics_of(theme.font(1.0, bold=True))
    down, cells = -(-learners // across), tasks + 1
    strip = min(2.4 * body.height(), 0.2 * area.height()) + (0 if has_keys() else GAP)  # on paper words are no smaller
    high = (area.height() - strip - (down - 1) * GAP) / down
    title, band = min(bold.height(), 0.15 * high) + 2, min(body.height(), 0.12 * high) + 2
    wide = (area.width() - (across - 1) * GAP) / across
    gutter = min(widest(body, heads) + 8, 0.3 * wide)
    line = body.height()
    wider = max(2.0, min((wide - gutter) / cells, MOST_CELL * line))
    higher = min((high - title - band) / cells, max(LEAST_MOST * line, FLAT * wider))
    cell = QSizeF(wider, max(2.0, higher))
    block = QSizeF(gutter + cells * cell.width(), title + band + cells * cell.height())
    left = area.left() + (area.width() - across * block.width() - (across - 1) * GAP) / 2
    origins = tuple(
        QPointF(left + at % across * (block.width() + GAP), area.top() + at // across * (block.height() + GAP))
        + QPointF(gutter, title + band)
        for at in range(learners)
    )
    rest = QRectF(area)
    rest.setTop(area.top() + down * (block.height() + GAP))
    digits, font = _figures(cell)
    return Layout(cell, gutter, title, band, origins, rest, digits, font, area.height())


def _figures(cell: QSizeF) -> tuple[int, QFont]:
    """Return how many characters a cell has room for, and the font: a decimal is worth a smaller one down to body."""
    best = (0, theme.font(0.5))
    for text in FIGURES:
        font = theme.font(1.0)
        metrics = metrics_of(font)
        share = min(0.8 * cell.height() / metrics.height(), (cell.width() - 4) / metrics.horizontalAdvance(text), ROOMY)
        pixels = int(share * metrics.ascent() * 1.15)
        if pixels >= LEGIBLE:
            font.setPixelSize(pixels)
            best = (len(text), font)
            if share >= 0.8:
                break
    return best


def _size(font: QFont) -> float:
    return float(font.pixelSize() if font.pixelSize() > 0 else 0)
