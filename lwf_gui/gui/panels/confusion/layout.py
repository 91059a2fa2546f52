"""Layout of the confusion matrices: the largest cells that there is room for."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontInfo, QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import GAP
from lwf_gui.gui.panels.text import widest
from lwf_gui.runs.confusion import Matrices

NAMES_PAY = 1.25
"""Cells may be this much smaller for the sake of written class names beside the rows."""


LEGIBLE = 7
"""Pixels of type below which the percentages of cells are not written."""


CLEAR = 0.55
"""Part of the size of body text below which percentages are hard to read from afar: the words below give way."""


def digits_in(cell: float) -> int:
    """Return the pixels of type that a cell's percentage may have."""
    return int(min(0.56 * cell, (cell - 3) / 1.8, max(QFontMetricsF(theme.font(0.9)).ascent() * 1.2, 0.3 * cell)))


@dataclass(frozen=True, slots=True)
class MatrixLayout:
    """Where everything is, in pixels.

    Attributes
    ----------
    origins : the corners of the cells of each matrix
    strip : below the matrices
    brief : whether the strip has one line
    """

    cell: int
    names: bool
    gutter: float
    title: float
    band: float
    across: int
    origins: tuple[QPointF, ...]
    strip: QRectF
    brief: bool = False


def arranged(area: QRectF, figures: Matrices, *, images: bool = False) -> MatrixLayout:
    """Return the layout with the largest cells; where they would be small, one line below them is enough.

    Images below them need their room.
    """
    usual = _arranged(area, figures, brief=False)
    if images or digits_in(usual.cell) >= CLEAR * QFontInfo(theme.font(1.0)).pixelSize():
        return usual
    brief = _arranged(area, figures, brief=True)
    return brief if digits_in(brief.cell) > digits_in(usual.cell) else usual


def _arranged(area: QRectF, figures: Matrices, *, brief: bool) -> MatrixLayout:
    """Return the layout with the largest cells; written names beside the rows count for a little size."""
    count, kinds = len(figures.learners), len(figures.classes)
    small = QFontMetricsF(theme.font(0.85))
    names = min(widest(small, figures.classes), 0.3 * area.width()) + 6
    strip = small.height() + 2 if brief else min(2.2 * small.height() + 28, 0.3 * area.height())
    best: tuple[float, MatrixLayout] | None = None
    for across in range(1, count + 1):
        down = -(-count // across)
        title = min(QFontMetricsF(theme.font(1.0, bold=True)).height(), 0.12 * area.height() / down) + 2
        band = min(small.height(), 0.08 * area.height() / down) + 4
        high = (area.height() - strip - down * (title + band + GAP)) / (down * (kinds + 1))
        wide = area.width() - (across - 1) * GAP
        for written in (True, False):
            cells = across * kinds
            cell = int(min((wide - names) / cells if written else (wide - 2) / (cells + 1), high))
            worth = cell * (NAMES_PAY if written else 1.0) * (count / (across * down)) ** 0.5
            if cell >= 2 and (best is None or worth >= best[0]):
                gutter = names if written else cell + 2.0
                best = (worth, _placed(area, figures, cell, written, gutter, title, band, across))
    layout = best[1] if best else _placed(area, figures, 1, False, 3.0, 1.0, 1.0, count)
    return replace(layout, brief=brief)


def _placed(
    area: QRectF, figures: Matrices, cell: int, names: bool, gutter: float, title: float, band: float, across: int
) -> MatrixLayout:
    side = float(cell * len(figures.classes))
    block, used = title + band + cell + side, gutter + across * side + (across - 1) * GAP
    left = area.left() + int((area.width() - used) / 2) + gutter
    origins = tuple(
        QPointF(left + (i % across) * (side + GAP), area.top() + (i // across) * (block + GAP) + block - side)
        for i in range(len(figures.learners))
    )
    strip = QRectF(area)
    strip.setTop(origins[-1].y() + side + GAP)
    return MatrixLayout(cell, names, gutter, title, band, across, origins, strip)
