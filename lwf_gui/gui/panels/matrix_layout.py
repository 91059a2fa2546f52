"""Where the accuracy matrices of all learners stand in a panel, in pixels, and how large their figures are written."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import GAP
from lwf_gui.gui.panels.text import widest

ROOMY = 3.0
"""How much larger than body text figures are written at most, where there is room."""

MOST_CELL, LEAST_MOST, FLAT = 10.0, 3.0, 0.6
"""Lines of body text that a cell is wide at most, and high where it is narrow; a wide one may be so high for its width.
Few tasks have large cells where there is room."""

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

    def rect(self, place: int, row: int, column: int) -> QRectF:
        """Return a cell of a matrix."""
        corner = QPointF(column * self.cell.width(), row * self.cell.height())
        return QRectF(self.origins[place] + corner, self.cell)


def arrange(area: QRectF, learners: int, tasks: int, heads: list[str]) -> Layout:
    """Return the layout in which figures are the largest; as many matrices side by side as that allows.

    ``heads`` are the longest names of rows.
    """
    options = [_placed(area, learners, tasks, heads, across) for across in range(learners, 0, -1)]
    return max(options, key=lambda layout: (layout.digits > 0, round(_size(layout.font)), layout.digits))


def _placed(area: QRectF, learners: int, tasks: int, heads: list[str], across: int) -> Layout:
    body, bold = QFontMetricsF(theme.font(0.9)), QFontMetricsF(theme.font(1.0, bold=True))
    down, cells = -(-learners // across), tasks + 1
    strip = min(2.4 * body.height(), 0.2 * area.height())
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
    return Layout(cell, gutter, title, band, origins, rest, digits, font)


def _figures(cell: QSizeF) -> tuple[int, QFont]:
    """Return how many characters a cell has room for, and the font: a decimal is worth a smaller one down to body."""
    best = (0, theme.font(0.5))
    for text in FIGURES:
        font = theme.font(1.0)
        metrics = QFontMetricsF(font)
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
