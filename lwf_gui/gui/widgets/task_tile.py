"""One class as a thumbnail with its name, which can have the focus; what keys and mouse do to it is its board's."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import grey_image
from lwf_gui.gui.panels.text import CENTRE, tooltip, widest, write
from lwf_gui.gui.theme import Theme

PADDING = 4
"""Pixels around image and name."""

LINES = 2.4
"""Height of the image in lines of text."""

MOST_NAME = 7.0
"""Width of a name in heights of a line at most; a longer one is shortened, and whole under the mouse."""


class Tile(QWidget):
    """A class.

    Parameters
    ----------
    image : grey values up to ``peak``, shape (H, W); None draws the label instead
    """

    def __init__(
        self, label: int, name: str, image: NDArray[np.uint8] | None, peak: int, colours: Theme, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.label, self.name = label, name
        self._colours = colours
        self._picture = None if image is None else QPixmap.fromImage(grey_image(image, peak, dark=colours.dark))
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setToolTip(tooltip(name))
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    def say_place(self, where: str) -> None:
        """Say for screen readers where the class stands."""
        self.setAccessibleName(f"{self.name}: {where}")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint image and name, and a frame that is strong where the focus is."""
        side, colours = round(LINES * theme.line_height()), self._colours
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.fillRect(self.rect(), QColor(colours.surface))
            box = QRectF((self.width() - side) / 2, PADDING, side, side)
            if self._picture is not None:
                painter.drawPixmap(box, self._picture, QRectF(self._picture.rect()))
            else:
                self._paint_placeholder(painter, box)
            painter.setPen(QColor(colours.text))
            painter.setFont(theme.font(0.9))
            write(painter, QRectF(PADDING, box.bottom(), self.width() - 2 * PADDING, self._line), [self.name], CENTRE)
            wide = 3 if self.hasFocus() else colours.border
            painter.setPen(QPen(QColor(colours.accent if self.hasFocus() else colours.line), wide))
            inset = wide / 2
            painter.drawRect(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset))

    def _paint_placeholder(self, painter: QPainter, box: QRectF) -> None:
        """Paint the class's number, where there is no image of it."""
        painter.fillRect(box, QColor(self._colours.raised))
        painter.setPen(QColor(self._colours.muted))
        painter.setFont(theme.font(1.4, bold=True))
        write(painter, box, [str(self.label)], CENTRE)

    @property
    def _line(self) -> float:
        return self.height() - 2 * PADDING - round(LINES * theme.line_height())


def tile_size(names: list[str]) -> QSize:
    """Return the size of all tiles with these names, so that they stand in columns."""
    metrics, side = QFontMetricsF(theme.font(0.9)), round(LINES * theme.line_height())
    name = min(widest(metrics, names) + 1, MOST_NAME * theme.line_height())
    return QSize(round(max(name, side)) + 2 * PADDING + 2, side + 2 * PADDING + round(metrics.height()) + 2)
