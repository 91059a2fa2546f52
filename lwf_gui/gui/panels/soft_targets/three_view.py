"""The view of three temperatures: image, sentence, bars, and images to choose; in a wide place side by side."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.soft_targets.images import ImagePainter
from lwf_gui.gui.panels.soft_targets.lettering import Lettering, write_in
from lwf_gui.gui.panels.soft_targets.three import ThreePainter, fitting_learners
from lwf_gui.gui.panels.soft_targets.words import task_texts
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.view_keys import ViewKey, height_of, paint_keys, width_of
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import class_name
from lwf_gui.runs.record import Record
from lwf_gui.runs.temperature_words import story, titles
from lwf_gui.runs.temperatures import TEMPERATURES, Temperatures

LEAST, LARGEST = 0.85, 2.2
"""Size of the type, in body text sizes, at least and at most."""

HIGH, ACROSS = 21.0, 23.0
"""Lines of height and of width that a picture wants whose parts stand one below the other."""

WIDE = 1.7
"""From how many times its height on a picture is so wide that bars stand beside the rest; then so many lines:"""

WIDE_HIGH, WIDE_ACROSS = 12.5, 42.0

HEAD, TOLD, BARS, ROW = 2.7, 3, 2.3, 1.2
"""Lines of the image with what it is called; of the sentence, that it may take from the bars; of the names above the
bars, and of a row of bars at least."""

BESIDE = 0.34
"""The part of a wide picture's width that has the image and the words."""

CHOICES, CHOICES_WIDE = 0.1, 0.22
"""The part of the height that images to choose from may take."""


class Places(NamedTuple):
    """Where the parts stand; the keys end at the corner's upper right."""

    head: QRectF
    told: QRectF
    bars: QRectF
    corner: QRectF


def type_of(area: QRectF) -> Lettering:
    """Return the type of a picture: as large as there is room for."""
    line = theme.line_height()
    wide = area.width() >= WIDE * area.height()
    high, across = (WIDE_HIGH, WIDE_ACROSS) if wide else (HIGH, ACROSS)
    return Lettering(max(LEAST, min(area.height() / high / line, area.width() / across / line, LARGEST)))


