"""Old scores before and now: whether an old score still follows what an image shows, learner by learner."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QPainter

from lwf_gui.gui import theme
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.responses.plot import Place, Range, ResponsePlot
from lwf_gui.gui.panels.turning import first_shown, paint_turn
from lwf_gui.runs import score_response_words as words
from lwf_gui.runs.score_response import Responses, responses

NARROWEST = 15
"""Lines of body text that a plot is wide at least."""

GAP = 14
"""Pixels between two plots."""


class ResponsesPanel(Panel):
    """A plot for each learner, side by side, with the same axes."""

    EMPTY = "How far old scores still follow what an image shows appears here once task 2 begins."
    LEAST = (240, 150)
    """Room for a plot with its axes."""
    CHOSEN = ("_first",)

    def __init__(self) -> None:
        super().__init__()
        self._first = 0
        """The first learner that is shown, where not all have room."""

    # What it shows, in numbers and words

    def figures(self) -> Responses | None:
        """Return what is known where one looks; nothing while a curve is being guessed."""
        return None if self.guessed else responses(self.record, self.selection)

    def state(self) -> object:
        """Return what the figures depend on."""
        return (super().state(), self.guessed)

    def captions(self) -> tuple[str, ...]:
        """Return which images and moment the figures are of, and shorter wordings."""
        if self.shown is None:
            return ()
        return ("not known",) if self.shown.reason else words.captions(self.record, self.shown)

    def sentence(self) -> str:
        """Say how far each learner's old scores follow the images."""
        figures: Responses = self.shown
        return figures.reason or words.sentence(figures)

    def tip(self, key: Place) -> str:
        """Explain a plot, a line, or the keys to other learners."""
        figures: Responses = self.shown
        if not key.learner:
            return "Shows the learners before these." if key.unit < 0 else "Shows the learners after these."
        found = None if figures.reason else figures.of(key.learner)
        if found is None or key.unit >= len(figures.classes):
            return ""  # of what was shown a moment ago
        return words.learner_tip(figures, found) if key.unit < 0 else words.class_tip(figures, found, key.unit)

    def choose(self, key: Place) -> None:
        """Look at an image of a class, or turn to other learners."""
        if not key.learner:
            self._first = max(0, self._first + key.unit * self._across(self.shown))
            self.update()
        elif key.unit >= 0 and self.record.data is not None and key.unit in self.shown.labels:
            self.asked.emit({"image": self.record.data.first_image(key.unit)})

    # Painting

    def _across(self, figures: Responses) -> int:
        """Return how many plots have room side by side."""
        least = NARROWEST * QFontMetricsF(theme.font(1.0)).height()
        return max(1, min(len(figures.learners), int((self.area.width() + GAP) // (least + GAP))))

    def paint(self, painter: QPainter, figures: Responses) -> None:
        """Paint as many plots as have room, or why there are none."""
        self.spots = []
        if figures.reason:
            self.write_instead(painter, figures.reason)
            return
        area, across = self.area, self._across(figures)
        self._first = first_shown(self._first, across, len(figures.learners))
        shown = list(figures.learners[self._first : self._first + across])
        if len(figures.learners) > across:
            line, font = QFontMetricsF(theme.font(0.9)).height(), theme.font(0.9, bold=True)
            row = QRectF(area.left(), area.top(), area.width(), line)
            shown_now = (self._first, across, len(figures.learners))
            self.spots += paint_turn(painter, row, font, shown_now, partial(Place, ""), self.colours)
            area.setTop(area.top() + line)
        ends, width = Range.of(shown), (area.width() - (across - 1) * GAP) / across
        for number, found in enumerate(shown):
            cell = QRectF(area.left() + number * (width + GAP), area.top(), width, area.height())
            plot = ResponsePlot(painter, cell, figures, ends, self.colours)
            plot.paint(found)
            self.spots += plot.spots
