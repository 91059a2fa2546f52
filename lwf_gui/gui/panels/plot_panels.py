"""Accuracy and losses over steps: two panels that hold a plot each, marked where something happened.

The plots are made after the window's first paint, for pyqtgraph takes a third of a second to import.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QVBoxLayout

from lwf_gui.gui.panels.marks import marks_of
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.step_range import close_range, whole_range
from lwf_gui.gui.theme import Theme
from lwf_gui.gui.widgets.focus import FrameOfFocus
from lwf_gui.runs.loss_curves import steps_per_point
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, nearest_stop
from lwf_gui.runs.step_scale import StepScale

if TYPE_CHECKING:
    from lwf_gui.gui.panels.curves import Plot


class PlotPanel(Panel):
    """A panel that holds one plot over steps since the head expansion."""

    EMPTY = "Press Run (Space): first a network learns the old task, then copies of it learn the new one."
    CHOSEN = ("by_task", "stretches")

    ranged = Signal(float, float)
    """The user zoomed or moved the x-axis."""
    hovered = Signal(float)
    """The step under the mouse, NaN when it leaves."""

    def __init__(self) -> None:
        super().__init__()
        self._range = (0.0, 0.0)
        self._part: object = None
        """Which part of the run that is the whole of."""
        self.by_task = False
        """Whether every task's own curve is wanted, of a run with more than two tasks."""
        self.stretches = True
        """Whether the first steps of a task have more room than others."""
        self.close_up = False
        """Whether the first steps alone are shown: they are trained now, slowly."""
        self._zoomed: tuple[float, float] | None = None
        """The steps that are shown, on paper, where somebody zoomed; None: all."""
        self._before: int | None = None
        """The step that was looked at before the last click."""
        self._plot: Plot | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(1, 1, 1, 1)

    def minimumSizeHint(self) -> QSize:
        """Return what the plot needs."""
        return self._layout.totalMinimumSize()

    def choose_like(self, other: Panel) -> None:
        """Show the steps that another panel of its kind shows."""
        super().choose_like(other)
        if isinstance(other, PlotPanel) and other.made:
            self._zoomed = other.plot.view.span if not other.plot.shows(other._range) else None

    def make_plot(self) -> Plot:
        """Return a new plot: imports pyqtgraph."""
        raise NotImplementedError

    @property
    def made(self) -> bool:
        """Whether the plot is there yet."""
        return self._plot is not None

    @property
    def plot(self) -> Plot:
        """The plot, made at first use."""
        return self.make()

    def make(self) -> Plot:
        """Return the plot, made now if need be: imports pyqtgraph."""
        if self._plot is None:
            self._plot = self.make_plot()
            self._layout.addWidget(self._plot)
            self._plot.hovered.connect(self.hovered)
            self._plot.picked.connect(self._pick)
            self._plot.ranged.connect(self.ranged)
            self._plot.whole.connect(self._take_back)
            self._plot.view.resized.connect(self._fit)  # for the names at the curves' ends there is other room
            self.setFocusProxy(self._plot.view)
            FrameOfFocus(self._plot.view, self)
            self.set_theme(self.colours)
            self.show_record(self.record)
        return self._plot

    def set_theme(self, colours: Theme) -> None:
        """Dress the plot."""
        super().set_theme(colours)
        if self._plot is not None:
            self._plot.set_theme(colours)

    def show_record(self, record: Record) -> None:
        """Show another record from its beginning."""
        super().show_record(record)
        self._range, self._part = (0.0, 0.0), None
        if self._plot is not None:
            self._plot.show_record(record)

    def refresh(self, selection: Selection) -> None:
        """Paint what is new; where another step is looked at, that is told, not the one that the mouse was left on."""
        if self._plot is not None and selection.step != self.selection.step:
            self._plot.view.forget()
        self.selection = selection
        self.shown = self.record.track
        if self._plot is None:
            self.update()
            return
        self._plot.setVisible(self.shown is not None)
        self._plot.rescale(StepScale.of(self.record) if self.stretches else StepScale())
        self._plot.selection = selection
        self._fit()
        self._plot.set_marks(marks_of(self.record))
        at = None if selection.live else moment(self.record, selection.step)
        self._plot.set_now(math.nan if at is None else at.step)
        self._plot.repaint_curves()

    @property
    def axis_height(self) -> int:
        """Pixels at the lower edge that the axis of the steps takes."""
        return 0 if self._plot is None else round(self._plot.plot.getAxis("bottom").height())

    def describe(self) -> None:
        """Name what is shown, for people and screen readers."""
        if self._plot is not None:
            self._plot.describe()
            self.setAccessibleDescription(self._plot.view.accessibleDescription())

    def paint(self, painter: object, figures: object) -> None:
        """Nothing: the plot paints itself."""

    def point_at(self, step: float) -> None:
        """Put the plot's cursor line at a step; NaN hides it."""
        if self._plot is not None:
            self._plot.point_at(step)

    def set_x_range(self, low: float, high: float) -> None:
        """Show these steps."""
        if self._plot is not None:
            self._plot.set_x_range(low, high)

    def show_by_task(self, by_task: bool) -> None:
        """Leave room for the numbers of every task's own curve, or none: all panels have one axis."""
        self.by_task = by_task
        self.refresh(self.selection)

    def stretch(self, stretches: bool) -> None:
        """Give the first steps of a task more room than others, or the same: all panels have one axis."""
        self.stretches = stretches
        self.refresh(self.selection)

    def _pick(self, step: float) -> None:
        """Ask to look at the probe nearest to a step."""
        stop = nearest_stop(self.record, step)
        if stop is not None:
            self._before = self.selection.step
            self.asked.emit({"step": stop})

    def _take_back(self) -> None:
        """Show all steps again, and look where one looked before the double-click, which is a click at first."""
        self.asked.emit({"step": self._before})
        self.show_whole()

    def show_whole(self) -> None:
        """Show all steps again, whatever the user zoomed to."""
        if self._plot is not None and self.record.track is not None:
            self._range, self._part = (0.0, 0.0), None
            self._fit()
            self.ranged.emit(*self._range)

    def _fit(self) -> None:
        """Show task 1 while it trains, then all later ones with the end of task 1, or what is looked at of it.

        The user's zoom is left alone, unless another part of the run is looked at.
        """
        record = self.record
        at = None if self.selection.live else moment(record, self.selection.step)
        looked = 0.0 if at is None else at.step
        if self._zoomed is not None:
            self.plot.set_x_range(*self._zoomed)
            return
        wanted = whole_range(record, by_task=self.by_task, looked=looked, tail=self.plot.tail())
        if self.close_up and self.selection.live:
            wanted = close_range(self.plot.scale) or wanted
        part = (wanted[0], record.track, self.by_task)
        if wanted != self._range and (part != self._part or self.plot.shows(self._range)):
            self._range, self._part = wanted, part
            self.plot.set_x_range(*wanted)
            if record.track is not None:
                self.plot.name_steps(record.track.started.epoch_steps[0])


