"""Representations: whether hidden layers still see old images as they did at the boundary, and where these drift.

On the left stands the linear CKA of each layer with the teacher over the steps, on the right the old images of each
learner as points on axes that were fixed as the task began, with the ways that they came: nothing jumps in time.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

from PySide6.QtGui import QColor, QPainter, QPixmap

from lwf_gui.gui.panels.drawing import blank
from lwf_gui.gui.panels.put_back.bars import write_lines
from lwf_gui.gui.panels.representation import words
from lwf_gui.gui.panels.representation.axes import Axes
from lwf_gui.gui.panels.representation.classes import KeyPainter
from lwf_gui.gui.panels.representation.place import Place
from lwf_gui.gui.panels.representation.plan import Plan, plan
from lwf_gui.gui.panels.representation.plane import PlanePainter
from lwf_gui.gui.panels.representation.plot import CurvePainter
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.stretched import Stretched
from lwf_gui.gui.panels.turning import first_shown, paint_turn
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.runs import representation
from lwf_gui.runs.representation import RepresentationFigures
from lwf_gui.runs.step_scale import StepScale


class _Still(NamedTuple):
    """A picture of the curves, what it depends on, its spots, and its axes."""

    state: object
    picture: QPixmap
    spots: list[Spot]
    axes: Axes


class RepresentationPanel(Stretched):
    """Curves, planes, a key of classes, and a sentence."""

    EMPTY = "How hidden layers see old images, against how they did before, appears here once task 2 begins."
    LEAST = (240, 130)
    """Room for the curves and a sentence."""

    def __init__(self) -> None:
        super().__init__()
        self._still: _Still | None = None
        self._first = 0
        """The first plane that is shown, where not all have room."""

    # What it shows, in numbers and words

    def figures(self) -> RepresentationFigures | None:
        """Return what is known where one looks."""
        return representation.representation(self.record, self.selection)

    def state(self) -> object:
        """Return what the figures depend on: curves go on beyond the cursor."""
        return (super().state(), len(self.record.representations))

    def captions(self) -> tuple[str, ...]:
        """Return which images and moment the figures are of, and shorter wordings."""
        if self.shown is None:
            return ()
        return ("not known",) if self.shown.reason else representation.captions(self.record, self.shown)

    def sentence(self) -> str:
        """Say how each layer sees old images, and how far these moved."""
        figures: RepresentationFigures = self.shown
        return figures.reason or words.sentence(figures)

    def tip(self, key: Place) -> str:
        """Explain a curve, a plane, a class or a key."""
        figures: RepresentationFigures = self.shown
        if figures.reason:
            return ""  # of what was shown a moment ago
        if key.kind == "curve":
            return words.curve_tip(figures, key.learner, key.number) if key.learner in figures.learners else ""
        if key.kind == "key":
            return words.key_tip(figures, key.number)
        if key.kind == "turn":
            return words.turn_tip(key.number)
        plane = figures.plane(key.learner)
        if plane is None:
            return ""
        return words.plane_tip(figures, plane) if key.kind == "plane" else words.class_tip(figures, plane, key.number)

    def choose(self, key: Place) -> None:
        """Turn to other planes, where not all have room."""
        if key.kind == "turn":
            self._first = max(0, self._first + key.number * len(self._planned(self.shown).cells))
            self.update()

    def outdate(self) -> None:
        """Paint all anew."""
        self._still = None

    # Painting

    def _planned(self, figures: RepresentationFigures) -> Plan:
        return plan(self.area, len(figures.planes))

    def paint(self, painter: QPainter, figures: RepresentationFigures) -> None:
        """Paint all parts, or why there are no figures."""
        self.spots = []
        if figures.reason:
            self.write_instead(painter, figures.reason)
            return
        places = self._planned(figures)
        still = self._still_of(places, figures)
        painter.drawPixmap(0, 0, still.picture)
        still.axes.here(painter, figures.step)
        self.spots += still.spots
        if places.cells:
            self._paint_planes(painter, places, figures)
        painter.setFont(places.font(bold=True))
        painter.setPen(QColor(self.colours.text))
        write_lines(painter, places.verdict, words.verdict(figures))

    def _still_of(self, places: Plan, figures: RepresentationFigures) -> _Still:
        """Return the picture of the curves: painted anew only where they are others, or stand elsewhere."""
        scale = StepScale.of(self.record) if self.stretches else StepScale()
        state = (figures.curves, places.plot.getRect(), scale)
        if self._still is None or self._still.state != state:
            picture = blank(self, self.width(), self.height())
            with painter_on(picture) as painter:
                plot = CurvePainter(painter, places, self.colours, figures, scale)
                plot.paint()
            self._still = _Still(state, picture, plot.spots, plot.axes)
        return self._still

    def _paint_planes(self, painter: QPainter, places: Plan, figures: RepresentationFigures) -> None:
        """Paint as many planes as have room, the keys to the others, and the key of classes."""
        count = len(places.cells)
        self._first = first_shown(self._first, count, len(figures.planes))
        shown = figures.planes[self._first : self._first + count]
        planes = PlanePainter(painter, places, self.colours, figures)
        planes.paint(places.cells[: len(shown)], shown)
        self.spots += planes.spots
        if places.key is not None:
            key = KeyPainter(painter, places, self.colours, figures)
            key.paint(places.key)
            self.spots += key.spots
        if places.turn is not None:
            font, shown_now = places.font(0.9, bold=True), (self._first, count, len(figures.planes))
            turn = partial(Place, "turn", "")
            self.spots += paint_turn(painter, places.turn, font, shown_now, turn, self.colours)
