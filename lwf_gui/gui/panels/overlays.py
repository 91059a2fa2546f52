"""What lies on the accuracy plot beside its curves: what guessing gets, and the full test sets after every epoch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curve import Curve
from lwf_gui.gui.theme import Theme
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.chance import chance, chances
from lwf_gui.runs.full_tests import full_tests
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.series import own_from
from lwf_gui.runs.step_scale import StepScale

BEHIND, LABELS = -15, -10
"""Depth of the line of guessing, which the curves run over, and of its labels, which cover lines but no curve."""

STANDS = (1.0, 0.8, 0.6, 0.4, 0.25, 0.9, 0.7, 0.5, 0.32, 0.18)
"""Where the label may end, as parts of the way along the line: the first place that no curve crosses."""

ABOVE = 6
"""Depth of the label where curves run everywhere: it covers them, for covered by them nobody could read it."""

MARKERS = 7
"""Depth of the full test sets' markers: the figures of a run, which nothing covers."""

Points = tuple[NDArray[np.float64], NDArray[np.float64]]
"""x and y of a curve."""

Box = tuple[float, float, float, float]
"""Left, right, lower and upper edge, in the units of the axes."""

DIAMOND = "◆"
"""The sign of the full test sets, in words and on the plot."""

ACROSS = 16
"""Places along the label at which it is asked whether a curve is there: between points it runs straight."""

LARGEST, SMALLEST = 13, 9
"""Pixels of a marker: where two learners' lie on each other, both are seen."""


