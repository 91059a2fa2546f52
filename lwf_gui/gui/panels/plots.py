"""Accuracy and losses over steps: two plots with one x-axis, marked where something happened.

The plots are made after the window's first paint, for pyqtgraph takes a third of a second to import.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import views
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record

if TYPE_CHECKING:
    from lwf_gui.gui.panels.curves import AccuracyPlot, LossPlot

LEAD = 0.12
"""Part of the width that shows the end of task 1, left of the surgery."""

MAX_EPOCH_MARKS = 25
"""Of more epochs only every second, third ... is marked: hundreds of lines would cost more than all curves."""


class Plots(QWidget):
    """Both plots, one above the other, with one x-axis: steps since surgery."""

    def __init__(self) -> None:
        super().__init__()
        self.record = Record()
        self._theme = theme.LIGHT
        self._range = (0.0, 0.0)
        self._made: tuple[AccuracyPlot, LossPlot] | None = None
        self.empty = QLabel(
            "Press Run (Space): first a network learns the old task, then copies of it learn the new one."
        )
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        self._layout.addWidget(self.empty)
        self._layout.addStretch(0)

    @property
    def accuracy(self) -> AccuracyPlot:
        """The upper plot."""
        return self.make()[0]

    @property
    def loss(self) -> LossPlot:
        """The lower plot."""
        return self.make()[1]

    @property
    def made(self) -> bool:
        """Whether the plots are there yet."""
        return self._made is not None

    def set_theme(self, colours: Theme) -> None:
        """Dress both."""
        self._theme = colours
        for plot in self._made or ():
            plot.set_theme(colours)

    def show_record(self, record: Record) -> None:
        """Show another record from its beginning."""
        self.record = record
        self._range = (0.0, 0.0)
        for plot in self._made or ():
            plot.clear()
            plot.record = record
            plot.point_at(math.nan)

    def refresh(self, protocol: ProtocolName) -> None:
        """Paint what is new."""
        self.empty.setVisible(self.record.track is None)
        if self._made is None:
            return
        self._fit(self.record)
        marks = _marks(self.record)
        for plot in self._made:
            plot.protocol = protocol
            plot.set_marks(marks, labels=plot is self.accuracy)
            plot.repaint_curves()

    def refresh_losses(self) -> None:
        """Paint what is new where steps came and no probe."""
        if self._made is not None:
            self.loss.repaint_curves()

    def describe(self) -> None:
        """Name what is shown, for people and screen readers."""
        for plot in self._made or ():
            plot.describe()

    def make(self) -> tuple[AccuracyPlot, LossPlot]:
        """Return both plots, made at first use: that imports pyqtgraph."""
        if self._made is None:
            from lwf_gui.gui.panels.curves import AccuracyPlot, LossPlot

            self._layout.takeAt(1)  # the stretch that stood for them
            self._made = (AccuracyPlot(), LossPlot())
            for plot, share in zip(self._made, (3, 2), strict=True):
                self._layout.addWidget(plot, share)
                plot.hovered.connect(self._on_hover)
            self.loss.plot.setXLink(self.accuracy.plot)
            self.set_theme(self._theme)
            self.show_record(self.record)
        return self._made

    def _fit(self, record: Record) -> None:
        """Show task 1 while it trains, then all of task 2 with the end of task 1; leave the user's zoom alone."""
        wanted = (0.0, 1.0)
        if record.task2 is not None:
            steps = record.task2.started.steps
            wanted = (-LEAD * steps if record.task1 else 0.0, steps * 1.01)
        elif record.task1 is not None:
            wanted = (-float(record.task1.started.steps), record.task1.started.steps * 0.05)
        if wanted != self._range:
            self._range = wanted
            self.accuracy.set_x_range(*wanted)
            axis = self.loss.plot.getAxis("bottom")
            track = record.track
            if track is not None:
                per_epoch = track.started.steps_per_epoch
                axis.setLabel(f"steps since surgery ({per_epoch:,} steps = 1 epoch)")

    def _on_hover(self, step: float) -> None:
        for plot in self._made or ():
            plot.point_at(step)


def _marks(record: Record) -> list[tuple[float, str]]:
    """Return (step, label) of every event; epochs have no label and, where there are many, not each its mark."""
    if record.track is None:
        return []
    marks = [(0.0, "surgery: the head grows")]
    if record.task2 is not None:
        per_epoch = record.task2.started.steps_per_epoch
        epochs = record.task2.started.steps // per_epoch
        every = max(1, -(-epochs // MAX_EPOCH_MARKS))
        marks += [(float(per_epoch * epoch), "") for epoch in range(every, epochs + 1, every)]
    marks += [(float(step), label) for step, label in views.events(record)]
    return marks
