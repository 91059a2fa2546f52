"""Accuracy on the probe images by step, per learner and task, with full tests and what guessing gets."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QFontMetricsF

from lwf_gui.gui.panels.curves import task_curves
from lwf_gui.gui.panels.curves.facts import Facts, Share, Task
from lwf_gui.gui.panels.curves.lines import called, plot_key
from lwf_gui.gui.panels.curves.plot import Plot
from lwf_gui.gui.panels.curves.read_out import FORMS, Told, step_text
from lwf_gui.gui.panels.line import Segments
from lwf_gui.gui.panels.overlays import DIAMOND, FullTests, Guessing
from lwf_gui.gui.panels.text import fitting, tooltip
from lwf_gui.messages import TEACHER
from lwf_gui.runs import shown, tasks_shown, teachers
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.captions import old_and_new, probe_counts, probe_images
from lwf_gui.runs.full_tests import full_tests
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import learners_of, names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import moment
from lwf_gui.runs.series import EMPTY, Series, broken, own_part, thinned
from lwf_gui.runs.summary import summary

OLD_HELP = (
    "Old: all earlier tasks together, each weighted by its number of test images, on lines and diamonds alike. The "
    "average on the cards is the plain mean over the tasks."
)

MOST_ROOM = 0.6
"""Part of the plot that numbers behind the curves' ends take at most."""


