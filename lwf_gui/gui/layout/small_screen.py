"""What gives way on a screen that is too small for the window: type, recipe panel, status line; and it is said.

Nothing of it is remembered: on a larger screen the window is as it was.
"""

from __future__ import annotations

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from lwf_gui.gui import theme
from lwf_gui.gui.appearance import Appearance
from lwf_gui.gui.layout.arrangement import Arrangement
from lwf_gui.gui.layout.placing import Placing
from lwf_gui.gui.layout.room import Room
from lwf_gui.gui.widgets.banner import Banner, Cause

LEAST_WIDTH, LEAST_PIXELS = 14, 200
"""Lines of body text, and pixels, that the plot is wide at least, else the recipe panel beside it gives way."""

TYPE = "type is smaller (Ctrl++ makes it bigger)"
STATUS = "the status line is put away"
RECIPE = "the recipe panel is put away (Ctrl+B shows it)"


class SmallScreen(QObject):
    """Fits a window to its screen as soon as it has found its size."""

    def __init__(
        self,
        window: QMainWindow,
        arrangement: Arrangement,
        placing: Placing,
        room: Room,
        appearance: Appearance,
        show_recipe: QAction,
        banner: Banner,
    ) -> None:
        super().__init__(window)
        self._window, self._arrangement, self._placing, self._room = window, arrangement, placing, room
        self._appearance, self._show_recipe, self._banner = appearance, show_recipe, banner
        self._gave: list[str] = []
        """What gave way, in words."""
        self._said: list[str] = []
        self._wanted = False
        """Whether the user has shown, or hidden, the recipe panel himself."""
        show_recipe.triggered.connect(self._want)
        arrangement.settled.connect(self.fit)

    def fit(self) -> None:
        """Let give way what must, one thing after the other, and say so once.

        A lesson and Present mode have ways of their own.
        """
        if self._window.isFullScreen() or self._arrangement.teaches:
            return
        if self._appearance.shrink(self._share()):
            self._give(TYPE)
        elif self._show_recipe.isChecked() and not self._wanted and self._is_narrow():
            self._room.put_away_beside()
            self._give(RECIPE)
        elif STATUS not in self._gave and self._gave and self._share() < 1:
            self._window.statusBar().hide()
            self._give(STATUS)
        elif self._gave != self._said:
            self._said = list(self._gave)
            self._banner.say(f"The screen is small: {', and '.join(self._gave)}.", cause=Cause.START)

    def _give(self, what: str) -> None:
        if what not in self._gave:
            self._gave.append(what)
        self._arrangement.settle_soon()  # what is left has other needs

    def _want(self) -> None:
        self._wanted = True

    def _share(self) -> float:
        """Return to which share of its size type must shrink for the window to be no higher than its screen lets it."""
        share = self._placing.room().height() / max(1, self._window.minimumSizeHint().height())
        return 1.0 if share >= 1 or not self._placing.fits else share**2  # about half of the height is type

    def _is_narrow(self) -> bool:
        narrow = self._arrangement.plot_width < max(LEAST_WIDTH * theme.line_height(), LEAST_PIXELS)
        return narrow and self._arrangement.fresh and self._placing.is_wide()
