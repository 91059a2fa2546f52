"""The docks of what is no panel of the table: the recipe, the old task's cards, and the log."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontDatabase
from PySide6.QtWidgets import QDockWidget, QMainWindow, QPlainTextEdit, QWidget

MOST_LINES = 5000
"""Lines that the log keeps."""


class Sides:
    """Recipe, cards and log in their docks; an action follows whether recipe and log are seen, and shows them."""

    def __init__(
        self, window: QMainWindow, actions: Mapping[str, QAction], recipe: QWidget, cards: QWidget, log: QWidget
    ) -> None:
        self._window, self._actions = window, actions
        self.recipe = self._dock("Recipe", "settings", recipe)
        self.cards = self._dock("Old task", "cards", cards)
        self.log = self._dock("Log", "log", log)

    def place(self) -> None:
        """Put every dock where it belongs at first, and the log out of sight."""
        areas = Qt.DockWidgetArea
        for dock, area in (
            (self.recipe, areas.LeftDockWidgetArea),
            (self.cards, areas.RightDockWidgetArea),
            (self.log, areas.BottomDockWidgetArea),
        ):
            dock.setFloating(False)
            self._window.addDockWidget(area, dock)
            dock.setVisible(dock is not self.log)

    def show_settings(self) -> None:
        """Show or hide the recipe panel, as its action says."""
        self.recipe.setVisible(self._actions["settings"].isChecked())

    def show_log(self) -> None:
        """Show or hide the log, as its action says."""
        shown = self._actions["log"].isChecked()  # not behind another tab either
        self.log.setVisible(shown)
        if shown:
            self.log.raise_()

    def _dock(self, title: str, name: str, widget: QWidget) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setWidget(widget)
        dock.setTitleBarWidget(QWidget())  # these speak for themselves
        if name in self._actions:
            dock.visibilityChanged.connect(self._actions[name].setChecked)
        return dock


def log_view() -> QPlainTextEdit:
    """Return the widget of the lines that the notebook prints."""
    log = QPlainTextEdit()
    log.setReadOnly(True)
    log.setMaximumBlockCount(MOST_LINES)
    log.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
    log.setAccessibleName("Log: the lines that the notebook prints")
    log.setPlaceholderText("With train.log = notebook, the lines that the notebook prints appear here.")
    return log
