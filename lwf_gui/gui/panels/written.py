"""What a panel writes and where: noted in a painting that nobody sees, at the moment when somebody asks for it.

Painting itself notes nothing. A panel that keeps pictures paints them with `painter_on`, so that their texts are found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from lwf_gui.gui.printing import drawing_on, press


class Written(NamedTuple):
    """A text, and where it stands in the pixels of its panel."""

    rect: QRectF
    text: str


_pictures: dict[int, list[Written]] | None = None
"""The texts in pictures that were painted, by the pictures' keys; None while nobody asks."""


class NotingPainter(QPainter):
    """Paints, and notes every text, those in the pictures that it paints included."""

    def __init__(self, picture: QPixmap, texts: list[Written] | None = None) -> None:
        super().__init__(picture)
        self._picture = picture
        self.texts = [] if texts is None else texts

    def drawText(self, *args: Any) -> Any:  # noqa: N802 - Qt's name
        """Note a text, with the place of its letters."""
        metrics, (text, place, flags) = QFontMetricsF(self.font()), _text_of(args)
        if isinstance(place, QPointF):
            ink = metrics.boundingRect(text).translated(place)
        else:
            ink = metrics.boundingRect(place, flags, text)
        self.texts.append(Written(self.worldTransform().mapRect(ink), text))
        return super().drawText(*args)

    def drawPixmap(self, *args: Any) -> Any:  # noqa: N802 - Qt's name
        """Note the texts of a picture, where it is put."""
        picture = next(arg for arg in args if isinstance(arg, QPixmap))
        if texts := (_pictures or {}).get(picture.cacheKey()):
            corner = self.worldTransform().map(_corner_of(args))
            self.texts += [Written(each.rect.translated(corner), each.text) for each in texts]
        return super().drawPixmap(*args)

    def __exit__(self, *args: Any) -> Any:
        """End, and keep the texts for who paints the picture."""
        left = super().__exit__(*args)
        if _pictures is not None:
            _pictures[self._picture.cacheKey()] = self.texts
        return left


def painter_on(picture: QPixmap) -> QPainter:
    """Return a painter for a picture that a panel keeps; it notes texts while these are asked for.

    On paper it makes a drawing of it.
    """
    if press() is not None:
        return drawing_on(picture)
    kind = QPainter if _pictures is None else NotingPainter
    return kind(picture)


def written_by(paint: Callable[[QPainter], object], picture: QPixmap) -> list[Written]:
    """Return all that is written in a painting upon a picture, which nobody sees."""
    texts: list[Written] = []
    with _noting(), NotingPainter(picture, texts) as painter:
        paint(painter)
    return texts


@contextmanager
def _noting() -> Iterator[None]:
    global _pictures  # painters deep within a panel ask for it
    _pictures = {}
    try:
        yield
    finally:
        _pictures = None


def _text_of(args: tuple[Any, ...]) -> tuple[str, QRectF | QPointF, int]:
    """Return text, rectangle or point, and flags of a call of `drawText`."""
    text = next(arg for arg in args if isinstance(arg, str))
    match args:
        case (QRect() | QRectF() as room, flags, *_):
            return text, QRectF(room), int(getattr(flags, "value", flags)) | int(Qt.TextFlag.TextDontClip.value)
        case (QPoint() | QPointF() as point, *_):
            return text, QPointF(point), 0
        case (x, y, *_):
            return text, QPointF(x, y), 0
    raise TypeError(f"a call of drawText with {args}")


def _corner_of(args: tuple[Any, ...]) -> QPointF:
    """Return where a call of `drawPixmap` puts the picture's upper left corner."""
    match args:
        case (QPoint() | QPointF() as point, *_):
            return QPointF(point)
        case (QRect() | QRectF() as room, *_):
            return QRectF(room).topLeft()
        case (x, y, *_):
            return QPointF(x, y)
    raise TypeError(f"a call of drawPixmap with {args}")
