"""The learners to choose from, where the matrices of all of them have no room: their names, one of them marked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import GAP, heading
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import names_within
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import Names

ACROSS = 4
"""Learners side by side at most, so that names have room."""


class Chosen(NamedTuple):
    """A learner that can be chosen."""

    learner: str


def choices_of(learners: Sequence[str], area: QRectF) -> list[Spot]:
    """Return a place for every learner along the upper edge of an area, in as many lines as their names need."""
    line = QFontMetricsF(theme.font(0.9, bold=True)).height() + 4
    across = min(len(learners), ACROSS)
    while across > 1 and not _fit(learners, (area.width() - (across - 1) * GAP) / across):
        across -= 1
    width = (area.width() - (across - 1) * GAP) / across
    return [
        Spot(
            QRectF(area.left() + at % across * (width + GAP), area.top() + at // across * line, width, line - 2),
            Chosen(learner),
        )
        for at, learner in enumerate(learners)
    ]


def paint_choices(painter: QPainter, choices: Sequence[Spot], chosen: str, colours: Theme) -> list[Spot]:
    """Paint the learners to choose from, the chosen one in bold on a line of its own colour; return their spots."""
    if not choices:
        return []
    names = _names([spot.key.learner for spot in choices], choices[0].rect.width())  # type: ignore[attr-defined]
    for spot in choices:
        learner = spot.key.learner  # type: ignore[attr-defined]
        painter.setFont(theme.font(0.9, bold=learner == chosen))
        heading(painter, spot.rect, learner, [names[learner]], colours)
        if learner == chosen:
            painter.fillRect(QRectF(spot.rect.left(), spot.rect.bottom(), spot.rect.width(), 2), QColor(colours.accent))
    return list(choices)


def _names(learners: Sequence[str], width: float) -> Names:
    metrics = QFontMetricsF(theme.font(0.9, bold=True))
    return names_within(metrics, width - 1.2 * metrics.ascent(), learners)


def _fit(learners: Sequence[str], width: float) -> bool:
    """Return whether all names have room, in one of their forms."""
    metrics = QFontMetricsF(theme.font(0.9, bold=True))
    room = width - 1.2 * metrics.ascent()
    return all(metrics.horizontalAdvance(name) <= room for name in _names(learners, width).values())
