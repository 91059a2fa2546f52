"""Where the focus is, and how it is seen.

Tab goes to what can be seen: docks behind others are still widgets of the window, and Qt would go there too.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtWidgets import QMainWindow, QWidget

LEFT = "left field"
"""Property of a window: the field that was left last."""


def tab_to_what_is_seen(window: QWidget, go: Callable[[], bool]) -> bool:
    """Go from widget to widget of a window until one lies within it; return whether there was any.

    Parameters
    ----------
    go : goes to the next widget, as Qt has it, or to the one before
    """
    begun: QWidget | None = None
    while go():
        focused = window.focusWidget()
        if focused is None or focused is begun:
            return focused is not None
        if _is_within(focused, window):
            return True
        begun = begun or focused
    return False


def leave_field(field: QWidget) -> None:
    """Give the keys back to the main window once something is typed; Tab goes on from the field all the same."""
    window = field.window()
    if isinstance(window, QMainWindow):
        window.setProperty(LEFT, weakref.ref(field))
        window.setFocus(Qt.FocusReason.OtherFocusReason)


def go_on_from_left_field(window: QWidget) -> None:
    """Go back into the field that was left last, where keys go to the window since."""
    left = window.property(LEFT)
    field = left() if left is not None else None
    if window.hasFocus() and isinstance(field, QWidget) and field.isVisible():
        field.setFocus(Qt.FocusReason.OtherFocusReason)


class FrameOfFocus(QObject):
    """Lets the frame around a widget show that the widget has the focus, where it has no frame of its own."""

    def __init__(self, part: QWidget, frame: QWidget) -> None:
        super().__init__(part)
        self._frame = frame
        part.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the focus."""
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            self._frame.setProperty("inside", event.type() is QEvent.Type.FocusIn)
            self._frame.style().unpolish(self._frame)
            self._frame.style().polish(self._frame)
        return super().eventFilter(watched, event)


def _is_within(part: QWidget, window: QWidget) -> bool:
    """Whether a widget, or the area that scrolls to it, lies within the window: Qt moves docks behind others out."""
    while (parent := part.parentWidget()) is not None and parent is not window:
        part = parent
    return window.rect().intersects(QRect(part.mapTo(window, QPoint()), part.size()))
