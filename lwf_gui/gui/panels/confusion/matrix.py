"""What stands around the cells of a confusion matrix: titles, class names and images, and lines."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.confusion.layout import MatrixLayout
from lwf_gui.gui.panels.drawing import grey_image, heading
from lwf_gui.gui.panels.text import CENTRE, RIGHT, fitted, names_within, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.class_rows import class_image
from lwf_gui.runs.confusion import Matrices
from lwf_gui.runs.record import Record


class MatrixPainter:
    """Paints what stands around and upon the cells of the matrices."""

    def __init__(
        self, painter: QPainter, figures: Matrices, layout: MatrixLayout, record: Record, colours: Theme
    ) -> None:
        assert record.data is not None
        self._painter, self._figures, self._layout, self._colours = painter, figures, layout, colours
        self._record, self._peak = record, record.data.peak

    def labels(self, place: int) -> None:
        """Paint a matrix's title, the tasks of its columns, and the images or names of columns and rows."""
        lay, learner, origin = self._layout, self._figures.learners[place], self._layout.origins[place]
        side, old = lay.cell * len(self._figures.classes), self._figures.old * lay.cell
        first = place % lay.across == 0
        top = origin.y() - lay.cell - lay.band - lay.title
        left = origin.x() - (lay.gutter if first else 0)
        room = side - 1.5 * lay.title
        names = names_within(QFontMetricsF(theme.font(1.0, bold=True)), room, self._figures.learners)
        self._painter.setFont(fitted(theme.font(1.0, bold=True), lay.title, names.values(), room))
        box = QRectF(left, top, origin.x() + side - left, lay.title)
        heading(self._painter, box, learner, [names[learner]], self._colours)
        self._painter.setPen(QColor(self._colours.muted))
        self._painter.setFont(fitted(theme.font(0.85), lay.band - 2))
        words = "taken for {}"
        if self._painter.fontMetrics().horizontalAdvance(words.format("new")) > (min(old, side - old) or old) - 2:
            words = "{}"
        for x, width, task in ((0, old, "old"), (old, side - old, "new")):
            if width:
                band = QRectF(origin.x() + x + 1, top + lay.title, width - 2, lay.band - 2)
                write(self._painter, band, [words.format(task), ""], CENTRE)
                self._painter.drawLine(band.bottomLeft(), band.bottomRight())
        self._painter.setFont(fitted(theme.font(0.85), lay.cell, self._figures.classes, lay.gutter - 6))
        for unit in range(len(self._figures.classes)):
            self._label(origin, unit, first)

    def _label(self, origin: QPointF, unit: int, first: bool) -> None:
        """Paint the image of a class above its column, and its name, or the image again, beside its row."""
        lay = self._layout
        image = class_image(self._record, unit)
        thumb = QPixmap.fromImage(grey_image(image, self._peak, dark=self._colours.dark))
        column = QRectF(origin.x() + unit * lay.cell + 1, origin.y() - lay.cell, lay.cell - 2, lay.cell - 2)
        self._painter.drawPixmap(column, thumb, QRectF(thumb.rect()))
        row = QRectF(origin.x() - lay.gutter, origin.y() + unit * lay.cell, lay.gutter - 5, lay.cell)
        if first and lay.names:
            self._painter.setPen(QColor(self._colours.text))
            write(self._painter, row, [self._figures.classes[unit]], RIGHT)
        elif first:
            self._painter.drawPixmap(row.adjusted(0, 1, 3, -1), thumb, QRectF(thumb.rect()))

    def grid(self, origin: QPointF) -> None:
        """Paint empty cells: those that the protocol rules out in grey."""
        cell, kinds = self._layout.cell, len(self._figures.classes)
        side = float(cell * kinds)
        if not self._figures.possible.all():
            old, new = float(cell * self._figures.old), float(cell * (kinds - self._figures.old))
            for corner in (QRectF(old, 0, new, old), QRectF(0, old, old, new)):
                self._painter.fillRect(corner.translated(origin), QColor(self._colours.raised))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QColor(self._colours.line))
        for line in range(kinds + 1):
            x, y = origin.x() + line * cell, origin.y() + line * cell
            self._painter.drawLine(QPointF(x, origin.y()), QPointF(x, origin.y() + side))
            self._painter.drawLine(QPointF(origin.x(), y), QPointF(origin.x() + side, y))

    def borders(self, place: int) -> None:
        """Paint frames around the cells of right answers, and the border between the tasks."""
        cell, kinds, origin = self._layout.cell, len(self._figures.classes), self._layout.origins[place]
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.setPen(QColor(self._colours.muted))
        x, y = origin.x(), origin.y()
        self._painter.drawRects([QRectF(x + unit * cell, y + unit * cell, cell, cell) for unit in range(kinds)])
        if self._figures.old < kinds:
            self._painter.setPen(QPen(QColor(self._colours.text), 2))
            side, old = cell * kinds, cell * self._figures.old
            self._painter.drawLine(QPointF(x + old, y - cell), QPointF(x + old, y + side))
            self._painter.drawLine(QPointF(x - 4, y + old), QPointF(x + side, y + old))
