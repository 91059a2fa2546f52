"""One learner's plane: old images on axes that were fixed as the task began, each with the way that it came."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.class_means.plane import Scale
from lwf_gui.gui.panels.drawing import apart, heading, polyline
from lwf_gui.gui.panels.representation import words
from lwf_gui.gui.panels.representation.classes import colour_of, draw_class
from lwf_gui.gui.panels.representation.place import Place
from lwf_gui.gui.panels.representation.plan import Plan
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import RIGHT, names_within, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.representation import Plane, RepresentationFigures

MARK, START = 0.55, 0.22
"""Lines that an image's mark is wide, and the ring where it was."""

MOST = 0.09
"""Part of a plane's height that a mark takes at most."""

TRAIL = 100
"""Opacity of a trail, of 255."""


class PlanePainter:
    """Paints planes, each in a cell of its own, and notes their spots."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: RepresentationFigures) -> None:
        self._painter, self._plan, self._colours, self._figures = painter, plan, colours, figures
        self._font = plan.font(0.85, bold=True)
        self._small = plan.font(0.8, fixed_digits=True)
        self.spots: list[Spot] = []

    def paint(self, cells: tuple[QRectF, ...], planes: tuple[Plane, ...]) -> None:
        """Paint planes in cells: their headings have wordings of one length, for they are compared."""
        metrics, small = QFontMetricsF(self._font), QFontMetricsF(self._small)
        mark = 1.2 * metrics.ascent()
        said = list(zip(*(words.heading(self._figures, plane) for plane in planes), strict=True))
        width = min(cell.width() for cell in cells)
        for form in said:
            room = width - mark - widest(small, form) - 8
            names = names_within(metrics, room, [plane.learner for plane in planes])
            if widest(metrics, names.values()) <= room:
                break
        for cell, plane, text in zip(cells, planes, form, strict=True):
            head = QRectF(cell.left(), cell.top(), cell.width(), metrics.height())
            self._painter.setFont(self._font)
            name = head.adjusted(0, 0, -small.horizontalAdvance(text) - 6, 0)
            heading(self._painter, name, plane.learner, [names[plane.learner]], self._colours)
            self._painter.setFont(self._small)
            self._painter.setPen(QColor(self._colours.text))
            write(self._painter, head, [text], RIGHT)
            self.spots.append(Spot(head, Place("plane", plane.learner)))
            self._plane(cell.adjusted(0, head.height() + 1, 0, 0), plane)

    def _plane(self, box: QRectF, plane: Plane) -> None:
        painter, line = self._painter, QFontMetricsF(self._small).height()
        painter.fillRect(box, QColor(self._colours.surface))
        below = QRectF(box.left() + 3, box.bottom() - line, box.width() - 6, line)
        inner = box.adjusted(4, 4, -4, -4)
        if box.height() > 4 * line:
            painter.setFont(self._small)
            painter.setPen(QColor(self._colours.muted))
            write(painter, below, words.axes(plane))
            inner.setBottom(below.top())
        scale = Scale.of(self._figures.reach, inner)
        painter.save()
        painter.setClipRect(box)
        painter.setPen(QPen(QColor(self._colours.line), 1))
        middle = scale.point(np.zeros(2))  # the mean of the teacher's features
        painter.drawLine(QPointF(box.left(), middle.y()), QPointF(box.right(), middle.y()))
        painter.drawLine(QPointF(middle.x(), box.top()), QPointF(middle.x(), inner.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._images(scale, inner, plane)
        painter.restore()

    def _images(self, scale: Scale, inner: QRectF, plane: Plane) -> None:
        """Paint the trails, then where the images were, and upon them where they are; note a spot for each class."""
        painter, figures = self._painter, self._figures
        side = min(MARK * QFontMetricsF(self._small).height(), MOST * inner.height())
        ways = [np.array([_within(inner, scale.point(place)) for place in way]) for way in plane.ways.swapaxes(0, 1)]
        for unit, way in zip(figures.units.tolist(), ways, strict=True):
            colour = colour_of(unit, self._colours)
            colour.setAlpha(TRAIL)
            painter.setPen(QPen(colour, 1))
            if len(way) > 1:
                polyline(painter, apart(way))
            if np.hypot(*(way[0] - way[-1])) > side:
                painter.setPen(QPen(colour, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(QPointF(*way[0]), START * side * 2, START * side * 2)
        for unit, way in zip(figures.units.tolist(), ways, strict=True):
            x, y = way[-1].tolist()
            draw_class(painter, QRectF(x - side / 2, y - side / 2, side, side), unit, self._colours)
        for unit in figures.classes:
            x, y = np.median([ways[each][-1] for each in figures.of_class(unit)], axis=0).tolist()
            rect = QRectF(x - side, y - side, 2 * side, 2 * side).intersected(inner)
            if not any(rect.intersects(spot.rect) for spot in self.spots):
                self.spots.append(Spot(rect, Place("class", plane.learner, unit)))


def _within(box: QRectF, point: QPointF) -> tuple[float, float]:
    """Return a place, at the edge where it lies beyond."""
    return min(max(point.x(), box.left()), box.right()), min(max(point.y(), box.top()), box.bottom())
