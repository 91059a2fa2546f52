"""Text that changes with every picture: unlike a QLabel it never asks for a new layout, the dear part of a change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from lwf_gui.gui.explaining import Explained
from lwf_gui.gui.panels.text import shortened

TALL, EVERYWHERE = "▲", QRect(0, 0, 999, 999)
"""A sign that fonts borrow from taller ones, so that lines with it are higher."""

WHOLE = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextDontClip)
WRAPPED = WHOLE | int(Qt.TextFlag.TextWordWrap)
"""How a line is written, and how several are."""

Segments = tuple[tuple[str, str], ...]
"""Pieces of text with their colours; an empty one is the line's own."""


class Line(Explained, QWidget):
    """Text of a fixed number of lines, in one font and colour; what is too long is said shorter, or ends in dots."""

    def __init__(self, font: QFont, colour: str, *, lines: int = 1) -> None:
        super().__init__()
        self._lines = lines
        self._segments: Segments = ()
        self._shorter: tuple[str, ...] = ()
        self._fewer: list[Segments] = []
        """The shorter ways that were asked for so far."""
        self._rest: Iterator[Segments] = iter(())
        self._chosen: tuple[tuple[int, int], Segments] | None = None
        """The way that fits, at some width and number of lines."""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.dress(font, colour)

    def dress(self, font: QFont, colour: str) -> None:
        """Take another font and colour."""
        self._font, self._bold, self._colour = font, QFont(font), QColor(colour)
        self._bold.setBold(True)
        self._plain, self._heavy = QFontMetrics(self._font), QFontMetrics(self._bold)
        self._chosen = None
        self.setFont(font)
        self.updateGeometry()
        self.update()

    def set_lines(self, lines: int) -> None:
        """Take so many lines."""
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()
            self.update()

    @property
    def lines(self) -> int:
        """How many lines it takes."""
        return self._lines

    def text(self) -> str:
        """Return the text, in full."""
        return "".join(text for text, _ in self._segments)

    def set_text(self, text: str, *shorter: str) -> None:
        """Show another text, or the first of the shorter ones that there is room for."""
        self._set(((text, ""),), shorter, ())

    def set_segments(self, segments: Segments, fewer: Iterable[Segments] = ()) -> None:
        """Show pieces of text one after another, or the first of the shorter ways that there is room for.

        Those with a colour of their own are bold, and the first that go to the next line where there are several.
        The shorter ways of equal pieces are taken to be equal; one is asked for only where none before it fits.
        """
        self._set(segments, (), fewer)
        self._fitting_way()  # what works them out may fail: in whoever calls this, not in Qt

    def _set(self, segments: Segments, shorter: tuple[str, ...], fewer: Iterable[Segments]) -> None:
        if (segments, shorter) != (self._segments, self._shorter):
            self._segments, self._shorter, self._fewer, self._rest = segments, shorter, [], iter(fewer)
            self._chosen = None
            self.update()

    def _ways(self) -> Iterator[Segments]:
        """Yield the pieces of text, then the shorter ways."""
        yield self._segments
        yield from self._fewer
        for way in self._rest:
            self._fewer.append(way)
            yield way

    def sizeHint(self) -> QSize:
        """Return the height of the lines; the width is what there is."""
        metrics = QFontMetrics(self._font)
        if self._lines == 1:
            return QSize(0, metrics.lineSpacing())
        return QSize(0, self._lines * max(metrics.lineSpacing(), metrics.boundingRect(EVERYWHERE, 0, TALL).height()))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the line."""
        with QPainter(self) as painter:
            self.paint_on(painter)

    def paint_on(self, painter: QPainter) -> None:
        """Paint the text, at the origin."""
        painter.setFont(self._font)
        painter.setPen(self._colour)
        if self._lines > 1 and not any(colour for _, colour in self._segments):
            painter.drawText(self.rect(), WRAPPED, self._wrapped(painter.fontMetrics()))
            return
        step = painter.fontMetrics().lineSpacing()
        for number, row in enumerate(self._rows(self._fitting(painter.fontMetrics()))):
            left = 0
            for text, colour in self._whole(row):
                painter.setFont(self._bold if colour else self._font)
                painter.setPen(QColor(colour) if colour else self._colour)
                painter.drawText(self.rect().adjusted(left, number * step, 0, 0), WHOLE, text)
                left += painter.fontMetrics().horizontalAdvance(text)

    @property
    def shown(self) -> str:
        """The text of pieces on one line each, as there is room for them."""
        rows = self._rows(self._fitting(QFontMetrics(self._font)))
        return "\n".join("".join(text for text, _ in self._whole(row)) for row in rows)

    def _whole(self, row: Segments) -> Segments:
        """Return the pieces of a line that there is room for; the last one's words are shortened, its numbers not."""
        if self._width_of(row) <= self.width():
            return row
        kept: Segments = ()
        for text, colour in row:
            room = self.width() - (self._width_of((*kept, ("|", ""))) if kept else 0)
            metrics = QFontMetricsF(self._bold if colour else self._font)
            if metrics.horizontalAdvance(text) > room:
                return (*kept, (shortened(metrics, room, text.rstrip()), colour))
            kept = (*kept, (text, colour))
        return kept

    def lines_for(self, segments: Segments) -> int:
        """Return how many lines these pieces of text take at this width."""
        return len(self._rows(segments, len(segments)))

    def _rows(self, segments: Segments, most: int | None = None) -> list[Segments]:
        """Return pieces of text line by line: a bold one begins another, while there are lines left."""
        rows: list[Segments] = [()]
        for item in _items(segments):
            if rows[-1] and len(rows) < (most or self._lines) and self._width_of(rows[-1] + item) > self.width():
                rows.append(item)
            else:
                rows[-1] += item
        return rows

    def _fitting(self, metrics: QFontMetrics) -> Segments:
        """Return what to show."""
        if not self._shorter:
            return self._fitting_way()
        texts = (self.text(), *self._shorter)
        text = next((text for text in texts if metrics.horizontalAdvance(text) <= self.width()), texts[-1])
        return ((text, ""),)

    def _fitting_way(self) -> Segments:
        """Return the first way to say the pieces that there is room for, else the last."""
        room = (self.width(), self._lines)
        if self._chosen is None or self._chosen[0] != room:
            way: Segments = ()
            for way in self._ways():
                if all(self._width_of(row) <= self.width() for row in self._rows(way)):
                    break
            self._chosen = room, way
        return self._chosen[1]

    def _width_of(self, segments: Segments) -> int:
        """Return the pixels of pieces of text one after another."""
        if segments:
            segments = (*segments[:-1], (segments[-1][0].rstrip(), segments[-1][1]))
        return sum((self._heavy if colour else self._plain).horizontalAdvance(text) for text, colour in segments)

    def _wrapped(self, metrics: QFontMetrics) -> str:
        """Return what to show on several lines: the first text that fits, or as many words of the last as fit."""

        def fits(text: str) -> bool:
            needed = metrics.boundingRect(self.rect(), Qt.TextFlag.TextWordWrap, text)
            return needed.height() <= self.height() and needed.width() <= self.width()

        texts = (self.text(), *self._shorter)
        words = texts[-1].split(" ")
        cut = (" ".join(words[:count]) + "…" for count in range(len(words) - 1, 0, -1))
        return next((text for text in (*texts, *cut) if fits(text)), "")


def _items(segments: Segments) -> list[Segments]:
    """Return pieces of text that stay together: each bold one with what follows it."""
    items: list[Segments] = []
    for segment in segments:
        if segment[1] or not items:
            items.append((segment,))
        else:
            items[-1] += (segment,)
    return items
