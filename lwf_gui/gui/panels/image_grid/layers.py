"""Layers of the image grid: its images as they are right, forgotten, or wrong from the start, and their labels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontInfo, QFontMetricsF, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import Thumbs, blank, wrong_colour
from lwf_gui.gui.panels.image_grid.tiles import TileGrid
from lwf_gui.gui.panels.text import CENTRE, fitted, write
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.gui.printing import pixel_ratio
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import DataReady

FADED = 0.3
"""Opacity of a forgotten image."""
UNKNOWN = 0.6
"""Opacity of an image that was wrong from the start."""
LEAST_LABELLED = 28
"""Pixels of an image below which its label would be illegible."""
LABEL_SHARE = 0.36
"""Part of an image's height that its label may take."""


class TileLayers:
    """The grid of images three times, and the names of their classes as labels; each painted once.

    Attributes
    ----------
    right, forgotten, never : the grid as if all were right, forgotten, or wrong from the start
    ratio : pixels of the screen to one of theirs
    labels : by class, its name in the colour of what is wrong and in that of all text; none on small tiles
    """

    def __init__(
        self, widget: QWidget, thumbs: Thumbs, data: DataReady, tiles: TileGrid, names: list[str], colours: Theme
    ) -> None:
        self._widget, self._thumbs, self._data, self._tiles = widget, thumbs, data, tiles
        self._names, self._colours = names, colours
        self.ratio = pixel_ratio(widget)
        error, text = wrong_colour(colours), QColor(colours.text)
        self._pens = (QPen(QColor(colours.line)), QPen(error, 1), QPen(text, 2, Qt.PenStyle.DotLine))
        self.labels = list(zip(self._label_bands(error), self._label_bands(text), strict=True))

    def paint(self, images: NDArray[np.intp]) -> None:
        """Paint the layers of these images."""
        plain, forgotten, never = self._pens
        self.right = self._layer(images, 1.0, plain, crossed=False)
        self.forgotten = self._layer(images, FADED, forgotten, crossed=True)
        self.never = self._layer(images, UNKNOWN, never, crossed=False)

    def _layer(self, images: NDArray[np.intp], opacity: float, frame: QPen, *, crossed: bool) -> QPixmap:
        """Return the grid of images, all of them in one way."""
        side = self._tiles.tile
        end = self._tiles.corner(len(images) - 1)
        picture = blank(self._widget, self._tiles.columns * side, end.y() + side)
        with QPainter(picture) as painter:
            painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
            painter.setPen(frame)
            for place, image in enumerate(images.tolist()):
                box = QRectF(self._tiles.corner(place), QSizeF(side, side)).adjusted(1, 1, -1, -1)
                thumb = self._thumbs.picture(self._data, image, dark=self._colours.dark)
                painter.setOpacity(1.0)
                painter.fillRect(box, QColor(self._colours.surface))
                painter.setOpacity(opacity)
                painter.drawPixmap(box, thumb, QRectF(thumb.rect()))
                painter.setOpacity(1.0)
                painter.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5))
                if crossed:
                    painter.setOpacity(0.6)
                    cross = [QLineF(box.topLeft(), box.bottomRight()), QLineF(box.topRight(), box.bottomLeft())]
                    painter.drawLines(cross)
        return picture

    def _label_bands(self, colour: QColor) -> list[QPixmap]:
        """Return the names of all classes as labels of images; none if tiles are too small for letters."""
        side, names = self._tiles.tile, self._names
        if side < LEAST_LABELLED:
            return []
        size = max(0.75, LABEL_SHARE / 2 * side / QFontMetricsF(theme.font(1.0)).height())  # large tiles, large letters
        font = fitted(theme.font(size), LABEL_SHARE * side, names, side - 4)
        font.setPixelSize(max(8, QFontInfo(font).pixelSize()))
        bands = []
        back = QColor(self._colours.surface)
        back.setAlphaF(0.85)
        for name in names:
            picture = blank(self._widget, side - 2, QFontMetricsF(font).height())
            picture.fill(back)
            with painter_on(picture) as painter:
                painter.setFont(font)
                painter.setPen(colour)
                write(painter, QRectF(QPointF(1, 0), picture.deviceIndependentSize() - QSizeF(2, 0)), [name], CENTRE)
            bands.append(picture)
        return bands
