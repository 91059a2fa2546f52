"""The accuracy matrix of each learner as a heat map: after each task (row) what it knows of each task (column)."""

from __future__ import annotations

import math
from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import heading, ink, mixed
from lwf_gui.gui.panels.matrix_layout import FIGURES, Layout, arrange
from lwf_gui.gui.panels.scrolling import ScrolledPanel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, LEFT, RIGHT, fitted, names_within, write
from lwf_gui.numbers import UNKNOWN
from lwf_gui.runs import matrix_words as words
from lwf_gui.runs.matrix import Matrices, Matrix, matrices
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import learners_of

FAINT = 0.06
"""Part of the full colour that 0 % has, so that it is not taken for an empty cell."""

HOW = (
    "Row: after which task. Column: on which task's test images, in percent. {faint}: 0 %, full colour: 100 %.",
    "Row: after which task. Column: on which task. {faint}: 0 %, full: 100 %.",
    "Row: after task; column: on task, in %",
)
HOW_BARS = (
    "Row: after which task. Column: on which task's test images. A bar as high as its cell: 100 %, none: 0 %.",
    "Row: after task; column: on task. Bar as high as its cell: 100 %.",
    "Row: after task; column: on task",
)
"""The same where figures have no room."""

SUMS = (
    "Forgotten: the best accuracy after an earlier task, less the last one, in points. Average: the plain mean.",
    "Forgotten: best earlier less last accuracy, in points. Average: plain mean.",
    "Forgotten: best earlier less last, in points.",
    "Forgotten: in points",
)


class Cell(NamedTuple):
    """One cell; behind the last task are the averages (column) and what is forgotten (row)."""

    learner: str
    after: int
    on: int


