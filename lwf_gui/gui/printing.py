"""Painting for paper: one type whatever the window's is, and pictures that panels keep stay drawings.

On the screen a panel paints what stands still into a picture of pixels, once. On paper letters and lines of such a
picture would be coarse: while something is printed, it is noted as a drawing, and drawn again wherever it is put.
Knows nothing of runs.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPaintDevice, QPainter, QPicture, QPixmap
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Press:
    """How it is printed.

    Attributes
    ----------
    font : body text
    ratio : pixels that pictures of images have for one of the layout
    drawings : what was painted into pictures, by the pictures' keys, which are never given twice
    """

    font: QFont
    ratio: float
    drawings: dict[int, QPicture] = field(default_factory=dict)


_press: Press | None = None


@contextmanager
def printing(press: Press) -> Iterator[None]:
    """Let all that is laid out and painted meanwhile be for paper."""
    global _press  # painters deep within a panel ask for it
    outer, _press = _press, press
    try:
        yield
    finally:
        _press = outer


def press() -> Press | None:
    """Return how it is printed; None while all is for the screen."""
    return _press


def has_keys() -> bool:
    """Whether what the mouse can do is shown and told: nobody clicks on paper."""
    return _press is None


def pixel_ratio(widget: QWidget) -> float:
    """Return how many pixels a picture has for one of the layout: those of the widget's screen, more on paper."""
    return widget.devicePixelRatioF() if _press is None else _press.ratio


def drawing_on(picture: QPixmap) -> QPainter:
    """Return a painter whose work is noted as a drawing in place of a picture, which stays as it is."""
    assert _press is not None, "something is printed"
    drawing = QPicture()
    _press.drawings[picture.cacheKey()] = drawing
    return PrintPainter(drawing)


MOST_CELLS = 400
"""Pixels of a picture of numbers, across and down, below which it is drawn as squares."""

LEAST_CELL = 8
"""Pixels that each pixel of a small picture becomes: programs that show a file smooth it in ways of their own."""


class PrintPainter(QPainter):
    """Paints pictures that were noted as drawings as such."""

    def __init__(self, device: QPaintDevice) -> None:
        super().__init__(device)

    def drawPixmap(self, *args: Any) -> Any:  # noqa: N802 - Qt's name
        """Draw what was painted into a picture, or the picture itself."""
        picture = next(arg for arg in args if isinstance(arg, QPixmap))
        noted = _press.drawings.get(picture.cacheKey()) if _press is not None else None
        target, source = _places(args, picture)
        if noted is None:
            ratio = picture.devicePixelRatio()  # of a large picture only the part that is wanted goes into the file
            part = QRectF(source.topLeft() * ratio, source.size() * ratio).toAlignedRect()
            cut = picture if part.contains(picture.rect()) else picture.copy(part)
            return super().drawPixmap(target, cut, QRectF(cut.rect()))
        self.save()
        back = picture.toImage().pixelColor(0, 0)
        if back.alpha():  # it was filled before
            self.fillRect(target, QColor(back))
        if source.size() != picture.deviceIndependentSize():
            self.setClipRect(target)
        self.translate(target.topLeft() - source.topLeft())
        self.drawPicture(0, 0, noted)
        self.restore()
        return None

    def drawImage(self, *args: Any) -> Any:  # noqa: N802 - Qt's name
        """Draw a picture of numbers, each of its pixels as a square."""
        match args:
            case (QRect() | QRectF() as target, QImage() as small) if max(small.width(), small.height()) < MOST_CELLS:
                large = small.scaled(small.size() * LEAST_CELL)
                return super().drawImage(QRectF(target), large, QRectF(large.rect()))
        return super().drawImage(*args)


def _places(args: tuple[Any, ...], picture: QPixmap) -> tuple[QRectF, QRectF]:
    """Return where a call of `drawPixmap` puts a picture, and which part of it, both in pixels of the layout."""
    size, ratio = picture.deviceIndependentSize(), picture.devicePixelRatio()
    match args:
        case (QRect() | QRectF() as target, QPixmap(), QRect() | QRectF() as source):
            part = QRectF(source)
            return QRectF(target), QRectF(part.topLeft() / ratio, part.size() / ratio)
        case (QPoint() | QPointF() as point, QPixmap()):
            return QRectF(QPointF(point), size), QRectF(QPointF(0, 0), size)
        case (x, y, QPixmap()):
            return QRectF(QPointF(x, y), size), QRectF(QPointF(0, 0), size)
    raise TypeError(f"a call of drawPixmap with {args}")
