"""The view of a plot over steps: what the mouse and the wheel do in it."""

from __future__ import annotations

import math

import pyqtgraph as pg
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt, QTimer, Signal
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsTextItem, QToolTip

from lwf_gui.gui.panels.curves.height_axis import HeightAxisItem
from lwf_gui.gui.panels.curves.step_ticks import StepAxisItem
from lwf_gui.gui.panels.failure import GuardedView, guard_items
from lwf_gui.gui.panels.text import tooltip, with_words

pg.setConfigOptions(antialias=False)  # smooth lines cost several times as much
guard_items(pg.GraphicsItem)

HOW = (
    "Click to look at a step. Ctrl+wheel zooms the steps and dragging moves them; a double-click or 0 shows the whole "
    "run again."
)
"""What the mouse does on a plot."""

STILL_MS = 5000
"""Milliseconds without movement after which the mouse points at nothing any more: it was left there."""

TIP_MS = 4000
"""Milliseconds for which a plot says what the mouse does."""


class PlotView(GuardedView, pg.PlotWidget):  # type: ignore[misc]
    """The view of a plot, whose exceptions are shown in place of its panel; the wheel alone leaves it as it is."""

    hovered = Signal(float)
    """The step under the mouse, NaN when the mouse leaves or was left where it is."""
    picked = Signal(float)
    """The step that was clicked."""
    ranged = Signal(float, float)
    """The user moved or zoomed the x-axis to these steps."""
    whole = Signal()
    """The user wants to see all steps again."""
    resized = Signal()
    """The view has another size."""

    def __init__(self, name: str) -> None:
        super().__init__(axisItems={"bottom": StepAxisItem(), "left": HeightAxisItem()})
        self.setAccessibleName(name)
        self.setToolTip(tooltip(HOW))
        self.setFrameShape(self.Shape.NoFrame)
        plot = self.getPlotItem()
        plot.setMenuEnabled(False)
        plot.hideButtons()
        plot.setMouseEnabled(x=True, y=False)
        self._box = plot.vb
        self.steps: StepAxisItem = plot.getAxis("bottom")
        """The axis, which knows where steps stand."""
        self._mouse: QPointF | None = None
        """Where the mouse points, in the scene; None where it points at no step."""
        self._still = QTimer(self, singleShot=True, interval=STILL_MS)
        self._still.timeout.connect(self.forget)
        self._box.sigXRangeChanged.connect(self._point)  # another step is where the mouse is
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
        """Notice that the mouse has left, however fast, and another width; say above the curves what the mouse does."""
        if event.type() in (QEvent.Type.Leave, QEvent.Type.Hide):
            self.forget()
        elif event.type() is QEvent.Type.Resize:
            self.resized.emit()
        elif event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            top = self.viewport().mapToGlobal(QPoint(0, 0)).y()
            place = QPoint(event.globalPos().x(), min(event.globalPos().y(), top))  # never on the axis
            said = with_words(self.toolTip(), self.text_at(event.pos()))
            QToolTip.showText(place, said, self, self.rect(), TIP_MS)
            return True
        return bool(super().eventFilter(watched, event))

    def text_at(self, place: QPoint) -> str:
        """Return what stands at a place of the view: names at curves, words in the plot, the names of the axes."""
        items = (item for item in self.items(place) if isinstance(item, QGraphicsTextItem) and item.isVisible())
        return "\n".join(item.toPlainText() for item in items)

    def forget(self) -> None:
        """Point at nothing, until the mouse moves again."""
        self._still.stop()
        if self._mouse is not None:
            self._mouse = None
            self.hovered.emit(math.nan)

    def step_at(self, position: QPointF) -> float:
        """Return which step is at a place in the scene."""
        return self.steps.steps.step(float(self._box.mapSceneToView(position).x()))

    @property
    def span(self) -> tuple[float, float]:
        """The first and the last step in sight."""
        low, high = self._box.viewRange()[0]
        return self.steps.steps.step(float(low)), self.steps.steps.step(float(high))

    def _on_mouse(self, position: QPointF) -> None:
        if not self._box.sceneBoundingRect().contains(position):
            self.forget()
            return
        self._mouse = position
        self._still.start()
        self._point()

    def _point(self) -> None:
        """Tell the step where the mouse is."""
        if self._mouse is not None:
            self.hovered.emit(self.step_at(self._mouse))

    def _on_click(self, event: MouseClickEvent) -> None:
        position = event.scenePos()
        if event.double():
            self.whole.emit()
        elif event.button() is Qt.MouseButton.LeftButton and self._box.sceneBoundingRect().contains(position):
            self.picked.emit(self.step_at(position))

    def _on_range(self) -> None:
        self.ranged.emit(*self.span)
