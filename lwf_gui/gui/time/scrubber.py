"""The scrubber of the timeline: a groove with the run's epochs and events, and a handle to any probe of it."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.step_range import LEAD
from lwf_gui.gui.time.probes import FAR, neighbour
from lwf_gui.runs.live_changes import events
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, stops

NEAR = 3
"""Pixels around the head expansion that mean the head expansion."""

HANDLE = 7.0
"""Radius of the handle in pixels."""


class Scrubber(QWidget):
    """The groove with its handle: a painted view of a record at a selection."""

    moved = Signal(int)
    """The user wants to see this step since the head expansion."""

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName("Timeline")
        self.record, self.selection, self.colours = Record(), Selection(), theme.LIGHT

    def sizeHint(self) -> QSize:
        """Return the height of a comfortable handle."""
        return QSize(300, max(28, round(theme.font(1.0).pointSizeF() * 2.6)))

    def x_of(self, step: float) -> float:
        """Return where a step since the head expansion is, in pixels."""
        one, two = self._planned()
        left, width = HANDLE + 1, self.width() - 2 * HANDLE - 2
        lead = LEAD * width if one else 0.0
        if step < 0:
            return left + lead * (1 + step / one)
        return left + lead + (width - lead) * (step / two if two else 0.0)

    def stop_at(self, x: float) -> int | None:
        """Return the step of the probe nearest to a place, None without any."""
        steps = stops(self.record)
        if not len(steps):
            return None
        if self.record.incremental is not None and abs(self.x_of(0) - x) < NEAR:
            return 0  # task 1 lies close: its last probes would win by a fraction of a pixel
        return int(steps[np.argmin([abs(self.x_of(step) - x) for step in steps.tolist()])])

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Go where the mouse is."""
        self.mouseMoveEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Follow a drag."""
        if event.buttons() & Qt.MouseButton.LeftButton:
            step = self.stop_at(event.position().x())
            if step is not None and step != self.selection.step:
                self.moved.emit(step)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go by probes with the arrow keys, to the first and the last one with Home and End."""
        by = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: -FAR, Qt.Key.Key_Up: FAR}
        step = neighbour(self.record, self.selection, by.get(Qt.Key(event.key()), 0))
        if event.key() == Qt.Key.Key_Home:
            step = neighbour(self.record, self.selection, -len(stops(self.record)))
        elif event.key() == Qt.Key.Key_End:
            step = neighbour(self.record, self.selection, len(stops(self.record)))
        elif event.key() not in by:
            super().keyPressEvent(event)
            return
        if step is not None:
            self.moved.emit(step)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the slider."""
        with QPainter(self) as painter:
            self._paint(painter)

    def _paint(self, painter: QPainter) -> None:
        """Paint groove, ticks, marks, snapshots and handle."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle, colours, at = self.height() / 2, self.colours, moment(self.record, self.selection.step)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(QRectF(HANDLE + 1, middle - 2, self.width() - 2 * HANDLE - 2, 4), 2, 2)
        if at is None:
            return
        newest = moment(self.record, None)
        assert newest is not None
        painter.setBrush(QColor(colours.muted))
        painter.drawRoundedRect(QRectF(HANDLE + 1, middle - 2, self.x_of(newest.step) - HANDLE - 1, 4), 2, 2)
        self._paint_ticks(painter, middle)
        painter.setPen(QPen(QColor(colours.surface), 2))
        painter.setBrush(QColor(colours.accent if not self.selection.live else colours.muted))
        painter.drawEllipse(QPointF(self.x_of(at.step), middle), HANDLE, HANDLE)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)

    def _paint_ticks(self, painter: QPainter, middle: float) -> None:
        colours, two = self.colours, self.record.incremental
        painter.setPen(QPen(QColor(colours.muted), 1))
        if two is None:
            return
        ends = two.started.axis.epoch_ends()
        every = max(1, (len(ends) - 1) // 60)
        for step in ends[::every]:
            x = self.x_of(step)
            begins = step in two.started.boundaries
            painter.drawLine(QPointF(x, middle + 5), QPointF(x, middle + (11 if begins else 8)))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.text))
        for step, _ in events(self.record):
            x = self.x_of(step)
            painter.drawPolygon(
                QPolygonF([QPointF(x - 4, middle - 12), QPointF(x + 4, middle - 12), QPointF(x, middle - 5)])
            )
        if self.record.snapshots is not None:
            painter.setBrush(QColor(colours.accent))
            for step in self.record.snapshots.steps:
                painter.drawEllipse(QPointF(self.x_of(step), middle + 10), 1.6, 1.6)

    def _planned(self) -> tuple[int, int]:
        """Return the steps of task 1 and of task 2, as planned."""
        one, two = self.record.base, self.record.incremental
        return one.started.steps if one else 0, two.started.steps if two else 0
