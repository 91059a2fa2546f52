"""The window as it was at the first start: all that is remembered of it is forgotten, once the user has agreed."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from lwf_gui.gui.appearance import Appearance
from lwf_gui.gui.layout.arrangement import Arrangement
from lwf_gui.gui.layout.present import PresentMode
from lwf_gui.gui.preferences import Preferences
from lwf_gui.gui.switches import Switches
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import agrees
from lwf_gui.reasons import reason


class WindowReset:
    """Asks, then resets; run and recipe stay."""

    def __init__(
        self,
        window: QWidget,
        preferences: Preferences,
        banner: Banner,
        present: PresentMode,
        appearance: Appearance,
        arrangement: Arrangement,
        switches: Switches,
    ) -> None:
        self._window, self._preferences, self._banner = window, preferences, banner
        self._present, self._appearance, self._arrangement = present, appearance, arrangement
        self._switches = switches

    def ask(self) -> None:
        """Ask, then forget all that is remembered of the window, and let it be as it was at first; the run stays."""
        question = "Shall the window, its panels, theme and type be as they were at first? Run and recipe stay."
        if not agrees(self._window, "Reset window", question, QMessageBox.StandardButton.Reset):
            return
        try:
            self._preferences.reset()
        except OSError as error:
            self._banner.say(f"The settings were not forgotten: {reason(error)}.", error=True, cause=Cause.FILE)
        self._present.leave()
        self._appearance.restore()
        self._arrangement.take_first_size()
        self._arrangement.restore_panels()
        self._switches.restore()
