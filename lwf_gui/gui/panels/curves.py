"""The two plots over steps, accuracy and losses, each with marks and a read-out under the mouse.

They paint what ``lwf_gui.runs.views`` gives; ranges are fixed or grow in big steps, and each curve is set once a
repaint, if it changed. Importing this module imports pyqtgraph, a third of a second: `plots` does so after the first
paint.
"""

from __future__ import annotations

import itertools
import math
from typing import Literal

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.GraphicsScene.mouseEvents import MouseClickEvent
from PySide6.QtCore import QEvent, QObject, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetricsF, QWheelEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from lwf_gui.gui import theme
from lwf_gui.gui.panels.failure import GuardedView, guard_items
from lwf_gui.gui.panels.line import Line, Segments
from lwf_gui.gui.panels.overlays import DIAMOND, FullTests, Guessing
from lwf_gui.gui.panels.strip import Mark, MarkStrip
from lwf_gui.gui.panels.text import fitting, tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import TEACHER
from lwf_gui.runs import shown, views
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import Names, names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment

pg.setConfigOptions(antialias=False)  # smooth lines cost several times as much
guard_items(pg.GraphicsItem)

Points = NDArray[np.float64]

LOSS_FLOOR = 1e-3
"""Losses below, in nats, are drawn here: a logarithmic axis has no zero."""

LOSS_CEILING = 4
"""Decades above 1 nat that are shown at most: the losses of a learner that diverges are no measure for the others."""

FORMS = 3
"""Lengths of learners' names in a read-out."""

HOW = (
    "Click to look at a step. Ctrl+wheel zooms the steps and dragging moves them; a double-click or 0 shows the whole "
    "run again."
)
"""What the mouse does on a plot."""

LINES = -20
"""Depth of the vertical lines: curves and labels run over them."""

BROADEST = 2.0
"""Pixels by which the first learner's curves are broader than the last one's, which lie on them: where two learners
coincide, both are seen."""


MANY = 2
"""Learners whose losses may take several lines, so that none needs to be left out."""

WIDEST_LOSSES = "KL 0.0000, CE 0.000"