class AccuracyPlot(Plot):
    """Accuracy on the probe images in percent: old task solid, new task dashed."""

    painted = Signal()
    """The curves show the record where one looks: perhaps another record, protocol or theme than before."""

    LABELS, WIDEST = True, f"old {DIAMOND} 100.0 %, new {DIAMOND} 100.0 %"
    FEWEST = 2

    _per_epoch = 0

    def __init__(self) -> None:
        super().__init__("Accuracy plot: percent of probe images right, by step")
        self.hidden: set[tuple[str, str]] = set()
        """(learner, task) of the curves that are neither drawn nor told, such as one that shall be guessed first."""
        self.plot.setYRange(-5, 104, padding=0)
        self.plot.getAxis("left").setTicks([[(v, f"{v} %") for v in (0, 25, 50, 75, 100)]])
        self.guessing = Guessing(self.plot)
        self.tests = FullTests(self.plot)
        self.tasks = task_curves.TaskCurves(self.plot)
        self.plot.vb.sigResized.connect(self._show_tasks)
        self.plot.vb.sigXRangeChanged.connect(self.repaint_curves)  # of another part, other points are drawn

    def repaint_curves(self) -> None:
        """Paint the record."""
        super().repaint_curves()
        self.painted.emit()

    def state(self) -> tuple[object, ...]:
        """Return all that the curves hang on."""
        box = self.plot.vb
        shown = (self.selection.protocol, self._by_task, frozenset(self.hidden), self.ghost)
        return (*super().state(), *shown, *map(tuple, box.viewRange()), box.width(), box.height())

    def draw_curves(self) -> None:
        """Draw the curves of the record, full tests and what guessing gets."""
        self.share_lines()
        low, high = self.plot.vb.viewRange()[0]
        for learner in (TEACHER, *learners_of(self.record)):
            for task in _tasks(learner):
                series = own_part(self.record, learner, self._series(self.record, learner, task))
                x, y = broken(self.record, thinned(series, (low, high)))
                width = (2.5 if task == "old" else 1.5) if learner != TEACHER else 2
                self.draw(learner, task, x, y, dashed=task == "new", width=width + self.broader(learner))
        if self.ghost is not None:
            for learner in learners_of(self.ghost):
                series = own_part(self.ghost, learner, self._series(self.ghost, learner, "old"))
                x, y = broken(self.ghost, thinned(series, (low, high)))
                self.draw(learner, "ghost", x, y, dashed=False, width=1, faint=True)
        self._show_tasks()
        self.guessing.avoid([curve.getData() for curve in (*self.curves.values(), *self.tasks.curves.values())])
        hidden = self._by_task_hidden if self._by_task else self.hidden
        self.tests.show(self.record, self.selection.protocol, self.theme, frozenset(hidden))

    def _series(self, record: Record, learner: str, task: Task) -> Series:
        """Return the points of a curve: none of a hidden one, nor of one whose tasks have curves of their own."""
        if (learner, task) in self.hidden or (learner != TEACHER and self.tasks.shown_of(record)):
            return EMPTY
        return accuracy_series(record, learner, task, self.selection.protocol)

    def _show_tasks(self) -> None:
        """Show every task's own curve, where these are wanted."""
        self.tasks.show(self.record, self.selection, self.theme, self.hidden)
        box, phase = self.plot.vb, self.record.incremental
        if not self._by_task or phase is None:
            return
        (low, high), end = box.viewRange()[0], float(phase.started.steps)
        part = self.tasks.room / max(box.width(), 1.0)  # type may be large: the numbers stand on no curve
        wanted = low + (end - low) / (1 - part) if part < MOST_ROOM else high
        if low < end < high < wanted * (1 - 1e-6):
            self.plot.setXRange(low, wanted, padding=0)

    @property
    def _by_task(self) -> bool:
        """Whether every task has a curve of its own."""
        return self.tasks.shown_of(self.record)

    @property
    def _by_task_hidden(self) -> set[tuple[str, str]]:
        """All curves of old and new: tests of them would lie on no curve."""
        return {(learner, task) for learner in learners_of(self.record) for task in _tasks(learner)}

    def name_steps(self, per_epoch: int) -> None:
        """Name the x-axis."""
        self._per_epoch = per_epoch
        self.name_axis()

    def name_axis(self) -> None:
        """Give the x-axis the longest of its names that there is room for: a part of one could be another number."""
        axis, one = self.plot.getAxis("bottom"), f"{self._per_epoch:,} steps = 1 epoch"
        since = f"steps since {tasks_shown.beginning(self.record)}"
        names = (f"{since} ({one})", since, "steps")
        if self._per_epoch:
            room = self.view.viewport().width() - self.plot.getAxis("left").width() - 12
            name = fitting(QFontMetricsF(axis.label.font()), room, *names)
            if axis.labelText != name:
                axis.setLabel(name)

    def entitle(self) -> None:
        """Name protocol and images, and mark what guessing gets; only where they changed."""
        record, protocol = self.record, self.selection.protocol
        tested, task = any(test.step for test in record.evaluations), self._task(None)
        by_task = self.tasks.shown_of(record)
        state = (protocol, record.data, self.theme, record.incremental is not None, tested, task, by_task)
        if state == self._entitled:
            return
        self._entitled = state
        self.guessing.show(record, protocol, self.theme)
        self.name_axis()  # type may have another size
        if by_task and record.data is not None:
            self._entitle_tasks(tasks_shown.probe_images(record.data))
            return
        images = ""
        tests: tuple[str, ...] = ("",) * 3
        if record.data is not None:
            images = f"on {probe_images(record.data, task)}"
            old, new = old_and_new(record.data.test_sizes, task)
            sizes = (f": {old:,} old, {new:,} new images", f": {old:,} images", "")
            tests = tuple(f"{DIAMOND} full test set{size}" if tested else "" for size in sizes)
        long, short, least = tests
        ways = ((" task", images, long), (" task", images, short), (" task", images, least), ("", images, least))
        fewer = (("", images, ""), ("", images.removeprefix("on ").replace(" and ", ", "), ""))
        titles = [self._title(*way) for way in (*ways, *fewer)]
        # What the figures are goes last: the lines show of which task a curve is, nothing else shows of which images.
        least = f"{PROTOCOLS[protocol]}, probe images" if images else PROTOCOLS[protocol]
        heads = (
            (("Accuracy", self.theme.text), (f", {least}{legend}", ""))
            for legend in (f"   {plot_key(self.record)}", "")
        )
        self.title.set_segments(*titles, *heads, ((least, ""),))
        said = ". ".join(filter(None, (f"Lines: {images}", long))) + "." if images else ""
        self.title.setToolTip(tooltip(said, OLD_HELP if tasks_shown.are_many(record) else ""))

    def _entitle_tasks(self, images: str) -> None:
        """Say that every task has a curve of its own."""
        ways = ((images, False), (images, True), ("", True))
        teacher = teachers.line_name(self.record, self.selection.step)
        titles = [task_curves.title(self.theme, PROTOCOLS[self.selection.protocol], *way, teacher) for way in ways]
        self.title.set_segments(*titles)
        self.title.setToolTip(
            tooltip(f"Lines: accuracy on {images}; the first task's is the nearest to black or white.")
        )

    def _title(self, task: str, images: str, tests: str) -> Segments:
        """Return the title with its legend; what has no room is left out, and never cut into something else."""
        return (
            ("Accuracy", self.theme.text),
            (f", {PROTOCOLS[self.selection.protocol]}   {plot_key(self.record, task)}   ", ""),
            (f"━━ {teachers.line_name(self.record, self.selection.step)}", self.theme.teacher),
            (f"   {images}   {tests}".rstrip(), ""),
        )

    def clear(self) -> None:
        """Forget all curves."""
        super().clear()
        self.tests.forget()
        self.tasks.clear()

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        told = summary(self.record, self.selection)
        if self.hidden:  # the summary would tell it
            told = "".join(text for text, _ in self.values_at(self._looked))
        elif self._by_task:
            told += " By task: " + "".join(text for text, _ in self.values_at(self._looked))
        self.view.setAccessibleDescription(told)

    def values_at(self, step: float) -> Segments:
        """Return accuracies of the last probe at or before a step, and of a full test at it."""
        if self._by_task and step >= 0:
            return self._told_by_task(step, 0, " %").segments
        return self._facts(step).told(self.theme, ("old", "new"), both=True).segments

    def shorter_values_at(self, step: float) -> tuple[Segments, ...]:
        """Return the same in short names, then without the new task, without the step, and of fewer learners.

        Of a probe and a full test at one step, the test alone is told: it is the card's figure.
        """
        if self._by_task and step >= 0:
            ways = [self._told_by_task(step, form, "") for form in range(FORMS)]
            return *(way.segments for way in ways), *ways[-1].shorter()
        facts = self._facts(step)
        all_of_it = (facts.told(self.theme, ("old", "new"), form=form).segments for form in range(FORMS))
        return *all_of_it, *facts.told(self.theme, ("old",), form=FORMS - 1).shorter()

    @property
    def widest(self) -> str:
        """The widest values that the read-out tells of a learner now: of every task, where each has its curve."""
        if not self._by_task or self.record.data is None:
            names = called(self.record)
            return self.WIDEST.replace("old", names["old"]).replace("new", names["new"])
        return ", ".join(f"{task}: 100" for task in range(1, self.record.data.scenario.tasks + 1))

    def _told_by_task(self, step: float, form: int, sign: str) -> Told:
        """Return accuracies of each task of the last probe at or before a step."""
        at = self._moment(step)
        called = names_of(name for name in learners_of(self.record) if (name, "old") not in self.hidden)[form]
        parts = task_curves.values(self.record, self.selection, step, called, self.theme, sign)
        of = "by task" if sign else "% by task"
        return Told(((f"{step_text(at.step)}, {of}:  ", ""),), parts) if parts and at is not None else Told()

    def _task(self, step: float | None) -> int:
        """Return the task of a step, or of the one that is looked at: "old" are those before it."""
        at = moment(self.record, self.selection.step) if step is None else self._moment(step)
        return 1 if at is None else max(at.task, 1)

    def _facts(self, step: float) -> Facts:
        """Return what there is to tell of a step: worked out once for all the ways in which it may be said."""
        names = learners_of(self.record) if step >= 0 and self.record.incremental else (TEACHER,)
        if self.record.data is not None and self.record.data.recipe.lwf.teacher == "aliased" and TEACHER not in names:
            names = (*names, TEACHER)  # the one that should stand still, and does not
        found: dict[str, int | dict[Task, Share]] = {}
        at_step = step
        for learner in names:
            if (end := self.end_of(learner, step)) is not None:
                found[learner] = end
                continue
            values: dict[Task, Share] = {}
            for task in _tasks(learner):
                x, y = self._series(self.record, learner, task)
                if len(x):
                    at = max(0, int(np.searchsorted(x, step, side="right")) - 1)
                    at_step = x[at]
                    values[task] = self._value(learner, task, at_step, y[at])
            if values:
                found[learner] = values
        return Facts(at_step, tuple(names), found, called(self.record))

    def _value(self, learner: str, task: Task, step: float, share: float) -> Share:
        """Say an accuracy on the probe images, and on the full test set where an epoch ended."""
        data, now = self.record.data, self._task(step)
        if data is None:
            return Share("", "")
        which = ("old", "new").index(task)
        probe = shown.percent(share, probe_counts(data, now)[which])
        tests = full_tests(self.record, learner, self.selection.protocol) if step else []
        test = next((test for test in tests if (test.step, test.task) == (step, now)), None)
        if test is None:
            return Share(probe, "")
        full = (test.old, test.new)[which]
        return Share(probe, shown.percent(full, old_and_new(data.test_sizes, now)[which]))


def _tasks(learner: str) -> tuple[Task, ...]:
    """Return the tasks that a learner has an accuracy on: the teacher knows the old one alone."""
    return ("old",) if learner == TEACHER else ("old", "new")
