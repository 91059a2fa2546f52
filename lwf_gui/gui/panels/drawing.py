"""What several panels draw with: marks of learners, small pictures of probe images, lines and colours."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QWidget

from lwf_gui.colours import linear
from lwf_gui.gui.panels.text import write
from lwf_gui.gui.printing import has_keys, pixel_ratio
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import DataReady
from lwf_gui.methods import method_of

NEAR = 2.0
"""Pixels within which points of a line are one: wide lines of many points are slow."""

HATCHED = 8.0
"""Pixels from one line of a hatched place to the next."""

GAP = 10.0
"""Pixels between two learners' pictures."""


class Thumbs:
    """Probe images as pictures in the greys of a theme, each made once."""

    def __init__(self) -> None:
        self._of: object = None
        self._pictures: dict[int, QPixmap] = {}

    def picture(self, data: DataReady, image: int, *, dark: bool) -> QPixmap:
        """Return a probe image, by number."""
        if self._of != (data, dark):
            self._of, self._pictures = (data, dark), {}
        if image not in self._pictures:
            grey = grey_image(data.probe_images[image], data.peak, dark=dark)
            self._pictures[image] = QPixmap.fromImage(grey)
        return self._pictures[image]


def grey_image(pixels: NDArray[np.uint8], peak: int, *, dark: bool) -> QImage:
    """Return grey values, shape (H, W), 0 to ``peak``, as a picture whose background is that of the theme."""
    grey = np.clip(pixels.astype(np.float32) * (255 / max(1, peak)), 0, 255)
    grey = np.ascontiguousarray(grey if dark else 255 - grey).astype(np.uint8)
    height, width = grey.shape
    return QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8).copy()


def scaled(image: QImage, side: float, ratio: float) -> QPixmap:
    """Return an image as a square picture with so many pixels on a side, times those of the screen to a pixel."""
    pixels = max(1, round(side * ratio))
    aspect, mode = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
    image = image.convertToFormat(QImage.Format.Format_RGB32)  # which is scaled three times as fast as grey
    picture = QPixmap.fromImage(image.scaled(pixels, pixels, aspect, mode))
    picture.setDevicePixelRatio(ratio)
    return picture


def blank(widget: QWidget, width: float, height: float) -> QPixmap:
    """Return an empty picture in the pixels of the widget's screen."""
    ratio = pixel_ratio(widget)
    picture = QPixmap(max(1, round(width * ratio)), max(1, round(height * ratio)))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


_CORNERS: dict[str, tuple[tuple[float, float], ...]] = {
    "t": ((-1, -0.8), (1, -0.8), (0, 1)),
    "t1": ((-1, 0.8), (1, 0.8), (0, -1)),
    "t2": ((-0.8, -1), (-0.8, 1), (1, 0)),
    "t3": ((0.8, -1), (0.8, 1), (-1, 0)),
    "d": ((0, -1.2), (0.9, 0), (0, 1.2), (-0.9, 0)),
    "p": ((0, -1.1), (1.05, -0.34), (0.65, 0.89), (-0.65, 0.89), (-1.05, -0.34)),
    "h": ((1.1, 0), (0.55, 0.95), (-0.55, 0.95), (-1.1, 0), (-0.55, -0.95), (0.55, -0.95)),
    "star": (
        *((0, -1.3), (0.29, -0.4), (1.24, -0.4), (0.47, 0.15), (0.76, 1.05)),
        *((0, 0.5), (-0.76, 1.05), (-0.47, 0.15), (-1.24, -0.4), (-0.29, -0.4)),
    ),
    "+": (
        *((-0.35, -1.1), (0.35, -1.1), (0.35, -0.35), (1.1, -0.35), (1.1, 0.35), (0.35, 0.35)),
        *((0.35, 1.1), (-0.35, 1.1), (-0.35, 0.35), (-1.1, 0.35), (-1.1, -0.35), (-0.35, -0.35)),
    ),
    "x": (
        *((0, -0.5), (0.6, -1.1), (1.1, -0.6), (0.5, 0), (1.1, 0.6), (0.6, 1.1)),
        *((0, 0.5), (-0.6, 1.1), (-1.1, 0.6), (-0.5, 0), (-1.1, -0.6), (-0.6, -1.1)),
    ),
}
"""Corners of marks that are neither disc nor square, in half sides from the middle, x to the right and y downwards."""


def draw_mark(painter: QPainter, rect: QRectF, learner: str, *, disc: float = 0.0) -> None:
    """Draw the mark of a learner's curves with the painter's pen and brush; a disc is so much larger than ``rect``."""
    method = method_of(learner)
    draw_symbol(painter, rect, method.symbol if method is not None else "s", disc=disc)


