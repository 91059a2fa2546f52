"""The same old-task images for every learner: what is forgotten fades, and a click tells the history of an image."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import (
    CENTRE,
    GAP,
    Thumbs,
    blank,
    fitted,
    heading,
    write,
    wrong_colour,
)
from lwf_gui.gui.panels.history import HistoryPainter
from lwf_gui.gui.panels.panel import Panel, Spot
from lwf_gui.runs import views
from lwf_gui.runs.cursor import Look
from lwf_gui.runs.memory import History, Wall, history, wall
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record

MOST_IMAGES = 60
"""Images of a learner: more would be too small for the back row."""
FADED = 0.3
"""Opacity of a forgotten image."""
UNKNOWN = 0.6
"""Opacity of an image that was wrong from the start."""
LEAST_LABELLED = 28
"""Pixels of an image below which its label would be illegible."""
MOST_TILE = 72
"""Pixels: a larger image of so few pixels shows no more."""
LEGEND = (
    "Clear: right. Crossed and faded: forgotten, and what it is taken for now. Dotted: wrong from the start.",
    "Clear: right. Crossed: forgotten, taken for… Dotted: wrong from the start.",
    "Crossed: forgotten. Dotted: never right.",
)


LEGEND_OF_TEACHER = ("Clear: right. Dotted: wrong.",)
CLOSE = "close"
"""Key of the spot that closes the history."""


class Tile(NamedTuple):
    """One image of one learner."""

    learner: str
    image: int


class Shown(NamedTuple):
    """What is on the screen: the wall, and below it the history of an image."""

    wall: Wall
    history: History | None


@dataclass(frozen=True, slots=True)
class _Layout:
    """A grid of square tiles, the same for every learner. ``origins`` are the grids' corners, below their titles."""

    tile: int
    columns: int
    per_class: int
    title: float
    width: float
    origins: tuple[QPointF, ...]

    def corner(self, place: int) -> QPointF:
        """Return where an image is in the grid."""
        return QPointF(place % self.columns * self.tile, place // self.columns * self.tile)


class MemoryWall(Panel):
    """The walls of all learners, and the history of the chosen image below them while it is open."""

    EMPTY = "Old-task images appear here once a network trains, and fade as they are forgotten."

    def __init__(self) -> None:
        super().__init__()
        self._open: int | None = None
        self._layout: _Layout
        self._layout_of: object = None
        self._layers: tuple[QPixmap, QPixmap, QPixmap] | None = None
        self._layers_for: object = None
        self._bands: list[QPixmap] = []
        self._thumbs = Thumbs()

    # What it shows, in numbers and words

    def figures(self) -> Shown | None:
        """Return the wall where one looks, with the history that is open."""
        found = wall(self.record, self.look)
        if found is None:
            return None
        return Shown(found, None if self._open is None else history(self.record, self.look, self._open))

    def state(self) -> object:
        """Return what the figures depend on: also the image whose history is open."""
        return (super().state(), self._open)

    def refresh(self, look: Look) -> None:
        """Take the figures anew; an open history goes over to an image that is chosen elsewhere."""
        if self._open is not None and look.image != self.look.image:
            self._open = look.image
        super().refresh(look)

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self._open = None
        super().show_record(record)

    def caption(self) -> str:
        """Say what is shown: protocol, images, data set, step."""
        data = self.record.data
        if self.shown is None or data is None:
            return ""
        found: Wall = self.shown.wall
        self._arrange(found)
        count, total = len(found.chosen(self._layout.per_class)), int((data.probe_labels < data.old_classes).sum())
        images = f"{count} of {total:,} old test images of {data.dataset}"
        return f"{PROTOCOLS[found.protocol]}, {images}, {found.when}"

    def sentence(self) -> str:
        """Say how many images each learner remembers."""
        return "; ".join(self._title(learner) for learner in self.shown.wall.learners) + "."

    def _title(self, learner: str) -> str:
        found: Wall = self.shown.wall
        self._arrange(found)
        right, count = found.remembered(learner, self._layout.per_class)
        return f"{views.label_of(learner)}: {right} of {count} {'right' if found.before else 'remembered'}"

    def tip(self, key: Tile | str) -> str:
        """Say what an image is, and what its learner takes it for."""
        if not isinstance(key, Tile):
            return "Click, or Esc, closes the history of this image"
        assert self.record.data is not None
        found: Wall = self.shown.wall
        if key.learner not in found.learners:  # a spot of what was shown a moment ago
            return ""
        row, names = found.learners.index(key.learner), self.record.data.classes
        label, taken = views.label_of(key.learner), names[found.taken[row, key.image]]
        if found.right[row, key.image]:
            said = f"{label} gets it right"
        elif found.began_right[row, key.image]:
            said = f"{label} has forgotten it and takes it for {taken}"
        else:
            said = f"{label} takes it for {taken}" + ("" if found.before else " and was wrong from the start")
        true = names[self.record.data.probe_labels[key.image]]
        return f"{true}, probe image {key.image}: {said} ({PROTOCOLS[found.protocol]}, {found.when})"

    def minimumSizeHint(self) -> QSize:
        """Return little: a lesson beside it must still fit on a projector."""
        return QSize(240, 80)

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
        self.refresh(self.look)

    def has_open(self) -> bool:
        """Whether an image's history is shown."""
        return self._open is not None

    def close_open(self) -> None:
        """Close the history."""
        self._show_history(None)

    # Where everything is

    def _rooms(self) -> tuple[QRectF, QRectF]:
        """Return where the wall and, below it, the legend or the open history are."""
        area = self.area
        below = QFontMetricsF(theme.font(0.85)).height() + 4
        if self._open is not None:
            below = min(max(0.42 * area.height(), 10 * below), 0.55 * area.height(), 300)
        top = QRectF(area.left(), area.top(), area.width(), area.height() - below - 4)
        return top, QRectF(area.left(), area.bottom() - below, area.width(), below)

    def _arrange(self, found: Wall) -> None:
        """Find the layout, if anything that it depends on changed; an open history takes no image away."""
        data, font = self.record.data, theme.font(1.0).pointSizeF()
        count, kinds = len(found.learners), len(found.by_class)
        of = (data, count, self.size(), font, self.colours, self.devicePixelRatioF(), self._open is None)
        if of == self._layout_of:
            return
        room, _ = self._rooms()
        closed = self.area.adjusted(0, 0, 0, -QFontMetricsF(theme.font(0.85)).height() - 8)
        most = min(max(1, MOST_IMAGES // kinds), min(len(numbers) for numbers in found.by_class))
        # A tile should hold a class name, unless that left less than four images of each class or so.
        roomy = (closed.width() * closed.height() / (count * 4 * kinds)) ** 0.5
        least = min(QFontMetricsF(theme.font(0.75)).horizontalAdvance("Trouser") + 4, roomy)
        layout = best_layout(closed, count, kinds, least, range(1, most + 1))
        if self._open is not None:
            kept = layout.per_class
            layout = best_layout(room, count, kinds, min(least, LEAST_LABELLED), range(kept, kept + 1))
        self._layout, self._layout_of, self._layers = layout, of, None

    # Painting

    def paint(self, painter: QPainter, figures: Shown) -> None:
        """Paint the walls, and the history or the legend below."""
        found = figures.wall
        self._arrange(found)
        images = found.chosen(self._layout.per_class)
        layers = self._layers_of(images)
        self.spots = []
        for learner, origin in zip(found.learners, self._layout.origins, strict=True):
            self._paint_title(painter, found, learner, origin)
            painter.drawPixmap(origin, layers[0])
            self._paint_tiles(painter, found, learner, origin, images)
        below = self._rooms()[1]
        painter.setPen(QColor(self.colours.muted))
        painter.setFont(fitted(theme.font(0.85), below.height(), LEGEND[-1:], below.width()))
        if figures.history is not None and self.record.data is not None:
            HistoryPainter(painter, below, figures.history, self.record.data.classes, self.colours).paint()
            self.spots.append(Spot(below, CLOSE))
        elif self._open is not None:
            write(painter, below, ["The teacher does not know the classes of the new task."], CENTRE)
        else:
            write(painter, below, LEGEND_OF_TEACHER if found.before else LEGEND)

    def _paint_title(self, painter: QPainter, found: Wall, learner: str, origin: QPointF) -> None:
        lay, said, label = self._layout, self._title(learner), views.label_of(learner)
        right = said.removeprefix(f"{label}: ")
        longest = max((f"mm{views.label_of(each)}: 00 of 00" for each in found.learners), key=len)
        painter.setFont(fitted(theme.font(1.0, bold=True), lay.title - 3, [longest], lay.width))
        box = QRectF(origin.x(), origin.y() - lay.title, lay.width, lay.title - 3)
        texts = [said, f"{label}: {' '.join(right.split()[:3])}", f"{label} {right.split()[0]}", label]
        heading(painter, box, learner, texts, self.colours)

    def _paint_tiles(
        self, painter: QPainter, found: Wall, learner: str, origin: QPointF, images: NDArray[np.intp]
    ) -> None:
        """Paint what is wrong over the clear images, and frame the image that is looked at."""
        assert self._layers is not None
        _, faded, never = self._layers
        row, side, ratio = found.learners.index(learner), self._layout.tile, self.devicePixelRatioF()
        right, began = found.right[row, images].tolist(), found.began_right[row, images].tolist()
        taken = found.taken[row, images].tolist()
        for place, image in enumerate(images.tolist()):
            corner = self._layout.corner(place)
            box = QRectF(origin + corner, QSizeF(side, side))
            self.spots.append(Spot(box, Tile(learner, image)))
            if not right[place]:
                source = QRectF(corner * ratio, box.size() * ratio)
                painter.drawPixmap(box, faded if began[place] else never, source)
                if began[place] and self._bands:
                    band = self._bands[taken[place]]
                    painter.drawPixmap(
                        QPointF(box.left() + 1, box.bottom() - 1 - band.deviceIndependentSize().height()), band
                    )
            if image == self.look.image:
                painter.setPen(QPen(QColor(self.colours.text), 3))
                painter.drawRect(box.adjusted(1, 1, -1, -1))

    def _layers_of(self, images: NDArray[np.intp]) -> tuple[QPixmap, QPixmap, QPixmap]:
        """Return the grid of images three times: right, forgotten, and wrong from the start; each painted once."""
        of = (self._layout_of, images.tobytes())
        if self._layers is None or of != self._layers_for:
            self._layers_for = of
            error = wrong_colour(self.colours)
            forgotten, never = QPen(error, 1), QPen(QColor(self.colours.text), 2, Qt.PenStyle.DotLine)
            line = QPen(QColor(self.colours.line))
            self._layers = (
                self._layer(images, 1.0, line, crossed=False),
                self._layer(images, FADED, forgotten, crossed=True),
                self._layer(images, UNKNOWN, never, crossed=False),
            )
            self._bands = self._label_bands(error)
        return self._layers

    def _layer(self, images: NDArray[np.intp], opacity: float, frame: QPen, *, crossed: bool) -> QPixmap:
        data, side = self.record.data, self._layout.tile
        assert data is not None
        end = self._layout.corner(len(images) - 1)
        picture = blank(self, self._layout.columns * side, end.y() + side)
        painter = QPainter(picture)
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.setPen(frame)
        for place, image in enumerate(images.tolist()):
            box = QRectF(self._layout.corner(place), QSizeF(side, side)).adjusted(1, 1, -1, -1)
            thumb = self._thumbs.picture(data, image, dark=self.colours.dark)
            painter.setOpacity(1.0)
            painter.fillRect(box, QColor(self.colours.surface))
            painter.setOpacity(opacity)
            painter.drawPixmap(box, thumb, QRectF(thumb.rect()))
            painter.setOpacity(1.0)
            painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
            if crossed:
                painter.setOpacity(0.6)
                painter.drawLines([QLineF(box.topLeft(), box.bottomRight()), QLineF(box.topRight(), box.bottomLeft())])
        painter.end()
        return picture

    def _label_bands(self, colour: QColor) -> list[QPixmap]:
        """Return the names of all classes as labels of forgotten images; none if tiles are too small for letters."""
        data, side = self.record.data, self._layout.tile
        assert data is not None
        names = [name.partition("/")[0] for name in data.classes]
        if side < LEAST_LABELLED:
            return []
        font = fitted(theme.font(0.75), 0.36 * side, names, side - 4)
        font.setPixelSize(max(8, QFontInfo(font).pixelSize()))
        bands = []
        back = QColor(self.colours.surface)
        back.setAlphaF(0.85)
        for name in names:
            picture = blank(self, side - 2, QFontMetricsF(font).height())
            picture.fill(back)
            painter = QPainter(picture)
            painter.setFont(font)
            painter.setPen(colour)
            write(painter, QRectF(QPointF(1, 0), picture.deviceIndependentSize() - QSizeF(2, 0)), [name], CENTRE)
            painter.end()
            bands.append(picture)
        return bands


def best_layout(room: QRectF, count: int, kinds: int, least: float, per_class: range) -> _Layout:
    """Return the layout with the most images of each class, and of those with the largest tiles.

    Tiles are at least ``least`` pixels wide, or smaller only where not even the fewest images would fit.
    """
    while True:
        made = max(
            (_grid(room, count, kinds, across, least, per_class) for across in range(1, count + 1)),
            key=lambda each: (each.per_class, each.tile),
        )
        if made.tile >= least or least < 4:
            return made
        least *= 0.9


def _grid(room: QRectF, count: int, kinds: int, across: int, least: float, per_class: range) -> _Layout:
    """Return the best grid for so many learners side by side: whole rows of one class, or whole classes in a row."""
    down = -(-count // across)
    title = min(QFontMetricsF(theme.font(1.0, bold=True)).height(), 0.15 * room.height() / down) + 5
    wide = (room.width() - (across - 1) * GAP) / across
    high = (room.height() - (down - 1) * GAP) / down - title
    best = (per_class[0], 1, per_class[0])
    for columns in range(1, int(wide / least) + 1):
        for each in per_class:
            if columns % each == 0 or each % columns == 0:
                tile = int(min(wide / columns, high / -(-kinds * each // columns), MOST_TILE))
                if tile >= least:
                    best = max(best, (each, tile, columns))
    most, tile, columns = best
    origins = tuple(
        QPointF(
            int(room.left() + i % across * (wide + GAP)), int(room.top() + i // across * (high + title + GAP) + title)
        )
        for i in range(count)
    )
    return _Layout(tile, columns, most, title, wide, origins)
