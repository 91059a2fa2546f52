"""A label of one line that is said shorter, and ends in dots only where there is no room for the shortest wording.

The dots come after a whole word, so that no number is cut into another one.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from lwf_gui.gui.explaining import Explained
from lwf_gui.gui.panels.text import DOTS, fitting

HALF = 0.5
"""Of a pixel, that may be lost by rounding."""


GRAIN = 3
"""Letters' widths by which a label's width grows and shrinks: its neighbours keep still while it counts."""


class ElidingLabel(Explained, QLabel):
    """Knows its whole text, shows as much of it as fits, and may be as narrow as its dots.

    It asks for another place only where its text is longer or shorter by some letters: Qt's own label asks whenever its
    text changes, and the whole window is laid out and painted again for it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._said = ""
        self._shorter: tuple[str, ...] = ()
        self._wide = 0
        self._read: tuple[object, str] = (None, "")
        """What is read, and what that hangs on."""
        self.setTextFormat(Qt.TextFormat.PlainText)  # it names files and data

    def text(self) -> str:
        """Return the whole text."""
        return self._said

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Take a text."""
        self.say(text)

    def say(self, text: str, *shorter: str) -> None:
        """Take a text, and shorter wordings of it for where it does not fit."""
        if (text, shorter) == (self._said, self._shorter):
            return
        self._said, self._shorter = text, shorter
        self.setAccessibleName(text)
        if self._width() != self._wide:
            self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        """Return the size of the whole text, and some letters more at most."""
        self._wide = self._width()
        return QSize(self._wide, self.fontMetrics().height())

    def _width(self) -> int:
        metrics = self.fontMetrics()
        grain = GRAIN * metrics.averageCharWidth()
        return grain * math.ceil(metrics.horizontalAdvance(self._said) / grain)

    def said(self) -> str:
        """Return what is read now: the first wording that fits, or as much of the last one as does."""
        width, font = self.contentsRect().width() + HALF, self.font()  # Qt gives a text its width in whole pixels
        if (state := (self._said, self._shorter, width, font.key())) != self._read[0]:
            self._read = state, fitting(QFontMetricsF(font), width, self._said, *self._shorter, sentence=True)
        return self._read[1]

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
