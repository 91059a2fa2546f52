"""The same old-task images for every learner: what is forgotten fades, and a click tells the history of an image."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import Thumbs, blank, heading, wrong_colour
from lwf_gui.gui.panels.image_history import HistoryPainter
from lwf_gui.gui.panels.panel import Panel, Spot
from lwf_gui.gui.panels.text import CENTRE, fitted, names_within, widest, write
from lwf_gui.gui.panels.tiles import Layout, best_layout, enough
from lwf_gui.runs import views
from lwf_gui.runs.memory import History, Wall, history, wall
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

FADED = 0.3
"""Opacity of a forgotten image."""
UNKNOWN = 0.6
"""Opacity of an image that was wrong from the start."""
LEAST_LABELLED = 28
"""Pixels of an image below which its label would be illegible."""
LABEL_SHARE = 0.36
"""Part of an image's height that its label may take."""
LEGEND = (
    "Clear: right. Crossed and faded: forgotten. Dotted: wrong from the start. Name: what it is taken for now.",
    "Clear: right. Crossed: forgotten. Dotted: wrong from the start. Name: taken for.",
    "Crossed: forgotten. Dotted: wrong from the start. Name: taken for.",
    "Crossed: forgotten. Dotted: wrong from the start.",
    "Crossed: forgotten. Dotted: wrong at first.",
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


class MemoryWall(Panel):
    """The walls of all learners, and the history of the chosen image below them while it is open."""

    EMPTY = "Old-task images appear here once a network trains, and fade as they are forgotten."

    def __init__(self) -> None:
        super().__init__()
        self._open: int | None = None
        self._layout: Layout
        self._layout_of: object = None
        self._layers: tuple[QPixmap, QPixmap, QPixmap] | None = None
        self._layers_for: object = None
        self._bands: list[tuple[QPixmap, QPixmap]] = []
        """By class, its name in the colour of what is wrong and in that of all text."""
        self._thumbs = Thumbs()

    # What it shows, in numbers and words

    def figures(self) -> Shown | None:
        """Return the wall where one looks, with the history that is open."""
        found = wall(self.record, self.selection)
        if found is None:
            return None
        return Shown(found, None if self._open is None else history(self.record, self.selection, self._open))

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
        return self.captions()[1] if self.captions() else ""

    def captions(self) -> tuple[str, ...]:
        """Return the caption, before it the same with how the images were chosen, and after it shorter ones."""
        data = self.record.data
        if self.shown is None or data is None:
            return ()
        found: Wall = self.shown.wall
        self._arrange(found)
        images, old = found.chosen(self._layout.per_class), np.concatenate(found.by_class)
        count, total = len(images), len(old)
        wrong, all_wrong = int((~found.known[images]).sum()), int((~found.known[old]).sum())
        share = f"{wrong} of {count} as {all_wrong:,} of {total:,}"
        chosen = f"chosen so that what was wrong from the start has its true share, {share}"
        if found.before:
            chosen = "the first ones of each class"
        protocol, of = PROTOCOLS[found.protocol], f"{count} of {total:,} old test images"
        full = f"{protocol}, {of} of {data.dataset}, {found.when}"
        return (
            f"{full}; {chosen}",
            full,
            f"{protocol}, {of}, {found.when}",
            f"{protocol}, {count} of {total:,} old images, {found.when}",
            f"{protocol}, {found.when}",
            found.when,
        )

    def sentence(self) -> str:
        """Say how many images each learner gets right, and what it says to nearly all of them, if it does."""
        return "; ".join(", ".join(self._title(learner)) for learner in self.shown.wall.learners) + "."

    def _title(self, learner: str) -> tuple[str, str] | tuple[str]:
        """Return how many images a learner gets right, and what it says to most of them whether right or not."""
        found: Wall = self.shown.wall
        self._arrange(found)
        per_class = self._layout.per_class
        right, count = found.right_of(learner, per_class)
        said, habit = f"{views.label_of(learner)}: {right} of {count} right", found.habit(learner, per_class)
        return (said,) if habit is None else (said, f"says {self._name(habit.unit)} to {habit.images} of {count}")

    def _name(self, unit: int) -> str:
        """Return the short name of a class."""
        assert self.record.data is not None
        return self.record.data.classes[unit].partition("/")[0]

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
            habit = found.habit(key.learner, self._layout.per_class)
            if habit is not None and habit.unit == found.taken[row, key.image]:
                said += f", but says the same to {habit.images} of the images here"
        elif found.began_right[row, key.image]:
            said = f"{label} has forgotten it and takes it for {taken}"
        else:
            said = f"{label} takes it for {taken}" + ("" if found.before else " and was wrong from the start")
        true = names[self.record.data.probe_labels[key.image]]
        name = views.image_name(self.record.data, key.image)
        return f"{true}, {name}: {said} ({PROTOCOLS[found.protocol]}, {found.when})"

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
        self.refresh(self.selection)

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
            below = min(max(0.42 * area.height(), 10 * below), 0.55 * area.height(), max(300, 0.3 * area.height()))
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
        most = min(2 * enough(kinds), min(len(numbers) for numbers in found.by_class))
        # A tile should hold a class name, unless that left less than four images of each class or so.
        roomy = (closed.width() * closed.height() / (count * 4 * kinds)) ** 0.5
        least = max(1.0, min(QFontMetricsF(theme.font(0.75)).horizontalAdvance("Trouser") + 4, roomy))
        said = self._widest_title(found)
        layout = best_layout(closed, count, kinds, said, least, range(1, most + 1))
        if self._open is not None:
            kept = layout.per_class
            layout = best_layout(room, count, kinds, said, min(least, LEAST_LABELLED), range(kept, kept + 1))
        self._layout, self._layout_of, self._layers = layout, of, None

    def _widest_title(self, found: Wall) -> float:
        """Return the pixels of a title that says all there may be to say: titles have as many lines at every step."""
        metrics, names = QFontMetricsF(theme.font(1.0, bold=True)), self._names()
        longest = widest(metrics, names_of(found.learners)[1].values())
        return longest + widest(metrics, names) + metrics.horizontalAdvance("mm: 00 of 00 right, says  to 00 of 00")

    def _names(self) -> list[str]:
        """Return the short names of all classes."""
        assert self.record.data is not None
        return [self._name(unit) for unit in range(len(self.record.data.classes))]

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
        """Paint what a learner gets right and says, on one line or on two."""
        lay, said = self._layout, self._title(learner)
        right, height = said[0].removeprefix(f"{views.label_of(learner)}: "), (lay.title - 5) / lay.lines
        font = theme.font(1.0, bold=True)
        metrics = QFontMetricsF(font)
        least = "mm: 00 of 00 right"
        names = names_within(metrics, lay.width - metrics.horizontalAdvance(least), found.learners)
        painter.setFont(fitted(font, height, [f"{name}{least}" for name in names.values()], lay.width))
        said = (f"{names[learner]}: {right}", *said[1:])
        box = QRectF(origin.x(), origin.y() - lay.title, lay.width, height)
        whole = [", ".join(said)] if lay.lines == 1 else []
        short = right.removesuffix(" right").replace(" of ", "/")
        heading(painter, box, learner, [*whole, said[0], f"{names[learner]} {short}", names[learner]], self.colours)
        if lay.lines == 2 and len(said) == 2:
            box = box.adjusted(1.2 * painter.fontMetrics().ascent(), 0, 0, 0)  # below the text behind the mark
            write(painter, box.translated(0, height), [said[1], said[1].removeprefix("says ")])

    def _paint_tiles(
        self, painter: QPainter, found: Wall, learner: str, origin: QPointF, images: NDArray[np.intp]
    ) -> None:
        """Paint what is wrong over the clear images, what is said to most upon all, and frame what is looked at."""
        assert self._layers is not None
        _, faded, never = self._layers
        row, side, ratio = found.learners.index(learner), self._layout.tile, self.devicePixelRatioF()
        right, began = found.right[row, images].tolist(), found.began_right[row, images].tolist()
        taken, habit = found.taken[row, images].tolist(), found.habit(learner, self._layout.per_class)
        for place, image in enumerate(images.tolist()):
            corner = self._layout.corner(place)
            box = QRectF(origin + corner, QSizeF(side, side))
            self.spots.append(Spot(box, Tile(learner, image)))
            if not right[place]:
                painter.drawPixmap(box, faded if began[place] else never, QRectF(corner * ratio, box.size() * ratio))
            # A right answer has its name too where it is the answer to everything: it is luck, not memory.
            if self._bands and (not right[place] or (habit is not None and habit.unit == taken[place])):
                wrong, plain = self._bands[taken[place]]
                band = wrong if began[place] and not right[place] else plain
                painter.drawPixmap(
                    QPointF(box.left() + 1, box.bottom() - 1 - band.deviceIndependentSize().height()), band
                )
            if image == self.selection.image:
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
            self._bands = list(zip(self._label_bands(error), self._label_bands(QColor(self.colours.text)), strict=True))
        return self._layers

    def _layer(self, images: NDArray[np.intp], opacity: float, frame: QPen, *, crossed: bool) -> QPixmap:
        data, side = self.record.data, self._layout.tile
        assert data is not None
        end = self._layout.corner(len(images) - 1)
        picture = blank(self, self._layout.columns * side, end.y() + side)
        with QPainter(picture) as painter:
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
                    cross = [QLineF(box.topLeft(), box.bottomRight()), QLineF(box.topRight(), box.bottomLeft())]
                    painter.drawLines(cross)
        return picture

    def _label_bands(self, colour: QColor) -> list[QPixmap]:
        """Return the names of all classes as labels of images; none if tiles are too small for letters."""
        side, names = self._layout.tile, self._names()
        if side < LEAST_LABELLED:
            return []
        size = max(0.75, LABEL_SHARE / 2 * side / QFontMetricsF(theme.font(1.0)).height())  # large tiles, large letters
        font = fitted(theme.font(size), LABEL_SHARE * side, names, side - 4)
        font.setPixelSize(max(8, QFontInfo(font).pixelSize()))
        bands = []
        back = QColor(self.colours.surface)
        back.setAlphaF(0.85)
        for name in names:
            picture = blank(self, side - 2, QFontMetricsF(font).height())
            picture.fill(back)
            with QPainter(picture) as painter:
                painter.setFont(font)
                painter.setPen(colour)
                write(painter, QRectF(QPointF(1, 0), picture.deviceIndependentSize() - QSizeF(2, 0)), [name], CENTRE)
            bands.append(picture)
        return bands
