"""The images of one cell of a confusion matrix, in a strip below the matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import fitted
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.confusion import Cell, Matrices

MOST_THUMB = 96
"""Pixels of an image of a cell at most."""
LEAST_THUMB = 20
"""Pixels of one at least, where not all of them have room."""


class CellImage(NamedTuple):
    """One of the images of a cell."""

    image: int


def paint_heading(painter: QPainter, strip: QRectF, figures: Matrices, cell: Cell, colours: Theme) -> QRectF:
    """Write on the first line of the strip how many images a cell has, and return the room below."""
    (count, total), true, taken = figures.count(cell), figures.classes[cell.true], figures.classes[cell.taken]
    said = (
        f"{true} taken for {taken}: {count:,} of {total:,}"
        if true != taken
        else f"{true}: {count:,} of {total:,} right"
    )
    font = fitted(theme.font(0.9, bold=True), 0.35 * strip.height(), [f"mm{said}"], strip.width())
    painter.setFont(font)
    line = QRectF(strip.left(), strip.top(), strip.width(), QFontMetricsF(font).height() + 2)
    heading(painter, line, cell.learner, [f"{said} (Esc closes)", said], colours)
    return strip.adjusted(0, line.height() + 2, 0, 0)


class CellImages:
    """Paints images as large as lets all of them fit, or as many as there is room for."""

    def __init__(self, painter: QPainter, picture: Callable[[int], QPixmap], colours: Theme) -> None:
        self._painter, self._picture, self._colours = painter, picture, colours

    def paint(self, room: QRectF, images: Sequence[int], chosen: int) -> list[Spot]:
        """Paint images by number into a room, one of them marked as chosen; return their places."""
        most = int(min(room.height(), MOST_THUMB))
        sides = range(most, LEAST_THUMB, -1)
        side = next((side for side in sides if _fits(room, side) >= len(images)), min(LEAST_THUMB, most))
        if side < 1:
            return []
        self._painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        columns, spots = max(1, int(room.width() // side)), []
        for place, image in enumerate(images[: _fits(room, side)]):
            x, y = room.left() + place % columns * side, room.top() + place // columns * side
            box = QRectF(x, y, side - 2, side - 2)
            self._image(box, self._picture(image), chosen=image == chosen)
            spots.append(Spot(box, CellImage(image)))
        return spots

    def _image(self, box: QRectF, picture: QPixmap, *, chosen: bool) -> None:
        self._painter.drawPixmap(box, picture, QRectF(picture.rect()))
        self._painter.setPen(QPen(QColor(self._colours.accent), 3) if chosen else QColor(self._colours.line))
        self._painter.drawRect(box)


def _fits(room: QRectF, side: float) -> int:
    """Return how many square images have room."""
    return int(room.width() // side) * int(room.height() // side) if side >= 1 else 0
