"""One row per class: an image of it, and how many of its probe images each learner gets right.

It shows what is old and what is new at a glance, and which classes are forgotten first.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QHelpEvent, QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QFrame, QSizePolicy, QToolTip

from lwf_gui.gui import theme
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import views
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record


class ClassBars(QFrame):
    """Bars of the accuracy per class and learner, painted in one go."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("card")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.setAccessibleName("Accuracy per class")
        self.record = Record()
        self._theme = theme.LIGHT
        self._protocol: ProtocolName = "task_aware"
        self._rows: list[views.ClassRow] = []
        self._pictures: dict[int, QPixmap] = {}

    def set_theme(self, colours: Theme) -> None:
        """Dress the panel."""
        self._theme = colours
        self._pictures.clear()
        self.update()

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self.record = record
        self._pictures.clear()

    def refresh(self, protocol: ProtocolName) -> None:
        """Take in the latest probe."""
        self._protocol = protocol
        self._rows = views.class_rows(self.record, protocol)
        self.setAccessibleDescription("; ".join(map(self._sentence, self._rows)))
        self.update()

    def minimumSizeHint(self) -> QSize:
        """Return room for ten rows and two headings in small type."""
        return QSize(240, 260)

    def event(self, event: QEvent) -> bool:
        """Show the figures of the row under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            for row, top, height in self._layout():
                if row is not None and top <= event.y() < top + height:
                    QToolTip.showText(event.globalPos(), self._sentence(row), self)
                    return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all rows."""
        super().paintEvent(event)
        painter = QPainter(self)
        if not self._rows:
            painter.setPen(QColor(self._theme.muted))
            text = "The classes of both tasks appear here\nwhen the images are loaded."
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, text)
            return
        heading = "Old task: learnt first, not shown again"
        for row, top, height in self._layout():
            if row is None:
                painter.setFont(theme.font(1.0, bold=True))
                painter.setPen(QColor(self._theme.text))
                box = QRectF(10, top, self.width() - 20, height)
                painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, heading)
                heading = "New task: learnt now"
            else:
                self._paint_row(painter, row, top, height)

    def _layout(self) -> list[tuple[views.ClassRow | None, float, float]]:
        """Return (row, top, height); None stands for a heading."""
        if not self._rows:
            return []
        head = QFontMetricsF(theme.font(1.0, bold=True)).height() + 6
        space = (self.height() - 12 - 2 * head) / len(self._rows)
        height = min(space, 64.0)
        places: list[tuple[views.ClassRow | None, float, float]] = []
        top = 6.0
        for index, row in enumerate(self._rows):
            if index == 0 or row.old != self._rows[index - 1].old:
                places.append((None, top, head))
                top += head
            places.append((row, top, height))
            top += height
        return places

    def _paint_row(self, painter: QPainter, row: views.ClassRow, top: float, height: float) -> None:
        side = height - 4
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(QRectF(10, top + 2, side, side), self._picture(row), QRectF(self._picture(row).rect()))
        painter.setFont(theme.font(0.95))
        metrics = QFontMetricsF(painter.font())
        widest = max(metrics.horizontalAdvance(each.name) for each in self._rows)
        name_left = 10 + side + 8
        name_width = min(widest, self.width() * 0.3)
        painter.setPen(QColor(self._theme.text))
        name = metrics.elidedText(row.name, Qt.TextElideMode.ElideRight, name_width + 1)
        painter.drawText(QRectF(name_left, top, name_width + 2, height), Qt.AlignmentFlag.AlignVCenter, name)
        left = name_left + name_width + 10
        digits = QFontMetricsF(theme.font(0.85)).horizontalAdvance("100 %") + 6
        width = self.width() - left - digits - 8
        bar = min(height / max(len(row.correct), 1) - 3, 22.0)
        small = theme.font(0.85)
        if QFontMetricsF(small).capHeight() > bar + 1:  # low rows, small figures
            small.setPixelSize(max(6, round(1.3 * (bar + 1))))
        painter.setFont(small)
        first = top + (height - (bar + 2) * len(row.correct) + 2) / 2
        for index, (learner, percent) in enumerate(row.correct.items()):
            y = first + index * (bar + 2)
            painter.fillRect(QRectF(left, y, width, bar), QColor(self._theme.raised))
            painter.fillRect(QRectF(left, y, width * percent / 100, bar), QColor(self._theme.learner(learner)))
            place = QRectF(left + width, y - 3, digits, bar + 6)
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(place, right, f"{percent:.0f} %")

    def _picture(self, row: views.ClassRow) -> QPixmap:
        if row.unit not in self._pictures:
            assert self.record.data is not None
            grey = (row.image.astype(np.float32) * (255 / self.record.data.peak)).astype(np.uint8)
            grey = np.ascontiguousarray(grey if self._theme.dark else 255 - grey)
            height, width = grey.shape
            image = QImage(grey.data, width, height, width, QImage.Format.Format_Grayscale8).copy()
            self._pictures[row.unit] = QPixmap.fromImage(image)
        return self._pictures[row.unit]

    def _sentence(self, row: views.ClassRow) -> str:
        task = "old" if row.old else "new"
        figures = ", ".join(f"{views.label_of(learner)} {percent:.1f} %" for learner, percent in row.correct.items())
        what = f"{PROTOCOLS[self._protocol]} accuracy on {row.count} probe images"
        return f"{row.name} ({task} task): {figures or 'not trained yet'} ({what})"
