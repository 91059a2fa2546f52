"""A plot over steps, with marks and a read-out under the mouse: what accuracy and losses have in common.

Ranges are fixed or grow in big steps, and each curve is set once a repaint, if it changed.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QPen
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curve import Curve
from lwf_gui.gui.panels.curves.end_labels import EndLabels, rooms
from lwf_gui.gui.panels.curves.lines import StepLines, show_line
from lwf_gui.gui.panels.curves.read_out import FORMS, WIDEST_STEP, coloured
from lwf_gui.gui.panels.curves.step_ticks import Bands
from lwf_gui.gui.panels.curves.view import PlotView
from lwf_gui.gui.panels.line import Line, Segments
from lwf_gui.gui.panels.step_range import TAIL, tail_for
from lwf_gui.gui.panels.strip import Mark, MarkStrip
from lwf_gui.gui.panels.text import fitting
from lwf_gui.gui.printing import press
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.names import learners_of, names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, nearest_stop
from lwf_gui.runs.step_scale import FIRST, StepScale

Points = NDArray[np.float64]

BROADEST = 2.0
"""Pixels by which the first learner's curves are broader than the last one's, which lie on them: where two learners
coincide, both are seen."""

READ_OUT, FEW = 0.4, 4
"""Part of a plot's height that its read-out takes at most, and lines that it may take in any case."""

LEAST_CURVES, AROUND = 6.0, 6.5
"""Lines of body text that the curves keep, else the read-out gives way first; and those of title, marks and axis."""


class Stroke(NamedTuple):
    """How a curve is drawn in its learner's colour: pixels, kind of line, and how much of the paper it covers."""

    width: float
    style: Qt.PenStyle = Qt.PenStyle.SolidLine
    opacity: float = 1.0


def stroke(width: float, *, dashed: bool) -> Stroke:
    """Return a line of the shown run: solid or dashed."""
    return Stroke(width, Qt.PenStyle.DashLine if dashed else Qt.PenStyle.SolidLine)


@lru_cache(maxsize=256)
def _pen(colour: str, line: Stroke) -> QPen:
    """Return the pen of a curve."""
    ink = QColor(colour)
    ink.setAlphaF(line.opacity)
    pen: QPen = pg.mkPen(ink, width=line.width, style=line.style)
    return pen


