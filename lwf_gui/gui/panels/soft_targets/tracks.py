"""The bars of one class: the teacher's behind every learner's, its outline before them."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from lwf_gui.gui.panels.drawing import hatch
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.soft_targets import Student


class TrackPainter:
    """Paints probabilities as bars of which a whole track is 1."""

    def __init__(self, painter: QPainter, colours: Theme) -> None:
        self._painter, self._colours = painter, colours

    def paint(self, track: QRectF, teacher: float, students: Sequence[Student], unit: int) -> list[QRectF]:
        """Paint the teacher's bar and those of learners one below the other; return the places of the latter."""
        self._painter.fillRect(track, QColor(self._colours.raised))
        ghost = part_of(track, teacher)
        self.ghost(ghost, filled=True)
        inset = min(0.14 * track.height(), 6.0)  # so much of the teacher's bar shows above and below
        height, bars = (track.height() - 2 * inset) / max(1, len(students)), []
        for index, student in enumerate(students):
            place = QRectF(track.left(), track.top() + inset + index * height, track.width(), height)
            bar = part_of(place.adjusted(0, 0.5, 0, -0.5), student.probabilities[unit])
            self._painter.fillRect(bar, QColor(self._colours.learner(student.learner)))
            bars.append(bar)
        self.ghost(ghost, filled=False)
        return bars

    def ghost(self, rect: QRectF, *, filled: bool) -> None:
        """Paint the teacher's bar: hatched before the learners' bars are painted, outlined after."""
        colour = QColor(self._colours.teacher)
        if filled:
            colour.setAlpha(110)
            hatch(self._painter, rect, colour)
            return
        self._painter.setPen(QPen(colour, 1.5))
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._painter.drawRect(rect)


def part_of(track: QRectF, share: float) -> QRectF:
    """Return the bar of a share of 1; none of what is no number."""
    return QRectF(track.left(), track.top(), track.width() * share if math.isfinite(share) else 0.0, track.height())
