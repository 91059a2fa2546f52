"""Old against new accuracy of all settings of a sweep, each learner's Pareto front joined by a line."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.drawing import draw_mark, heading, polyline
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.sweep.axes import SmallAxes, rounded
from lwf_gui.gui.panels.sweep.place import Place
from lwf_gui.gui.panels.sweep.plan import Plan
from lwf_gui.gui.panels.text import names_within, widest
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.sweep_figures import SweepFigures
from lwf_gui.runs.sweep_front import FrontPoint
from lwf_gui.runs.sweep_map import At

ABOVE = ("Old accuracy, % (line: Pareto front)", "Old, % (line: Pareto front)", "Old, %")
BELOW = ("New accuracy, %", "New, %")

SIDE, FAINT = 0.62, 110
"""Lines of a mark, and the opacity, of 255, of one behind the front."""

LEAST = 4.0
"""Points that an axis spans at least."""


class FrontPainter:
    """Paints the points, and notes their spots, those of the chosen cell ringed."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: SweepFigures) -> None:
        self._painter, self._plan, self._colours, self._figures = painter, plan, colours, figures
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, chosen: At) -> None:
        """Paint axes, fronts and points."""
        shown = [point for found in self._figures.fronts.values() for point in found]
        ends = {"least": LEAST, "bounds": (0.0, 100.0)}
        x, y = (rounded(values, **ends) for values in ([p.new for p in shown], [p.old for p in shown]))  # type: ignore[arg-type]
        self._axes = axes = SmallAxes(area, self._plan, x, y)
        axes.paint(self._painter, self._colours, ABOVE, BELOW)
        painter, ringed = self._painter, set(map(id, self._figures.points(chosen)))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for learner, points in self._figures.fronts.items():
            self._front(learner, points)
            for number, point in enumerate(points):
                self._point(point, number, ringed=id(point) in ringed)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        self._legend()

    def _front(self, learner: str, points: tuple[FrontPoint, ...]) -> None:
        """Join a learner's front, from the best on new images to the best on old ones."""
        best = sorted((point for point in points if point.best), key=lambda point: (-point.new, point.old))
        if len(best) > 1:
            line = self._axes.points(np.array([p.new for p in best]), np.array([p.old for p in best]))
            self._painter.setPen(QPen(QColor(self._colours.learner(learner)), 1.5))
            polyline(self._painter, line)

    def _point(self, point: FrontPoint, number: int, *, ringed: bool) -> None:
        """Paint a combination's mark: full on the front, faint behind it."""
        painter, axes, side = self._painter, self._axes, SIDE * self._axes.line
        at = axes.point(point.new, point.old)
        box = QRectF(at.x() - side / 2, at.y() - side / 2, side, side)
        colour = QColor(self._colours.learner(point.learner))
        if not point.best:
            colour.setAlpha(FAINT)
        painter.setPen(QPen(QColor(self._colours.surface), 1) if point.best else Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        draw_mark(painter, box, point.learner)
        if ringed:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(self._colours.text), 1.5))
            painter.drawEllipse(box.adjusted(-0.4 * side, -0.4 * side, 0.4 * side, 0.4 * side))
        self.spots.append(Spot(box.adjusted(-2, -2, 2, 2), Place("point", point.learner, number)))

    def _legend(self) -> None:
        """Name the learners in the lower left corner of the field, where points that are good do not lie."""
        painter, field, learners = self._painter, self._axes.field, tuple(self._figures.fronts)
        painter.setFont(self._plan.font(0.8))
        metrics = QFontMetricsF(painter.font())
        high = metrics.height()
        if high * len(learners) > 0.6 * field.height():
            return
        names = names_within(metrics, 0.5 * field.width(), learners)
        wide = widest(metrics, names.values()) + 1.6 * high
        ground = QRectF(field.left() + 2, field.bottom() - high * len(learners) - 2, wide, high * len(learners))
        cover = QColor(self._colours.window)
        cover.setAlpha(200)
        painter.fillRect(ground, cover)
        for number, learner in enumerate(learners):
            box = QRectF(ground.left() + 2, ground.top() + number * high, ground.width() - 2, high)
            heading(painter, box, learner, [names[learner]], self._colours)
