"""What the user has switched on or off, remembered from start to start; the actions show it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from PySide6.QtGui import QAction

from lwf_gui.gui.panels.plots import Plots
from lwf_gui.gui.preferences import Preferences
from lwf_gui.gui.session import Session

Switch = Literal["every_task", "stretch", "slow_start"]
"""Every task's own curve; the first steps of a task stretched; the same steps trained slowly."""


class Switches:
    """The user's choices by name, which are those of the preferences and of the actions."""

    def __init__(
        self, plots: Plots, session: Session, actions: Mapping[str, QAction], preferences: Preferences
    ) -> None:
        self._actions, self._preferences = actions, preferences
        self._turn: Mapping[Switch, Callable[[bool], object]] = {
            "every_task": plots.show_by_task,
            "stretch": plots.stretch,
            "slow_start": session.start_slowly,
        }
        self.restore()

    def turn(self, name: Switch) -> bool:
        """Switch on what is off, or off what is on; return whether it is on now."""
        wanted = not getattr(self._preferences, name)
        setattr(self._preferences, name, wanted)
        self.restore()
        return wanted

    def restore(self) -> None:
        """Have everything as it is remembered."""
        for name, turn in self._turn.items():
            wanted = getattr(self._preferences, name)
            turn(wanted)
            self._actions[name].setChecked(wanted)
