"""The panel chosen last: brought to the front, clicked, entered, or in the window of its own that has the keys."""

from __future__ import annotations

from typing import TypeGuard

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication, QMainWindow, QTabBar, QWidget

from lwf_gui.gui.layout.dock import Dock
from lwf_gui.gui.layout.docks import Docks
from lwf_gui.gui.panels.table import PANELS


class ChosenPanel(QObject):
    """Follows what is chosen, for what acts upon one panel."""

    def __init__(self, window: QMainWindow, docks: Docks) -> None:
        super().__init__(window)
        self._docks = docks
        self._left: QWidget | None = None
        """The window that shall give the keys away, until the desktop has done so."""
        docks.tabs_made = self._listen
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._follow_focus)

    @property
    def key(self) -> str:
        """Of the panel that was chosen last."""
        return self._docks.chosen

    def take(self, key: str) -> None:
        """Choose a panel; another one's window gives the keys to where this one stands."""
        self._docks.chosen = key
        dock, active = self._docks.by_key[key], QApplication.activeWindow()
        if isinstance(active, Dock) and active is not dock:
            self._left = active
            dock.window().activateWindow()

    def dock(self) -> Dock:
        """Return its dock: that of the window which has the keys, if a panel is torn off there."""
        active = QApplication.activeWindow()
        return active if self._has(active) and active is not self._left else self._docks.by_key[self.key]

    def _has(self, part: QWidget | None) -> TypeGuard[Dock]:
        return isinstance(part, Dock) and part in self._docks.by_key.values()

    def _follow_focus(self, _before: QWidget | None, now: QWidget | None) -> None:
        self._left = None
        while now is not None and not self._has(now):
            now = now.parentWidget()
        if self._has(now):
            self._docks.chosen = now.spec.key

    def _listen(self, bar: QTabBar) -> None:
        bar.tabBarClicked.connect(self._follow_click)  # no lambda, which would hold the window for ever

    def _follow_click(self, index: int) -> None:
        bar = self.sender()
        assert isinstance(bar, QTabBar)
        title = bar.tabText(index)
        self._docks.chosen = next((spec.key for spec in PANELS if spec.title == title), self.key)
