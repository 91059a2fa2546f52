"""Painting of a sketch upon the accuracy plot: its dotted line, its handles, and what lies between it and the curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from lwf_gui.gui import theme
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.series import Series
from lwf_gui.runs.sketch import Points, Sketch
from lwf_gui.runs.step_scale import StepScale

if TYPE_CHECKING:
    from lwf_gui.gui.panels.curves import AccuracyPlot

DOTS = (0.01, 1.7)
"""Round dots, in widths of the line: neither a curve's stroke nor a new task's dashes."""


class SketchField:
    """Where a plot's curves are on the screen, and which step and percentage is where.

    Parameters
    ----------
    steps : of the curve, from the head expansion on
    """

    def __init__(self, plot: AccuracyPlot, steps: float) -> None:
        self._plot, self._view, self._box = plot, plot.view, plot.plot.vb
        self.steps = steps

    @property
    def scale(self) -> StepScale:
        """Where steps stand on the axis."""
        return self._plot.scale

    def rect(self) -> QRectF:
        """Return where the plot's curves are."""
        mapped: QRectF = self._view.viewportTransform().mapRect(self._box.sceneBoundingRect())
        return mapped

    def places(self, x: Points, y: Points) -> QPolygonF:
        """Return where percentages at steps are."""
        across = self.scale.place(np.asarray(x, np.float64))
        points = QPolygonF([QPointF(*point) for point in zip(across.tolist(), y.tolist(), strict=True)])
        places: QPolygonF = self._view.viewportTransform().map(self._box.mapViewToScene(points))
        return places

    def point(self, position: QPointF) -> tuple[float, float]:
        """Return (step, percent) of a place, within the curve's steps."""
        point = self._box.mapSceneToView(self._view.viewportTransform().inverted()[0].map(position))
        return min(max(self.scale.step(point.x()), 0.0), self.steps), min(max(point.y(), 0.0), 100.0)

    def seen(self) -> tuple[float, float]:
        """Return the first and the last of the curve's steps that are in sight."""
        low, high = self._view.span
        return max(low, 0.0), min(high, self.steps)

    def bent(self, x: Points) -> Points:
        """Return steps with those between them at which a line that is straight by step has a bend on the screen."""
        knots = np.array(self.scale.steps)
        return np.union1d(x, knots[(knots > x.min()) & (knots < x.max())]) if len(x) else x

    def evenly(self, count: int) -> Points:
        """Return so many of the curve's steps that stand equally far apart, the first and the last among them."""
        return self.scale.step(np.linspace(0.0, self.scale.place(self.steps), count))


class SketchPainter:
    """Paints a sketch of a learner's curve."""

    def __init__(self, painter: QPainter, field: SketchField, colours: Theme, learner: str, sketch: Sketch) -> None:
        self._painter, self._field, self._colours, self._sketch = painter, field, colours, sketch
        self._colour = colours.learner(learner)
        self._unit = QFontMetricsF(theme.font(1.0)).height()  # what is drawn grows with the type
        painter.setClipRect(field.rect())

    def paint_between(self, curve_x: Points, curve_y: Points) -> None:
        """Tint the area between sketch and curve, as far as the curve goes."""
        x = self._field.bent(np.union1d(curve_x, self._sketch.x[self._sketch.x <= curve_x[-1]]))
        there, back = self._sketch.at(x), np.interp(x, curve_x, curve_y)
        colour = QColor(self._colour)
        colour.setAlphaF(0.22)
        self._painter.setPen(Qt.PenStyle.NoPen)
        self._painter.setBrush(colour)
        area = self._field.places(np.concatenate([x, x[::-1]]), np.concatenate([there, back[::-1]]))
        self._painter.drawPolygon(area, Qt.FillRule.OddEvenFill)  # they may cross

    def paint_line(self, handles_x: Points, handles_y: Points) -> None:
        """Paint the dotted line, faintly through the handles where nothing is sketched yet."""
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        x, y = handles_x, handles_y
        if not self._sketch.empty:
            x = self._field.bent(np.unique(np.concatenate([self._sketch.x, handles_x[[0, -1]]])))
            y = self._sketch.at(x)
        colour = QColor(self._colour)
        colour.setAlphaF(0.45 if self._sketch.empty else 1.0)
        pen = QPen(colour, self._unit / 3, Qt.PenStyle.CustomDashLine, Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        pen.setDashPattern(DOTS)
        self._painter.setPen(pen)
        self._painter.drawPolyline(self._field.places(x, y))

    def paint_name(self, curve: Series | None) -> None:
        """Say beside the dots what they are: not between them and the curve, once that is shown."""
        first, last = self._field.seen()
        along = [self._field.scale.place(step) for step in (first, last)]
        step = self._field.scale.step(along[0] + 0.6 * (along[1] - along[0]))
        said = self._sketch.at(step)
        up = curve is None or bool(said >= np.interp(step, *curve))
        place = self._field.places(np.array([step]), np.array([said])).at(0)
        self._paint_label(place, "your prediction", self._colour, up=up)

    def paint_handles(self, x: Points, y: Points, chosen: int | None) -> None:
        """Paint the handles; the chosen one is bigger and has its value, where keys would move it."""
        places = self._field.places(x, y)
        for index in range(len(x)):
            radius = self._unit * (0.5 if index == chosen else 0.33)
            self._painter.setBrush(QColor(self._colours.surface))
            self._painter.setPen(QPen(QColor(self._colours.accent if index == chosen else self._colour), 3))
            self._painter.drawEllipse(places.at(index), radius, radius)
        if chosen is not None:
            self._paint_label(places.at(chosen), f"{y[chosen]:.0f} %", self._colours.text, up=True)

    def _paint_label(self, place: QPointF, text: str, colour: str, *, up: bool) -> None:
        """Write above a place, or below where it is asked for or there is no room above; always within the field."""
        painter, font, field = self._painter, theme.font(1.0, bold=True), self._field.rect()
        box = QRectF(0, 0, QFontMetricsF(font).horizontalAdvance(text) + 0.6 * self._unit, self._unit)
        lift = 1.3 * self._unit
        if place.y() - lift - box.height() / 2 < field.top():
            up = False
        elif place.y() + lift + box.height() / 2 > field.bottom():
            up = True
        box.moveCenter(place + QPointF(0, -lift if up else lift))
        box.translate(max(field.left() - box.left(), 0.0) + min(field.right() - box.right(), 0.0), 0.0)
        fill = QColor(self._colours.surface)
        fill.setAlphaF(0.8)  # curves behind still show
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(fill)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(QColor(colour))
        painter.setFont(font)
        painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), text)
