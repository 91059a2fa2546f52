"""A black sheet over the window while the lecturer talks."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget


class Blank(QWidget):
    """Covers its parent in black until a key or a click; the run goes on beneath."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAccessibleName("The window is blank: any key brings it back")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.BlankCursor)
        self.setGeometry(parent.rect())
        self.show()
        self.raise_()
        self.setFocus()
        parent.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Cover the parent whatever its size."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.setGeometry(watched.rect())
        return super().eventFilter(watched, event)

    def event(self, event: QEvent) -> bool:
        """Take every key before any shortcut does, and go."""
        if event.type() is QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go."""
        self.deleteLater()
        self.hide()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go."""
        self.deleteLater()
        self.hide()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint black."""
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), Qt.GlobalColor.black)
