"""The ropes of one layer's cell: two arrows from one point, with the angle between the gradients."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lwf_gui.gui.theme import Theme
from lwf_gui.runs.gradient_conflict import Pull, Team


def paint_ropes(painter: QPainter, origin: QPointF, radius: float, team: Team, pull: Pull, colours: Theme) -> None:
    """Paint both forces from one point, upright on the half of the angle between them."""
    disc = QRectF(origin.x() - radius, origin.y() - radius, 2 * radius, 2 * radius)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colours.line), 1))
    painter.drawChord(disc, 0, 180 * 16)
    if pull.still:
        return
    angle = 90.0 if math.isnan(pull.angle) else pull.angle
    if not math.isnan(pull.angle):
        inner = disc.adjusted(0.68 * radius, 0.68 * radius, -0.68 * radius, -0.68 * radius)
        painter.setBrush(QColor(colours.raised))
        painter.drawPie(inner, round((90 - angle / 2) * 16), round(angle * 16))
    old, new = team.length(pull.old), team.length(pull.new)
    _rope(painter, origin, 90 + angle / 2, radius, old, QColor(colours.teacher), team.listens)
    _rope(painter, origin, 90 - angle / 2, radius, new, QColor(colours.learner(team.learner)), True)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.text))
    painter.drawEllipse(origin, 3, 3)


def _rope(
    painter: QPainter, origin: QPointF, degrees: float, radius: float, share: float, colour: QColor, taut: bool
) -> None:
    """Paint an arrow, counter-clockwise from the right; hollow and dashed unless it is taut."""
    length, half = share * radius, max(1.6, radius / 32)
    if length < 1:
        return
    head = min(length, 5 * half)
    shaft = length - head
    points = [(0, half), (shaft, half), (shaft, 2.6 * half), (length, 0)]
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    outline = [
        QPointF(origin.x() + x * cos + y * sin, origin.y() - x * sin + y * cos)  # pixels grow downwards
        for x, y in points + [(x, -y) for x, y in points[-2::-1]]
    ]
    painter.setPen(Qt.PenStyle.NoPen if taut else QPen(colour, 1.2, Qt.PenStyle.DashLine))
    painter.setBrush(colour if taut else Qt.BrushStyle.NoBrush)
    painter.drawPolygon(outline)
