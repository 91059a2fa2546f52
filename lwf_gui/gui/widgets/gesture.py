"""A double-click where one click is meant: its second half is the same gesture, and does nothing."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QGuiApplication, QMouseEvent

_PRESSES = (QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonDblClick)


class OneGesture(QObject):
    """Lets a button hear one press of those that follow each other within the desktop's double-click interval.

    The time is that of the events themselves: however late they are handled, it is when the user pressed.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last: int | None = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep a press away from the button that belongs to the one before."""
        if isinstance(event, QMouseEvent) and event.type() in _PRESSES:
            last, self._last = self._last, event.timestamp()
            apart = QGuiApplication.styleHints().mouseDoubleClickInterval()
            if last is not None and 0 <= event.timestamp() - last < apart:
                return True
        return super().eventFilter(watched, event)
