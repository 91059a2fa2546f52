"""A label of one line that is said shorter, and ends in dots only where there is no room for the shortest wording.

The dots come after a whole word, so that no number is cut into another one.
"""

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

    def __init__(self) -> None:
        super().__init__()
        self._shorter: tuple[str, ...] = ()

    def say(self, text: str, *shorter: str) -> None:
        """Take a text, and shorter wordings of it for where it does not fit."""
        self._shorter = shorter
        self.setText(text)
        self.update()

    def said(self) -> str:
        """Return what is read now: the first wording that fits, or as much of the last one as does."""
        metrics, width = self.fontMetrics(), self.contentsRect().width()
        wordings = (self.text(), *self._shorter)
        fitting = (text for text in wordings if metrics.horizontalAdvance(text) <= width)
        return next(fitting, elided(metrics, width, wordings[-1]))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the dots."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance(DOTS), metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint what fits."""
        with QPainter(self) as painter:
            self.style().drawItemText(
                painter,
                self.contentsRect(),
                int(self.alignment()),
                self.palette(),
                self.isEnabled(),
                self.said(),
                self.foregroundRole(),
            )
