"""Marks on a trade-off: each learner's own, a diamond for the start; and what a spot is about."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from lwf_gui.gui.panels.drawing import draw_mark
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.theme import Theme


class TradeoffKey(NamedTuple):
    """What a spot is about: "start", "path", "area", "zero" or "bias", and whose."""

    what: str
    learner: str = ""


def around(point: QPointF, key: TradeoffKey) -> Spot:
    """Return the spot of a mark."""
    return Spot(QRectF(point.x() - 8, point.y() - 8, 16, 16), key)


def paint_mark(painter: QPainter, point: QPointF, learner: str, colours: Theme, *, hollow: bool = False) -> None:
    """Paint a learner's mark; that of no learner, the start, is a hollow diamond."""
    colour = QColor(colours.learner(learner) if learner else colours.text)
    painter.setPen(QPen(colour if hollow or not learner else QColor(colours.surface), 1.5 if hollow else 1))
    painter.setBrush(Qt.BrushStyle.NoBrush if hollow else colour if learner else QColor(colours.surface))
    r = 6.5 if hollow else 4.5
    if not learner:
        painter.drawPolygon(QPolygonF([point + QPointF(*xy) for xy in ((0, -6), (6, 0), (0, 6), (-6, 0))]))
    else:
        draw_mark(painter, QRectF(point.x() - r, point.y() - r, 2 * r, 2 * r), learner, disc=0.5)
