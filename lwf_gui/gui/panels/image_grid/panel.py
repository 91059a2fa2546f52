"""The same old-task images for every learner: what is forgotten fades, and a click tells the history of an image."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import Thumbs
from lwf_gui.gui.panels.image_grid.grids import GridPainter, Tile
from lwf_gui.gui.panels.image_grid.history import HistoryPainter
from lwf_gui.gui.panels.image_grid.layers import LEAST_LABELLED, TileLayers
from lwf_gui.gui.panels.image_grid.tiles import TileGrid, best_grid, enough
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, fitted, widest, write
from lwf_gui.gui.printing import has_keys, pixel_ratio
from lwf_gui.messages import DataReady
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.image_grid import ImageGrid, image_grid
from lwf_gui.runs.image_grid_words import LEGEND, GridWords, short_names
from lwf_gui.runs.image_history import History, history_of
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

MANY_CLASSES = 0.8
"""How much smaller tiles may be where a run has many tasks: of each class there should be several."""

LEAST_TYPE = 0.7
"""Part of its size that a title's type keeps at least: else the grids stand below each other."""

CLOSE = "close"
"""Key of the spot that closes the history."""


class GridFigures(NamedTuple):
    """What is on the screen: the grid, and below it the history of an image."""

    grid: ImageGrid
    history: History | None