class AccuracyPanel(PlotPanel):
    """Accuracy of both tasks, per learner."""

    _ghost: Record | None = None

    def choose_like(self, other: Panel) -> None:
        """Show what another panel of its kind shows: neither more curves nor fewer."""
        super().choose_like(other)
        if isinstance(other, AccuracyPanel):
            self.show_ghost(other._ghost)
            self.plot.tasks.wanted = self.by_task  # type: ignore[attr-defined]
            if other.made:
                self.plot.hidden = set(other.plot.hidden)  # type: ignore[attr-defined]

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Accuracy")

    def make_plot(self) -> Plot:
        """Return the plot."""
        from lwf_gui.gui.panels.curves import AccuracyPlot

        plot = AccuracyPlot()
        plot.ghost = self._ghost
        plot.tasks.wanted = self.by_task
        return plot

    @property
    def hides(self) -> bool:
        """Whether a curve is hidden, to be guessed first."""
        return self.made and bool(self.plot.hidden)  # type: ignore[attr-defined]

    def show_by_task(self, by_task: bool) -> None:
        """Show every task's own curve, or the earlier tasks together and the current one."""
        if self._plot is not None:
            self.plot.tasks.wanted = by_task  # type: ignore[attr-defined]
        super().show_by_task(by_task)

    def show_ghost(self, ghost: Record | None) -> None:
        """Show the run that this one was forked from, faintly; None shows none."""
        self._ghost = ghost
        if self._plot is not None:
            self._plot.ghost = ghost
            self._plot.clear()


class LossPanel(PlotPanel):
    """Distance to the teacher and cross-entropy, per learner."""

    def make_plot(self) -> Plot:
        """Return the plot."""
        from lwf_gui.gui.panels.curves import LossPlot

        return LossPlot()

    def caption(self) -> str:
        """Say what the losses are."""
        track = self.record.track
        width = 1 if track is None else steps_per_point(track)
        means = f"; curves are means of {width} steps" if width > 1 else ""
        beyond = "; ▲ goes on above" if getattr(self._plot, "goes_beyond", ()) else ""
        below = "; ▼ is below" if getattr(self._plot, "goes_below", ()) else ""
        kinds = "KL solid (0: remembers all), CE dashed"
        return f"nats per training image (mini-batch), log scale; {kinds}{beyond}{below}{means}"

    def captions(self) -> tuple[str, ...]:
        """Return what the losses are, and shorter wordings, which all say which line is which."""
        full = self.caption()
        lines = "KL solid, CE dashed"
        return (full, full.partition("; curves")[0], f"nats per image, log scale; {lines}", f"nats; {lines}", lines)
