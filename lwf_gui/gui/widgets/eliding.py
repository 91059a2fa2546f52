"""A label of one line that is said shorter, and ends in dots only where there is no room for the shortest wording.

The dots come after a whole word, so that no number is cut into another one.
"""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from lwf_gui.gui.panels.text import DOTS, fitting

HALF = 0.5
"""Of a pixel, that may be lost by rounding."""


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
        width = self.contentsRect().width() + HALF  # Qt gives a text its width in whole pixels
        return fitting(QFontMetricsF(self.font()), width, self.text(), *self._shorter, sentence=True)

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