class MatrixPanel(ScrolledPanel):
    """The matrices, side by side where there is room, above a line that says how to read them."""

    EMPTY = "What each learner knows of each task appears here once task 1 is learnt."

    # What it shows, in numbers and words

    def figures(self) -> Matrices | None:
        """Return the matrices where one looks."""
        return matrices(self.record, self.selection)

    def state(self) -> object:
        """Return what the matrices depend on: evaluations on the full test sets, which come after epochs."""
        record = self.record
        return (self.selection, record.teacher, len(record.evaluations), learners_of(record))

    def captions(self) -> tuple[str, ...]:
        """Return what is counted, and shorter wordings."""
        figures, data = self.shown, self.record.data
        if figures is None or data is None:
            return ()
        protocol, images, where = PROTOCOLS[figures.protocol], "all test images", figures.where
        return (
            f"Accuracy in percent after each task on each task; {protocol}, {images} of {data.dataset}, {where}",
            f"Accuracy in percent; {protocol}, {images} of {data.dataset}, {where}",
            f"% right; {protocol}, {images}, {where}",
            f"% right; {protocol}, {images}",
            f"%, {protocol}, test images",
            f"%, {protocol}",
            protocol,
        )

    def sentence(self) -> str:
        """Say each learner's average accuracy and mean forgetting."""
        said = (words.learner_sentence(self.shown, learner) for learner in self.shown.learners)
        return f"{PROTOCOLS[self.shown.protocol].capitalize()}, all test images. " + "; ".join(said) + "."

    def tip(self, key: Cell) -> str:
        """Say the counts of a cell, or how an average is taken."""
        figures: Matrices = self.shown
        if key.learner not in figures.learners:  # a spot of what was shown a moment ago
            return ""
        last = len(figures.tasks)
        if key.after == last:
            return words.forgetting_tip(figures, key.learner, key.on if key.on < last else None)
        if key.on == last:
            return words.average_tip(figures, key.learner, key.after)
        return words.cell_tip(figures, key.learner, key.after, key.on)

    def needed(self, figures: Matrices) -> float:
        """Return the height of all matrices."""
        return self._lay(figures).height

    def _lay(self, figures: Matrices) -> Layout:
        """Return where everything is, as far as it is scrolled."""
        area = self.area.translated(0, -self.scrolled)
        return arrange(area, len(figures.learners), len(figures.tasks), _row_names(figures)[-2:])

    # Painting

    def paint(self, painter: QPainter, figures: Matrices) -> None:
        """Paint the matrices, and how they are read."""
        lay = self._lay(figures)
        painter.setClipRect(self.rect().adjusted(1, 1, -1, -1))
        self.spots = []
        for place, learner in enumerate(figures.learners):
            self._paint_names(painter, figures, lay, place)
            self._paint_cells(painter, figures.of(learner), lay, place, learner)
        self._paint_how(painter, lay)

    def _paint_names(self, painter: QPainter, figures: Matrices, lay: Layout, place: int) -> None:
        """Paint a matrix's title and the names of its columns and rows."""
        learner, count = figures.learners[place], len(figures.tasks) + 1
        corner = lay.rect(place, 0, 0).topLeft()
        left, wide = corner.x() - lay.gutter, lay.gutter + count * lay.cell.width()
        top = corner.y() - lay.band - lay.title
        bold = theme.font(1.0, bold=True)
        names = names_within(QFontMetricsF(bold), wide - 1.5 * lay.title, figures.learners)
        painter.setFont(fitted(bold, lay.title, names.values(), wide - 1.5 * lay.title))
        heading(painter, QRectF(left, top, wide, lay.title), learner, [names[learner]], self.colours)
        painter.setPen(QColor(self.colours.muted))
        painter.setFont(fitted(theme.font(0.9), lay.band))
        for on in range(count):
            box = lay.rect(place, 0, on)
            last = on == count - 1
            texts = ["average", "mean", "Ø"] if last else [f"on task {on + 1}", f"task {on + 1}", f"{on + 1}"]
            write(painter, QRectF(box.left() + 1, top + lay.title, box.width() - 2, lay.band), texts, CENTRE)
        painter.setFont(fitted(theme.font(0.9), min(lay.band, lay.cell.height())))
        for row, name in enumerate(_row_names(figures)):
            box = lay.rect(place, row, 0)
            texts = [name, name.replace("task ", ""), name.split(" ")[-1].replace("forgotten", "lost")]
            write(painter, QRectF(left, box.top(), lay.gutter - 4, box.height()), texts, RIGHT)

    def _paint_cells(self, painter: QPainter, matrix: Matrix, lay: Layout, place: int, learner: str) -> None:
        """Paint the accuracies, then what they come to: those cells have no colour."""
        tasks = len(matrix.total)
        for after in range(tasks + 1):
            for on in range(tasks + 1):
                rect = lay.rect(place, after, on)
                self.spots.append(Spot(rect, Cell(learner, after, on)))
                if after == tasks:
                    self._write(painter, lay, rect, words.forgetting_text(matrix, on if on < tasks else None))
                elif on == tasks:
                    self._write(painter, lay, rect, words.average_text(matrix, after))
                elif on > after:
                    painter.fillRect(rect, QColor(self.colours.raised))
                else:
                    self._paint_share(painter, lay, rect, matrix, after, on)
        whole = lay.rect(place, 0, 0) | lay.rect(place, tasks - 1, tasks - 1)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.colours.muted), 1))
        painter.drawRect(whole)

    def _paint_share(self, painter: QPainter, lay: Layout, rect: QRectF, matrix: Matrix, after: int, on: int) -> None:
        """Paint an accuracy: a fill with its figure, or, where that has no room, a bar of its height."""
        share = matrix.accuracy(after, on)
        inner = rect.adjusted(1, 1, 0, 0)
        if math.isnan(share):
            self._write(painter, lay, rect, UNKNOWN)
            return
        part = min(max(share / 100, 0.0), 1.0)  # a record that is unsound may have any
        fill = mixed(QColor(self.colours.surface), QColor(self.colours.accent), FAINT + (1 - FAINT) * part)
        if not lay.digits:
            inner.setTop(inner.bottom() - inner.height() * part)
        painter.fillRect(inner, fill)
        self._write(painter, lay, rect, words.share_text(matrix, after, on), ink(fill))

    def _write(self, painter: QPainter, lay: Layout, rect: QRectF, text: str, pen: QColor | None = None) -> None:
        """Write a figure, without its decimal where that has no room."""
        if lay.digits:
            painter.setPen(pen or QColor(self.colours.text))
            painter.setFont(lay.font)
            write(painter, rect, [text, ""] if lay.digits >= len(FIGURES[0]) else [_whole(text), ""], CENTRE)

    def _paint_how(self, painter: QPainter, lay: Layout) -> None:
        """Write how a matrix is read."""
        rect, faint = lay.strip, "Dark" if self.colours.dark else "Pale"
        how = [text.format(faint=faint) for text in HOW] if lay.digits else HOW_BARS
        font = fitted(theme.font(0.9), rect.height() / 2)
        painter.setFont(font)
        painter.setPen(QColor(self.colours.muted))
        line = QFontMetricsF(font).height()
        for number, texts in enumerate((how, SUMS)):
            write(painter, QRectF(rect.left(), rect.top() + number * line, rect.width(), line), texts, LEFT)


def _row_names(figures: Matrices) -> list[str]:
    """Return the names of the rows, the last one of what is forgotten."""
    tasks = range(len(figures.tasks))
    return [f"{'in' if task == figures.under_way else 'after'} task {task + 1}" for task in tasks] + ["forgotten"]


def _whole(text: str) -> str:
    """Return a figure without decimals; none is less than nothing by less than half a point."""
    return text if text == UNKNOWN else f"{round(float(text))}"
