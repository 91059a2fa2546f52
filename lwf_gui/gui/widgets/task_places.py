"""Where the rows of a split and their classes stand on a board, in pixels: each row as high as its classes need."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRect, QSize

from lwf_gui.runs.splits import Place, Split

GAP = 6
"""Pixels between tiles, and around them."""


@dataclass(frozen=True, slots=True)
class Places:
    """The places of one split.

    Attributes
    ----------
    frames : each row's frame, the last of them of what is not used
    counts : classes of each row
    left : where the first tile of a line begins
    tile : size of a tile
    across : tiles that have room side by side
    """

    frames: tuple[QRect, ...]
    counts: tuple[int, ...]
    left: int
    tile: QSize
    across: int

    @property
    def height(self) -> int:
        """Of all rows."""
        return self.frames[-1].bottom() + 1

    def tile_rect(self, place: Place) -> QRect:
        """Return where a class in this place is painted."""
        line, column = divmod(place.column, self.across)
        corner = QPoint(self.left + column * (self.tile.width() + GAP), line * (self.tile.height() + GAP) + GAP)
        return QRect(corner + QPoint(0, self.frames[place.row].top()), self.tile)

    def empty_rect(self, row: int) -> QRect:
        """Return where a row has room for words while it has no class."""
        return self.frames[row].adjusted(self.left, 0, -GAP, 0)

    def place_at(self, position: QPoint) -> Place:
        """Return the place in front of which a class lands that is let go here; the nearest row's, outside of all."""
        row = next((at for at, frame in enumerate(self.frames) if position.y() <= frame.bottom()), len(self.frames) - 1)
        inside = position - QPoint(self.left, self.frames[row].top() + GAP)
        column = round(inside.x() / (self.tile.width() + GAP))
        line = max(0, inside.y() // (self.tile.height() + GAP))
        index = line * self.across + min(max(column, 0), self.across)
        return Place(row, min(index, self.counts[row]))


def arrange(split: Split, width: int, heads: Sequence[QSize], tile: QSize) -> Places:
    """Return the places of a split on a board of this width, beside heads of these sizes."""
    left = max(head.width() for head in heads) + GAP
    across = max(1, (width - left) // (tile.width() + GAP))
    frames, top = [], 0
    for row, head in zip(split.rows, heads, strict=True):
        lines = max(1, -(-len(row) // across))
        height = max(head.height(), lines * (tile.height() + GAP) + GAP)
        frames.append(QRect(0, top, width, height))
        top += height + GAP
    return Places(tuple(frames), tuple(map(len, split.rows)), left, tile, across)
