"""The two plots over steps, accuracy and losses, each with marks and a read-out under the mouse.

They paint what ``lwf_gui.runs.views`` gives; ranges are fixed or grow in big steps, and each curve is set once a
repaint, if it changed. Importing this module imports pyqtgraph, a third of a second: `plots` does so after the first
paint.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.line import Line, Segments
from lwf_gui.gui.theme import Theme
from lwf_gui.protocol import TEACHER
from lwf_gui.runs import views
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record

pg.setConfigOptions(antialias=False)  # smooth lines cost several times as much

Points = NDArray[np.float64]

LOSS_FLOOR = 1e-3
"""Losses below, in nats, are drawn here: a logarithmic axis has no zero."""


class Plot(QWidget):
    """One plot with a title line: what it shows on the left, the read-out on the right."""

    hovered = Signal(float)
    """The step under the mouse, NaN when the mouse leaves."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.theme = theme.LIGHT
        self.record = Record()
        self.protocol: ProtocolName = "task_aware"
        self.title = QLabel()
        self.title.setTextFormat(Qt.TextFormat.RichText)
        self.title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.readout = Line(theme.font(1.0), self.theme.text)
        self._hovered = math.nan
        self.view = pg.PlotWidget()
        self.view.setAccessibleName(name)
        self.plot = self.view.getPlotItem()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=True, y=False)
        self.view.setFrameShape(self.view.Shape.NoFrame)
        self.view.scene().sigMouseMoved.connect(self._on_mouse)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self.curves: dict[tuple[str, str], pg.PlotCurveItem] = {}
        self._marks: list[pg.InfiniteLine] = []
        self._marked: object = None
        frame = QFrame()
        frame.setObjectName("card")
        layout = QVBoxLayout(frame)
        layout.setContentsMargins(10, 5, 8, 3)
        layout.setSpacing(1)
        layout.addWidget(self.title)
        layout.addWidget(self.readout)
        layout.addWidget(self.view, 1)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)

    def set_theme(self, colours: Theme) -> None:
        """Dress the plot."""
        self.theme = colours
        self.view.setBackground(colours.surface)
        self.readout.dress(theme.font(1.0), colours.text)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(colours.line))
            axis.setTextPen(pg.mkPen(colours.text))
            axis.setStyle(tickFont=theme.font(0.9), hideOverlappingLabels=False)
            axis.label.setFont(theme.font(0.9))
            axis.setCacheMode(axis.CacheMode.DeviceCoordinateCache)  # ticks and grid move seldom, curves always
        self.plot.getAxis("left").setWidth(QFontMetricsF(theme.font(0.9)).horizontalAdvance("100 %") + 12)
        self._cursor.setPen(pg.mkPen(colours.muted, style=Qt.PenStyle.DashLine))
        self.plot.showGrid(x=False, y=True, alpha=0.15)
        self.clear()  # the curves are made anew, in these colours

    def draw(self, learner: str, kind: str, x: Points, y: Points, *, dashed: bool, width: float) -> None:
        """Draw the curve of that learner and kind; where it is as it was, do nothing."""
        key = (learner, kind)
        if key not in self.curves:
            style = Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine
            pen = pg.mkPen(self.theme.learner(learner), width=width, style=style)
            self.curves[key] = pg.PlotCurveItem([], [], pen=pen, skipFiniteCheck=True)
            self.plot.addItem(self.curves[key], ignoreBounds=True)
        before_x, before_y = self.curves[key].getData()
        if not (np.array_equal(x, before_x) and np.array_equal(y, before_y)):
            self.curves[key].setData(x, y)

    def clear(self) -> None:
        """Forget all curves."""
        for curve in self.curves.values():
            self.plot.removeItem(curve)
        self.curves.clear()
        self._marked = None

    def set_x_range(self, low: float, high: float) -> None:
        """Show these steps."""
        self.plot.setXRange(low, high, padding=0)

    def point_at(self, step: float) -> None:
        """Put the cursor line at a step and show its values; NaN hides the line and shows the latest values."""
        self._hovered = step
        visible = not math.isnan(step)
        self._cursor.setVisible(visible)
        if visible:
            self._cursor.setPos(step)
        self.read_out()

    def read_out(self) -> None:
        """Show the values at the cursor, or the latest."""
        self.readout.set_segments(self.values_at(math.inf if math.isnan(self._hovered) else self._hovered))

    def values_at(self, step: float) -> Segments:
        """Return the read-out at a step."""
        raise NotImplementedError

    def set_marks(self, marks: list[tuple[float, str]], *, labels: bool) -> None:
        """Draw vertical lines at steps; only where they changed."""
        state = (marks, labels, self.record.task2 is None)
        if self._marked == state:
            return
        self._marked = state
        for line in self._marks:
            self.plot.removeItem(line)
        self._marks = [
            self._mark(step, text if labels else "", index, event=bool(text))
            for index, (step, text) in enumerate(marks)
        ]

    def _mark(self, step: float, text: str, index: int, *, event: bool) -> pg.InfiniteLine:
        colour = self.theme.muted if event else self.theme.line  # epochs stay in the background
        pen = pg.mkPen(colour, width=1, style=Qt.PenStyle.SolidLine if event else Qt.PenStyle.DotLine)
        fill = QColor(self.theme.surface)
        fill.setAlpha(150)  # a curve behind the label still shows
        side = 0 if self.record.task2 is not None else 1  # of the line, where there is room
        options = {
            "position": 0.08 + 0.1 * (index % 4),  # neighbours at different heights do not cover each other
            "color": self.theme.text,
            "fill": fill,
            "movable": False,
            "anchors": [(side, 0.5), (side, 0.5)],
        }
        line = pg.InfiniteLine(step, angle=90, pen=pen, label=text or None, labelOpts=options)
        if text:
            line.label.setFont(theme.font(0.9))
        self.plot.addItem(line, ignoreBounds=True)
        return line

    def _on_mouse(self, position: QPointF) -> None:
        inside = self.plot.vb.sceneBoundingRect().contains(position)
        self.hovered.emit(self.plot.vb.mapSceneToView(position).x() if inside else math.nan)


