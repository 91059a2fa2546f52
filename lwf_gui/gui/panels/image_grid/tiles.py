"""Tiles of the image grid: one grid of square pictures, the same for every learner."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import GAP

MOST_IMAGES = 60
"""Images of a learner, where they do not all find room at the same size."""


LEGIBLE = 13.0
"""Pixels of a line of a title at least, however little room the images have."""


@dataclass(frozen=True, slots=True)
class TileGrid:
    """A grid of square tiles, the same for every learner.

    Attributes
    ----------
    title : pixels of the title above each grid, of ``lines`` lines
    width : pixels that there are for each grid and its title
    origins : the grids' corners, below their titles
    """

    tile: int
    columns: int
    per_class: int
    title: float
    lines: int
    width: float
    origins: tuple[QPointF, ...]

    def corner(self, place: int) -> QPointF:
        """Return where an image is in the grid."""
        return QPointF(place % self.columns * self.tile, place // self.columns * self.tile)


def best_grid(
    room: QRectF, count: int, kinds: int, said: tuple[float, float], least: float, per_class: range
) -> TileGrid:
    """Return the grid with the most images of each class up to `enough`, and of those with the largest tiles.

    Tiles are at least ``least`` pixels wide, or smaller only where not even the fewest images would fit. Where room is
    left beside the largest tiles, more images take it. Titles are ``said`` pixels wide, or have two lines; grids
    stand side by side only where each has room for the least title, the second of them, if that leaves room for images.
    """
    most = enough(kinds)
    wide = [across for across in range(2, count + 1) if (room.width() - (across - 1) * GAP) / across >= said[1]]
    while True:
        for ways in ((1, *wide), tuple(range(1, count + 1))):
            made = max(
                (_grid(room, count, kinds, across, said[0], least, per_class) for across in ways),
                key=lambda each: (min(each.per_class, most), each.tile, each.per_class),
            )
            if made.tile >= least:
                return made
        if least < 4:
            return made
        least *= 0.9


def enough(kinds: int) -> int:
    """Return how many images of each class tell what a learner remembers; more would be too small for the back row."""
    return max(1, MOST_IMAGES // kinds)


def _grid(room: QRectF, count: int, kinds: int, across: int, said: float, least: float, per_class: range) -> TileGrid:
    """Return the best grid for so many learners side by side: whole rows of one class, or whole classes in a row."""
    down = -(-count // across)
    wide = (room.width() - (across - 1) * GAP) / across
    lines = 1 if said <= wide else 2
    line = QFontMetricsF(theme.font(1.0, bold=True)).height()
    title = max(min(lines * line, (0.06 + 0.09 * lines) * room.height() / down), lines * min(line, LEGIBLE)) + 5
    high = (room.height() - (down - 1) * GAP) / down - title
    most = enough(kinds)
    best = (0, 1, per_class[0], per_class[0])
    for columns in range(1, int(wide / least) + 1):
        for each in per_class:
            if columns % each == 0 or each % columns == 0:
                tile = int(min(wide / columns, high / -(-kinds * each // columns)))
                if tile >= least:
                    best = max(best, (min(each, most), tile, each, columns))
    _, tile, each, columns = best
    origins = tuple(
        QPointF(
            int(room.left() + i % across * (wide + GAP)), int(room.top() + i // across * (high + title + GAP) + title)
        )
        for i in range(count)
    )
    return TileGrid(tile, columns, each, title, lines, wide, origins)
