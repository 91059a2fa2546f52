"""A learner's grid of images: its title, and what is wrong, forgotten or chosen upon them."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.image_grid.layers import TileLayers
from lwf_gui.gui.panels.image_grid.tiles import TileGrid
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import fitted, names_within, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.image_grid import ImageGrid
from lwf_gui.runs.names import Names, label_of


class Tile(NamedTuple):
    """One image of one learner."""

    learner: str
    image: int


class GridPainter:
    """Paints what is different from learner to learner in their grids of images."""

    def __init__(self, painter: QPainter, found: ImageGrid, tiles: TileGrid, colours: Theme) -> None:
        self._painter, self._found, self._tiles, self._colours = painter, found, tiles, colours

    def title(self, learner: str, origin: QPointF, said: tuple[str, ...]) -> None:
        """Paint what a learner gets right and says, on one line or on two."""
        painter, found, lay = self._painter, self._found, self._tiles
        right, height = said[0].removeprefix(f"{label_of(learner)}: "), (lay.title - 5) / lay.lines
        font = theme.font(1.0, bold=True)
        metrics = QFontMetricsF(font)
        wanted, least = "mm: 00 of 00 right", "mm 00/00"  # words go before letters become small
        names = names_within(metrics, lay.width - metrics.horizontalAdvance(wanted), found.learners)
        painter.setFont(fitted(font, height, [f"{name}{least}" for name in names.values()], lay.width))
        said = (f"{names[learner]}: {right}", *said[1:])
        box = QRectF(origin.x(), origin.y() - lay.title, lay.width, height)
        whole = [", ".join(said)] if lay.lines == 1 else []
        short = right.removesuffix(" right").replace(" of ", "/")
        texts = [*whole, said[0], f"{names[learner]} {short}", names[learner]]
        if self._tight(names, lay.width):
            texts = texts[-2:]
        heading(painter, box, learner, texts, self._colours)
        if lay.lines == 2 and len(said) == 2:
            box = box.adjusted(1.2 * painter.fontMetrics().ascent(), 0, 0, 0)  # below the text behind the mark
            write(painter, box.translated(0, height), [said[1], said[1].removeprefix("says ")])

    def _tight(self, names: Names, width: float) -> bool:
        """Whether a learner's count has no room in words: then all are said in one way."""
        metrics, per_class = QFontMetricsF(self._painter.font()), self._tiles.per_class
        counts = ((name, *self._found.right_of(learner, per_class)) for learner, name in names.items())
        said = (f"{name}: {right} of {of} right" for name, right, of in counts)
        return widest(metrics, said) > width - 1.2 * metrics.ascent()  # the mark stands before it

    def tiles(
        self, learner: str, origin: QPointF, layers: TileLayers, images: NDArray[np.intp], chosen: int
    ) -> list[Spot]:
        """Paint what is wrong over the clear images, what is said to most upon all, and frame the chosen one."""
        painter, found, spots = self._painter, self._found, []
        row, side, ratio = found.learners.index(learner), self._tiles.tile, layers.ratio
        right, began = found.right[row, images].tolist(), found.began_right[row, images].tolist()
        taken, habit = found.taken[row, images].tolist(), found.habit(learner, self._tiles.per_class)
        for place, image in enumerate(images.tolist()):
            corner = self._tiles.corner(place)
            box = QRectF(origin + corner, QSizeF(side, side))
            spots.append(Spot(box, Tile(learner, image)))
            if not right[place]:
                layer = layers.forgotten if began[place] else layers.never
                painter.drawPixmap(box, layer, QRectF(corner * ratio, box.size() * ratio))
            # A right answer has its name too where it is the answer to everything: it is luck, not memory.
            if layers.labels and (not right[place] or (habit is not None and habit.unit == taken[place])):
                wrong, plain = layers.labels[taken[place]]
                band = wrong if began[place] and not right[place] else plain
                painter.drawPixmap(
                    QPointF(box.left() + 1, box.bottom() - 1 - band.deviceIndependentSize().height()), band
                )
            if image == chosen:
                painter.setPen(QPen(QColor(self._colours.text), 3))
                painter.drawRect(box.adjusted(1, 1, -1, -1))
        return spots
