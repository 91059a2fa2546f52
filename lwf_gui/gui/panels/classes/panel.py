"""One row per class: an image of it, and how many of its probe images each learner gets right.

It shows what is old and what is new at a glance, and which classes are forgotten first.
"""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap

from lwf_gui.gui.panels.classes.key import key_lines
from lwf_gui.gui.panels.classes.layout import EDGE, ClassLayout, Content, Heading, arranged
from lwf_gui.gui.panels.classes.still import StillPainter
from lwf_gui.gui.panels.drawing import blank
from lwf_gui.gui.panels.panel import MARGIN
from lwf_gui.gui.panels.scrolling import ScrolledPanel
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import RIGHT, write
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.gui.printing import has_keys
from lwf_gui.numbers import counted, percent
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.captions import probe_captions
from lwf_gui.runs.class_rows import ClassRow, class_rows
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of

OLD_TASK, NEW_TASK = "Old task", ("New task: learnt now", "New task")


class ClassBars(ScrolledPanel):
    """Bars of the accuracy per class and learner. What stands still is painted once and kept as a picture."""

    EMPTY = "The classes of both tasks appear here when the images are loaded."

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[ClassRow] = []
        self._still: QPixmap | None = None
        self._still_size = (0, 0)
        self._layout: ClassLayout

    def figures(self) -> list[ClassRow] | None:
        """Return one row per class."""
        before, self._rows = self._rows, class_rows(self.record, self.selection)
        if [(row.name, *row.correct) for row in before] != [(row.name, *row.correct) for row in self._rows]:
            self._still = None
        return self._rows or None

    def state(self) -> object:
        """Return what the rows depend on: there are rows as soon as there are data."""
        return (super().state(), self.record.data)

    def captions(self) -> tuple[str, ...]:
        """Return what is counted, and shorter wordings."""
        return probe_captions(self.record, self.selection)

    def sentence(self) -> str:
        """Say every row."""
        return " ".join(self.tip(row.unit) for row in self._rows)

    def tip(self, key: int) -> str:
        """Say one row; ``key`` is its output unit."""
        row = self._rows[key]
        task = f"{'old' if row.old else 'new'} task"
        if tasks_shown.are_many(self.record) and self.record.data is not None:
            task = f"task {self.record.data.scenario.task_of_unit(row.unit) + 1}"
        figures = ", ".join(f"{label_of(learner)} {percent(share, 1)}" for learner, share in row.correct.items())
        what = f"{PROTOCOLS[self.selection.protocol]} accuracy on {counted(row.count, 'probe image')}"
        return f"{row.name} ({task}): {figures or 'not trained yet'} ({what})."

    def _heading(self, row: ClassRow) -> Heading:
        """Return what stands above the classes of a row's task, from the longest to the shortest way."""
        of_many = tasks_shown.class_heading(self.record, self.selection, row.unit)
        if of_many or not row.old:
            return of_many or NEW_TASK
        again = tasks_shown.shown_again(self.record)
        return (*(f"{OLD_TASK}: learnt first, {said}" for said in again), f"{OLD_TASK}: learnt first", OLD_TASK)

    def outdate(self) -> None:
        """Paint all anew."""
        self._still = None

    # Painting

    def paint(self, painter: QPainter, figures: list[ClassRow]) -> None:
        """Paint the bars and their figures upon the picture of all that stands still."""
        size = (self._wide, self._high(figures))
        if self._still is None or self._still_size != size:
            self._still, self._still_size = self._paint_still(*size), size
        places = self._layout.rows
        painter.translate(0, -self.scrolled)
        self.spots = [Spot(QRectF(0, p.top - self.scrolled, size[0], p.height), p.row.unit) for p in places]
        painter.drawPixmap(0, 0, self._still)
        painter.setFont(self._layout.figures)
        painter.setPen(QColor(self.colours.text))
        for row, place in zip(figures, places, strict=True):
            for learner, bar in place.bars():
                share = row.correct[learner]
                painter.fillRect(
                    QRectF(bar.x(), bar.y(), bar.width() * share / 100, bar.height()),
                    QColor(self.colours.learner(learner)),
                )
                if self._layout.written:
                    write(painter, bar.adjusted(bar.width(), -3, place.digits, 3), [percent(share)], RIGHT)

    def _paint_still(self, wide: int, high: int) -> QPixmap:
        """Return a picture of all that stands still, and find the places of the bars."""
        content, picture = self._content(self._rows), blank(self, wide, high)
        self._layout = arranged(content, wide, high, self.height())
        with painter_on(picture) as painter:
            StillPainter(painter, content, self._layout, wide, self.record, self.colours).paint()
        return picture

    def _content(self, rows: list[ClassRow]) -> Content:
        """Return what is to be laid out; of many tasks, and on paper, also which colour is whose."""
        content = Content(rows, [self._heading(row) for row in rows], 0)
        if has_keys() and not tasks_shown.are_many(self.record):
            return content
        return content._replace(keys=key_lines(content.learners, self.width() - 2 * EDGE))

    @property
    def _wide(self) -> int:
        """The pixels beside the scroll bar."""
        return self.width() - (self.bar.width() if self.bar.isVisibleTo(self) else 0)

    def _high(self, figures: list[ClassRow]) -> int:
        """Return the pixels of all rows: those of the panel, or more, of which a part is seen."""
        return max(self.height(), math.ceil(self.needed(figures)) + 2 * MARGIN)

    def needed(self, figures: list[ClassRow]) -> float:
        """Return the pixels that the rows take at least, between the margins."""
        needed = self._content(figures).needed(self.height())
        return needed - 2 * MARGIN if needed else 0.0
