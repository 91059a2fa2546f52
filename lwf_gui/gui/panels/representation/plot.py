"""The curves: linear CKA of every hidden layer of every learner over the steps of the later tasks."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.representation import words
from lwf_gui.gui.panels.representation.axes import Axes
from lwf_gui.gui.panels.representation.place import Place
from lwf_gui.gui.panels.representation.plan import Plan
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.stability_gap.plot import spread
from lwf_gui.gui.panels.text import widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import names_of
from lwf_gui.runs.representation import RepresentationFigures
from lwf_gui.runs.step_scale import StepScale

STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DotLine, Qt.PenStyle.DashDotLine)
"""Lines of the hidden layers, from the last one down: what is told large is of the last one."""

WIDE, SLIM = 2.4, 1.5
"""Pixels of the last hidden layer's curve, and of the others'."""

LABELS = 0.42
"""Part of the width that names at the ends take at most."""


class _End(NamedTuple):
    """Where a curve ends, and what of it is written there, from the longest to the shortest way."""

    point: QPointF
    learner: str
    layer: int
    texts: tuple[str, ...]


class CurvePainter:
    """Paints the curves upon their axes, and notes their spots."""

    def __init__(
        self,
        painter: QPainter,
        plan: Plan,
        colours: Theme,
        figures: RepresentationFigures,
        scale: StepScale,
    ) -> None:
        self._painter, self._colours, self._figures = painter, colours, figures
        area, font = plan.plot, plan.font(0.85, fixed_digits=True)
        self._metrics = QFontMetricsF(font)
        self._mark = 1.2 * self._metrics.ascent() + 4
        most = LABELS * area.width() - self._mark
        texts = [self._texts(learner, layer) for learner in figures.learners for layer in range(len(figures.layers))]
        forms = list(zip(*texts, strict=True))
        self._form = next((place for place, form in enumerate(forms) if widest(self._metrics, form) <= most), -1)
        beside = min(widest(self._metrics, forms[self._form]) + self._mark, LABELS * area.width()) + 14
        self.axes = Axes(area, beside, plan, colours, figures, scale)
        self._column = QRectF(area.right() - beside + 12, area.top(), beside - 12, area.height())
        self._top = QRectF(area.left(), area.top(), area.width(), self._metrics.height())
        self.spots: list[Spot] = []

    def _texts(self, learner: str, layer: int) -> tuple[str, ...]:
        """Return what stands at a curve's end, from the longest to the shortest way."""
        name = self._figures.layers[layer]
        *longer, least = (names[learner] for names in names_of(self._figures.learners))
        return (*(f"{each} {name}" for each in longer), f"{least} {name}", name)

    def paint(self) -> None:
        """Paint all of it but the step that is looked at."""
        self.axes.paint(self._painter, self._figures)
        self._key()
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for layer in range(len(self._figures.layers)):
            for learner in self._figures.learners:
                self._curve(learner, layer)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._name_ends()

    def _pen(self, learner: str, layer: int) -> QPen:
        below = len(self._figures.layers) - 1 - layer
        colour = QColor(self._colours.learner(learner) if learner else self._colours.text)
        return QPen(colour, SLIM if below else WIDE, STYLES[min(below, len(STYLES) - 1)])

    def _key(self) -> None:
        """Write above the curves what they are, with the line of each layer."""
        painter, line = self._painter, self._metrics.height()
        painter.setFont(self.axes.font)
        painter.setPen(QColor(self._colours.text))
        layers = list(enumerate(self._figures.layers))[::-1]
        wide = [self._metrics.horizontalAdvance(name) + 3 * line for _, name in layers]
        left = self.axes.field.left()
        room = self._top.right() - left - sum(wide)
        title = next((text for text in words.title() if self._metrics.horizontalAdvance(text) <= room), "")
        write(painter, QRectF(left, self._top.top(), max(room, 0.0), line), [title])
        left += self._metrics.horizontalAdvance(title) + 0.6 * line
        for (layer, name), each in zip(layers, wide, strict=True):
            if left + each - 0.5 * line > self._top.right():
                return
            y = self._top.center().y()
            painter.setPen(self._pen("", layer))
            painter.drawLine(QPointF(left, y), QPointF(left + 1.7 * line, y))
            painter.setPen(QColor(self._colours.text))
            write(painter, QRectF(left + 2 * line, self._top.top(), each - 2 * line, line), [name])
            left += each

    def _pieces(self, learner: str, layer: int) -> Iterator[list[QPointF]]:
        """Yield a curve's parts: at a boundary another teacher begins, and where nothing is known there is no line."""
        figures, axis = self._figures, self._figures.axis
        assert axis is not None, "there are figures"
        values = figures.cka[:, figures.learners.index(learner), layer]
        for begin, end in pairwise((*axis.boundaries, axis.steps + 1)):
            there = (figures.steps >= begin) & (figures.steps < end) & np.isfinite(values)
            pairs = zip(figures.steps[there].tolist(), values[there].tolist(), strict=True)
            if points := [self.axes.point(step, cka) for step, cka in pairs]:
                yield points

    def _curve(self, learner: str, layer: int) -> None:
        self._painter.setPen(self._pen(learner, layer))
        for points in self._pieces(learner, layer):
            if len(points) > 1:
                self._painter.drawPolyline(QPolygonF(points))
            else:
                self._painter.drawPoint(points[0])

    def _ends(self, layers: range) -> list[_End]:
        """Return the ends of the curves of some layers, from the uppermost down."""
        found = []
        for learner in self._figures.learners:
            for layer in layers:
                pieces = list(self._pieces(learner, layer))
                if pieces:
                    found.append(_End(pieces[-1][-1], learner, layer, self._texts(learner, layer)))
        return sorted(found, key=lambda end: end.point.y())

    def _name_ends(self) -> None:
        """Write names behind the curves' ends, each tied to its end: of all layers, or of the last where few fit."""
        painter, column, high = self._painter, self._column, self._metrics.height()
        count = len(self._figures.layers)
        column.setTop(self.axes.field.top() - 0.5 * high)
        column.setBottom(self.axes.field.bottom() + 0.5 * high)
        ways = (self._ends(range(count)), self._ends(range(count - 1, count)))
        ends = next((way for way in ways if len(way) * high <= column.height()), None)
        if ends is None:  # too many to be named: their ends say who they are under the mouse
            for end in ways[1]:
                self._spot(QRectF(end.point.x() - 4, end.point.y() - 4, 8, 8), Place("curve", end.learner, end.layer))
            return
        painter.setFont(self.axes.font)
        tops = spread([end.point.y() - high / 2 for end in ends], high, (column.top(), column.bottom()))
        for end, top in zip(ends, tops, strict=True):
            box = QRectF(column.left(), top, column.width(), high)
            painter.setPen(QPen(QColor(self._colours.muted), 1, Qt.PenStyle.DotLine))  # it is no curve
            painter.drawLine(end.point, QPointF(box.left() - 2, box.center().y()))
            heading(painter, box, end.learner, [end.texts[self._form]], self._colours)
            self._spot(box, Place("curve", end.learner, end.layer))

    def _spot(self, rect: QRectF, key: Place) -> None:
        """Note a spot, unless another one is there already."""
        if not any(rect.adjusted(1, 1, -1, -1).intersects(other.rect) for other in self.spots):
            self.spots.append(Spot(rect, key))