class AccuracyPlot(Plot):
    """Accuracy on the probe images in percent: old task solid, new task dashed."""

    def __init__(self) -> None:
        super().__init__("Accuracy plot: percent of probe images right, by step")
        self.plot.setYRange(-5, 104, padding=0)
        self.plot.getAxis("left").setTicks([[(v, f"{v} %") for v in (0, 25, 50, 75, 100)]])
        self.plot.getAxis("bottom").setStyle(showValues=False)
        self._chance = pg.InfiniteLine(
            angle=0, movable=False, label="", labelOpts={"position": 0.99, "anchors": [(1, 0), (1, 0)]}
        )
        self.plot.addItem(self._chance, ignoreBounds=True)

    def repaint_curves(self) -> None:
        """Paint the record."""
        record, protocol = self.record, self.protocol
        for learner in (TEACHER, *views.learners(record)):
            for task in _tasks(learner):
                x, y = views.thinned(views.accuracy_series(record, learner, task, protocol))
                width = 3 if task == "old" and learner != TEACHER else 2
                self.draw(learner, task, x, y, dashed=task == "new", width=width)
        self.read_out()

    def describe(self) -> None:
        """Name what is shown, for people and screen readers."""
        record, protocol = self.record, self.protocol
        chance = views.chance(record, protocol)
        self._chance.setVisible(chance is not None)
        if chance is not None:
            self._chance.setPen(pg.mkPen(self.theme.muted, style=Qt.PenStyle.DotLine))
            self._chance.setPos(chance)
            self._chance.label.setColor(self.theme.muted)
            self._chance.label.setFont(theme.font(0.9))
            self._chance.label.setText(f"guessing: {chance:.1f} %")
        images = f"{len(record.data.probe_labels):,} probe images" if record.data else "probe images"
        self.title.setText(
            f"<b>Accuracy</b> on {images}, {PROTOCOLS[protocol]} &nbsp; &#9473;&#9473; old task &nbsp; "
            f"&#9477;&#9477; new task &nbsp; <span style='color:{self.theme.teacher}'>&#9473;&#9473; teacher</span>"
        )
        self.view.setAccessibleDescription(views.summary(record, protocol))

    def values_at(self, step: float) -> Segments:
        """Return accuracies of the last probe at or before a step."""
        names = views.learners(self.record) if step >= 0 and self.record.task2 else (TEACHER,)
        if self.record.data is not None and self.record.data.recipe.lwf.teacher == "aliased" and TEACHER not in names:
            names = (*names, TEACHER)  # the one that should stand still, and does not
        parts: Segments = ()
        shown = step
        for learner in names:
            values = []
            for task in _tasks(learner):
                x, y = views.accuracy_series(self.record, learner, task, self.protocol)
                if len(x):
                    at = max(0, int(np.searchsorted(x, step, side="right")) - 1)
                    shown = x[at]
                    values.append(f"{task} {y[at]:.1f} %")
            if values:
                parts += _coloured(self.theme, learner, ", ".join(values))
        where = f"Step {shown:,.0f}" if shown >= 0 else f"{-shown:,.0f} steps before surgery"
        return ((f"{where}:  ", ""), *parts) if parts else ()


