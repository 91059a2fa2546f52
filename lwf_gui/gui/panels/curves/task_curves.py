"""Every task's own curve of each learner, on demand: shades of the learner's colour, with the task's number at the end.

Earlier tasks are nearer to the colour of text, and learners differ by their dashes too. Behind its curves' ends every
learner has a column of numbers, beside its mark: shades alone would not tell one task from another. Tasks whose curves
end at one height have one label.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QColor, QFontMetricsF, QPen

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curve import Curve
from lwf_gui.gui.panels.curves.heights import spread, together
from lwf_gui.gui.panels.curves.read_out import coloured
from lwf_gui.gui.panels.drawing import mixed
from lwf_gui.gui.panels.line import Segments
from lwf_gui.gui.panels.text import widest
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import TEACHER
from lwf_gui.runs import shown, tasks_shown
from lwf_gui.runs.accuracy_curves import task_series
from lwf_gui.runs.names import Names, learners_of, sign_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.series import Series, own_part, thinned
from lwf_gui.runs.step_scale import StepScale

DARKEST = 0.45
"""Part of the text's colour in the curve of the first task; the last one has none."""

WIDTH, BROADEST = 1.5, 1.5
"""Pixels of a curve: there are many; and by how many the first learner's are broader, which lie below the others'."""

DASHES = (
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.SolidLine,
    Qt.PenStyle.DashLine,
    Qt.PenStyle.DashDotLine,
    Qt.PenStyle.DotLine,
)
"""Of the learners in their order: near the colour of text, shades of two greens and greys are alike."""

NUMBERS = 5
"""Depth of the numbers: they lie on the curves."""

NEAR = 0.7
"""Part of a line of numbers within which curves end at one height."""

Key = tuple[str, int]
"""A learner and a task."""


