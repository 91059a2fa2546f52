"""Lettering of the picture of soft targets: type that grows with it, and words that fit."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.measuring import metrics_of
from lwf_gui.gui.panels.text import LEFT, write


def write_in(
    painter: QPainter, rect: QRectF, texts: Sequence[str], font: QFont, align: Qt.AlignmentFlag = LEFT
) -> None:
    """Write one line in a font: the first of these texts that fits."""
    painter.setFont(font)
    write(painter, rect.adjusted(0, 0, 1, 0), texts, align)


def no_higher(font: QFont, height: float) -> QFont:
    """Return a font no larger than this one whose capitals fit into a height."""
    if QFontMetricsF(font).capHeight() + 3 > height:
        font.setPixelSize(max(6, int(1.35 * (height - 3))))
    return font


class Lettering:
    """Fonts of a picture whose type grows with it.

    Parameters
    ----------
    scale : size of the type, in body text sizes
    """

    def __init__(self, scale: float) -> None:
        self.scale = scale

    def font(self, factor: float = 1.0, *, bold: bool = False, fixed_digits: bool = False) -> QFont:
        """Return a font at a multiple of the type's size."""
        return theme.font(factor * self.scale, bold=bold, fixed_digits=fixed_digits)

    def metrics(self, factor: float = 1.0, *, bold: bool = False) -> QFontMetricsF:
        """Return the measures of a font at a multiple of the type's size."""
        return metrics_of(self.font(factor, bold=bold))