class _View(GuardedView, pg.PlotWidget):  # type: ignore[misc]
    """The view of a plot, whose exceptions are shown in place of its panel; the wheel alone leaves it as it is."""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where Ctrl is held; else leave the event to what scrolls."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
        else:
            event.ignore()


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

    LABELS = False
    """Whether what happened is told here, in a strip above the plot."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.theme = theme.LIGHT
        self.record = Record()
        self.ghost: Record | None = None
        self.selection = Selection()
        self.title = Line(theme.font(1.0), self.theme.text)
        self.readout = Line(theme.font(1.0), self.theme.text)
        self._hovered = math.nan
        self.view = _View()
        self.view.setAccessibleName(name)
        self.view.setToolTip(tooltip(HOW))
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
        self.strip = MarkStrip(self._x_of, lambda: tuple(self.plot.vb.viewRange()[0]))
        self.strip.setVisible(self.LABELS)
        if self.LABELS:
            for moved in (self.plot.vb.sigXRangeChanged, self.plot.vb.sigResized):
                moved.connect(self.strip.update)
        self._entitled: object = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(10, 5, 8, 3)
        layout.setSpacing(1)
        layout.addWidget(self.title)
        layout.addWidget(self.readout)
        layout.addWidget(self.strip)
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
        self.strip.dress(theme.font(0.9), colours.text, colours.muted)
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
        """Put the cursor line at the nearest probe and show its values; NaN hides it and shows the latest ones."""
        stop = None if math.isnan(step) else views.nearest_stop(self.record, step)
        self._hovered = step if stop is None else float(stop)
        step = self._hovered
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

    def name_axis(self) -> None:
        """Give the x-axis a name that there is room for, where it has one."""

    def read_out(self) -> None:
        """Show the values under the mouse, else at the timeline's step, else the latest."""
        step = self._looked if math.isnan(self._hovered) else self._hovered
        self.readout.set_segments(self.values_at(step), *self.shorter_values_at(step))

    @property
    def _looked(self) -> float:
        """The timeline's step; endless where it follows the run."""
        return math.inf if self.selection.step is None else self.selection.step

    def end_of(self, learner: str, step: float) -> int | None:
        """Return the step at which a learner diverged, if it had by a step."""
        track = self.record.incremental
        end = track.diverged(learner) if track is not None and learner in track.started.learners else None
        return end if end is not None and step >= end else None

    def values_at(self, step: float) -> Segments:
        """Return the read-out at a step."""
        raise NotImplementedError

    def shorter_values_at(self, step: float) -> tuple[Segments, ...]:
        """Return the same in fewer words, where there is no room for all."""
        return ()

    def _moment(self, step: float) -> Moment | None:
        """Return the probe at or before a step, endless for the latest: the one that all panels show."""
        return moment(self.record, None if math.isinf(step) else math.floor(step))

    def _x_of(self, step: float) -> float:
        """Return where a step is, in pixels of the strip above the view."""
        scene = self.plot.vb.mapViewToScene(QPointF(step, 0))
        return float(self.view.mapFromScene(scene).x() + self.view.x() - self.strip.x())

    def broader(self, learner: str) -> float:
        """Return by how many pixels a learner's curves are broader than the last one's."""
        names = views.learners(self.record)
        behind = len(names) - 1 - names.index(learner) if learner in names else 0
        return BROADEST * behind / max(len(names) - 1, 1)

    def repaint_curves(self) -> None:
        """Paint the record."""
        raise NotImplementedError

    def describe(self) -> None:
        """Name what is shown, for people and screen readers."""
        raise NotImplementedError

    def set_marks(self, marks: list[Mark]) -> None:
        """Draw lines at steps, behind the curves, and tell above the plot what they are; only where they changed."""
        if self._marked == marks:
            return
        self._marked = list(marks)
        for line in self._marks:
            self.plot.removeItem(line)
        self._marks = [self._mark(step, event=bool(text)) for step, text in marks]
        self.strip.set_marks(marks)

    def _mark(self, step: float, *, event: bool) -> pg.InfiniteLine:
        colour = self.theme.muted if event else self.theme.line  # epochs stay in the background
        pen = pg.mkPen(colour, width=1, style=Qt.PenStyle.SolidLine if event else Qt.PenStyle.DotLine)
        line = pg.InfiniteLine(step, angle=90, pen=pen)
        line.setZValue(LINES)
        self.plot.addItem(line, ignoreBounds=True)
        return line

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Notice that the mouse has left, however fast, and another width."""
        if event.type() is QEvent.Type.Leave:
            self.hovered.emit(math.nan)
        elif event.type() is QEvent.Type.Resize:
            self.name_axis()
        return super().eventFilter(watched, event)

    def _on_mouse(self, position: QPointF) -> None:
        inside = self.plot.vb.sceneBoundingRect().contains(position)
        self.hovered.emit(self.plot.vb.mapSceneToView(position).x() if inside else math.nan)

    def _on_click(self, event: MouseClickEvent) -> None:
        position = event.scenePos()
        if event.double():
            self.whole.emit()
        elif event.button() is Qt.MouseButton.LeftButton and self.plot.vb.sceneBoundingRect().contains(position):
            self.picked.emit(self.plot.vb.mapSceneToView(position).x())

    def _on_range(self) -> None:
        self.ranged.emit(*self.plot.vb.viewRange()[0])


class AccuracyPlot(Plot):
    """Accuracy on the probe images in percent: old task solid, new task dashed."""

    painted = Signal()
    """The curves show the record where one looks: perhaps another record, protocol or theme than before."""

    LABELS = True

    _per_epoch = 0

    def __init__(self) -> None:
        super().__init__("Accuracy plot: percent of probe images right, by step")
        self.hidden: set[tuple[str, str]] = set()
        """(learner, task) of the curves that are neither drawn nor told, such as one that shall be guessed first."""
        self.plot.setYRange(-5, 104, padding=0)
        self.plot.getAxis("left").setTicks([[(v, f"{v} %") for v in (0, 25, 50, 75, 100)]])
        self.guessing = Guessing(self.plot)
        self.tests = FullTests(self.plot)
        self.plot.vb.sigXRangeChanged.connect(self.repaint_curves)  # of another part, other points are drawn

    def repaint_curves(self) -> None:
        """Paint the record."""
        self._entitle()
        low, high = self.plot.vb.viewRange()[0]
        for learner in (TEACHER, *views.learners(self.record)):
            for task in _tasks(learner):
                series = views.own_part(self.record, learner, self._series(self.record, learner, task))
                x, y = views.thinned(series, (low, high))
                width = (2.5 if task == "old" else 1.5) if learner != TEACHER else 2
                self.draw(learner, task, x, y, dashed=task == "new", width=width + self.broader(learner))
        if self.ghost is not None:
            for learner in views.learners(self.ghost):
                series = views.own_part(self.ghost, learner, self._series(self.ghost, learner, "old"))
                x, y = views.thinned(series, (low, high))
                self.draw(learner, "ghost", x, y, dashed=False, width=1, faint=True)
        self.tests.show(self.record, self.selection.protocol, self.theme, frozenset(self.hidden))
        self.read_out()
        self.painted.emit()

    def _series(self, record: Record, learner: str, task: Literal["old", "new"]) -> views.Series:
        """Return the points of a curve: none of a hidden one."""
        if (learner, task) in self.hidden:
            return views.EMPTY
        return views.accuracy_series(record, learner, task, self.selection.protocol)

    def name_steps(self, per_epoch: int) -> None:
        """Name the x-axis."""
        self._per_epoch = per_epoch
        self.name_axis()

    def name_axis(self) -> None:
        """Give the x-axis the longest of its names that there is room for: a part of one could be another number."""
        axis, one = self.plot.getAxis("bottom"), f"{self._per_epoch:,} steps = 1 epoch"
        names = (f"steps since surgery ({one})", "steps since surgery", "steps")
        if self._per_epoch:
            room = self.view.viewport().width() - self.plot.getAxis("left").width() - 12
            name = fitting(QFontMetricsF(axis.label.font()), room, *names)
            if axis.labelText != name:
                axis.setLabel(name)

    def _entitle(self) -> None:
        """Name protocol and images, and mark what guessing gets; only where they changed."""
        record, protocol = self.record, self.selection.protocol
        tested, task = any(test.step for test in record.evaluations), self._task(None)
        state = (protocol, record.data, self.theme, record.incremental is not None, tested, task)
        if state == self._entitled:
            return
        self._entitled = state
        self.guessing.show(record, protocol, self.theme)
        self.name_axis()  # type may have another size
        images = fewer_images = ""
        tests: tuple[str, ...] = ("",) * 3
        if record.data is not None:
            images = f"on {views.probe_images(record.data, task)}"
            fewer_images = images.removeprefix("on ").replace(" and ", ", ").replace(" probe images", " images")
            old, new = views.old_and_new(record.data.test_sizes, task)
            sizes = (f": {old:,} old, {new:,} new images", f": {old:,} images", "")
            tests = tuple(f"{DIAMOND} full test set{size}" if tested else "" for size in sizes)
        long, short, least = tests
        ways = ((" task", images, long), (" task", images, short), (" task", images, least), ("", images, least))
        fewer = (("", images, ""), ("", images.removeprefix("on "), ""), ("", fewer_images, ""), ("", "", ""))
        titles = [self._title(*way) for way in (*ways, *fewer)]
        self.title.set_segments(*titles, (("Accuracy", self.theme.text), (f", {PROTOCOLS[protocol]}", "")))
        self.title.setToolTip(tooltip(". ".join(filter(None, (f"Lines: {images}", long))) + "." if images else ""))

    def _task(self, step: float | None) -> int:
        """Return the task of a step, or of the one that is looked at: "old" are those before it."""
        at = moment(self.record, self.selection.step) if step is None else self._moment(step)
        return 1 if at is None else max(at.task, 1)

    def _title(self, task: str, images: str, tests: str) -> Segments:
        """Return the title with its legend; what has no room is left out, and never cut into something else."""
        return (
            ("Accuracy", self.theme.text),
            (f", {PROTOCOLS[self.selection.protocol]}   ━━ old{task}   ┅┅ new{task}   ", ""),
            ("━━ teacher", self.theme.teacher),
            (f"   {images}   {tests}".rstrip(), ""),
        )

    def clear(self) -> None:
        """Forget all curves."""
        super().clear()
        self.tests.forget()

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        told = views.summary(self.record, self.selection)
        if self.hidden:  # the summary would tell it
            told = "".join(text for text, _ in self.values_at(self._looked))
        self.view.setAccessibleDescription(told)

    def values_at(self, step: float) -> Segments:
        """Return accuracies of the last probe at or before a step, and of a full test at it."""
        return self._values(step, tests=True, new=True)

    def shorter_values_at(self, step: float) -> tuple[Segments, ...]:
        """Return the same without the full test, in short names, then without the new task, then without the step."""
        both = tuple(self._values(step, tests=False, new=True, form=form) for form in range(FORMS))
        old = self._values(step, tests=False, new=False, form=FORMS - 1)
        return *both, old, old[1:]

    def _values(self, step: float, *, tests: bool, new: bool, form: int = 0) -> Segments:
        names = views.learners(self.record) if step >= 0 and self.record.incremental else (TEACHER,)
        if self.record.data is not None and self.record.data.recipe.lwf.teacher == "aliased" and TEACHER not in names:
            names = (*names, TEACHER)  # the one that should stand still, and does not
        parts: Segments = ()
        at_step = step
        counts = views.probe_counts(self.record.data, self._task(step)) if self.record.data is not None else (0, 0)
        called = names_of(names)[form]
        for learner in names:
            if (end := self.end_of(learner, step)) is not None:
                parts += _coloured(self.theme, called, learner, f"diverged at step {end:,}")
                continue
            values = []
            for task, count in zip(_tasks(learner) if new else ("old",), counts, strict=False):
                x, y = self._series(self.record, learner, task)
                if len(x):
                    at = max(0, int(np.searchsorted(x, step, side="right")) - 1)
                    at_step = x[at]
                    values.append(f"{task} {shown.percent(y[at], count)}")
                    if tests and task == "old":
                        values[-1] += self._full(learner, at_step)
            if values:
                parts += _coloured(self.theme, called, learner, ", ".join(values))
        return ((f"{_step(at_step)}:  ", ""), *parts) if parts else ()

    def _full(self, learner: str, step: float) -> str:
        """Say what the full test set of the old task gave after an epoch that ended at a step."""
        if self.record.data is None or not step:
            return ""
        tests, task = views.full_tests(self.record, learner, self.selection.protocol), self._task(step)
        images = views.old_and_new(self.record.data.test_sizes, task)[0]
        here = (test for test in tests if (test.step, test.task) == (step, task))
        return next((f" ({DIAMOND} {shown.percent(test.old, images)})" for test in here), "")


class LossPlot(Plot):
    """Losses in nats per image on a logarithmic axis: distance to the teacher solid, cross-entropy dashed."""

    def __init__(self) -> None:
        super().__init__("Loss plot: nats per training image of the mini-batch, by step")
        self.title.hide()  # the dock's heading says it
        ticks = [(math.log10(v), f"{v:g}") for v in (0.001, 0.01, 0.1, 1, 10, 100)]
        self.plot.getAxis("left").setTicks([ticks])
        self.plot.setYRange(-3, 1, padding=0)
        self._top = 1.0

    def repaint_curves(self) -> None:
        """Paint the record."""
        self.readout.set_lines(self._lines())
        highest = 1.0
        for learner in (TEACHER, *views.learners(self.record)):
            for term in ("kl", "ce") if learner != TEACHER else ("ce",):
                x, y = views.own_part(self.record, learner, views.loss_series(self.record, learner, term))
                y = np.log10(np.maximum(y, LOSS_FLOOR))
                pointed = self.selection.term in (term, "kd" if term == "kl" else "total", "total")
                width = (3 if pointed else 1) + self.broader(learner) / 2
                self.draw(learner, term, x, y, dashed=term == "ce", width=width)
                if len(y):
                    highest = max(highest, math.ceil(min(y.max(), LOSS_CEILING)))
        if highest > self._top or not self.record.incremental:  # grow by whole decades, so that axes seldom move
            self._top = highest
            self.plot.setYRange(-3, self._top, padding=0)
        self.read_out()

    def _lines(self) -> int:
        """Return how many lines the read-out takes: several only where the learners find no room on one.

        It is asked of figures that are as long as any, so that lines do not come and go.
        """
        names = views.learners(self.record)
        if len(names) < MANY:
            return 1
        called = names_of(names)[FORMS - 1]
        parts = (_coloured(self.theme, called, name, WIDEST_LOSSES) for name in names)
        return min(self.readout.lines_for((("Step 10,000:  ", ""), *itertools.chain(*parts))), len(names) + 1)

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        told = "".join(text for text, _ in self.values_at(self._looked)).strip().replace("   ", "; ")
        what = "Losses in nats per training image of the mini-batch"
        self.view.setAccessibleDescription(f"{what}. {told}." if told else "No losses yet.")

    def values_at(self, step: float) -> Segments:
        """Return the losses of the very step of the probe at or before a step: curves are means, numbers are not."""
        return self._values(step, ("kl", "ce"), 3)

    def shorter_values_at(self, step: float) -> tuple[Segments, ...]:
        """Return the same with fewer digits, in short names, and only then without CE and without the step."""
        both = tuple(self._values(step, ("kl", "ce"), 2, form) for form in range(FORMS))
        least = self._values(step, ("kl", "ce"), 1, FORMS - 1)
        kl = self._values(step, ("kl",), 2, FORMS - 1)
        return *both, least, kl, kl[1:]

    def _values(self, step: float, terms: tuple[str, ...], digits: int, form: int = 0) -> Segments:
        parts: Segments = ()
        at = self._moment(step)
        losses = None if at is None else views.losses_at(at)
        if at is None or losses is None:
            return parts
        teacher = at.track is self.record.base
        called = names_of(at.track.started.learners)[form]
        for learner, row in zip(at.track.started.learners, losses, strict=True):
            if (end := self.end_of(learner, step)) is not None and not teacher:
                parts += _coloured(self.theme, called, learner, f"diverged at step {end:,}")
                continue
            columns = at.track.started.columns
            has = [term for term in (("ce",) if teacher else terms) if at.track.has(learner, term)]
            told = [f"{term.upper()} {row[columns.index(term)]:.{digits}g}" for term in has]
            parts += _coloured(self.theme, called, learner, ", ".join(told))
        return ((f"{_step(at.step)}:  ", ""), *parts)


def _step(step: float) -> str:
    return f"Step {step:,.0f}" if step >= 0 else f"{-step:,.0f} steps before surgery"


def _tasks(learner: str) -> tuple[Literal["old", "new"], ...]:
    """Return the tasks that a learner has an accuracy on: the teacher knows the old one alone."""
    return ("old",) if learner == TEACHER else ("old", "new")


def _coloured(colours: Theme, called: Names, learner: str, text: str) -> Segments:
    return (called[learner], colours.words(learner)), (f" {text}   ", "")
