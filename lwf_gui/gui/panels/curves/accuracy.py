"""Accuracy on the probe images by step, per learner and task, with full tests and what guessing gets."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from functools import partial

from PySide6.QtCore import Qt, Signal

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curve import Curve
from lwf_gui.gui.panels.curves import task_curves
from lwf_gui.gui.panels.curves.accuracy_title import by_task, of_old_and_new, of_seeds
from lwf_gui.gui.panels.curves.end_labels import Kind, rooms
from lwf_gui.gui.panels.curves.facts import Accuracies, Task, task_at, tasks_of
from lwf_gui.gui.panels.curves.others import STROKES, others
from lwf_gui.gui.panels.curves.pin_line import PinLine, PinsAt
from lwf_gui.gui.panels.curves.plot import Plot, Stroke
from lwf_gui.gui.panels.curves.pointed_line import PointedLine, points_elsewhere
from lwf_gui.gui.panels.curves.read_out import FORMS, Told, moment_at, step_text
from lwf_gui.gui.panels.curves.remarks import Remarks, leads
from lwf_gui.gui.panels.curves.seed_bands import SeedBands
from lwf_gui.gui.panels.line import Segments
from lwf_gui.gui.panels.overlays import DIAMOND, FullTests, Guessing
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import TEACHER
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.names import learners_of, names_of
from lwf_gui.runs.pins import Pins, beside
from lwf_gui.runs.record import Record
from lwf_gui.runs.remarks import remarks
from lwf_gui.runs.seed_set import shown_set
from lwf_gui.runs.seed_verdict import spoken
from lwf_gui.runs.series import EMPTY, Series, broken, own_part, thinned, until
from lwf_gui.runs.summary import summary

HIGH = 26
"""Lines of body text from which on a plot is so high that each pinned run has a line."""

MOST_ROOM = 0.6
"""Part of the plot that numbers behind the curves' ends take at most."""


WIDTHS, STANDS_BACK, OF_MANY = {"old": 2.5, "new": 1.2}, 0.6, 0.3
"""Pixels of the curves of the old and of the new task; and how much of the paper the latter cover, also of many tasks.
"""


