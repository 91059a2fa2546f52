"""A sheet over the accuracy plot on which a curve is drawn, with the mouse or with the keys."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from lwf_gui.gui.teaching.sketch_painter import SketchField, SketchPainter
from lwf_gui.runs.series import Series
from lwf_gui.runs.sketch import Points, Sketch

if TYPE_CHECKING:
    from lwf_gui.gui.panels.curves import AccuracyPlot

SketchStage = Literal["drawing", "drawn", "revealed"]

HANDLES = 5
COARSE, FINE = 5.0, 1.0
"""Points by which a key moves a handle, without and with Shift."""


KEYS = {
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Return,
    Qt.Key.Key_Enter,
    Qt.Key.Key_Escape,
}


class SketchSheet(QWidget):
    """A sheet over a plot that takes mouse and keyboard while a learner's curve is drawn on it.

    Parameters
    ----------
    steps : that are drawn, from the head expansion on
    """

    def __init__(self, plot: AccuracyPlot, learner: str, steps: float) -> None:
        super().__init__(plot.view)
        self.plot, self.learner = plot, learner
        self.stage: SketchStage = "drawing"
        self.sketch = Sketch()
        self.handle = 0
        """The handle that keys move."""
        self._steps = steps
        """The last step that is drawn at."""
        self._field = SketchField(plot, steps)
        self._stroke: tuple[float, float] | None = None
        """The point that the pressed mouse was at last."""

    def curve(self) -> Series:
        """Return the real curve, as the plot draws it."""
        raise NotImplementedError

    @property
    def away(self) -> bool:
        """Whether the plot shows curves that the sketch is none of: it is neither drawn on nor seen meanwhile."""
        return False

    def describe(self) -> None:
        """Say what there is to do, and what is drawn."""
        raise NotImplementedError

    def finish(self) -> None:
        """Take the sketch as it is."""
        raise NotImplementedError

    def close_sketch(self) -> None:
        """Give the sketch up."""
        raise NotImplementedError

    def handles(self) -> tuple[Points, Points]:
        """Return steps and percentages of the handles; before anything is drawn they are where the curve begins."""
        x = self._field.evenly(HANDLES)
        if not self.sketch.empty:
            return x, self.sketch.at(x)
        _, known = self.curve()
        return x, np.full(HANDLES, known[0] if len(known) and math.isfinite(known[0]) else 50.0)

    def _draw(self, x: Points | list[float], y: Points | list[float]) -> None:
        if self.away:
            return
        self.sketch = self.sketch.drawn(x, y)
        self.describe()
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke."""
        if event.button() is not Qt.MouseButton.LeftButton or not self._field.rect().contains(event.position()):
            event.ignore()
            return
        self._stroke = x, y = self._field.point(event.position())
        self._draw([x], [y])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        if self._stroke is not None:
            (from_x, from_y), (x, y) = self._stroke, self._field.point(event.position())
            self._stroke = x, y
            self._draw([from_x, x], [from_y, y])

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        if event.button() is Qt.MouseButton.LeftButton:
            self._stroke = None
            self.update()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Let the plot zoom."""
        QCoreApplication.sendEvent(self.plot.view.viewport(), event)

    def event(self, event: QEvent) -> bool:
        """Take the keys that draw before the window's shortcuts do."""
        key = event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and Qt.Key(event.key())
        if key in KEYS and self.stage == "drawing":
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose and move a handle, finish or skip."""
        by = FINE if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else COARSE
        match Qt.Key(event.key()):
            case Qt.Key.Key_Left | Qt.Key.Key_Right as key:
                self.handle += 1 if key is Qt.Key.Key_Right else -1
                self.handle = min(max(self.handle, 0), HANDLES - 1)
                self.describe()
                self.update()
            case Qt.Key.Key_Up:
                self._move_handle(by)
            case Qt.Key.Key_Down:
                self._move_handle(-by)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.finish()
            case Qt.Key.Key_Escape:
                self.close_sketch()
            case _:
                super().keyPressEvent(event)

    def _let_go(self) -> None:
        """Take no events any more."""
        focused = self.hasFocus()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.unsetCursor()
        if focused:
            self.plot.view.setFocus()

    def _move_handle(self, by: float) -> None:
        """Move the handle, and with it the lines to its neighbours."""
        x, y = self.handles()
        at = self.handle
        y[at] = min(max(round(y[at]) + by, 0.0), 100.0)
        near = slice(None) if self.sketch.empty else slice(max(at - 1, 0), at + 2)
        self._draw(x[near], y[near])

    def _describe_handle(self, whose: str, asked: str) -> None:
        """Say, to those who hear it, how to draw with keys, and which handle has which value."""
        self.setAccessibleDescription(
            f"{asked} Left and Right choose one of {HANDLES} handles, Up and Down move it by {COARSE:.0f} points, with "
            f"Shift by {FINE:.0f}. Enter when done, Escape to skip."
        )
        x, y = self.handles()
        handle = f"handle {self.handle + 1} of {HANDLES}, step {x[self.handle]:,.0f}: {y[self.handle]:.0f} %"
        self.setAccessibleName(f"Your prediction of {whose}, {handle}")

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint upon the plot."""
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        """Paint the sketch, with its handles or with what lies between it and the curve."""
        if self.away:
            return
        look = SketchPainter(painter, self._field, self.plot.theme, self.learner, self.sketch)
        if self.stage == "revealed":
            look.paint_between(*self.curve())  # its edges are under lines: not smooth it costs less than half
        handles = self.handles()
        look.paint_line(*handles)
        if self.stage == "revealed":
            look.paint_name(self.curve())
        elif self.stage == "drawn":
            look.paint_name(None)
        elif self._stroke is None:
            look.paint_handles(*handles, self.handle if self.hasFocus() else None)