class LossPlot(Plot):
    """Losses in nats per image on a logarithmic axis: distance to the teacher solid, cross-entropy dashed."""

    def __init__(self) -> None:
        super().__init__("Loss plot: nats per training image, by step")
        ticks = [(math.log10(v), f"{v:g}") for v in (0.001, 0.01, 0.1, 1, 10, 100)]
        self.plot.getAxis("left").setTicks([ticks])
        self.plot.setYRange(-3, 1, padding=0)
        self._top = 1.0

    def repaint_curves(self) -> None:
        """Paint the record."""
        highest = 1.0
        for learner in (TEACHER, *views.learners(self.record)):
            for term in ("kl", "ce") if learner != TEACHER else ("ce",):
                x, y = views.loss_series(self.record, learner, term)
                y = np.log10(np.maximum(y, LOSS_FLOOR))
                self.draw(learner, term, x, y, dashed=term == "ce", width=1)
                if len(y):
                    highest = max(highest, math.ceil(y.max()))
        if highest > self._top or not self.record.task2:  # grow by whole decades, so that axes seldom move
            self._top = highest
            self.plot.setYRange(-3, self._top, padding=0)
        self.read_out()

    def describe(self) -> None:
        """Name what is shown, for people and screen readers."""
        self.title.setText(
            "<b>Loss</b>, nats per image &nbsp; "
            f"<span style='color:{self.theme.muted}'>&#9473;&#9473; KL from the teacher (0: remembers all) &nbsp; "
            "&#9477;&#9477; cross-entropy of labels</span>"
        )
        self.view.setAccessibleDescription("".join(text for text, _ in self.values_at(math.inf)))

    def values_at(self, step: float) -> Segments:
        """Return the losses around a step."""
        parts: Segments = ()
        teacher = step < 0 or self.record.task2 is None
        for learner in (TEACHER,) if teacher else views.learners(self.record):
            values = []
            for term, name in (("ce", "CE"),) if teacher else (("kl", "KL"), ("ce", "CE")):
                x, y = views.loss_series(self.record, learner, term)
                if len(x):
                    at = min(int(np.searchsorted(x, step)), len(x) - 1)
                    values.append(f"{name} {y[at]:.3g}")
            if values:
                parts += _coloured(self.theme, learner, ", ".join(values))
        return parts


def _tasks(learner: str) -> tuple[Literal["old", "new"], ...]:
    """Return the tasks that a learner has an accuracy on: the teacher knows the old one alone."""
    return ("old",) if learner == TEACHER else ("old", "new")


def _coloured(colours: Theme, learner: str, text: str) -> Segments:
    return (views.label_of(learner), colours.learner(learner)), (f" {text}   ", "")