class AccuracyPlot(Plot):
    """Accuracy on the probe images in percent: old task solid, new task dashed.

    Its read-out is there only while the mouse points at another moment than the cards tell of.
    """

    painted = Signal()
    """The curves show the record where one looks: perhaps another record, protocol or theme than before."""

    NAMED = True
    LABELS, WIDEST = True, f"old {DIAMOND} 100.0 %, new {DIAMOND} 100.0 %"
    readout: PointedLine

    def __init__(self) -> None:
        super().__init__("Accuracy plot: percent of probe images right, by step")
        self.hidden: set[tuple[str, str]] = set()
        """(learner, task) of the curves that are neither drawn nor told, such as one that shall be guessed first."""
        self.plot.setYRange(-5, 104, padding=0)
        self.plot.getAxis("left").setTicks([[(v, f"{v} %") for v in (0, 25, 50, 75, 100)]])
        self.guessing = Guessing(self.plot)
        self.tests = FullTests(self.plot)
        self.remarks = Remarks(self.plot)
        self.tasks = task_curves.TaskCurves(self.plot)
        self.bands = SeedBands(self.plot)
        self.pinned = PinLine()
        self.lay.replaceWidget(self.readout, self.pinned)
        self.readout.hide()
        self.plot.vb.sigResized.connect(self._show_tasks)
        self.plot.vb.sigResized.connect(self._name_ends)
        self.plot.vb.sigResized.connect(self._remark)
        self.plot.vb.sigXRangeChanged.connect(self.repaint_curves)  # of another part, other points are drawn

    def set_theme(self, colours: Theme) -> None:
        """Dress the plot."""
        self.pinned.dress(theme.font(1.0), colours.text)
        self.readout.float_over(colours)
        super().set_theme(colours)

    def make_read_out(self) -> PointedLine:
        """Return the read-out."""
        return PointedLine(theme.font(1.0), self.theme.text)

    def share_lines(self) -> None:
        """Give the read-out as many lines as its learners need, but none that would lie on the curves."""
        self.readout.resize(self.title.width(), self.readout.height())
        super().share_lines()
        self.readout.lie_on(self.title.geometry(), self.strip.geometry())

    def most_lines(self) -> int:
        """Return the lines that the read-out takes at most: those of title, pinned runs and what happened."""
        return self.title.lines + (self.pinned.lines if self.beside else 0) + 1

    def repaint_curves(self) -> None:
        """Paint the record."""
        self._share_pins()
        super().repaint_curves()
        self.painted.emit()

    def _share_pins(self) -> None:
        """Give the pinned runs a line together, or in a high plot one each."""
        high = self.height() / self.pinned.fontMetrics().lineSpacing()
        self.pinned.set_lines(max(1, len(self.beside)) if high >= HIGH else 1)
        self.pinned.setVisible(bool(self.beside))

    def _stroke(self, learner: str, task: str) -> Stroke:
        """Return how a curve is drawn: what is forgotten is looked for first, so the new task's stand back."""
        width = WIDTHS[task] if learner != TEACHER else 2.0
        if task == "new":
            back = OF_MANY if tasks_shown.are_many(self.record) else STANDS_BACK
            return Stroke(width + 0.6 * self.broader(learner), Qt.PenStyle.DashLine, back)
        return Stroke(width + self.broader(learner))

    def state(self) -> tuple[object, ...]:
        """Return all that the curves hang on."""
        box = self.plot.vb
        shown = (self.selection.protocol, self._by_task, frozenset(self.hidden), self.ghost)
        beside = (self.selection.pins, self.selection.seeds)
        return (*super().state(), *shown, *beside, *map(tuple, box.viewRange()), box.width(), box.height())

    def draw_curves(self) -> None:
        """Draw the curves of the record, full tests and what guessing gets."""
        self.share_lines()
        low, high = self.view.span
        for learner in (TEACHER, *learners_of(self.record)):
            for task in tasks_of(learner):
                series = own_part(self.record, learner, self._series(self.record, learner, task))
                x, y = broken(self.record, thinned(series, (low, high)))
                self.draw(learner, task, x, y, self._stroke(learner, task))
        self._draw_others((low, high))
        self.bands.show(self.record, self.selection, self.scale, self.theme, self.hidden)
        self._show_tasks()
        self._name_ends()
        self._remark()
        hidden = self._by_task_hidden if self._by_task else self.hidden
        self.tests.scale = self.scale
        self.tests.show(self.record, self.selection.protocol, self.theme, frozenset(hidden))

    def _remark(self) -> None:
        """Say what is odd in the curves, and what guessing gets, where there is room."""
        drawn = [curve.getData() for curve in (*self.curves.values(), *self.tasks.curves.values())]
        said = () if self.hidden or self._by_task else remarks(self.record, self.selection)
        self.guessing.avoid([*drawn, *leads(said, self.scale)])
        self.remarks.show(said, self.scale, drawn, self.guessing.boxes, self.theme)

    def _draw_others(self, part: tuple[float, float]) -> None:
        """Draw the old task's curves of the run that this one was forked from, and of pinned ones; no others stay."""
        wanted = list(others(self.ghost, self.beside))
        for key in {key for key in self.curves if key[1] in STROKES} - {(name, kind) for kind, _, name in wanted}:
            self.plot.removeItem(self.curves.pop(key))
        for kind, record, learner in wanted:
            series = until(self._end, own_part(record, learner, self._series(record, learner, "old")))
            self.draw(learner, kind, *broken(record, thinned(series, part)), STROKES[kind])

    @property
    def _end(self) -> float:
        """The last step that the axis has of the run that is shown: others are seen as far."""
        track = self.record.incremental
        return math.inf if track is None else float(track.started.steps)

    @property
    def beside(self) -> Pins:
        """The pinned runs that are drawn: none while a curve shall be guessed first, nor beside every task's own."""
        return () if self.hidden or self._by_task else beside(self.selection.pins, self.record)

    def _series(self, record: Record, learner: str, task: Task) -> Series:
        """Return the points of a curve: none of a hidden one, nor of one whose tasks have curves of their own."""
        if (learner, task) in self.hidden or (learner != TEACHER and self.tasks.shown_of(record)):
            return EMPTY
        return accuracy_series(record, learner, task, self.selection.protocol)

    def _show_tasks(self) -> None:
        """Show every task's own curve, where these are wanted."""
        self.tasks.scale = self.scale
        self.tasks.show(self.record, self.selection, self.theme, self.hidden)
        box, phase = self.plot.vb, self.record.incremental
        if not self._by_task or phase is None:
            return
        (low, high), end = box.viewRange()[0], float(phase.started.steps)
        part = self.tasks.room / max(box.width(), 1.0)  # type may be large: the numbers stand on no curve
        wanted = low + (end - low) / (1 - part) if part < MOST_ROOM else high
        if low < end < high < wanted * (1 - 1e-6):
            self.plot.setXRange(low, wanted, padding=0)

    def _name_ends(self) -> None:
        """Name every learner's curves at their ends; every task's own have numbers there."""
        names = [] if self._by_task or self.record.incremental is None else learners_of(self.record)
        words = {"old": "", "new": tasks_shown.called(self.record)["new"]}
        chief, new = (Kind(word, self._drawn_of(names, task)) for task, word in words.items())
        pinned = [
            Kind("", self._drawn_of(learners_of(pin.record), pin.letter), pin.letter) for pin in self.beside if names
        ]
        self.ends.show((chief, *pinned, new), self.theme)

    def _drawn_of(self, learners: Iterable[str], kind: str) -> dict[str, Curve]:
        """Return the curves of a kind, of learners that have one by now."""
        return {name: self.curves[name, kind] for name in learners if (name, kind) in self.curves}

    def label_rooms(self) -> list[float]:
        """Return the pixels that the curves' names take, those of pinned runs with their letters."""
        return rooms(learners_of(self.record), {pin.letter: learners_of(pin.record) for pin in self.beside})

    @property
    def _by_task(self) -> bool:
        """Whether every task has a curve of its own."""
        return self.tasks.shown_of(self.record)

    @property
    def _by_task_hidden(self) -> set[tuple[str, str]]:
        """All curves of old and new: tests of them would lie on no curve."""
        return {(learner, task) for learner in learners_of(self.record) for task in tasks_of(learner)}

    def entitle(self) -> None:
        """Name protocol and images, and mark what guessing gets; only where they changed."""
        record, protocol = self.record, self.selection.protocol
        tested, task = any(test.step for test in record.evaluations), task_at(record, self._looked)
        runs, learnt = shown_set(record, self.selection), record.incremental is not None
        state = (protocol, record.data, self.theme, learnt, tested, task, self._by_task, runs)
        if state == self._entitled:
            return
        self._entitled = state
        self.guessing.show(record, protocol, self.theme)
        self.name_axis()  # type may have another size
        looked = (record, self.selection, self.theme)
        title = by_task(*looked) if self._by_task else of_old_and_new(*looked, task, tested=tested)
        ways = [*(of_seeds(way, len(runs)) for way in title.ways if runs), *title.ways]
        self.title.set_segments(ways[0], ways[1:])
        self.title.setToolTip(title.tip + tooltip(spoken(runs, protocol)))

    def clear(self) -> None:
        """Forget all curves."""
        super().clear()
        self.tests.forget()
        self.tasks.clear()
        self.remarks.clear()

    def read_out(self) -> None:
        """Show the values under the mouse, where the cards tell others; those of pinned runs at any step."""
        pointed = points_elsewhere(self.record, self._hovered, self._looked)
        self.readout.setVisible(pointed)
        if pointed:
            super().read_out()
        else:
            self.readout.set_segments(())
        step = self._looked if math.isnan(self._hovered) else self._hovered
        self.pinned.tell(PinsAt(self.record, self.beside, self.selection.protocol, self.theme), step)

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        told = summary(self.record, self.selection)
        if self.hidden:  # the summary would tell it
            told = "".join(text for text, _ in self.values_at(self._looked))
        elif self._by_task:
            told += " By task: " + "".join(text for text, _ in self.values_at(self._looked))
        runs = () if self.hidden else shown_set(self.record, self.selection)
        told = f"{told} {spoken(runs, self.selection.protocol)}".rstrip()
        pinned = f" {self.pinned.text().strip()}" if self.beside else ""
        self.view.setAccessibleDescription(f"{told}{pinned}")

    def ways_at(self, step: float) -> Iterator[Segments]:
        """Yield accuracies of the last probe at or before a step, and of a full test at it; then in fewer words."""
        if self._by_task and step >= 0:
            return self._ways_by_task(step)
        accuracies = Accuracies(self.record, self.selection.protocol, partial(self._series, self.record))
        return accuracies.at(step).ways(self.theme)

    @property
    def widest(self) -> str:
        """The widest values that the read-out tells of a learner now: of every task, where each has its curve."""
        if not self._by_task or self.record.data is None:
            names = tasks_shown.called(self.record)
            return self.WIDEST.replace("old", names["old"]).replace("new", names["new"])
        return ", ".join(f"{task}: 100" for task in range(1, self.record.data.scenario.tasks + 1))

    def _ways_by_task(self, step: float) -> Iterator[Segments]:
        """Yield accuracies on each task; then without their unit, in short names, and so on."""
        yield self._told_by_task(step, 0, " %").segments
        for form in range(FORMS):
            yield (told := self._told_by_task(step, form, "")).segments
        yield from told.shorter()

    def _told_by_task(self, step: float, form: int, sign: str) -> Told:
        """Return accuracies on each task of the last probe at or before a step."""
        at = moment_at(self.record, step)
        called = names_of(name for name in learners_of(self.record) if (name, "old") not in self.hidden)[form]
        parts = task_curves.values(self.record, self.selection, step, called, self.theme, sign)
        of = "by task" if sign else "% by task"
        return Told(((f"{step_text(at.step)}, {of}:  ", ""),), parts) if parts and at is not None else Told()
