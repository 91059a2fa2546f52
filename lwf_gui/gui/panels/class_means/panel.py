"""Class means of the learners that keep some: a plane a learner, side by side, with a key above them."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.class_means import words
from lwf_gui.gui.panels.class_means.key import Key
from lwf_gui.gui.panels.class_means.plane import STRETCH, MeanKey, PlanePainter
from lwf_gui.gui.panels.drawing import GAP, blank
from lwf_gui.gui.panels.panel import MARGIN
from lwf_gui.gui.panels.scrolling import ScrolledPanel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.runs import class_means, tasks_shown
from lwf_gui.runs.class_means import Planes

LEAST_HIGH, LEAST_WIDE = 7.0, 12.0
"""Lines of body text that a plane is high and wide at least; more planes are scrolled to."""


class ClassMeansPanel(ScrolledPanel):
    """The planes. The whole picture is kept until the figures change."""

    EMPTY = "Where the classes are, and where the heads look for them, appears here once task 2 begins."

    def __init__(self) -> None:
        super().__init__()
        self._picture: QPixmap | None = None
        self._kept: list[Spot] = []

    # What it shows, in numbers and words

    def figures(self) -> Planes | None:
        """Return the planes where one looks."""
        self._picture = None
        return class_means.planes(self.record, self.selection)

    def state(self) -> object:
        """Return what the planes depend on; that nobody keeps means is known with the data."""
        last = next(reversed(self.record.means.values()), None)
        return (super().state(), last, len(self.record.means), self.record.data)

    def captions(self) -> tuple[str, ...]:
        """Return what is measured, and shorter wordings."""
        figures, data = self.shown, self.record.data
        if figures is None or data is None:
            return ()
        if figures.reason:
            return ("no learner keeps statistics", "no statistics") if not self._keeps else ("no class means",)
        where = tasks_shown.where(self.record, figures.step)
        images = f"{len(data.probe_labels):,} probe images"
        return (
            f"Class means of the features, in spreads; {images} of {data.dataset}, {where}",
            f"class means in spreads; {images}, {where}",
            f"class means in spreads, {where}",
            "class means in spreads",
            "in spreads",
        )

    @property
    def _keeps(self) -> bool:
        return bool(self.record.means)

    def sentence(self) -> str:
        """Say how far off every class is, learner by learner."""
        figures: Planes = self.shown
        if figures.reason:
            return figures.reason
        said = " ".join(words.learner_sentence(figures, plane) for plane in figures.planes)
        return f"Step {figures.step:,}. How far from its images each head looks for a class, in spreads. {said}"

    def tip(self, key: MeanKey) -> str:
        """Say what is known of a class."""
        plane = self.shown.of(key.learner)
        place = next((each for each in plane.places if each.unit == key.unit), None) if plane else None
        return words.tip(self.shown, plane, place) if plane and place else ""

    # When the picture is no longer good

    def outdate(self) -> None:
        """Paint all anew."""
        self._picture = None

    # Places

    def needed(self, figures: Planes) -> float:
        """Return the height of all planes, each at least as high as can be read, and the key above them."""
        if len(figures.planes) < 2:  # one has the room that there is
            return 0.0
        key = self._key(figures)
        rows = -(-len(figures.planes) // self._columns(figures, key))
        return key.height + rows * (LEAST_HIGH * theme.line_height() + GAP)

    def _columns(self, figures: Planes, key: Key) -> int:
        """Return how many planes stand side by side, so that they are as large as can be."""
        area, count, above = self.area, len(figures.planes), key.height
        wide, high = (float(side) for side in figures.reach[1] - figures.reach[0])

        def size(columns: int) -> float:
            rows = -(-count // columns)
            x = (area.width() - (columns - 1) * GAP) / columns / wide
            y = max((area.height() - above) / rows - 2 * theme.line_height(), 1.0) / high
            return min(x, STRETCH * y) * min(y, STRETCH * x)

        most = max(1, min(count, int(area.width() // (LEAST_WIDE * theme.line_height()))))
        return max(range(1, most + 1), key=size)

    def _key(self, figures: Planes) -> Key:
        return Key(self.area.width(), still=all(plane.frozen for plane in figures.planes))

    # Painting

    def paint(self, painter: QPainter, figures: Planes) -> None:
        """Paint the picture of the planes, or why there are none."""
        if figures.reason:
            self.spots = []
            self.write_instead(painter, figures.reason)
            return
        if self._picture is None:
            self._picture = self._paint_all(figures)
        painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
        painter.drawPixmap(0, -self.scrolled, self._picture)
        self.spots = [Spot(spot.rect.translated(0, -self.scrolled), spot.key) for spot in self._kept]

    def _paint_all(self, figures: Planes) -> QPixmap:
        """Return a picture of key and planes, as high as they are."""
        area, key = self.area, self._key(figures)
        area.setHeight(max(area.height(), self.needed(figures)))
        picture = blank(self, self.width(), math.ceil(area.height()) + 2 * MARGIN)
        columns = self._columns(figures, key)
        rows = -(-len(figures.planes) // columns)
        with painter_on(picture) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            key.paint(painter, area.topLeft(), self.colours)
            area.setTop(area.top() + key.height)
            wide = (area.width() - (columns - 1) * GAP) / columns
            high = (area.height() - (rows - 1) * GAP / 2) / rows
            planes = PlanePainter(painter, figures, self.colours)
            planes.fit(wide)
            for number, plane in enumerate(figures.planes):
                row, column = divmod(number, columns)
                x, y = area.x() + column * (wide + GAP), area.y() + row * (high + GAP / 2)
                planes.paint(QRectF(x, y, wide, high), plane)
        self._kept = planes.spots
        return picture
