"""A label of one line that is said shorter, and ends in dots only where there is no room for the shortest wording."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel


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
        return next(fitting, metrics.elidedText(wordings[-1], Qt.TextElideMode.ElideRight, width))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the dots."""
        metrics = self.fontMetrics()
        return QSize(metrics.horizontalAdvance("..."), metrics.height())

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
