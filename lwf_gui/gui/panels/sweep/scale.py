"""The scale of a sweep's heat map: its colours between the lowest and the highest figure; what is hatched."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QLinearGradient, QPainter, QPen

from lwf_gui.gui.panels.drawing import hatch
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.sweep.place import Place
from lwf_gui.gui.panels.sweep.plan import Plan
from lwf_gui.gui.panels.text import LEFT, RIGHT, fitting, write
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import percent
from lwf_gui.palette import ramp
from lwf_gui.runs.sweep_map import HeatMap

STOPS = 16
"""Colours between the ends that are painted: in between as Qt mixes them, which is even enough."""

WIDEST = 12.0
"""Lines that the scale is wide at most."""

SPACE = 5.0
"""Pixels between the scale and its figures."""


class ScalePainter:
    """Paints the scale at the right end of a row."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, heat: HeatMap) -> None:
        self._painter, self._colours, self._heat = painter, colours, heat
        self._font = plan.font(0.85)

    def paint(self, row: QRectF) -> Spot:
        """Paint the scale with the figures of its ends; return its spot."""
        painter, metrics = self._painter, QFontMetricsF(self._font)
        low, high = (percent(end, 1) for end in (self._heat.low, self._heat.high))
        wide = [metrics.horizontalAdvance(text) + SPACE for text in (low, high)]
        if sum(wide) + row.height() > row.width():  # whole figures rather than half ones
            low, high = (percent(end) for end in (self._heat.low, self._heat.high))
            wide = [metrics.horizontalAdvance(text) + SPACE for text in (low, high)]
        bar = row.adjusted(0, 0.18 * row.height(), -wide[1], -0.18 * row.height())
        bar.setLeft(max(row.left() + wide[0], bar.right() - WIDEST * row.height()))
        painter.setFont(self._font)
        painter.setPen(QColor(self._colours.muted))
        write(painter, QRectF(bar.left() - wide[0], row.top(), wide[0] - SPACE, row.height()), [low, ""], RIGHT)
        write(painter, QRectF(bar.right() + SPACE, row.top(), wide[1] - SPACE + 1, row.height()), [high, ""], LEFT)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        for stop in range(STOPS + 1):
            gradient.setColorAt(stop / STOPS, QColor(ramp(stop / STOPS)))
        painter.fillRect(bar, gradient)
        painter.setPen(QPen(QColor(self._colours.line), 1))
        painter.drawRect(bar)
        return Spot(bar, Place("scale"))

    def paint_hatch(self, row: QRectF) -> float:
        """Say at the right end of a row what hatched cells are; return the pixels that it takes, 0 without room."""
        painter, metrics = self._painter, QFontMetricsF(self._font)
        text = fitting(metrics, row.width() - 2 * row.height(), "not done yet", "not done", "")
        if not text.startswith("not done"):
            return 0.0
        wide = metrics.horizontalAdvance(text) + 1.2 * row.height() + 3 * SPACE
        sample = QRectF(row.right() - wide + SPACE, row.top(), 1.2 * row.height(), row.height())
        sample.adjust(0, 0.18 * row.height(), 0, -0.18 * row.height())
        hatch(painter, sample, QColor(self._colours.muted))
        painter.setFont(self._font)
        painter.setPen(QColor(self._colours.muted))
        painter.drawRect(sample)
        write(
            painter, QRectF(sample.right() + 4, row.top(), row.right() - sample.right() - 4, row.height()), [text, ""]
        )
        return wide
