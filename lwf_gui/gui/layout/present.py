"""Present mode: full screen in big type, no controls but those of the run, and a layout of its own."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QWidget

from lwf_gui.gui.appearance import Appearance
from lwf_gui.gui.layout.arrangement import Arrangement
from lwf_gui.gui.layout.filling import set_full
from lwf_gui.gui.layout.room import Room
from lwf_gui.gui.preferences import Mode


class PresentMode:
    """Whether a window presents.

    Parameters
    ----------
    action : is checked while it does
    controls : rows that are hidden meanwhile
    """

    def __init__(
        self,
        window: QMainWindow,
        action: QAction,
        controls: Sequence[QWidget],
        arrangement: Arrangement,
        room: Room,
        appearance: Appearance,
    ) -> None:
        self._window, self._action, self._controls = window, action, controls
        self._arrangement, self._room, self._appearance = arrangement, room, appearance
        self._asks = False
        """Whether the desktop has been asked, and not yet had the time to answer."""
        arrangement.settled.connect(self._ask_again)

    @property
    def on(self) -> bool:
        """Whether it presents."""
        return self._action.isChecked()

    @property
    def mode(self) -> Mode:
        """Whose layout holds."""
        return _mode(self.on)

    def follow_action(self) -> None:
        """Enter or leave it, as the action says; each mode has a layout of its own."""
        on = self.on
        self._arrangement.change_unseen()
        self._arrangement.keep(_mode(not on))
        self._room.forget_beside()
        if on:
            self._arrangement.keep_geometry()  # it is left from here, too
        with self._room.undone():
            for part in self._controls:
                part.setVisible(not on)
            set_full(self._window, on)
            self._appearance.present(on)
            self._arrangement.change_to(self.mode)
        self._arrangement.arrange()
        self._asks = True
        self._arrangement.settle_soon()

    def _ask_again(self) -> None:
        """Ask the desktop once more, a moment later: some miss what is asked amid another change."""
        if self._asks:
            self._asks = False
            set_full(self._window, self.on)

    def leave(self) -> bool:
        """Leave it; return whether it was on."""
        on = self.on
        if on:
            self._action.trigger()
        return on


def _mode(presenting: bool) -> Mode:
    return "present" if presenting else "window"
