"""A label of one line that ends in dots where there is no room for all of it: after a whole word, never in a number."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

DOTS = "..."


def elided(metrics: QFontMetrics, width: int, text: str) -> str:
    """Return as many whole words of a text as fit, and dots for the others; 0.015 must not be read as 0.01."""
    if metrics.horizontalAdvance(text) <= width:
        return text
    words = text.split(" ")
    while words and metrics.horizontalAdvance(f"{' '.join(words)} {DOTS}") > width:
        del words[-1]
    return " ".join([*words, DOTS])


class ElidingLabel(QLabel):
    """Knows its whole text, shows as much of it as fits, and may be as narrow as its dots."""

    def minimumSizeHint(self) -> QSize:
        """Return the size of the dots."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(DOTS), metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        room = self.contentsRect()
        text = elided(self.fontMetrics(), room.width(), self.text())
        with QPainter(self) as painter:
            self.style().drawItemText(
                painter, room, int(self.alignment()), self.palette(), self.isEnabled(), text, self.foregroundRole()
            )