class TaskCurves:
    """The curves and their numbers, while they are wanted and the run has more than two tasks."""

    def __init__(self, plot: pg.PlotItem) -> None:
        self._plot = plot
        self._box = plot.vb
        self.wanted = False
        self.scale = StepScale()
        self.room = 0.0
        """Pixels that the numbers take behind the curves' ends."""
        self.curves: dict[Key, Curve] = {}
        self.numbers: dict[Key, pg.TextItem] = {}

    def shown_of(self, record: Record) -> bool:
        """Whether they take the place of the curves of old and new."""
        return self.wanted and tasks_shown.are_many(record) and record.incremental is not None

    def show(self, record: Record, selection: Selection, colours: Theme, hidden: set[tuple[str, str]]) -> None:
        """Show a record's curves, but those of hidden learners; none where they are not wanted."""
        names = [name for name in learners_of(record) if (name, "old") not in hidden]
        if not self.shown_of(record) or record.data is None:
            names = []
        tasks = record.data.scenario.tasks if record.data is not None else 0
        keys = list(itertools.product(names, range(tasks)))
        if keys != list(self.curves):
            self.clear()
        low, high = map(self.scale.step, self._box.viewRange()[0])
        for learner, task in keys:
            series = own_part(record, learner, task_series(record, learner, task, selection.protocol))
            broader = BROADEST * (len(names) - 1 - names.index(learner)) / max(len(names) - 1, 1)
            style = DASHES[names.index(learner) % len(DASHES)]
            pen = pg.mkPen(shade(colours, learner, task, tasks), width=WIDTH + broader, style=style)
            self._draw((learner, task), thinned(series, (low, high)), pen)
        self._number(names, tasks, colours)

    def clear(self) -> None:
        """Take all away."""
        for item in (*self.curves.values(), *self.numbers.values()):
            self._plot.removeItem(item)
        self.curves.clear()
        self.numbers.clear()

    def _draw(self, key: Key, series: Series, pen: QPen) -> None:
        if key not in self.curves:
            self.curves[key] = Curve()
            self._plot.addItem(self.curves[key], ignoreBounds=True)
        x, y = series
        self.curves[key].draw(self.scale.place(x), y, pen)

    def _number(self, names: Sequence[str], tasks: int, colours: Theme) -> None:
        """Write the numbers, a column for each learner, no two of it on each other."""
        (low, high), (bottom, top) = self._box.viewRange()
        metrics = QFontMetricsF(theme.font(0.8, bold=True))
        across, along = (high - low) / max(self._box.width(), 1.0), (top - bottom) / max(self._box.height(), 1.0)
        line, columns, last = metrics.height() * along, {}, low
        for learner in names:
            ends = {task: end for task in range(tasks) if (end := self._end((learner, task), low, high)) is not None}
            columns[learner] = together({task: y for task, (_, y) in ends.items()}, NEAR * line)
            last = max([last, *(x for x, _ in ends.values())])
        texts = {(name, group[0]): number(name, group) for name, column in columns.items() for group, _ in column}
        wide = {name: widest(metrics, (text for key, text in texts.items() if key[0] == name)) + 6 for name in names}
        self.room = sum(wide.values()) + 8
        left = min(last + 4 * across, high - sum(wide.values()) * across)
        back = pg.mkBrush(colours.surface if left < last else None)  # on the curves they would not be read
        for learner, column in columns.items():
            for (group, _), height in zip(column, spread([y for _, y in column], line, bottom, top), strict=True):
                colour = shade(colours, learner, group[-1], tasks)
                self._write((learner, group[0]), texts[learner, group[0]], (left, height), colour, back)
            left += wide[learner] * across
        for key in [key for key in self.numbers if key not in texts]:
            self._plot.removeItem(self.numbers.pop(key))

    def _end(self, key: Key, low: float, high: float) -> tuple[float, float] | None:
        """Return the last point in sight of a curve."""
        x, y = self.curves[key].getData()
        seen = np.flatnonzero((x >= low) & (x <= high)) if x is not None else np.empty(0, np.intp)
        return (float(x[seen[-1]]), float(y[seen[-1]])) if len(seen) else None

    def _write(self, key: Key, text: str, place: tuple[float, float], colour: QColor, back: QBrush) -> None:
        if key not in self.numbers:
            self.numbers[key] = pg.TextItem(anchor=(0, 0.5))
            self.numbers[key].setZValue(NUMBERS)
            self._plot.addItem(self.numbers[key], ignoreBounds=True)
        item = self.numbers[key]
        item.fill = back
        if item.toPlainText() != text or item.color != colour:
            item.setFont(theme.font(0.8, bold=True))
            item.setText(text, colour)
        item.setPos(*place)


def number(learner: str, tasks: Sequence[int]) -> str:
    """Return the label of the curves of some tasks: the learner's mark and their numbers."""
    return f"{sign_of(learner)} {tasks_shown.listed(tasks)}"


def shade(colours: Theme, learner: str, task: int, tasks: int) -> QColor:
    """Return the colour of a task's curve."""
    share = DARKEST * (tasks - 1 - task) / max(tasks - 1, 1)
    return mixed(QColor(colours.learner(learner)), QColor(colours.text), share)


def values(
    record: Record, selection: Selection, step: float, called: Names, colours: Theme, sign: str
) -> tuple[Segments, ...]:
    """Return every learner's accuracy on each task so far at the last probe at or before a step."""
    parts: tuple[Segments, ...] = ()
    assert record.data is not None, "curves are drawn of data"
    for learner in called:
        if learner == TEACHER:
            continue
        told = []
        for task, count in enumerate(record.data.probe_sizes):
            x, y = task_series(record, learner, task, selection.protocol)
            at = int(np.searchsorted(x, step, side="right")) - 1
            if at >= 0:
                told.append(f"{task + 1}: {shown.digits(y[at], count)}{sign}")
        if told:
            parts += (coloured(colours, called, learner, ", ".join(told)),)
    return parts