class Guessing:
    """The dotted line of what guessing gets: of the old outputs alone up to the head expansion, then of all of them."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._box = plot.vb
        self._line = Curve()
        self._line.setZValue(BEHIND)
        self.before, self.after = pg.TextItem(anchor=(1, 1)), pg.TextItem(anchor=(1, 0))
        """The labels of the two parts; the first only where it differs."""
        for label in (self.before, self.after):
            label.setZValue(LABELS)
            label.textItem.document().setDocumentMargin(1)
            plot.addItem(label, ignoreBounds=True)
        plot.addItem(self._line, ignoreBounds=True)
        self._levels: tuple[float, float] | None = None
        self._tasks: list[tuple[float, float]] = []
        """(first step, level) of each later task, where they have levels of their own."""
        self._begun, self._end = False, 0.0
        self._span: tuple[float, float, float] | None = None
        """(first step, last step, level) of the line's part that the label stands on; None without it."""
        self._put: object = None
        """How the label was put last."""
        self._told: object = None
        """What was shown last, and in which type."""
        self._curves: Sequence[Points] = ()
        self._stand = (1.0, 1)
        """Which of `STANDS`, and whether the label is above (1) or below (0) the line."""
        self._covers = False
        """Whether curves run everywhere, and the label lies on some."""
        self._first = 1
        plot.vb.sigXRangeChanged.connect(self.place)
        plot.vb.sigResized.connect(self.place)

    def show(self, record: Record, protocol: ProtocolName, colours: Theme) -> None:
        """Take what guessing gets in a record."""
        now, before = (chance(record, protocol, expanded=expanded) for expanded in (True, False))
        self._begun = record.incremental is not None
        self._end = float(record.incremental.started.steps) if record.incremental is not None else 0.0
        self._levels = None if now is None or before is None else (before, now)
        self._tasks = chances(record, protocol) if tasks_shown.are_many(record) else []
        told = (record, protocol, colours, theme.font(0.9), self._begun, self._end, self._levels, self._tasks)
        if told == self._told:
            return
        self._told = told
        self._line.setPen(pg.mkPen(colours.muted, style=Qt.PenStyle.DotLine))
        # Where fine-tuning ends: above the line while it chooses among the old classes, below it among all.
        self._first = 0 if protocol == "task_aware" else 1
        self._stand, self._covers = (STANDS[0], self._first), False
        for label in (self.before, self.after):
            label.setColor(QColor(colours.muted))
            label.setFont(theme.font(0.9))
            label.fill = pg.mkBrush(colours.surface)  # lines at epochs' ends would strike it through
        if self._levels is not None:
            self.before.setText(f"{'' if self._begun else 'guessing: '}{self._levels[0]:.1f} %")
        self.place()

    def place(self) -> None:
        """Draw the line over what is in sight, for a dotted line far beyond it is dear, and put the labels on it."""
        (low, high), levels = self._box.viewRange()[0], self._levels
        self._line.setVisible(levels is not None)
        self.after.setVisible(levels is not None and self._begun and high > max(low, 0.0))
        self.before.setVisible(levels is not None and low < 0 and (not self._begun or levels[0] != levels[1]))
        self._span = None
        if levels is None:
            return
        left, right = min(low, 0.0), max(high, 0.0)
        (before, now), seam = levels, min(max(0.0, low), high)
        x, y = ([low, seam, seam, high], [before, before, now, now]) if self._begun else ([left, 0.0], [before] * 2)
        if self._tasks:
            x, y = self._staircase(low, high, before)
        self._line.setData(x, y)
        lead = self._box.width() * (seam - low) / max(high - low, 1e-9)
        if self.before.boundingRect().width() > lead:
            self.before.hide()  # half a number is another number
        high_enough = before + self._height(self.before) > self._box.viewRange()[1][1]
        self.before.setAnchor((1, 0 if high_enough else 1))  # below the line where above it would be cut
        self.before.setPos(0.0, before)
        edge = self._end if low < self._end < right else right
        if self._tasks:
            seam, edge = self._part_of(now, seam, edge)
        room = self._box.width() * (edge - seam) / max(high - low, 1e-9)
        for text in (f"guessing: {now:.1f} %", f"{now:.1f} %"):
            if self.after.toPlainText() != text:
                self.after.setText(text)
            if self.after.boundingRect().width() <= room:
                break
        else:
            self.after.hide()
        self._span = seam, edge, now
        self._free()

    def _part_of(self, level: float, first: float, last: float) -> tuple[float, float]:
        """Return what is in sight, between two steps, of the tasks whose level the label says: it is true there alone.

        Task-aware all tasks of one size have the same; else it sinks from task to task.
        """
        ends = [*(step for step, _ in self._tasks[1:]), max(self._end, self._tasks[-1][0])]
        true = [(begin, end) for (begin, at), end in zip(self._tasks, ends, strict=True) if at == level]
        begin, end = (true[0][0], true[-1][1]) if true else (first, first)
        return max(begin, first), max(first, min(end, last))

    @property
    def boxes(self) -> list[Box]:
        """The places of its labels."""
        (left, right), box = self._box.viewRange()[0], []
        for label in (self.before, self.after):
            if label.isVisible():
                wide = label.boundingRect().width() * (right - left) / max(self._box.width(), 1.0)
                x, y, high = label.pos().x(), label.pos().y(), self._height(label)
                low = y if label.anchor.y() else y - high
                box.append((x - wide, x, low, low + high))
        return box

    def avoid(self, curves: Sequence[Points]) -> None:
        """Stand where none of these curves, (x, y) each, runs through the label, if there is such a place."""
        self._curves = [known(curve) for curve in curves]
        self._free()

    def _free(self) -> None:
        """Put the label where no curve crosses it: where it was, else at the first such place along the line.

        Where curves run everywhere, it lies on them where it hides the least, and stays there.
        """
        if self._span is None or not self.after.isVisible():
            return
        seam, edge, level = self._span
        here = self._hides(seam, edge, level, self._stand)
        if here:
            wanted = [(part, side) for part in STANDS for side in (self._first, 1 - self._first)]
            hidden = [self._hides(seam, edge, level, stand) for stand in wanted]
            least = min(hidden)
            if not (least and self._covers and math.isfinite(here)):
                self._stand, here = wanted[hidden.index(least)], least
        self._covers = here > 0
        if (put := (self._stand, self._covers, self._span)) == self._put:
            return  # as at nearly every picture: moving it costs more than looking for a place
        self._put = put
        self.after.setZValue(ABOVE if self._covers else LABELS)
        part, side = self._stand
        self.after.setAnchor((1, side))
        self.after.setPos(seam + part * (edge - seam), level)

    def _hides(self, seam: float, edge: float, level: float, stand: tuple[float, int]) -> float:
        """Return how much of the curves runs through the label if it stood there; endless where it has no room."""
        left, right = self._box.viewRange()[0]
        wide = self.after.boundingRect().width() * (right - left) / max(self._box.width(), 1.0)
        high = self._height(self.after)
        end = seam + stand[0] * (edge - seam)
        low = level if stand[1] else level - high
        if end - wide < seam or (self._tasks and self._cut(level, stand[1])):
            return math.inf
        begin, hidden = end - wide, 0
        across = np.linspace(begin, end, ACROSS)
        for x, y in self._curves:
            if not len(x) or x[0] > end or x[-1] < begin:
                continue
            first, last = np.searchsorted(x, begin), np.searchsorted(x, end, side="right")
            near = y[max(first - 1, 0) : last + 1]
            if near.max() < low or near.min() > low + high:
                continue  # as nearly every curve
            line = np.interp(across[(across >= x[0]) & (across <= x[-1])], x, y)
            met = np.concatenate((y[first:last], line))
            if met.max() >= low and met.min() <= low + high:
                hidden += max(1, int(((met >= low) & (met <= low + high)).sum()))
        return float(hidden)

    def _cut(self, level: float, side: int) -> bool:
        """Whether the label would reach out of the plot above the line (1) or below it (0)."""
        bottom, top = self._box.viewRange()[1]
        high = self._height(self.after)
        return bool(level + high > top if side else level - high < bottom)

    def _height(self, label: pg.TextItem) -> float:
        """Return the height of a label in percent."""
        bottom, top = self._box.viewRange()[1]
        return float(label.boundingRect().height() * (top - bottom) / max(self._box.height(), 1.0))

    def _staircase(self, low: float, high: float, before: float) -> tuple[list[float], list[float]]:
        """Return the line over many tasks, within what is in sight."""
        begins = [low, *(min(max(step, low), high) for step, _ in self._tasks), high]
        levels = [before, *(level for _, level in self._tasks)]
        return [x for pair in pairwise(begins) for x in pair], [level for level in levels for _ in range(2)]