class ImageGridPanel(Panel):
    """The grids of all learners, and the history of the chosen image below them while it is open."""

    EMPTY = "Old-task images appear here once a network trains, and fade as they are forgotten."
    CHOSEN = ("_open",)

    def __init__(self) -> None:
        super().__init__()
        self._open: int | None = None
        self._tiles: TileGrid
        self._tiles_of: object = None
        self._layers: TileLayers | None = None
        self._layers_of: object = None
        self._thumbs = Thumbs()

    # What it shows, in numbers and words

    def figures(self) -> GridFigures | None:
        """Return the grid where one looks, with the history that is open."""
        found = image_grid(self.record, self.selection)
        if found is None:
            return None
        return GridFigures(found, None if self._open is None else history_of(self.record, self.selection, self._open))

    def state(self) -> object:
        """Return what the figures depend on: also the image whose history is open."""
        return (super().state(), self._open)

    def refresh(self, selection: Selection) -> None:
        """Take the figures anew; an open history goes over to an image that is chosen elsewhere."""
        if self._open is not None and selection.image != self.selection.image:
            self._open = selection.image
        super().refresh(selection)

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self._open = None
        super().show_record(record)

    def caption(self) -> str:
        """Say what is shown: protocol, images, data set, step."""
        return next(iter(self.captions()[1:]), "")

    def captions(self) -> tuple[str, ...]:
        """Return the caption, before it the same with how the images were chosen, and after it shorter ones."""
        return () if self.shown is None else self._words.captions()

    def sentence(self) -> str:
        """Say how many images each learner gets right, and what it says to nearly all of them, if it does."""
        words = self._words
        return "; ".join(", ".join(words.title(learner)) for learner in self.shown.grid.learners) + "."

    @property
    def _words(self) -> GridWords:
        """What there is to say of the images that there is room for."""
        found: ImageGrid = self.shown.grid
        self._arrange(found)
        many = tasks_shown.are_many(self.record)
        return GridWords(found, self._data, self._tiles.per_class, many=many)

    @property
    def _data(self) -> DataReady:
        """The data of the run: there is no grid without them."""
        assert self.record.data is not None
        return self.record.data

    def tip(self, key: Tile | str) -> str:
        """Say what an image is, and what its learner takes it for."""
        return self._words.tip(*key) if isinstance(key, Tile) else "Click, or Esc, closes the history of this image"

    # What the user does

    def choose(self, key: Tile | str) -> None:
        """Choose an image and open its history; a second time closes it."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)  # so that Esc comes here
        if not isinstance(key, Tile) or self._open == key.image:
            self._show_history(None)
            return
        self._show_history(key.image)
        self.asked.emit({"image": key.image})

    def _show_history(self, image: int | None) -> None:
        self._open = image
        self.refresh(self.selection)

    def has_open(self) -> bool:
        """Whether an image's history is shown."""
        return self._open is not None

    def close_open(self) -> None:
        """Close the history."""
        self._show_history(None)

    # Where everything is

    def _rooms(self) -> tuple[QRectF, QRectF]:
        """Return where the grids and, below them, the legend or the open history are."""
        area = self.area
        below = QFontMetricsF(theme.font(0.85)).height() + 4
        if self._open is not None:
            below = min(max(0.42 * area.height(), 10 * below), 0.55 * area.height(), max(300, 0.3 * area.height()))
        top = QRectF(area.left(), area.top(), area.width(), area.height() - below - 4)
        return top, QRectF(area.left(), area.bottom() - below, area.width(), below)

    def _arrange(self, found: ImageGrid) -> None:
        """Find the tiles' places, if anything that it depends on changed; an open history takes no image away."""
        data, font = self.record.data, theme.font(1.0).pointSizeF()
        count, kinds = len(found.learners), len(found.by_class)
        of = (data, count, kinds, self.size(), font, self.colours, pixel_ratio(self), self._open is None)
        if of == self._tiles_of:
            return
        room, _ = self._rooms()
        closed = self.area.adjusted(0, 0, 0, -QFontMetricsF(theme.font(0.85)).height() - 8)
        most = min(2 * enough(kinds), min(len(numbers) for numbers in found.by_class))
        # A tile should hold a class name, unless that left less than four images of each class or so.
        roomy = (closed.width() * closed.height() / (count * 4 * kinds)) ** 0.5
        if tasks_shown.are_many(self.record):  # and titles are as high as ever, where there are many classes
            roomy *= MANY_CLASSES
        least = max(1.0, min(QFontMetricsF(theme.font(0.75)).horizontalAdvance("Trouser") + 4, roomy))
        said = (self._widest_title(found), self._least_title(found))
        tiles = best_grid(closed, count, kinds, said, least, range(1, most + 1))
        if self._open is not None:
            kept = tiles.per_class
            tiles = best_grid(room, count, kinds, said, min(least, LEAST_LABELLED), range(kept, kept + 1))
        self._tiles, self._tiles_of, self._layers = tiles, of, None

    def _widest_title(self, found: ImageGrid) -> float:
        """Return the pixels of a title that says all there may be to say: titles have as many lines at every step."""
        metrics, names = QFontMetricsF(theme.font(1.0, bold=True)), short_names(self._data)
        longest = widest(metrics, names_of(found.learners)[1].values())
        return longest + widest(metrics, names) + metrics.horizontalAdvance("mm: 00 of 00 right, says  to 00 of 00")

    def _least_title(self, found: ImageGrid) -> float:
        """Return the pixels of a title that says the least, in the smallest type that can be read well."""
        longest = widest(metrics := QFontMetricsF(theme.font(1.0, bold=True)), names_of(found.learners)[2].values())
        return LEAST_TYPE * (longest + metrics.horizontalAdvance("mm 00/00"))

    # Painting

    def paint(self, painter: QPainter, figures: GridFigures) -> None:
        """Paint the grids, and the history or the legend below."""
        found, words = figures.grid, self._words
        images = found.chosen(self._tiles.per_class)
        layers = self._layers_with(images)
        grid, self.spots = GridPainter(painter, found, self._tiles, self.colours), []
        for learner, origin in zip(found.learners, self._tiles.origins, strict=True):
            grid.title(learner, origin, words.title(learner))
            painter.drawPixmap(origin, layers.right)
            framed = self.selection.image if has_keys() or self._open is not None else -1  # on paper without a reason
            self.spots += grid.tiles(learner, origin, layers, images, framed)
        below = self._rooms()[1]
        painter.setPen(QColor(self.colours.muted))
        painter.setFont(fitted(theme.font(0.85), below.height(), LEGEND[-1:], below.width()))
        if figures.history is not None:
            protocol = PROTOCOLS[self.selection.protocol] if tasks_shown.are_many(self.record) else ""
            HistoryPainter(painter, below, figures.history, self._data.classes, self.colours, protocol).paint()
            self.spots.append(Spot(below, CLOSE))
        elif self._open is not None:
            write(painter, below, ["The teacher does not know the classes of the new task."], CENTRE)
        else:
            write(painter, below, words.legend(named=bool(layers.labels)))

    def _layers_with(self, images: NDArray[np.intp]) -> TileLayers:
        """Return the layers of these images, painted once."""
        of = (self._tiles_of, images.tobytes())
        if self._layers is None or of != self._layers_of:
            names = short_names(self._data)
            layers = TileLayers(self, self._thumbs, self._data, self._tiles, names, self.colours)
            layers.paint(images)
            self._layers, self._layers_of = layers, of
        return self._layers
