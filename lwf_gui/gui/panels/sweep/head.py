"""The head of the panel of sweeps: how far it is, keys that cancel it, go on or open a run, and keys to other views."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.sweep.place import Place
from lwf_gui.gui.panels.sweep.plan import Plan
from lwf_gui.gui.panels.text import fitting, names_within, write
from lwf_gui.gui.panels.view_keys import ViewKey, paint_keys, width_of
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import sweep_words as words
from lwf_gui.runs.sweep_figures import SweepFigures
from lwf_gui.runs.sweep_view import QUANTITIES, SweepView

CANCEL, GO_ON, OPEN = "sweep_cancel", "sweep_go_on", "sweep_open_runs"
"""Ids of the actions that the panel offers."""

OFFERS = {
    CANCEL: ("Cancel", "End the sweep; runs that are done stay."),
    GO_ON: ("Go on", "Do the runs that are missing."),
}
"""What the keys are called, and what they do."""


BEGIN = {
    "open_sweep": ("Open sweep...", "Show the sweep of a folder, also while it is trained."),
    "sweep": ("Sweep...", "Choose settings, values and seeds, and train a sweep."),
}
"""The same while no sweep is shown."""


def offered(view: SweepView) -> str:
    """Return the action that can be done with a sweep: cancel this window's, or go on with one that nobody does."""
    if view.own:
        return CANCEL
    return "" if view.running or view.reading or len(view.done) == len(view.runs) else GO_ON


class HeadPainter:
    """Paints the head, and notes its spots."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: SweepFigures) -> None:
        self._painter, self._plan, self._colours, self._figures = painter, plan, colours, figures
        self.spots: list[Spot] = []

    def paint(self) -> None:
        """Paint progress and keys."""
        self._progress(self._plan.progress)
        heat, font = self._figures.heat, self._plan.font(0.9)
        keys = [ViewKey(name, name == heat.quantity, Place("quantity", name)) for name in QUANTITIES]
        right = QRectF(self._plan.keys)
        learners = self._learners(right, width_of(keys, font))
        self.spots += paint_keys(self._painter, right, keys, font, self._colours)
        if learners:
            right.setRight(
                right.right() - min(width_of(keys, font), 0.6 * right.width()) - self._painter.fontMetrics().height()
            )
            self.spots += paint_keys(self._painter, right, learners, font, self._colours)

    def _learners(self, room: QRectF, taken: float) -> list[ViewKey]:
        """Return the keys of the learners, where there are several."""
        learners = self._figures.view.learners
        if len(learners) < 2:
            return []
        wide = (room.width() - taken) / len(learners) - 20
        names = names_within(QFontMetricsF(self._plan.font(0.9, bold=True)), wide, learners)
        return [ViewKey(names[name], name == self._figures.heat.learner, Place("learner", name)) for name in learners]

    def _progress(self, room: QRectF) -> None:
        """Write how far the sweep is, and behind it the key to what can be done with it."""
        painter, view, font = self._painter, self._figures.view, self._plan.font(0.9)
        action = offered(view)
        keys = [ViewKey(OFFERS[action][0], False, Place("action", action))] if action else []
        painter.setFont(self._plan.font(bold=True))
        painter.setPen(QColor(self._colours.text))
        metrics = QFontMetricsF(painter.font())
        taken = width_of(keys, font) + metrics.height() if keys else 0.0
        told = words.progress(view)
        texts = [f"{told}; sweep {view.name}", told, told.partition(",")[0]]
        text = fitting(metrics, room.width() - taken, *texts)
        write(painter, QRectF(room.left(), room.top(), room.width() - taken, room.height()), [text])
        if keys:
            wide = min(metrics.horizontalAdvance(text), room.width() - taken) + taken
            place = QRectF(room.left(), room.top(), wide, room.height())
            self.spots += paint_keys(painter, place, keys, font, self._colours)