def known(curve: Points) -> Points:
    """Return the points of a curve that have a value: where a task begins, there is one without."""
    x, y = curve
    if x is None or not len(x):
        return np.empty(0), np.empty(0)
    known = ~np.isnan(y)
    return x[known], y[known]


def _begin(record: Record, task: int) -> int:
    """Return the step at which a later task begins."""
    return 0 if record.incremental is None else record.incremental.started.boundaries[task - 1]


class FullTests:
    """A diamond for every learner at every epoch's end, on all test images: filled of the old task, hollow of the new.

    Where a task begins, and every learner is its teacher with a head that knows nothing yet, there is none. Of many
    tasks each has those of its end alone: others would hide the curves.
    """

    def __init__(self, plot: pg.PlotItem) -> None:
        self._points = pg.ScatterPlotItem(pxMode=True)
        self._points.setZValue(MARKERS)
        self.scale = StepScale()
        plot.addItem(self._points, ignoreBounds=True)
        self._shown: object = None

    def show(self, record: Record, protocol: ProtocolName, colours: Theme, hidden: frozenset[tuple[str, str]]) -> None:
        """Show a record's tests so far, but those of hidden curves; only where something changed."""
        state = (record.data, len(record.evaluations), learners_of(record), protocol, colours, hidden, self.scale)
        if state == self._shown:
            return
        self._shown = state
        names = learners_of(record)
        spots = []
        for index, learner in enumerate(names):
            size = LARGEST - (LARGEST - SMALLEST) * index / max(len(names) - 1, 1)
            colour, tests = QColor(colours.learner(learner)), full_tests(record, learner, protocol)
            if tasks_shown.are_many(record):
                tests = list({test.task: test for test in tests}.values())
            for test in tests:
                if test.step <= own_from(record, learner) or test.step == _begin(record, test.task):
                    continue
                for task, percent in (("old", test.old), ("new", test.new)):
                    if (learner, task) not in hidden and math.isfinite(percent):
                        fill = colour if task == "old" else QColor(colours.surface)
                        edge = QColor(colours.text) if task == "old" else colour
                        spot = {"pos": (self.scale.place(float(test.step)), percent), "size": size, "symbol": "d"}
                        spots.append(spot | {"brush": pg.mkBrush(fill), "pen": pg.mkPen(edge, width=1.5)})
        self._points.setData(spots)

    def forget(self) -> None:
        """Draw them anew at the next chance."""
        self._shown = None

    @property
    def points(self) -> list[tuple[float, float]]:
        """(step, percent) of what is drawn."""
        x, y = self._points.getData()
        return list(zip(map(self.scale.step, map(float, x)), map(float, y), strict=True))
