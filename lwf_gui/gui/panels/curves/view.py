"""The view of a plot over steps: what the mouse and the wheel do in it."""

from __future__ import annotations

import math

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QWheelEvent

from lwf_gui.gui.panels.failure import GuardedView, guard_items
from lwf_gui.gui.panels.text import tooltip

pg.setConfigOptions(antialias=False)  # smooth lines cost several times as much
guard_items(pg.GraphicsItem)

HOW = (
    "Click to look at a step. Ctrl+wheel zooms the steps and dragging moves them; a double-click or 0 shows the whole "
    "run again."
)
"""What the mouse does on a plot."""


class PlotView(GuardedView, pg.PlotWidget):  # type: ignore[misc]
    """The view of a plot, whose exceptions are shown in place of its panel; the wheel alone leaves it as it is."""

    hovered = Signal(float)
    """The step under the mouse, NaN when the mouse leaves."""
    picked = Signal(float)
    """The step that was clicked."""
    ranged = Signal(float, float)
    """The user moved or zoomed the x-axis to these steps."""
    whole = Signal()
    """The user wants to see all steps again."""
    resized = Signal()
    """The view has another size."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setToolTip(tooltip(HOW))
        self.setFrameShape(self.Shape.NoFrame)
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=True, y=False)
        self._box = plot.vb
        self.scene().sigMouseMoved.connect(self._on_mouse)
        self.scene().sigMouseClicked.connect(self._on_click)
        self.viewport().installEventFilter(self)
        self._box.sigRangeChangedManually.connect(self._on_range)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where Ctrl is held; else leave the event to what scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the mouse has left, however fast, and another width."""
        if event.type() is QEvent.Type.Leave:
            self.hovered.emit(math.nan)
        elif event.type() is QEvent.Type.Resize:
            self.resized.emit()
        return bool(super().eventFilter(watched, event))

    def _on_mouse(self, position: QPointF) -> None:
        inside = self._box.sceneBoundingRect().contains(position)
        self.hovered.emit(self._box.mapSceneToView(position).x() if inside else math.nan)

    def _on_click(self, event: MouseClickEvent) -> None:
        position = event.scenePos()
        if event.double():
            self.whole.emit()
        elif event.button() is Qt.MouseButton.LeftButton and self._box.sceneBoundingRect().contains(position):
            self.picked.emit(self._box.mapSceneToView(position).x())

    def _on_range(self) -> None:
        self.ranged.emit(*self._box.viewRange()[0])
