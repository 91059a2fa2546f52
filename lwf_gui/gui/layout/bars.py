"""What stands above and below the docks, and how much height is left between."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QMainWindow, QSizePolicy, QStatusBar, QToolBar, QVBoxLayout, QWidget


class Top(QWidget):
    """The rows above the docks."""

    resized = Signal()

    def __init__(self, rows: Sequence[QWidget]) -> None:
        super().__init__()
        stack = QVBoxLayout(self)
        stack.setContentsMargins(0, 0, 0, 0)
        stack.setSpacing(0)
        for part in rows:
            part.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
            stack.addWidget(part)
        stack.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it: what stands below has more room, or less."""
        super().resizeEvent(event)
        self.resized.emit()

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """Return the height at the width that there is: Qt asks for the least, where captions take twice the lines."""
        height = super().heightForWidth(max(width, self.width()))
        return height if height >= 0 else self.sizeHint().height()  # no text is there that could be wrapped

    def minimumSizeHint(self) -> QSize:
        """Return no more height than is needed, for the same reason."""
        size = super().minimumSizeHint()
        return size.boundedTo(QSize(size.width(), self.heightForWidth(size.width())))


class Bars(NamedTuple):
    """The bars of a window: its rows above, the timeline below, and the status line under it."""

    window: QMainWindow
    top: Top
    bottom: QToolBar
    status: QStatusBar

    def put(self) -> None:
        """Put them in the window."""
        self.window.setMenuWidget(self.top)
        self.window.setStatusBar(self.status)
        self.window.addToolBar(Qt.ToolBarArea.BottomToolBarArea, self.bottom)
        self.bottom.toggleViewAction().setVisible(False)

    def height_between(self) -> int:
        """Return the pixels between the bars: what docks and plot share."""
        above = self.top.heightForWidth(self.window.width())
        below = self.bottom.sizeHint().height() + self.status.sizeHint().height()
        return self.window.height() - above - below


def bottom_bar(timeline: QWidget) -> QToolBar:
    """Return the bar below the docks, with the timeline in it."""
    bottom = QToolBar("Timeline")
    bottom.setObjectName("timeline")
    bottom.setMovable(False)
    bottom.addWidget(timeline)
    return bottom
