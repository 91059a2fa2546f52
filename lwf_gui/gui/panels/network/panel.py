"""The network strip: the machine of each learner as a drawing whose parts carry their names, explain and open panels.

What is drawn is a function of record and look alone: in slow motion the dashes on the arrows go on with the step.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import Thumbs, blank, grey_image, scaled
from lwf_gui.gui.panels.network import tips, words
from lwf_gui.gui.panels.network.brush import Brush
from lwf_gui.gui.panels.network.lane import paint_lane
from lwf_gui.gui.panels.network.parts import Pictures
from lwf_gui.gui.panels.network.place import Part
from lwf_gui.gui.panels.network.plan import Plan, plan
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, write
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.gui.printing import pixel_ratio
from lwf_gui.runs import network
from lwf_gui.runs.network import MOST_IMAGES, Machine
from lwf_gui.runs.network_outcome import Outcome
from lwf_gui.runs.network_pulls import NONE

NO_OUTCOME = Outcome("ahead")

BETWEEN = 2.0
"""Pixels between two pictures."""

SMALLEST = 1.0
"""Lines that a picture is high at least, where fewer of them can be larger."""

FEW = 2
"""Pictures that there are at least."""


class NetworkPanel(Panel):
    """A lane a learner, as many as have room; a switch at the left goes to the others."""

    EMPTY = "The network appears here, part by part, once there are images for it."
    LEAST = (250, 120)
    """Room for one lane."""

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        """The first learner that is shown, where not all have room."""
        self._pictures: dict[Hashable, QPixmap] = {}
        """Of new images, by number, side and colours: smooth scaling is dear."""
        self._kinds = Thumbs()
        self._picture: QPixmap | None = None
        self._pictured: Hashable = None
        self._painted: list[Spot] = []
        self._plan: Plan | None = None
        self._planned: Hashable = None

    # What it shows, in numbers and words

    def figures(self) -> Machine | None:
        """Return the machines where one looks."""
        return network.machine(self.record, self.selection, guessed=self.guessed)

    def state(self) -> object:
        """Return what the figures depend on beside the probe."""
        record = self.record
        track = None if record.track is None else record.track.started
        counts = (len(record.layers), len(record.evaluations), len(record.batches))
        return (super().state(), record.data, track, counts, self.guessed)

    def captions(self) -> tuple[str, ...]:
        """Return which images, protocol and moment the outcomes are of, and shorter wordings."""
        figures: Machine | None = self.shown
        if figures is None:
            return ()
        made = self._laid(figures)
        count, shown = len(figures.lanes), len(made.areas)
        lanes = f"{made.first + 1}-{made.first + shown} of {count} learners" if shown < count else ""
        if shown == 1 and count > 1:
            lanes = f"learner {made.first + 1} of {count}"
        return network.captions(self.record, figures, lanes=lanes)

    def sentence(self) -> str:
        """Say all machines."""
        return tips.sentence(self.shown)

    def tip(self, key: Part) -> str:
        """Explain a part."""
        from lwf_gui.gui.panels.table import PANELS  # which names this module

        return tips.tip(key, self.shown, {spec.key: spec.title for spec in PANELS})

    def choose(self, key: Part) -> None:
        """Open the panel of a part; show other lanes."""
        if key.kind != "switch":
            self.wanted.emit(tips.opened(key, self.shown))
            return
        made, count = self._laid(self.shown), len(self.shown.lanes)
        shown = len(made.areas)
        last = max(0, count - shown)
        if key.name == "+":
            self._first = 0 if made.first >= last else min(made.first + shown, last)
        else:
            self._first = last if made.first == 0 else max(0, made.first - shown)
        self._planned = None
        self.resized.emit()  # the heading says which are shown
        self.describe()
        self.update()

    def outdate(self) -> None:
        """Lay out and paint all anew."""
        self._planned = self._pictured = None
        self._pictures = {}

    # Painting

    def _laid(self, figures: Machine) -> Plan:
        """Return where everything stands, worked out anew where that may have changed."""
        of = (_shape(figures), self.size(), self._first, theme.line_height())
        if self._plan is None or of != self._planned:
            classes = self.record.data.classes if self.record.data is not None else ()
            self._plan = plan(self.area, figures, self._first, classes)
            self._planned = of
        return self._plan

    def paint(self, painter: QPainter, figures: Machine) -> None:
        """Paint the lanes, from the picture of them while they stay as they are."""
        made = self._laid(figures)
        of = (figures, self._planned, self.colours, pixel_ratio(self))
        if self._picture is None or of != self._pictured:
            self._picture = blank(self, self.width(), self.height())
            with painter_on(self._picture) as inner:
                inner.setRenderHint(QPainter.RenderHint.Antialiasing)
                self._painted = self._paint_lanes(inner, figures, made)
            self._pictured = of
        self.spots = list(self._painted)
        painter.drawPixmap(0, 0, self._picture)

    def _paint_lanes(self, painter: QPainter, figures: Machine, made: Plan) -> list[Spot]:
        names, spots = words.named(figures.lanes), list[Spot]()
        for area, lane in zip(made.areas, figures.lanes[made.first :], strict=False):
            brush = Brush(painter, made, self.colours, figures, lane)
            paint_lane(brush, area, names, Pictures(self._paint_images, self._paint_kind))
            spots += brush.spots
        if made.switch is not None:
            spots += self._paint_switch(painter, made)
        return sorted(spots, key=_within)

    def _paint_switch(self, painter: QPainter, made: Plan) -> list[Spot]:
        """Paint two keys at the left: to the learners before these, and to the next ones."""
        assert made.switch is not None, "there are others"
        spots = []
        half = made.switch.height() / 2
        for name, sign, top in (("-", "▲", made.switch.top()), ("+", "▼", made.switch.top() + half)):
            rect = QRectF(made.switch.left(), top, made.switch.width(), half).adjusted(0, 1, 0, -1)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(self.colours.raised))
            painter.drawRoundedRect(rect, 5, 5)
            painter.setFont(made.font())
            painter.setPen(QColor(self.colours.accent))
            write(painter, rect, [sign], CENTRE)
            spots.append(Spot(rect, Part("switch", "", name)))
        return spots

    def _paint_images(self, painter: QPainter, room: QRectF) -> None:
        """Paint the new images side by side, as many as have room."""
        data, figures = self.record.data, self.shown
        assert data is not None, "there are machines only with data"
        batch = figures.batch
        count = min(MOST_IMAGES, len(batch.images) if batch is not None else len(figures.images))
        if not count:
            return
        across, side = _grid(room, count)
        if side < SMALLEST * theme.line_height() and count > FEW:  # fewer, but to be seen
            count = FEW
            across, side = _grid(room, count)
        down = -(-count // across)
        left = room.center().x() - (across * (side + BETWEEN) - BETWEEN) / 2
        top = room.center().y() - (down * (side + BETWEEN) - BETWEEN) / 2
        for place in range(count):
            corner = QPointF(left + place % across * (side + BETWEEN), top + place // across * (side + BETWEEN))
            painter.drawPixmap(corner, self._image(place, count, side))

    def _paint_kind(self, painter: QPainter, room: QRectF, unit: int) -> None:
        """Paint the picture of a class."""
        data = self.record.data
        assert data is not None, "there are machines only with data"
        if unit in data.probe_labels:
            picture = self._kinds.picture(data, data.first_image(unit), dark=self.colours.dark)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawPixmap(room, picture, QRectF(picture.rect()))

    def _image(self, place: int, count: int, side: float) -> QPixmap:
        """Return one of so many new images: of the step's mini-batch where that is known."""
        data, figures = self.record.data, self.shown
        assert data is not None, "there are machines only with data"
        dark, ratio = self.colours.dark, pixel_ratio(self)
        if figures.batch is not None:
            return scaled(grey_image(figures.batch.images[place], data.peak, dark=dark), side, ratio)
        image = figures.images[place * len(figures.images) // count]
        of = (image, round(side, 1), dark, ratio)
        if of not in self._pictures:
            self._pictures[of] = scaled(grey_image(data.probe_images[image], data.peak, dark=dark), side, ratio)
        return self._pictures[of]


def _shape(figures: Machine) -> Hashable:
    """Return what the places of all parts depend on: they stay as they are while figures change from step to step."""
    told = None if figures.phase == "later" else tuple(lane.outcome for lane in figures.lanes)
    still = (
        replace(lane, moved=(), outcome=NO_OUTCOME, shared=NONE, head=NONE, answers_now=False) for lane in figures.lanes
    )
    return (figures.phase, figures.many, figures.task, figures.grown, told, tuple(still))


def _grid(room: QRectF, count: int) -> tuple[int, float]:
    """Return in how many columns so many pictures are largest in a place, and their side."""
    ways = []
    for across in range(1, count + 1):
        down = -(-count // across)
        wide, high = (room.width() + BETWEEN) / across, (room.height() + BETWEEN) / down
        ways.append((across, max(1.0, min(wide, high) - BETWEEN)))
    return max(ways, key=lambda way: way[1])


def _within(spot: Spot) -> int:
    """Let small parts be found before what they lie in."""
    return {"layer": 0, "store": 0}.get(getattr(spot.key, "kind", ""), 1)
