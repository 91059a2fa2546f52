"""What stands still in the panel of classes while figures change: headings, images, names and empty bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.classes.key import paint_key
from lwf_gui.gui.panels.classes.layout import (
    AROUND,
    EDGE,
    LEAST_FIGURES,
    ClassLayout,
    Content,
    Heading,
    RowBars,
    head_font,
    name_font,
)
from lwf_gui.gui.panels.drawing import grey_image
from lwf_gui.gui.panels.text import LEFT, RIGHT, fitted, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.class_rows import ClassRow, class_image
from lwf_gui.runs.record import Record


class StillPainter:
    """Paints what stands still, into a picture so many pixels wide."""

    def __init__(
        self, painter: QPainter, content: Content, layout: ClassLayout, wide: float, record: Record, colours: Theme
    ) -> None:
        self._painter, self._content, self._layout, self._wide = painter, content, layout, wide
        self._record, self._colours = record, colours

    def paint(self) -> None:
        """Paint all of it."""
        painter, lay, text = self._painter, self._layout, QColor(self._colours.text)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self._content.keys:
            line = QRectF(EDGE, AROUND / 2, self._wide - 2 * EDGE, lay.head)
            learners, font = self._content.learners, head_font(lay.scale)
            paint_key(painter, line, learners, self._content.keys, font, self._colours)
        painter.setPen(text)
        for top, heading in lay.headings:
            self._heading(top, heading)
        painter.setFont(name_font(lay.scale))
        for place in lay.rows:
            self._row(place)

    def _heading(self, top: float, heading: Heading) -> None:
        """Write what stands above the classes of a task, and what bars reach from and to where they have no figures."""
        lay, room = self._layout, QRectF(EDGE, top, self._wide - 2 * EDGE, self._layout.head)
        if not lay.written:
            left, width = lay.rows[0].left, lay.rows[0].width
            self._painter.setFont(fitted(theme.font(0.85), lay.head))
            for text, side in (("0 %", LEFT), ("100 %", RIGHT)):
                write(self._painter, QRectF(left, top, width, lay.head), [text, ""], side)
            room.setRight(left - 4)
        self._painter.setFont(head_font(lay.scale))
        write(self._painter, room, heading)

    def _row(self, place: RowBars) -> None:
        """Paint a class's image and name, where its row is high enough to see anything, and its empty bars."""
        height = place.height
        if height >= LEAST_FIGURES:
            picture = self._picture(place.row)
            self._painter.drawPixmap(
                QRectF(EDGE, place.top + 2, height - 4, height - 4), picture, QRectF(picture.rect())
            )
            left, width = self._layout.name
            write(self._painter, QRectF(left, place.top, width, height), [place.row.name])
        for _, box in place.bars():
            self._painter.fillRect(box, QColor(self._colours.raised))

    def _picture(self, row: ClassRow) -> QPixmap:
        assert self._record.data is not None
        pixels = class_image(self._record, row.unit)
        return QPixmap.fromImage(grey_image(pixels, self._record.data.peak, dark=self._colours.dark))
