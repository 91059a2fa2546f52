"""A main window that tells what Qt does to it: painted, resized, pressed beside its parts, laid out."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QMouseEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLayout, QMainWindow

from lwf_gui.gui.explaining import explain_below
from lwf_gui.gui.layout.filling import recall
from lwf_gui.gui.widgets.focus import go_on_from_left_field, tab_to_what_is_seen


class Frame(QMainWindow):
    """The window without its contents; it passes the focus over what lies behind other panels."""

    appeared = Signal()
    """Once, in the first paint: the desktop begins to give the window its size."""
    painted = Signal()
    """Once, after the first paint: heavy work may begin."""
    restored = Signal()
    """It is maximised, full screen, or as large as before, but not an icon."""
    resized = Signal(bool)
    """It has another size; whether its height is another one."""
    pressed = Signal(QPoint)
    """The mouse was pressed at a place of the window, where no part takes it: a border between docks, say."""
    unanswered = Signal(QKeySequence)
    """Keys were pressed that no part and no action took."""
    laidOut = Signal()  # noqa: N815 - Qt's naming
    """The parts ask for other sizes."""

    _was_painted = False

    def __init__(self) -> None:
        super().__init__()
        layout = self.layout()
        assert layout is not None
        # Qt asks for too much while it lays parts out in several goes, and a window that has grown by that stays so.
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)

    def changeEvent(self, event: QEvent) -> None:
        """Tell when the window is shown again."""
        super().changeEvent(event)
        if event.type() is QEvent.Type.WindowStateChange and not self.isMinimized():
            self.restored.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell of another size."""
        super().resizeEvent(event)
        self.resized.emit(event.size().height() != event.oldSize().height())

    def event(self, event: QEvent) -> bool:
        """Tell of a press before it moves anything, and of a new layout; explain terms where the mouse rests."""
        if isinstance(event, QMouseEvent) and event.type() is QEvent.Type.MouseButtonPress:
            self.pressed.emit(event.position().toPoint())
        if explain_below(self, event):
            return True
        taken = super().event(event)
        if event.type() is QEvent.Type.LayoutRequest:
            recall(self)
            self.laidOut.emit()
        return taken

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Tell of keys that nobody took."""
        super().keyPressEvent(event)
        if not event.isAutoRepeat():
            self.unanswered.emit(QKeySequence(event.keyCombination()))

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802 - Qt's name
        """Pass over what lies behind other panels."""
        go = super().focusNextPrevChild
        go_on_from_left_field(self)
        return tab_to_what_is_seen(self, lambda: go(forward))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Tell once that the window is on the screen."""
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.appeared.emit()
            QTimer.singleShot(0, self.painted.emit)
