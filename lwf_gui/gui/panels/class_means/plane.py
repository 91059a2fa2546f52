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
from lwf_gui.gui.panels.drawing import apart, heading, polyline, wrong_colour
from lwf_gui.gui.panels.panel import Spot
from lwf_gui.gui.panels.text import RIGHT, fitted, fitting, names_within, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.class_means import Floats, Place, Plane, Planes
from lwf_gui.runs.names import Names

STRETCH = 2.0
"""How many times longer a spread may be in one direction than in the other, so that a low panel is used."""

LEAST_GRID = 26.0
"""Pixels between two lines of the grid at least."""

NAMED, MARKED = 0.62, 1.6
"""Part of a cell's width that its learner's name takes at most, and lines that its mark takes of that."""

PALE = 110
"""Opacity, of 255, of a class of which the head has no mean yet."""


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
        least = LEAST_GRID / min(self.x, self.y)
        power = 10.0 ** math.floor(math.log10(least))
        return next((times * power for times in (1, 2, 5) if times * power >= least), 10 * power)


class PlanePainter:
    """Paints the planes of learners, each in a cell of its own."""

    def __init__(self, painter: QPainter, figures: Planes, colours: Theme) -> None:
        self._painter, self._figures, self._colours = painter, figures, colours
        self.spots: list[Spot] = []

    def names(self, width: float, learners: list[str]) -> Names:
        """Return the names of learners in cells of a width, all of them in one form."""
        metrics = QFontMetricsF(theme.font(0.95, bold=True))
        return names_within(metrics, NAMED * width - MARKED * metrics.height(), learners)

    def paint(self, cell: QRectF, plane: Plane, name: str) -> None:
        """Paint a learner's name, what is farthest off, and its plane."""
        bold = theme.font(0.95, bold=True)
        line = QFontMetricsF(bold).height()
        self._painter.setFont(bold)
        wide = min(QFontMetricsF(bold).horizontalAdvance(name) + MARKED * line, NAMED * cell.width())
        heading(self._painter, QRectF(cell.x(), cell.y(), wide, line), plane.learner, [name], self._colours)
        self._painter.setFont(theme.font(0.95))
        room = QRectF(cell.x() + wide + 4, cell.y(), cell.width() - wide - 4, line)
        write(self._painter, room, words.farthest(self._figures, plane), RIGHT)
        box = cell.adjusted(0, line + 1, 0, 0)
        self._painter.fillRect(box, QColor(self._colours.window))
        scale = Scale.of(self._figures.reach, box.adjusted(6, 6, -6, -6))
        self._painter.save()
        self._painter.setClipRect(box)
        self._paint_ground(box, scale, plane)
        self._paint_places(box, scale, plane)
        self._painter.restore()

    def _paint_ground(self, box: QRectF, scale: Scale, plane: Plane) -> None:
        """Paint the grid, how wide it is, and that nothing moves where nothing does."""
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
        small = theme.font(0.8)
        high = QFontMetricsF(small).height()
        painter.setFont(small)
        painter.setPen(QColor(self._colours.muted))
        foot = QRectF(box.x() + 4, box.bottom() - high - 1, box.width() - 8, high)
        grid = words.spreads(step) if step != 1 else "1 spread"
        said = fitting(QFontMetricsF(small), foot.width() / 2, f"a square: {grid}", grid, "")
        write(painter, foot, [said], RIGHT)
        if plane.frozen:
            left = foot.adjusted(0, 0, -QFontMetricsF(small).horizontalAdvance(said) - 8, 0)
            write(painter, left, [*words.FROZEN, ""])

    def _paint_places(self, box: QRectF, scale: Scale, plane: Plane) -> None:
        painter, r = self._painter, radius(QFontMetricsF(theme.font(1.0)).height())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place in plane.places:
            self._paint_ways(scale, plane, place, r)
        for place in plane.places:
            self._paint_marks(scale, plane, place, r)
        points = [scale.point(at) for place in plane.places for at in (place.now, place.kept) if _is_there(at)]
        marks = [QRectF(at.x() - r, at.y() - r, 2 * r, 2 * r) for at in points]
        names = Labels(box, marks)
        for place in sorted(plane.places, key=lambda each: -each.apart if math.isfinite(each.apart) else 0.0):
            self._paint_name(scale, plane, place, r, names)

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
        reach = 1.8 * r
        key = MeanKey(plane.learner, place.unit)
        spot = QRectF(at.x() - reach, at.y() - reach, 2 * reach, 2 * reach)
        font = fitted(theme.font(0.9), scale.box.height() / 6)
        metrics = QFontMetricsF(font)
        text = fitting(metrics, 0.45 * scale.box.width(), words.first_name(self._figures.names[place.unit]))
        where = names.place(at, QSizeF(metrics.horizontalAdvance(text) + 2, metrics.height() * 0.9), RING * r + 2)
        if where is not None:
            self._painter.setFont(font)
            self._painter.setPen(QColor(self._colours.text if _is_there(place.kept) else self._colours.muted))
            write(self._painter, where, [text])
        self.spots.append(Spot(spot, key))


def _is_there(place: Floats) -> bool:
    return bool(np.isfinite(place).all())
