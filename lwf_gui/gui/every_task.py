"""Every task's own curve in the accuracy plot: on or off, as the user left it at the last start."""

from __future__ import annotations

from PySide6.QtGui import QAction

from lwf_gui.gui.panels.plots import Plots
from lwf_gui.gui.preferences import Preferences


class EveryTask:
    """The user's choice, remembered; the action shows it."""

    def __init__(self, plots: Plots, action: QAction, preferences: Preferences) -> None:
        self._plots, self._action, self._preferences = plots, action, preferences
        self.restore()

    def turn(self) -> bool:
        """Show every task's own curve, or the earlier tasks together again; return whether every task's is shown."""
        self._preferences.every_task = not self._plots.by_task
        self.restore()
        return self._plots.by_task

    def restore(self) -> None:
        """Show what is remembered."""
        wanted = self._preferences.every_task
        if self._plots.by_task != wanted:
            self._plots.turn_by_task()
        self._action.setChecked(wanted)
