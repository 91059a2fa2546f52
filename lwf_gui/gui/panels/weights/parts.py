"""What both parts of the weights' picture have: headings, percentages, and what a spot is about."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.text import write
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import compact


class LayerKey(NamedTuple):
    """What a spot is about: a learner's filters, or one of its layers."""

    learner: str
    layer: str = ""


def percent_text(moved: float) -> str:
    """Return a distance in percent, in two digits or more."""
    return compact(moved, "%")


def paint_heading(painter: QPainter, area: QRectF, colours: Theme, *texts: str) -> QRectF:
    """Paint a heading, and return what is left below it."""
    font = theme.font(0.9, bold=True)
    metrics = QFontMetricsF(font)
    painter.setFont(font)
    painter.setPen(QColor(colours.text))
    strip = QRectF(area.x(), area.y(), area.width(), metrics.height())
    write(painter, strip, texts)
    return area.adjusted(0, metrics.height() + 2, 0, 0)
