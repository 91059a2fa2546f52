"""The place of one panel: a dock with a heading, which can be torn off, and makes its panel when it is first seen."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QDockWidget

from lwf_gui.gui.explaining import explain_below
from lwf_gui.gui.layout.heading import Heading
from lwf_gui.gui.layout.panel_view import PanelView
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.table import PanelSpec

DRAG_MS = 100
"""How often to look whether a panel that is torn off by the mouse has been let go."""

TORN_OFF = 48
"""Pixels, to the right and down, from a panel's place to where it stands once it is torn off."""

FRAMED = Qt.WindowType.WindowTitleHint | Qt.WindowType.WindowCloseButtonHint
"""The frame of a panel in a window of its own."""


class Dock(QDockWidget):
    """The place of one panel."""

    made = Signal(object)
    """The panel was seen for the first time, and is there now."""

    def __init__(self, spec: PanelSpec) -> None:
        super().__init__(spec.title)
        self.spec = spec
        self.panel: Panel | None = None
        self.view: PanelView | None = None
        self.setObjectName(spec.key)
        self.heading = Heading(self, self.tear_off)
        self.setTitleBarWidget(self.heading)
        self._frame_soon = QTimer(self)
        self._frame_soon.setSingleShot(True)
        self._frame_soon.timeout.connect(self._take_frame)
        self.topLevelChanged.connect(lambda: self._frame_soon.start(0))  # Qt places it after it has told

    def tear_off(self) -> None:
        """Give the panel a window of its own, beside its old place, or put it back."""
        if self.isFloating():
            self.setFloating(False)
            self.raise_()
            return
        place = QRect(self.mapToGlobal(QPoint(TORN_OFF, TORN_OFF)), self.size())
        self.setFloating(True)
        self._stand(place)

    def _stand(self, place: QRect) -> None:
        """Stand at a place, wholly on the screen, and with the room that the panel needs at least."""
        available = self.screen().availableGeometry()
        place.setSize(place.size().expandedTo(self.minimumSizeHint()).boundedTo(available.size()))
        place.moveRight(min(place.right(), available.right()))
        place.moveBottom(min(place.bottom(), available.bottom()))
        self.setGeometry(place)

    def _take_frame(self) -> None:
        """Let a panel that was torn off be a window like others: Qt gives it no frame where its heading is our own."""
        if not self.isFloating() or self.windowFlags() & FRAMED == FRAMED:
            return
        if QApplication.mouseButtons() is not Qt.MouseButton.NoButton:  # still drawn by its heading
            self._frame_soon.start(DRAG_MS)
            return
        place, shown = self.geometry(), not self.isHidden()
        self.setWindowFlags(Qt.WindowType.Tool | Qt.WindowType.CustomizeWindowHint | FRAMED)  # keys reach the window
        self._stand(place)
        self.setVisible(shown)

    def event(self, event: QEvent) -> bool:
        """Explain terms where the mouse rests, as the main window does: a panel that is torn off is a window too."""
        return (self.isFloating() and explain_below(self, event)) or super().event(event)

    def rest(self) -> None:
        """Do nothing any more: the window closes."""
        self._frame_soon.stop()

    def make(self) -> Panel:
        """Return the panel, made now if need be."""
        if self.panel is None:
            self.panel = self.spec.make()
            self.view = PanelView(self.panel)
            self.setWidget(self.view)
            self.made.emit(self)
        return self.panel
