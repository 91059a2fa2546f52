"""The view of a panel: in larger type a panel is larger too, and is scrolled where its dock is smaller.

Panels fit their type to the room that they have, and would else keep it as small as before.
"""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QWidget

LEAST = QSize(290, 190)
"""Pixels of a panel for which type of the desktop's size is large enough; in larger type as much more."""

STRIP = QSize(240, 40)
"""Pixels of a panel that are seen at least where it is scrolled."""


class PanelView(QScrollArea):
    """As small as the panel may be, and scrolled where that is less than its type wants."""

    def __init__(self, panel: QWidget) -> None:
        super().__init__()
        self._panel = panel
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setWidget(panel)

    def magnify(self, scale: float) -> None:
        """Give the panel the room that type of a scale wants; at 1, or less, what the dock has."""
        self._panel.setMinimumSize(LEAST * scale if scale > 1 else QSize(0, 0))

    def minimumSizeHint(self) -> QSize:
        """Return how small the panel may be; where it is scrolled, a strip of it will do."""
        least = self._panel.minimumSizeHint()
        return least.boundedTo(STRIP) if self._panel.minimumHeight() else least

    def sizeHint(self) -> QSize:
        """Return the room that the panel asks for."""
        return self._panel.sizeHint()
