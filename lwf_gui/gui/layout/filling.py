"""Whether a window fills its screen: maximised or full screen, as the desktop has it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

FULL = Qt.WindowState.WindowFullScreen
FILLING = Qt.WindowState.WindowMaximized | FULL
"""The states in which the desktop says how large a window is."""


def fills(window: QWidget) -> bool:
    """Return whether a window fills its screen, one way or the other."""
    recall(window)
    return bool(window.windowState() & FILLING)


def recall(window: QWidget) -> None:
    """Let a window know what the desktop has it fill.

    Qt's widget forgets that it is full screen, or maximised, as soon as its parts ask for more than there is, and would
    never leave that state again; its handle knows.
    """
    handle = window.windowHandle()
    if handle is None or not window.isVisible():
        return
    known, true = window.windowState(), handle.windowStates()
    if (known ^ true) & FILLING:
        window.overrideWindowState((known & ~FILLING) | (true & FILLING))


def set_full(window: QWidget, full: bool) -> None:
    """Let a window be full screen, or no more; a maximised one is maximised again afterwards."""
    recall(window)
    states = window.windowState()
    window.setWindowState(states | FULL if full else states & ~FULL)


def release(window: QWidget) -> None:
    """Let a window fill nothing."""
    recall(window)
    window.setWindowState(window.windowState() & ~FILLING)