class Plot(QWidget):
    """One plot with a title line: what it shows on the left, the read-out on the right."""

    hovered = Signal(float)
    """The step under the mouse, NaN when the mouse leaves."""
    picked = Signal(float)
    """The step that was clicked."""
    ranged = Signal(float, float)
    """The user moved or zoomed the x-axis to these steps."""
    whole = Signal()
    """The user wants to see all steps again."""

    WIDEST = ""
    """The widest values that the read-out tells of a learner, where it tells all."""
    NAMED = False
    """Whether its x-axis has a name on the screen."""
    LABELS = False
    """Whether what happened is told here, in a strip above the plot."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.theme = theme.LIGHT
        self.record = Record()
        self.ghost: Record | None = None
        self.selection = Selection()
        self.title = Line(theme.font(1.0), self.theme.text)
        self.readout = self.make_read_out()
        self._hovered = math.nan
        self._per_epoch = 0
        self.view = PlotView(name)
        self.plot = self.view.getPlotItem()
        self.view.hovered.connect(self.hovered)
        self.view.picked.connect(self.picked)
        self.view.ranged.connect(self.ranged)
        self.view.whole.connect(self.whole)
        self.view.resized.connect(self.name_axis)
        self.view.resized.connect(self.share_lines)
        self.lines = StepLines(self.plot)
        self.scale = StepScale()
        self._bands = Bands(self.plot)
        self.ends = EndLabels(self.plot)
        self.curves: dict[tuple[str, str], Curve] = {}
        self._marked: object = None
        self.strip = MarkStrip(self._x_of, lambda: self.view.span)
        self.strip.setVisible(self.LABELS)
        if self.LABELS:
            for moved in (self.plot.vb.sigXRangeChanged, self.plot.vb.sigResized):
                moved.connect(self.strip.update)
        self._entitled: object = None
        self._shared: object = None
        self._drawn: object = None
        self.lay = QVBoxLayout(self)
        self.lay.setContentsMargins(10, 5, 8, 3)
        self.lay.setSpacing(1)
        self.lay.addWidget(self.title)
        self.lay.addWidget(self.readout)
        self.lay.addWidget(self.strip)
        self.lay.addWidget(self.view, 1)

    def make_read_out(self) -> Line:
        """Return the read-out."""
        return Line(theme.font(1.0), self.theme.text)

    def show_record(self, record: Record) -> None:
        """Show another record from its beginning."""
        self.clear()
        self.record = record
        self.view.forget()
        self.point_at(math.nan)

    def set_theme(self, colours: Theme) -> None:
        """Dress the plot."""
        self.theme = colours
        self.view.setBackground(colours.surface)
        for line in (self.title, self.readout):
            line.dress(theme.font(1.0), colours.text)
        self.strip.dress(theme.font(0.9), colours.text, colours.muted)
        for side in ("left", "bottom"):
            axis = self.plot.getAxis(side)
            axis.setPen(pg.mkPen(colours.line))
            axis.setTextPen(pg.mkPen(colours.text))
            axis.setStyle(tickFont=theme.font(0.9), hideOverlappingLabels=False)
            axis.label.setFont(theme.font(0.9))
            axis.setCacheMode(axis.CacheMode.DeviceCoordinateCache)  # ticks and grid move seldom, curves always
        self.plot.getAxis("left").setWidth(QFontMetricsF(theme.font(0.9)).horizontalAdvance("100 %") + 12)
        self.lines.set_theme(colours)
        self.plot.showGrid(x=False, y=True, alpha=0.15)
        self.clear()  # the curves are made anew, in these colours

    def draw(self, learner: str, kind: str, x: Points, y: Points, line: Stroke) -> None:
        """Draw the curve of that learner and kind; where it is as it was, do nothing."""
        key = (learner, kind)
        if key not in self.curves:
            self.curves[key] = Curve()
            self.plot.addItem(self.curves[key], ignoreBounds=True)
        self.curves[key].draw(self.scale.place(x), y, _pen(self.theme.learner(learner), line))

    def clear(self) -> None:
        """Forget all curves."""
        for curve in self.curves.values():
            self.plot.removeItem(curve)
        self.curves.clear()
        self.ends.clear()
        self._marked = self._entitled = self._drawn = None

    def rescale(self, scale: StepScale) -> None:
        """Let steps stand where another scale has them; what is in sight stays so."""
        if scale == self.scale:
            return
        span = self.view.span
        self.scale = scale
        self.view.steps.rescale(scale)
        self.set_x_range(*span)
        self.clear()
        self.name_axis()

    def set_x_range(self, low: float, high: float) -> None:
        """Show these steps."""
        self.plot.setXRange(self.scale.place(low), self.scale.place(high), padding=0)

    def shows(self, span: tuple[float, float]) -> bool:
        """Whether just these steps are in sight: nobody has zoomed or moved them."""
        return bool(np.allclose(self.view.span, span, rtol=0, atol=1e-3 * max(span[1] - span[0], 1.0)))

    def tail(self) -> float:
        """Return the part of the steps that is to be free behind the last one, for the curves' names."""
        width = self.view.viewport().width() - self.plot.getAxis("left").width()
        tails = (tail_for(room, width) for room in self.label_rooms())
        return next((tail for tail in tails if tail is not None), TAIL)

    def label_rooms(self) -> list[float]:
        """Return the pixels that the curves' names take, from the longest to the shortest way."""
        return rooms(learners_of(self.record))

    def point_at(self, step: float) -> None:
        """Put the cursor line at the nearest probe and show its values; NaN hides it and shows the latest ones."""
        stop = None if math.isnan(step) else nearest_stop(self.record, step)
        self._hovered = step if stop is None else float(stop)
        show_line(self.lines.cursor, self.scale.place(self._hovered))
        self.read_out()

    def set_now(self, step: float) -> None:
        """Mark the step that the timeline is at; NaN: none."""
        show_line(self.lines.now, self.scale.place(step))

    def name_steps(self, per_epoch: int) -> None:
        """Name the x-axis, where it has a name: on paper every plot stands alone."""
        self._per_epoch = per_epoch if self.NAMED or press() is not None else 0
        self.name_axis()

    def name_axis(self) -> None:
        """Give the x-axis the longest of its names that there is room for: a part of one could be another number."""
        axis, one = self.plot.getAxis("bottom"), f"{self._per_epoch:,} steps = 1 epoch"
        since = f"steps since {tasks_shown.beginning(self.record)}"
        first = f", the first {FIRST} stretched" if self.scale.bands else ""
        names = (f"{since}{first} ({one})", f"{since}{first}", f"{since} ({one})", since, "steps")
        if self._per_epoch:
            room = self.view.viewport().width() - self.plot.getAxis("left").width() - 12
            name = fitting(QFontMetricsF(axis.label.font()), room, *names)
            if axis.labelText != name:
                axis.setLabel(name)

    @property
    def widest(self) -> str:
        """The widest values that the read-out tells of a learner now."""
        return self.WIDEST

    def share_lines(self) -> None:
        """Give the read-out several lines, but only where the learners find no room on one.

        It is asked of figures that are as long as any, so that lines do not come and go.
        """
        names = learners_of(self.record)
        most = self.most_lines()
        state = (names, self.widest, self.readout.width(), most, self.readout.fontMetrics().lineSpacing())
        if state == self._shared:
            return
        self._shared = state
        called = names_of(names)[FORMS - 1]
        parts = (coloured(self.theme, called, name, self.widest) for name in names)
        needed = self.readout.lines_for(((WIDEST_STEP, ""), *itertools.chain(*parts))) if len(names) > 1 else 1
        self.readout.set_lines(min(needed, most))

    def most_lines(self) -> int:
        """Return the lines that the read-out takes at most; then it says how many learners it leaves out."""
        high = self.height() / self.readout.fontMetrics().lineSpacing()
        return min(max(FEW, int(READ_OUT * high)), max(FEW, int(high - AROUND - LEAST_CURVES)))

    def read_out(self) -> None:
        """Show the values under the mouse, else at the timeline's step, else the latest."""
        step = self._looked if math.isnan(self._hovered) else self._hovered
        ways = self.ways_at(step)
        self.readout.set_segments(next(ways), ways)

    @property
    def _looked(self) -> float:
        """The timeline's step; endless where it follows the run."""
        return math.inf if self.selection.step is None else self.selection.step

    def values_at(self, step: float) -> Segments:
        """Return the read-out at a step, in full."""
        return next(self.ways_at(step))

    def ways_at(self, step: float) -> Iterator[Segments]:
        """Yield the read-out at a step in full, then in fewer and fewer words, for where there is no room for all."""
        raise NotImplementedError

    def _x_of(self, step: float) -> float:
        """Return where a step is, in pixels of the strip above the view."""
        scene = self.plot.vb.mapViewToScene(QPointF(self.scale.place(step), 0))
        return float(self.view.mapFromScene(scene).x() + self.view.x() - self.strip.x())

    def broader(self, learner: str) -> float:
        """Return by how many pixels a learner's curves are broader than the last one's."""
        names = learners_of(self.record)
        behind = len(names) - 1 - names.index(learner) if learner in names else 0
        return BROADEST * behind / max(len(names) - 1, 1)

    def repaint_curves(self) -> None:
        """Paint the record: its curves only where they are others than before, as they are not while one scrubs."""
        self.entitle()
        if (state := self.state()) != self._drawn:
            self._drawn = state
            self._bands.show(self.scale, self.theme)
            phase = self.record.incremental
            self.view.steps.end_at(0.0 if phase is None else float(phase.started.steps))
            self.draw_curves()
        self.read_out()

    def entitle(self) -> None:
        """Say what is shown, where that has a line of its own."""

    def state(self) -> tuple[object, ...]:
        """Return all that the curves hang on: one that is equal has equal curves."""
        return (
            *((track.started, track.steps, len(track.probes)) for track in self.record.tracks.values()),
            len(self.record.evaluations),
            self.scale,
            self.theme,
        )

    def draw_curves(self) -> None:
        """Draw the curves of the record."""
        raise NotImplementedError

    def describe(self) -> None:
        """Name what is shown, for people and screen readers."""
        raise NotImplementedError

    def set_marks(self, marks: list[Mark]) -> None:
        """Draw lines at steps, behind the curves, and tell above the plot what they are; only where they changed."""
        if self._marked == marks:
            return
        self._marked = list(marks)
        self.lines.set_marks([(self.scale.place(step), text) for step, text in marks], self.theme)
        self.strip.set_marks(marks)
