"""How curves are drawn, as the user left it at the last start: every task's own, and the first steps stretched."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtGui import QAction

from lwf_gui.gui.panels.plots import Plots
from lwf_gui.gui.preferences import Preferences


class PlotChoices:
    """The user's choices, remembered; their actions show them."""

    def __init__(self, plots: Plots, actions: Mapping[str, QAction], preferences: Preferences) -> None:
        self._plots, self._preferences = plots, preferences
        self._every_task, self._stretch = actions["every_task"], actions["stretch"]
        self.restore()

    def turn_every_task(self) -> bool:
        """Show every task's own curve, or the earlier tasks together again; return whether every task's is shown."""
        self._preferences.every_task = not self._plots.by_task
        self.restore()
        return self._plots.by_task

    def turn_stretch(self) -> bool:
        """Give the first steps of a task more room, or the same as others; return whether they have more."""
        self._preferences.stretch = not self._plots.stretches
        self.restore()
        return self._plots.stretches

    def restore(self) -> None:
        """Show what is remembered."""
        every_task, stretch = self._preferences.every_task, self._preferences.stretch
        if self._plots.by_task != every_task:
            self._plots.turn_by_task()
        if self._plots.stretches != stretch:
            self._plots.turn_stretch()
        self._every_task.setChecked(every_task)
        self._stretch.setChecked(stretch)
