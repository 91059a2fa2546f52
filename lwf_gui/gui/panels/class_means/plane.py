"""One learner's plane: dots where the images of a class are, rings where the head has them, and what lies between."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui import theme
from lwf_gui.gui.panels.class_means import words
from lwf_gui.gui.panels.class_means.key import RING, arrow, dot, radius, ring
from lwf_gui.gui.panels.class_means.labels import Labels
from lwf_gui.gui.panels.drawing import GAP, apart, heading, polyline, wrong_colour
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import LEFT, RIGHT, fitted, fitting, names_within, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import round_up
from lwf_gui.runs.class_means import Floats, Place, Plane, Planes
from lwf_gui.runs.names import Names

STRETCH = 2.0
"""How many times longer a spread may be in one direction than in the other, so that a low panel is used."""

LEAST_GRID = 26.0
"""Pixels between two lines of the grid at least."""

TITLE, MARKED = 0.95, 1.6
"""Size of a learner's name, and how many of its lines its mark is wide."""

PALE, GROUND = 110, 150
"""Opacity, of 255, of a class of which the head has no mean yet, and of the ground behind names."""


class MeanKey(NamedTuple):
    """What a spot is about: a class of a learner."""

    learner: str
    unit: int


class Scale(NamedTuple):
    """From spreads to pixels."""

    middle: Floats
    """Place in the middle of the box, in spreads, shape (2,)."""
    box: QRectF
    x: float
    """Pixels a spread to the right."""
    y: float
    """Pixels a spread upwards."""

    @classmethod
    def of(cls, reach: Floats, box: QRectF) -> Scale:
        """Return the scale with which a box holds the places from the lowest to the highest."""
        wide, high = np.maximum(reach[1] - reach[0], 1e-9).tolist()
        x, y = max(box.width(), 1.0) / wide, max(box.height(), 1.0) / high
        return cls(reach.mean(0), box, min(x, STRETCH * y), min(y, STRETCH * x))

    def point(self, place: Floats) -> QPointF:
        """Return where a place is."""
        x, y = (place - self.middle).tolist()
        centre = self.box.center()
        return QPointF(centre.x() + self.x * x, centre.y() - self.y * y)

    @property
    def step(self) -> float:
        """Spreads between two lines of the grid: 1, 2 or 5 times a power of ten."""
        return round_up(LEAST_GRID / min(self.x, self.y))


