"""The panels below the plot in its place too: one of them is what all look at."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QMainWindow, QStyle

from lwf_gui.gui.layout.centre import Centre
from lwf_gui.gui.layout.dock import Dock
from lwf_gui.gui.layout.docks import Docks


class Enlarging(QObject):
    """Lets the plot give way, and come back: at the latest when the last panel below it is closed or moved away."""

    def __init__(self, window: QMainWindow, docks: Docks, centre: Centre) -> None:
        super().__init__(window)
        self._window, self._docks, self._centre = window, docks, centre
        self._soon = QTimer(self)  # docks come and go many times while Qt lays them out
        self._soon.setSingleShot(True)
        self._soon.timeout.connect(self._follow)
        for dock in docks.by_key.values():
            dock.visibilityChanged.connect(self._soon.start)
        self._heights: dict[Dock, int] = {}
        """Of the panels below, before they were enlarged; empty where they are not."""

    @property
    def on(self) -> bool:
        """Whether the plot has given way."""
        return bool(self._heights)

    def turn(self, on: bool) -> None:
        """Let the plot give way, where there are panels below it, or come back."""
        if on == self.on:
            return
        if on:
            self._heights = self._shares()
            self._centre.give_way(self.on)
            return
        below = self._below()
        heights, self._heights = {dock: high for dock, high in self._heights.items() if dock in below}, {}
        self._centre.give_way(False)
        if heights:
            self._window.resizeDocks(list(heights), list(heights.values()), Qt.Orientation.Vertical)

    def _shares(self) -> dict[Dock, int]:
        """Return the heights of the panels' places, with their tabs; one behind another has that of an earlier time."""
        between = self._window.style().pixelMetric(QStyle.PixelMetric.PM_DockWidgetSeparatorExtent, None, self._window)
        top, seen = self._centre.geometry().bottom() + between, self._docks.seen()
        return {dock: dock.geometry().bottom() - top for dock in self._below() if dock in seen}

    def _follow(self) -> None:
        """Give the place back once nothing is left that could fill it; Qt has shared the room out already by then."""
        if self.on and not self._below():
            self.turn(False)
            layout, whole = self._window.layout(), self._window.rect()
            assert layout is not None
            for place in (whole.adjusted(0, 0, 0, -1), whole):  # of the same size it would share nothing
                layout.setGeometry(place)

    def _below(self) -> list[Dock]:
        """Return the panels that stand below the plot, and are not closed."""
        below = Qt.DockWidgetArea.BottomDockWidgetArea
        return [
            dock
            for dock in self._docks.by_key.values()
            if not (dock.isHidden() or dock.isFloating()) and self._window.dockWidgetArea(dock) is below
        ]
