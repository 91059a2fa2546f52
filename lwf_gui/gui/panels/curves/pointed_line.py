"""The read-out of the step that the mouse points at: it lies on the lines above the curves, and on no curve.

It takes no room of its own, for it is seldom seen: what the cards tell is not told twice.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPalette, QShowEvent

from lwf_gui.gui.panels.curves.read_out import moment_at
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.record import Record


class PointedLine(Line):
    """A line that lies on others: it has their paper, and leaves the mouse to what it lies on."""

    def float_over(self, colours: Theme) -> None:
        """Take the paper of a plot, and no room in its layout."""
        paper = self.palette()
        paper.setColor(QPalette.ColorRole.Window, QColor(colours.surface))
        self.setPalette(paper)
        self.setAutoFillBackground(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def showEvent(self, event: QShowEvent) -> None:
        """Come on top, once: at every picture it would have all around it laid out and painted anew."""
        super().showEvent(event)
        self.raise_()

    def lie_on(self, title: QRect, below: QRect) -> None:
        """Lie on the lines from a title to the last one above the curves, upwards from the latter."""
        bottom, high = below.bottom() + 1, self.sizeHint().height()
        self.setGeometry(title.x(), max(0, bottom - high), title.width(), high)


def points_elsewhere(record: Record, pointed: float, looked: float) -> bool:
    """Whether a step that is pointed at, NaN for none, has another probe than the one that is looked at."""
    if math.isnan(pointed):
        return False
    there, here = moment_at(record, pointed), moment_at(record, looked)
    if there is None or here is None:
        return False
    return there.track is not here.track or there.index != here.index