def draw_symbol(painter: QPainter, rect: QRectF, symbol: str, *, disc: float = 0.0) -> None:
    """Draw a symbol, as methods name them, with the painter's pen and brush; a disc is so much larger than ``rect``."""
    if symbol == "o":
        painter.drawEllipse(rect.adjusted(-disc, -disc, disc, disc))
    elif symbol in _CORNERS:
        middle, half = rect.center(), rect.width() / 2
        painter.drawPolygon(QPolygonF([middle + QPointF(half * x, half * y) for x, y in _CORNERS[symbol]]))
    else:
        painter.drawRect(rect)


def mark(painter: QPainter, rect: QRectF, learner: str, colours: Theme) -> None:
    """Paint the mark of a learner's curves in its colour."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.learner(learner)))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    draw_mark(painter, rect, learner)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setBrush(Qt.BrushStyle.NoBrush)


def heading(painter: QPainter, rect: QRectF, learner: str, texts: Sequence[str], colours: Theme) -> None:
    """Write texts of a learner, as `write` does, behind its mark."""
    size = painter.fontMetrics().ascent() * 0.8
    mark(painter, QRectF(rect.left(), rect.center().y() - size / 2, size, size), learner, colours)
    painter.setPen(QColor(colours.text))
    write(painter, rect.adjusted(size * 1.5, 0, 0, 0), texts)


def verdict_sign(painter: QPainter, box: QRectF, right: bool | None) -> None:
    """Paint a tick, a cross, or a dash where there is no right answer; drawn, for not every font has them."""
    pen = QPen(painter.pen().color(), max(1.5, box.width() / 6))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x, y, side = box.left(), box.top(), box.width()
    strokes = {
        True: ((0.1, 0.55, 0.4, 0.85), (0.4, 0.85, 0.95, 0.15)),
        False: ((0.15, 0.15, 0.85, 0.85), (0.15, 0.85, 0.85, 0.15)),
        None: ((0.15, 0.5, 0.85, 0.5),),
    }
    for x1, y1, x2, y2 in strokes[right]:
        painter.drawLine(QPointF(x + x1 * side, y + y1 * side), QPointF(x + x2 * side, y + y2 * side))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def mixed(back: QColor, front: QColor, share: float) -> QColor:
    """Return a colour between two; a share below 0 or above 1 is one of them."""
    share = min(1.0, max(0.0, share))
    pairs = zip(back.getRgb()[:3], front.getRgb()[:3], strict=True)  # type: ignore[index]
    return QColor(*(round(b + (f - b) * share) for b, f in pairs))


def ink(fill: QColor) -> QColor:
    """Return black or white, whichever is read more easily on a colour (relative luminance as WCAG has it)."""
    red, green, blue = map(linear, fill.getRgbF()[:3])  # type: ignore[index]
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("#000000" if luminance > 0.179 else "#ffffff")


def hatch(painter: QPainter, rect: QRectF, colour: QColor) -> None:
    """Fill a place with slanted lines; on paper with true ones, for Qt's pattern is one of pixels."""
    if has_keys():
        painter.fillRect(rect, QBrush(colour, Qt.BrushStyle.BDiagPattern))
        return
    painter.save()
    painter.setPen(QPen(colour, 1))
    high, place = rect.height(), rect.left() - rect.height()
    lines = []
    while place < rect.right():
        begin, end = max(0.0, rect.left() - place), min(high, rect.right() - place)
        if begin < end:
            lines.append(QLineF(place + begin, rect.bottom() - begin, place + end, rect.bottom() - end))
        place += HATCHED
    painter.drawLines(lines)
    painter.restore()


def wrong_colour(colours: Theme) -> QColor:
    """Return the theme's colour of what is wrong."""
    return QColor(colours.wrong)


def apart(line: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the points of a line, shape (n, 2), in pixels, without those that share a place with the one before."""
    kept = np.ones(len(line), np.bool_)
    kept[1:-1] = (np.diff(np.rint(line[:-1] / NEAR), axis=0) != 0).any(1)
    return line[kept]


def polyline(painter: QPainter, line: NDArray[np.float64]) -> None:
    """Draw a line through points, shape (n, 2), in pixels, piece by piece.

    Qt takes a wide ``drawPolyline`` for one outline, which takes twenty times as long.
    """
    painter.drawLines([QLineF(*a, *b) for a, b in pairwise(line.tolist())])
