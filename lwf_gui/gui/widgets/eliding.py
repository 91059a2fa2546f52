"""A label of one line that ends in dots where there is no room for all of it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel


class ElidingLabel(QLabel):
    """Knows its whole text, shows as much of it as fits, and may be as narrow as its dots."""

    def minimumSizeHint(self) -> QSize:
        """Return the size of the dots."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance("..."), metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        room = self.contentsRect()
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        with QPainter(self) as painter:
            self.style().drawItemText(
                painter, room, int(self.alignment()), self.palette(), self.isEnabled(), text, self.foregroundRole()
            )