class PlanePainter:
    """Paints the planes of learners, each in a cell of its own."""

    def __init__(self, painter: QPainter, figures: Planes, colours: Theme) -> None:
        self._painter, self._figures, self._colours = painter, figures, colours
        self.spots: list[Spot] = []
        self._names: Names = {}
        self._form, self._below = 0, False

    def fit(self, width: float) -> None:
        """Choose wordings for cells of a width, the same for all: learners side by side are to be compared."""
        planes = self._figures.planes
        metrics = QFontMetricsF(theme.font(TITLE, bold=True))
        mark = MARKED * metrics.height()
        self._names = names_within(metrics, width - mark, [plane.learner for plane in planes])
        said = [words.farthest(self._figures, plane) for plane in planes]
        room = width - mark - GAP - widest(metrics, self._names.values())
        wide = [widest(QFontMetricsF(theme.font(TITLE)), form) for form in zip(*said, strict=True)]
        self._below = wide[1] > room
        self._form = 1 if wide[0] > (width if self._below else room) else 0

    @property
    def head(self) -> float:
        """Pixels above a plane: a line for the name and for what is farthest off, two where they have no room there."""
        return (1 + self._below) * QFontMetricsF(theme.font(TITLE, bold=True)).height() + 1

    def paint(self, cell: QRectF, plane: Plane) -> None:
        """Paint a learner's name, what is farthest off, and its plane."""
        painter, bold = self._painter, theme.font(TITLE, bold=True)
        line = QFontMetricsF(bold).height()
        painter.setFont(bold)
        strip = QRectF(cell.x(), cell.y(), cell.width(), line)
        heading(painter, strip, plane.learner, [self._names[plane.learner]], self._colours)
        painter.setFont(theme.font(TITLE))
        said = words.farthest(self._figures, plane)[self._form :]
        write(painter, strip.translated(0, line) if self._below else strip, said, LEFT if self._below else RIGHT)
        box = cell.adjusted(0, self.head, 0, 0)
        painter.fillRect(box, QColor(self._colours.window))
        scale = Scale.of(self._figures.reach, box.adjusted(6, 6, -6, -6))
        painter.save()
        painter.setClipRect(box)
        self._paint_ground(box, scale)
        notes = self._paint_notes(box, scale, plane)
        self._paint_places(box, scale, plane, notes)
        painter.restore()

    def _paint_ground(self, box: QRectF, scale: Scale) -> None:
        """Paint the grid."""
        painter, step, centre = self._painter, scale.step, scale.box.center()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(self._colours.line), 1))
        low_x, high_x = (scale.middle[0] + side * box.width() / 2 / scale.x for side in (-1, 1))
        low_y, high_y = (scale.middle[1] + side * box.height() / 2 / scale.y for side in (-1, 1))
        for number in range(math.ceil(low_x / step), math.floor(high_x / step) + 1):
            x = centre.x() + scale.x * (number * step - scale.middle[0])
            painter.drawLine(QPointF(x, box.top()), QPointF(x, box.bottom()))
        for number in range(math.ceil(low_y / step), math.floor(high_y / step) + 1):
            y = centre.y() - scale.y * (number * step - scale.middle[1])
            painter.drawLine(QPointF(box.left(), y), QPointF(box.right(), y))

    def _paint_notes(self, box: QRectF, scale: Scale, plane: Plane) -> list[QRectF]:
        """Write how wide the grid is, and that nothing moves where nothing does; return where."""
        font, step = theme.font(0.8), scale.step
        metrics = QFontMetricsF(font)
        line = metrics.height()
        grid = words.spreads(step) if step != 1 else "1 spread"
        square = fitting(metrics, box.width() / 2, f"a square: {grid}", grid)
        frozen = fitting(metrics, box.width() - metrics.horizontalAdvance(square) - 20, *words.FROZEN)
        self._painter.setFont(font)
        self._painter.setPen(QColor(self._colours.muted))
        places = []
        for text, on_the_left in ((square, False), (frozen if plane.frozen else "", True)):
            wide = metrics.horizontalAdvance(text)
            x = box.x() + 4 if on_the_left else box.right() - wide - 4
            place = QRectF(x, box.bottom() - line - 1, wide, line)
            self._painter.fillRect(place, QColor(self._colours.window))
            write(self._painter, place, [text])
            places.append(place)
        return places

    def _paint_places(self, box: QRectF, scale: Scale, plane: Plane, notes: list[QRectF]) -> None:
        painter, r = self._painter, radius(QFontMetricsF(theme.font(1.0)).height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in plane.places:
            self._paint_ways(scale, plane, place, r)
        marks = [
            _around(scale.point(at), wide * r)
            for place in plane.places
            for at, wide in ((place.now, 1.0), (place.kept, RING))
            if _is_there(at)
        ]
        names = Labels(box, marks, notes)
        for place in sorted(plane.places, key=lambda each: -each.apart if math.isfinite(each.apart) else 0.0):
            self._paint_name(scale, plane, place, r, names)
        for place in plane.places:
            self._paint_marks(scale, plane, place, r)

    def _paint_ways(self, scale: Scale, plane: Plane, place: Place, r: float) -> None:
        """Paint how the images went, how far off the head is, and how its mean was moved."""
        painter = self._painter
        if len(place.way) > 1:
            colour = QColor(self._colours.learner(plane.learner))
            colour.setAlpha(PALE)
            painter.setPen(QPen(colour, 1.5, Qt.PenStyle.DotLine))
            points = [scale.point(at) for at in place.way]
            polyline(painter, apart(np.array([(at.x(), at.y()) for at in points])))
        if _is_there(place.now) and _is_there(place.kept):
            painter.setPen(QPen(wrong_colour(self._colours), 2))
            painter.drawLine(scale.point(place.kept), scale.point(place.now))
        if _is_there(place.before) and _is_there(place.kept):
            start, end = scale.point(place.before), scale.point(place.kept)
            length = math.hypot(end.x() - start.x(), end.y() - start.y())
            if length > RING * r + 2:
                muted = QColor(self._colours.muted)
                ring(painter, start, 0.6 * r, muted)
                arrow(painter, start, end + (start - end) * (RING * r / length), muted)

    def _paint_marks(self, scale: Scale, plane: Plane, place: Place, r: float) -> None:
        if _is_there(place.now):
            colour = QColor(self._colours.learner(plane.learner))
            colour.setAlpha(255 if _is_there(place.kept) else PALE)
            dot(self._painter, scale.point(place.now), r, colour)
        if _is_there(place.kept):
            ring(self._painter, scale.point(place.kept), RING * r, QColor(self._colours.text))

    def _paint_name(self, scale: Scale, plane: Plane, place: Place, r: float, names: Labels) -> None:
        """Paint the name of a class, and take its mark and its name for spots."""
        at = scale.point(place.now if _is_there(place.now) else place.kept)
        key = MeanKey(plane.learner, place.unit)
        font = fitted(theme.font(0.9), scale.box.height() / 6)
        metrics = QFontMetricsF(font)
        text = fitting(metrics, 0.45 * scale.box.width(), words.first_name(self._figures.names[place.unit]))
        where = names.place(at, QSizeF(metrics.horizontalAdvance(text) + 2, metrics.height() * 0.9), RING * r + 2)
        if where is not None:
            ground = QColor(self._colours.window)
            ground.setAlpha(GROUND)
            self._painter.fillRect(where.toAlignedRect(), ground)
            self._painter.setFont(font)
            self._painter.setPen(QColor(self._colours.text if _is_there(place.kept) else self._colours.muted))
            write(self._painter, where, [text])
        self.spots.append(Spot(_around(at, 1.8 * r), key))


def _around(point: QPointF, reach: float) -> QRectF:
    return QRectF(point.x() - reach, point.y() - reach, 2 * reach, 2 * reach)


def _is_there(place: Floats) -> bool:
    return bool(np.isfinite(place).all())
