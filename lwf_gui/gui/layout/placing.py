"""Where the window and its docks stand: as they were left, as far as they fit the screen and the window of now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Literal

from PySide6.QtCore import QByteArray, QRect, QSize, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow

from lwf_gui.gui.layout.docks import LAYOUT, Form
from lwf_gui.gui.layout.filling import fills, recall, release
from lwf_gui.gui.layout.kept import Layout
from lwf_gui.gui.preferences import Mode, Preferences

FIRST_SIZE = QSize(1280, 720)
"""Of the first window in type of the desktop's size, where the screen has the room."""

FRAME = QSize(8, 36)
"""Pixels that a desktop's frame takes around a window: it is not known before the window is shown."""

SLACK = 1.02
"""How much a window may be larger or smaller than the one that a layout was made in, for docks to keep their sizes."""


class Placing:
    """Keeps and restores the layout of a window's docks, each mode's for itself, and the window's own geometry."""

    def __init__(self, window: QMainWindow, preferences: Preferences) -> None:
        self._window, self._preferences = window, preferences
        self._restored: Layout | None = None
        """The layout that holds, until the docks have their sizes in the window as it is shown."""
        self.fits = True
        """Whether the window shall be no larger than its screen: unless another size was asked for."""
        self.unsettled = False
        """Whether no dock may be placed elsewhere yet: Qt keeps a copy of what it has restored for the size that a
        maximised window gets later, and puts that copy in place of what was laid out meanwhile."""

    def take_first_size(self) -> None:
        """Let the window be as large as at the first start, in larger type larger."""
        release(self._window)
        self._window.resize(FIRST_SIZE * self._preferences.scale)
        fit_screen(self._window)

    def restore_geometry(self) -> None:
        """Put the window where it was left, on a screen that is there, and let it be no larger than that."""
        geometry = self._preferences.geometry
        if geometry is not None:
            with self._preferences.restoring("geometry"):
                self._window.restoreGeometry(QByteArray(geometry))
        fit_screen(self._window)

    def take_size(self, width: int, height: int) -> None:
        """Let the window have a size that was asked for, whatever the screen."""
        self.fits = False
        release(self._window)  # as it may have been left
        self._window.resize(width, height)

    def follow_state(self) -> None:
        """Forget a size that was asked for once the user has maximised the window: how he leaves it is remembered."""
        self.fits = self.fits or self._window.isMaximized()

    def room(self) -> QSize:
        """Return how large the window may be on its screen."""
        return self._window.screen().availableGeometry().size() - FRAME

    def is_wide(self) -> bool:
        """Return whether the window could not be much wider on its screen."""
        return self.fits and self._window.width() * SLACK >= self.room().width()

    def excess(self) -> int:
        """Return by how many pixels the window is higher than it shall be once its parts have found their places."""
        if not self.fits:
            return 0
        return max(0, self._window.height() - self._window.screen().availableGeometry().height() + FRAME.height())

    def can_shrink(self) -> bool:
        """Return whether the window is higher than it shall be, and its parts would let it be lower."""
        return self.excess() > 0 and self._window.minimumHeight() < self._window.height()

    def take_least(self) -> None:
        """Let the user make the window no smaller than its parts can be, and let it be no larger for that."""
        self._window.setMinimumSize(self._window.minimumSizeHint().boundedTo(self._window.size()))

    def keep_geometry(self) -> None:
        """Remember where the window is, unless its size was asked for this once; before it is shown it is nowhere."""
        if not self.fits or not self._window.isVisible():
            return
        recall(self._window)  # Qt writes it down
        self._preferences.geometry = bytes(self._window.saveGeometry().data())

    def keep(self, mode: Mode, form: Form | Literal["own"]) -> None:
        """Remember where the docks are, and whether the window has put them there or the user."""
        size = self._window.size()
        docks = {name: (dock.width(), dock.height()) for name, dock in self._docks().items() if _on_screen(dock)}
        state = bytes(self._window.saveState(LAYOUT).data())
        self._preferences.keep_layout(mode, Layout(state, (size.width(), size.height()), docks, form))

    def restore(self, mode: Mode) -> Layout | None:
        """Put the docks where they were left; return how that was, or None if there is nothing sound to go by."""
        self._restored = None
        layout = self._preferences.layout(mode)
        if layout is None:
            return None
        self.unsettled = True
        with self._preferences.restoring(f"layout.{mode}"):
            restored = self._window.restoreState(QByteArray(layout.state), LAYOUT)
        self._restored = layout if restored and layout.form == "own" else None
        return layout if restored else None

    def settle(self) -> None:
        """Give the docks the parts of the window that they had, once it has the size that it is shown at."""
        self.unsettled = False
        if self.fits:  # what it had to be while its parts found their places may have been more
            fit_screen(self._window)
        bring_title_back(self._window)
        layout, self._restored = self._restored, None
        if layout is None:
            return
        size = self._window.size()
        across, down = size.width() / layout.size[0], size.height() / layout.size[1]
        if all(1 / SLACK <= ratio <= SLACK for ratio in (across, down)):
            return
        docks = {name: dock for name, dock in self._docks().items() if name in layout.docks and _on_screen(dock)}
        shown = list(docks.values())
        widths = [round(across * layout.docks[name][0]) for name in docks]
        heights = [round(down * layout.docks[name][1]) for name in docks]
        if shown:
            self._window.resizeDocks(shown, widths, Qt.Orientation.Horizontal)
            self._window.resizeDocks(shown, heights, Qt.Orientation.Vertical)

    def _docks(self) -> Mapping[str, QDockWidget]:
        return {dock.objectName(): dock for dock in self._window.findChildren(QDockWidget)}


@contextmanager
def unlaid(window: QMainWindow) -> Iterator[None]:
    """Lay nothing out while docks are put elsewhere: they stand side by side until they are behind each other.

    The window would grow by the width of them all, for good.
    """
    layout = window.layout()
    assert layout is not None
    before = layout.isEnabled()
    layout.setEnabled(False)
    try:
        yield
    finally:
        layout.setEnabled(before)


def fit_screen(window: QMainWindow) -> None:
    """Let a window be no larger than its screen has room for, and stand on it wholly."""
    if fills(window):
        return
    available = window.screen().availableGeometry()
    size = window.size().boundedTo(available.size() - FRAME)
    window.resize(size)
    place = QRect(window.pos(), size)
    if not available.contains(place):
        window.move(place.x() - max(0, place.right() - available.right()), max(available.y(), place.y()))


def bring_title_back(window: QMainWindow) -> None:
    """Let a window's title be on the screen: some desktops put it above when a full screen is left."""
    top = window.screen().availableGeometry().top()
    if not fills(window) and window.frameGeometry().top() < top:
        window.move(window.pos().x(), top)


def _on_screen(dock: QDockWidget) -> bool:
    return dock.isVisible() and not dock.isFloating() and not dock.visibleRegion().isEmpty()
