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
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.failure import GuardedView, guard_items
from lwf_gui.gui.panels.line import Line, Segments
from lwf_gui.gui.theme import Theme
from lwf_gui.protocol import TEACHER
from lwf_gui.runs import views
from lwf_gui.runs.cursor import Look
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record

pg.setConfigOptions(antialias=False)  # smooth lines cost several times as much
guard_items(pg.GraphicsItem)

Points = NDArray[np.float64]

LOSS_FLOOR = 1e-3
"""Losses below, in nats, are drawn here: a logarithmic axis has no zero."""

LOSS_CEILING = 4
"""Decades above 1 nat that are shown at most: the losses of a learner that diverges are no measure for the others."""


class _View(GuardedView, pg.PlotWidget):  # type: ignore[misc]
    """The view of a plot, whose exceptions are shown in place of its panel."""


class Plot(QWidget):
    """One plot with a title line: what it shows on the left, the read-out on the right."""

    hovered = Signal(float)
    """The step under the mouse, NaN when the mouse leaves."""
    picked = Signal(float)
    """The step that was clicked."""
    ranged = Signal(float, float)
    """The user moved or zoomed the x-axis to these steps."""

    LABELS = False
    """Whether marks have their text here."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.theme = theme.LIGHT
        self.record = Record()
        self.ghost: Record | None = None
        self.look = Look()
        self.title = Line(theme.font(1.0), self.theme.text)
        self.readout = Line(theme.font(1.0), self.theme.text)
        self._hovered = math.nan
        self.view = _View()
        self.view.setAccessibleName(name)
        self.plot = self.view.getPlotItem()
        self.plot.setMenuEnabled(False)
        self.plot.hideButtons()
        self.plot.setMouseEnabled(x=True, y=False)
        self.view.setFrameShape(self.view.Shape.NoFrame)
        self.view.scene().sigMouseMoved.connect(self._on_mouse)
        self.view.scene().sigMouseClicked.connect(self._on_click)
        self.view.viewport().installEventFilter(self)
        self.plot.vb.sigRangeChangedManually.connect(self._on_range)
        self._now = pg.InfiniteLine(angle=90, movable=False)
        self._now.hide()
        self.plot.addItem(self._now, ignoreBounds=True)
        self._cursor = pg.InfiniteLine(angle=90, movable=False)
        self._cursor.hide()
        self.plot.addItem(self._cursor, ignoreBounds=True)
        self.curves: dict[tuple[str, str], pg.PlotCurveItem] = {}
        self._marks: list[pg.InfiniteLine] = []
        self._marked: object = None
        self._entitled: object = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 5, 8, 3)
        layout.setSpacing(1)
        layout.addWidget(self.title)
        layout.addWidget(self.readout)
        layout.addWidget(self.view, 1)

    def show_record(self, record: Record) -> None:
        """Show another record from its beginning."""
        self.clear()
        self.record = record
        self.point_at(math.nan)

    def set_theme(self, colours: Theme) -> None:
        """Dress the plot."""
        self.theme = colours
        self.view.setBackground(colours.surface)
        for line in (self.title, self.readout):
            line.dress(theme.font(1.0), colours.text)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(colours.line))
            axis.setTextPen(pg.mkPen(colours.text))
            axis.setStyle(tickFont=theme.font(0.9), hideOverlappingLabels=False)
            axis.label.setFont(theme.font(0.9))
            axis.setCacheMode(axis.CacheMode.DeviceCoordinateCache)  # ticks and grid move seldom, curves always
        self.plot.getAxis("left").setWidth(QFontMetricsF(theme.font(0.9)).horizontalAdvance("100 %") + 12)
        self._cursor.setPen(pg.mkPen(colours.muted, style=Qt.PenStyle.DashLine))
        self._now.setPen(pg.mkPen(colours.accent, width=2))
        self.plot.showGrid(x=False, y=True, alpha=0.15)
        self.clear()  # the curves are made anew, in these colours

    def draw(
        self, learner: str, kind: str, x: Points, y: Points, *, dashed: bool, width: float, faint: bool = False
    ) -> None:
        """Draw the curve of that learner and kind; where it is as it was, do nothing."""
        key = (learner, kind)
        if key not in self.curves:
            self.curves[key] = pg.PlotCurveItem([], [], skipFiniteCheck=True)
            self.plot.addItem(self.curves[key], ignoreBounds=True)
        colour = QColor(self.theme.learner(learner))
        colour.setAlphaF(0.4 if faint else 1.0)
        pen = pg.mkPen(colour, width=width, style=Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)
        if self.curves[key].opts["pen"] != pen:
            self.curves[key].setPen(pen)
        before_x, before_y = self.curves[key].getData()
        if not (np.array_equal(x, before_x) and np.array_equal(y, before_y)):
            self.curves[key].setData(x, y)

    def clear(self) -> None:
        """Forget all curves."""
        for curve in self.curves.values():
            self.plot.removeItem(curve)
        self.curves.clear()
        self._marked = self._entitled = None

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

    def set_now(self, step: float) -> None:
        """Mark the step that the timeline is at; NaN: none."""
        self._now.setVisible(not math.isnan(step))
        if not math.isnan(step):
            self._now.setPos(step)

    def name_steps(self, per_epoch: int) -> None:
        """Name the x-axis, where it is shown."""

    def read_out(self) -> None:
        """Show the values under the mouse, else at the timeline's step, else the latest."""
        self.readout.set_segments(self.values_at(self._looked if math.isnan(self._hovered) else self._hovered))

    @property
    def _looked(self) -> float:
        """The timeline's step; endless where it follows the run."""
        return math.inf if self.look.step is None else self.look.step

    def end_of(self, learner: str, step: float) -> int | None:
        """Return the step at which a learner diverged, if it had by a step."""
        track = self.record.task2
        end = track.diverged(learner) if track is not None and learner in track.started.learners else None
        return end if end is not None and step >= end else None

    def values_at(self, step: float) -> Segments:
        """Return the read-out at a step."""
        raise NotImplementedError

    def repaint_curves(self) -> None:
        """Paint the record."""
        raise NotImplementedError

    def describe(self) -> None:
        """Name what is shown, for people and screen readers."""
        raise NotImplementedError

    def set_marks(self, marks: list[tuple[float, str]]) -> None:
        """Draw vertical lines at steps; only where they changed."""
        state = (marks, self.record.task2 is None)
        if self._marked == state:
            return
        self._marked = state
        for line in self._marks:
            self.plot.removeItem(line)
        self._marks, labels = [], 0
        for step, text in marks:
            self._marks.append(self._mark(step, text if self.LABELS else "", labels, event=bool(text)))
            labels += bool(text)

    def _mark(self, step: float, text: str, index: int, *, event: bool) -> pg.InfiniteLine:
        colour = self.theme.muted if event else self.theme.line  # epochs stay in the background
        pen = pg.mkPen(colour, width=1, style=Qt.PenStyle.SolidLine if event else Qt.PenStyle.DotLine)
        fill = QColor(self.theme.surface)
        fill.setAlpha(150)  # a curve behind the label still shows
        side = 0 if self.record.task2 is not None else 1  # of the line, where there is room
        options = {
            # Neighbours at different heights do not cover each other, and none covers the surgery's.
            "position": 0.18 + 0.1 * ((index - 1) % 3) if index else 0.08,
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

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the mouse has left, however fast."""
        if event.type() is QEvent.Type.Leave:
            self.hovered.emit(math.nan)
        return super().eventFilter(watched, event)

    def _on_mouse(self, position: QPointF) -> None:
        inside = self.plot.vb.sceneBoundingRect().contains(position)
        self.hovered.emit(self.plot.vb.mapSceneToView(position).x() if inside else math.nan)

    def _on_click(self, event: MouseClickEvent) -> None:
        position = event.scenePos()
        if event.button() is Qt.MouseButton.LeftButton and self.plot.vb.sceneBoundingRect().contains(position):
            self.picked.emit(self.plot.vb.mapSceneToView(position).x())

    def _on_range(self) -> None:
        self.ranged.emit(*self.plot.vb.viewRange()[0])


class AccuracyPlot(Plot):
    """Accuracy on the probe images in percent: old task solid, new task dashed."""

    painted = Signal()
    """The curves show the record where one looks: perhaps another record, protocol or theme than before."""

    LABELS = True

    def __init__(self) -> None:
        super().__init__("Accuracy plot: percent of probe images right, by step")
        self.hidden: set[tuple[str, str]] = set()
        """(learner, task) of the curves that are neither drawn nor told, such as one that shall be guessed first."""
        self.plot.setYRange(-5, 104, padding=0)
        self.plot.getAxis("left").setTicks([[(v, f"{v} %") for v in (0, 25, 50, 75, 100)]])
        self._chance = pg.InfiniteLine(
            angle=0, movable=False, label="", labelOpts={"position": 0.99, "anchors": [(1, 0), (1, 0)]}
        )
        self.plot.addItem(self._chance, ignoreBounds=True)

    def repaint_curves(self) -> None:
        """Paint the record."""
        self._entitle()
        for learner in (TEACHER, *views.learners(self.record)):
            for task in _tasks(learner):
                x, y = views.thinned(views.own_part(self.record, learner, self._series(self.record, learner, task)))
                width = 3 if task == "old" and learner != TEACHER else 2
                self.draw(learner, task, x, y, dashed=task == "new", width=width)
        if self.ghost is not None:
            for learner in views.learners(self.ghost):
                x, y = views.thinned(views.own_part(self.ghost, learner, self._series(self.ghost, learner, "old")))
                self.draw(learner, "ghost", x, y, dashed=False, width=1, faint=True)
        self.read_out()
        self.painted.emit()

    def _series(self, record: Record, learner: str, task: Literal["old", "new"]) -> views.Series:
        """Return the points of a curve: none of a hidden one."""
        if (learner, task) in self.hidden:
            return views.EMPTY
        return views.accuracy_series(record, learner, task, self.look.protocol)

    def name_steps(self, per_epoch: int) -> None:
        """Name the x-axis."""
        self.plot.getAxis("bottom").setLabel(f"steps since surgery ({per_epoch:,} steps = 1 epoch)")

    def _entitle(self) -> None:
        """Name protocol and images, and mark what guessing gets; only where they changed."""
        record, protocol = self.record, self.look.protocol
        state = (protocol, record.data, self.theme)
        if state == self._entitled:
            return
        self._entitled = state
        chance = views.chance(record, protocol)
        self._chance.setVisible(chance is not None)
        if chance is not None:
            self._chance.setPen(pg.mkPen(self.theme.muted, style=Qt.PenStyle.DotLine))
            self._chance.setPos(chance)
            self._chance.label.setColor(self.theme.muted)
            self._chance.label.setFont(theme.font(0.9))
            self._chance.label.setText(f"guessing: {chance:.1f} %")
        images = f"{len(record.data.probe_labels):,} probe images" if record.data else "probe images"
        self.title.set_segments(  # what matters less comes last: there it is cut off where there is no room
            (
                ("Accuracy", self.theme.text),
                (f", {PROTOCOLS[protocol]}   ━━ old task   ┅┅ new task   ", ""),
                ("━━ teacher", self.theme.teacher),
                (f"   on {images}", ""),
            )
        )

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        told = views.summary(self.record, self.look)
        if self.hidden:  # the summary would tell it
            told = "".join(text for text, _ in self.values_at(self._looked))
        self.view.setAccessibleDescription(told)

    def values_at(self, step: float) -> Segments:
        """Return accuracies of the last probe at or before a step."""
        names = views.learners(self.record) if step >= 0 and self.record.task2 else (TEACHER,)
        if self.record.data is not None and self.record.data.recipe.lwf.teacher == "aliased" and TEACHER not in names:
            names = (*names, TEACHER)  # the one that should stand still, and does not
        parts: Segments = ()
        shown = step
        for learner in names:
            if (end := self.end_of(learner, step)) is not None:
                parts += _coloured(self.theme, learner, f"diverged at step {end:,}")
                continue
            values = []
            for task in _tasks(learner):
                x, y = self._series(self.record, learner, task)
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
        self.title.hide()  # the dock's heading says it
        ticks = [(math.log10(v), f"{v:g}") for v in (0.001, 0.01, 0.1, 1, 10, 100)]
        self.plot.getAxis("left").setTicks([ticks])
        self.plot.setYRange(-3, 1, padding=0)
        self._top = 1.0

    def repaint_curves(self) -> None:
        """Paint the record."""
        highest = 1.0
        for learner in (TEACHER, *views.learners(self.record)):
            for term in ("kl", "ce") if learner != TEACHER else ("ce",):
                x, y = views.own_part(self.record, learner, views.loss_series(self.record, learner, term))
                y = np.log10(np.maximum(y, LOSS_FLOOR))
                pointed = self.look.term in (term, "kd" if term == "kl" else "total", "total")
                self.draw(learner, term, x, y, dashed=term == "ce", width=3 if pointed else 1)
                if len(y):
                    highest = max(highest, math.ceil(min(y.max(), LOSS_CEILING)))
        if highest > self._top or not self.record.task2:  # grow by whole decades, so that axes seldom move
            self._top = highest
            self.plot.setYRange(-3, self._top, padding=0)
        self.read_out()

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        step = math.inf if self.look.step is None else self.look.step
        told = "".join(text for text, _ in self.values_at(step)).strip().replace("   ", "; ")
        where = "Latest losses" if self.look.live else f"Losses around step {self.look.step:,}"
        self.view.setAccessibleDescription(f"{where}, in nats per image: {told}." if told else "No losses yet.")

    def values_at(self, step: float) -> Segments:
        """Return the losses around a step."""
        parts: Segments = ()
        teacher = step < 0 or self.record.task2 is None
        for learner in (TEACHER,) if teacher else views.learners(self.record):
            if (end := self.end_of(learner, step)) is not None:
                parts += _coloured(self.theme, learner, f"diverged at step {end:,}")
                continue
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
    return (views.label_of(learner), colours.words(learner)), (f" {text}   ", "")
