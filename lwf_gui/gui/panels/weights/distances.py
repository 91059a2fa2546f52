"""Distances of the layers from their weights at the head expansion: bars, and curves over the steps."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui import theme
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import RIGHT, widest, write
from lwf_gui.gui.panels.weights.parts import LayerKey, paint_heading, percent_text
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.weights import Drift

CURVE_POINTS = 25
"""Points of a curve."""


class DistancePainter:
    """Paints how far each layer of each learner moved, as bars and as curves over the steps."""

    def __init__(self, painter: QPainter, figures: Drift, colours: Theme) -> None:
        self._painter, self._figures, self._colours = painter, figures, colours
        self.spots: list[Spot] = []

    def paint(self, area: QRectF) -> None:
        """Paint a group of bars per layer, one bar per learner, and where there is room how they grew."""
        since = f"Moved since {self._figures.since}"
        titles = f"{since}, % of its length", f"{since}, %", "Moved, %"
        area = paint_heading(self._painter, area, self._colours, *titles)
        font = theme.font(0.9)
        names = QFontMetricsF(font)
        label = min(max(map(names.horizontalAdvance, self._figures.layers)) + 8, 0.35 * area.width())
        spark = 0.28 * area.width() if area.width() > 380 and area.height() / len(self._figures.layers) > 24 else 0.0
        height = area.height() / len(self._figures.layers)
        for index, layer in enumerate(self._figures.layers):
            row = QRectF(area.x(), area.y() + index * height, area.width(), height)
            self._painter.setFont(font)
            self._painter.setPen(QColor(self._colours.text))
            write(self._painter, QRectF(row.x(), row.y(), label - 4, row.height()), [layer])
            bars = row.adjusted(label, min(4.0, height / 8), -spark, -min(4.0, height / 8))
            self._paint_bars(bars, index)
            if spark:
                self._paint_curves(row.adjusted(row.width() - spark + 10, 4, -2, -4), index)

    def _paint_bars(self, area: QRectF, layer: int) -> None:
        """Paint one layer's bars with their figures."""
        count = len(self._figures.learners)
        height = min(area.height() / count, max(30.0, 0.25 * area.height()))
        top = area.center().y() - height * count / 2
        font = theme.font(min(max(1.2, height / 30), 2.0) if height > 26 else 0.85, bold=height > 26)
        if QFontMetricsF(font).capHeight() > height - 1:
            font.setPixelSize(max(6, round(1.3 * (height - 1))))
        said = ("9.99 %", *(percent_text(moved) for moved in self._figures.moved.ravel().tolist()))
        digits = widest(QFontMetricsF(font), said) + 8
        self._painter.setFont(font)
        for index, learner in enumerate(self._figures.learners):
            moved = float(self._figures.moved[index, layer])
            share = moved / self._figures.farthest if self._figures.farthest and math.isfinite(moved) else 0.0
            full = QRectF(area.x(), top + index * height, max(0.0, area.width() - digits), max(1.0, height - 2))
            self._painter.fillRect(full, QColor(self._colours.raised))
            self._painter.fillRect(
                QRectF(full.x(), full.y(), full.width() * share, full.height()), QColor(self._colours.learner(learner))
            )
            self._painter.setPen(QColor(self._colours.text))
            write(self._painter, full.adjusted(full.width(), -6, digits - 2, 6), [percent_text(moved)], RIGHT)
            spot = QRectF(area.x(), full.y(), area.width(), height)
            self.spots.append(Spot(spot, LayerKey(learner, self._figures.layers[layer])))

    def _paint_curves(self, area: QRectF, layer: int) -> None:
        """Paint how one layer moved, step by step, with a line at the cursor."""
        some = np.unique(np.linspace(0, len(self._figures.steps) - 1, CURVE_POINTS).astype(int))
        last = max(1, int(self._figures.steps[-1]))
        x = area.x() + area.width() * self._figures.steps[some] / last
        heights = self._figures.history[some, :, layer] * (area.height() / (self._figures.farthest or 1.0))
        self._painter.setPen(QPen(QColor(self._colours.line), 1))
        self._painter.drawLine(area.bottomLeft(), area.bottomRight())
        here = area.x() + area.width() * self._figures.step / last
        self._painter.drawLine(QPointF(here, area.top()), QPointF(here, area.bottom()))
        for index, learner in enumerate(self._figures.learners):
            known = np.isfinite(heights[:, index])  # until it diverged
            y = area.bottom() - heights[known, index]
            self._painter.setPen(QPen(QColor(self._colours.learner(learner)), 1))
            self._painter.drawPolyline([QPointF(*xy) for xy in zip(x[known].tolist(), y.tolist(), strict=True)])