class ThreeView:
    """Paints all of the view, and notes its spots.

    Parameters
    ----------
    images : paints probe images; its spots are the view's too
    first : place of the first learner that is shown, where not all have room
    """

    def __init__(
        self,
        painter: QPainter,
        record: Record,
        now: Temperatures,
        images: ImagePainter,
        look: tuple[Theme, Lettering],
        first: int,
    ) -> None:
        self._painter, self._record, self._now, self._images = painter, record, now, images
        self._look, (self._colours, self._type), self._first = look, look, first
        self.learners = range(0)
        """Places of the learners that are shown, once they are painted."""
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, views: Sequence[ViewKey]) -> None:
        """Paint head, sentence, bars and choices."""
        at = self._places(area)
        plain = self._now.plain
        keys = self._keys(at.bars, views)
        font = self._type.font(0.85)
        wide = min(width_of(keys, font), 0.55 * at.corner.width())
        spots = paint_keys(
            self._painter, QRectF(at.corner.right() - wide, at.corner.top(), wide, 0), keys, font, self._colours
        )
        taken = at.corner.right() - min(spot.rect.left() for spot in spots) + 8
        beside = at.corner is at.bars
        self._head(at.head, 0.0 if beside else taken)
        self._told(at.told)
        names = [class_name(self._record, unit) for unit in range(len(plain.classes))]
        bars = ThreePainter(self._painter, self._now, self.learners, names, self._look)
        bars.paint(at.bars, taken if beside else 0.0)
        self.spots += [*self._images.spots, *bars.spots, *spots]

    def _places(self, area: QRectF) -> Places:
        """Paint the choices at the bottom, and return the places of the rest."""
        line = self._type.metrics().height()
        if area.width() >= WIDE * area.height():
            left = QRectF(area.left(), area.top(), BESIDE * area.width(), area.height())
            bars = QRectF(left.right() + line, area.top(), area.right() - left.right() - line, area.height())
            bottom = self._images.choices(self._now.plain, left, CHOICES_WIDE)
            head = QRectF(left.left(), left.top(), left.width(), HEAD * line)
            told = QRectF(left.left(), head.bottom() + 4, left.width(), bottom - head.bottom() - 8)
            return Places(head, told, bars, bars)
        bottom = self._images.choices(self._now.plain, area, CHOICES)
        head = QRectF(area.left(), area.top(), area.width(), HEAD * line)
        rows = (BARS + ROW * len(self._now.plain.teacher)) * line
        room = max(bottom - head.bottom() - rows, min(TOLD, 0.3 * (bottom - head.bottom()) / line) * line)
        told = QRectF(area.left(), head.bottom() + 3, area.width(), self._high(area.width(), room))
        bars = QRectF(area.left(), told.bottom() + 3, area.width(), bottom - told.bottom() - 8)
        return Places(head, told, bars, head)

    def _high(self, width: float, room: float) -> float:
        """Return the pixels of the longest way to say what is seen that has room; of a line where none has."""
        metrics = self._type.metrics()
        heights = (metrics.boundingRect(QRectF(0, 0, width, 1e6), _FLAGS, text).height() for text in self._ways())
        return next((high for high in heights if high <= room), metrics.height())

    def _keys(self, bars: QRectF, views: Sequence[ViewKey]) -> list[ViewKey]:
        """Return the keys: to other learners, where not all have room, and to the views."""
        plain = self._now.plain
        line, count = self._type.metrics().height(), len(plain.students)
        size = QSizeF(bars.width(), bars.height() - 3 * line)
        every = fitting_learners(size, len(plain.teacher), count, line)
        start = min(self._first // every * every, count - every)
        self.learners = range(start, start + every)
        if every == count:
            return list(views)
        return [ViewKey(f"{start + 1}-{start + every} of {count} ▶", False, ("page",)), *views]

    def _ways(self) -> list[str]:
        values = ", ".join(f"{each:g}" for each in TEMPERATURES)
        return [_unbroken(text, (f"T = {values}", " %")) for text in story(self._record, self._now)]

    def _head(self, box: QRectF, taken: float) -> None:
        """Paint the image, what it is and whether the old network was taught it; ``taken`` pixels have keys above."""
        painter, colours, plain = self._painter, self._colours, self._now.plain
        side = min(box.height(), 0.3 * box.width())
        frame = QRectF(box.left() + 1, box.top() + 1, side - 2, side - 2)
        self._images.image(plain.image, frame, ("main",))
        line = self._type.metrics(1.2, bold=True).height()
        below = height_of(self._type.font(0.85)) if taken else 0.0
        text = QRectF(frame.right() + 8, box.top(), box.right() - frame.right() - 8, line)
        said = titles(self._record, self._now)
        bold = self._type.font(1.2, bold=True)
        fits = QFontMetricsF(bold).horizontalAdvance(said[0]) <= text.width() - taken
        if fits:
            text.setRight(text.right() - taken)
        else:  # below the keys, on the whole width
            text.moveTop(box.top() + below)
        painter.setPen(QColor(colours.text))
        write_in(painter, text, said, bold)
        text = QRectF(text.left(), max(text.bottom(), box.top() + below), box.right() - text.left(), 0)
        text.setBottom(min(box.bottom(), text.top() + self._type.metrics(0.9).height()))
        painter.setPen(QColor(colours.muted))
        if text.height() > 0.7 * self._type.metrics(0.9).height():
            write_in(painter, text, task_texts(plain), self._type.font(0.9))

    def _told(self, box: QRectF) -> None:
        """Write the longest of the ways to say what is seen that has room."""
        painter, font, ways = self._painter, self._type.font(), self._ways()
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        painter.setPen(QColor(self._colours.text))
        for text in ways:
            needed = metrics.boundingRect(QRectF(0, 0, box.width(), 1e6), _FLAGS, text)
            if needed.height() <= box.height() + 1 and needed.width() <= box.width():
                painter.drawText(box, _FLAGS, text)
                return
        write_in(painter, QRectF(box.left(), box.top(), box.width(), metrics.height()), ways[-1:], font)


def _unbroken(text: str, parts: Iterable[str]) -> str:
    """Return a text in which no line ends within these parts."""
    for part in parts:
        text = text.replace(part, part.replace(" ", "\N{NO-BREAK SPACE}"))
    return text


_FLAGS = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap)
