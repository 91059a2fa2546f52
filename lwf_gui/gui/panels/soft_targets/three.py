"""One image at three temperatures side by side: the teacher's bars behind the learners', all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.drawing import mark
from lwf_gui.gui.panels.soft_targets.lettering import Lettering, no_higher, write_in
from lwf_gui.gui.panels.soft_targets.tracks import TrackPainter
from lwf_gui.gui.panels.soft_targets.words import old_network_texts
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import LEFT, RIGHT, widest
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import percent
from lwf_gui.runs.names import Names, names_of
from lwf_gui.runs.soft_targets import SoftTargets, Student
from lwf_gui.runs.temperatures import Temperatures

LEAST_ROW, LEAST_BAR = 12.0, 3.0
"""Pixels of a class's row, and of a learner's bar in it: where more have no room, likelier classes stand alone, and
fewer learners."""

NAME = 6.5
"""Lines of width that a learner's name has at least."""

MOST_ROW = 64.0
"""Pixels of a row that is high enough, at body text."""

FIGURE = 0.8
"""Size of the figures, as a part of the type around them."""

APART = 10.0
"""Pixels between two names."""

FULL = "100 %"
"""The longest figure."""


def fitting_learners(size: QSizeF, classes: int, learners: int, line: float) -> int:
    """Return of how many learners a picture has room for the bars, and for the names in lines so high."""
    row = max(LEAST_ROW, size.height() / max(1, classes))
    return max(1, min(learners, int(0.7 * row / LEAST_BAR), int(size.width() / line / NAME)))


class ThreePainter:
    """Paints a column of bars per temperature, rows of classes that have their names once, and whose bars they are.

    Parameters
    ----------
    students : places of the learners that are shown, among those of the figures
    """

    def __init__(
        self, painter: QPainter, now: Temperatures, students: range, names: Sequence[str], look: tuple[Theme, Lettering]
    ) -> None:
        self._painter, (self._colours, self._type) = painter, look
        self._now = replace(now, columns=tuple(_with(column, students) for column in now.columns))
        self._names = names
        self._tracks = TrackPainter(painter, self._colours)
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, taken: float = 0.0) -> None:
        """Paint the key, the temperatures, and the rows below them; the key leaves so many pixels at its right."""
        line, top = self._type.metrics().height(), area.top()
        if taken and self._key_width(self._called(area.width() - taken)) > area.width() - taken:
            top, taken = top + 1.3 * line, 0.0  # below the keys
        self._key(QRectF(area.left(), top, area.width() - taken, line))
        top += (1.3 if taken else 1.1) * line
        heads = QRectF(area.left(), top, area.width(), 1.15 * line)
        rows = QRectF(area.left(), heads.bottom(), area.width(), area.bottom() - heads.bottom())
        units = self._leading(max(1, int(rows.height() // LEAST_ROW)))
        high = min(rows.height() / len(units), MOST_ROW * max(1.0, self._type.scale))
        bold = self._type.metrics(bold=True)
        most = 0.24 * area.width()
        longest = widest(bold, (self._names[unit] for unit in units)) + 8
        named, gap = min(longest, most), 0.35 * line
        wide = (area.width() - named - 2 * gap) / len(self._now.columns)
        lefts = [area.left() + named + index * (wide + gap) for index in range(len(self._now.columns))]
        factor = max(0.7, min(1.0, (most - 8) / max(longest - 8, 1.0)))
        figures = self._figures(wide, high)
        for index, unit in enumerate(units):
            row = QRectF(rows.left(), rows.top() + index * high, rows.width(), high)
            font = no_higher(self._type.font(factor, bold=unit == self._top(self._now.plain.teacher)), high)
            self._painter.setPen(QColor(self._colours.text))
            write_in(self._painter, QRectF(row.left(), row.top(), named - 4, high), [self._names[unit]], font)
            for place, (column, left) in enumerate(zip(self._now.columns, lefts, strict=True)):
                cell = QRectF(left, row.top(), wide, high)
                self._cell(column, unit, cell, figures)
                self.spots.append(Spot(cell, ("at", place, unit)))
        for column, left in zip(self._now.columns, lefts, strict=True):
            self._head(column, QRectF(left, heads.top(), wide, heads.height()))
            self._frame(QRectF(left, rows.top(), wide - sum(width for width, _ in figures), len(units) * high))

    def _leading(self, count: int) -> tuple[int, ...]:
        """Return the classes that are believed in most at T = 1, at most so many, in their own order."""
        return self._now.plain.leading(count)

    # Whose bars they are, and at which temperature

    def _key(self, box: QRectF) -> None:
        """Paint the teacher's hatching and name, then every learner's mark and name."""
        painter, size = self._painter, 0.6 * box.height()
        swatch = QRectF(box.left() + 1, box.center().y() - size / 2, 2 * size, size)
        self._tracks.ghost(swatch, filled=True)
        self._tracks.ghost(swatch, filled=False)
        teacher, names = self._called(box.width())
        size_of_type = 0.9 * min(1.0, box.width() / self._key_width((teacher, names)))
        plain, bold = self._type.font(size_of_type), self._type.font(size_of_type, bold=True)
        place = QRectF(swatch.right() + 5, box.top(), QFontMetricsF(plain).horizontalAdvance(teacher) + 1, box.height())
        painter.setPen(QColor(self._colours.text))
        write_in(painter, place, [teacher], plain)
        self.spots.append(Spot(QRectF(box.left(), box.top(), place.right() - box.left(), box.height()), ("teacher",)))
        x = place.right() + APART
        for learner, name in names.items():
            wide = min(QFontMetricsF(bold).horizontalAdvance(name) + 1, max(0.0, box.right() - x - 1.4 * size))
            mark(painter, QRectF(x, box.center().y() - size / 2, size, size), learner, self._colours)
            painter.setPen(QColor(self._colours.words(learner)))
            write_in(painter, QRectF(x + 1.4 * size, box.top(), wide, box.height()), [name], bold)
            self.spots.append(Spot(QRectF(x, box.top(), 1.4 * size + wide, box.height()), ("learner", learner)))
            x += 1.4 * size + wide + APART

    @property
    def _learners(self) -> list[str]:
        """Whose bars stand before the teacher's."""
        plain = self._now.plain
        return [each.learner for each in plain.students] if plain.expanded else []

    def _key_width(self, called: tuple[str, Names]) -> float:
        """Return the pixels that the key takes with these names."""
        teacher, names = called
        plain, bold = self._type.metrics(0.9), self._type.metrics(0.9, bold=True)
        size = 0.6 * self._type.metrics().height()
        learners = (1.4 * size + 1 + APART + bold.horizontalAdvance(name) for name in names.values())
        return 1 + 2 * size + 6 + plain.horizontalAdvance(teacher) + sum(learners)

    def _called(self, room: float) -> tuple[str, Names]:
        """Return what the teacher and the learners are called: the longest names that have room side by side."""
        forms = names_of(self._learners)
        ways = [(teacher, names) for names in forms for teacher in old_network_texts(self._now.plain)]
        return next((way for way in ways if self._key_width(way) <= room), ways[-1])

    def _head(self, column: SoftTargets, box: QRectF) -> None:
        """Paint the temperature above its column, and whether it is the one of the loss."""
        said = f"T = {column.temperature:g}"
        texts = (f"{said}, as in the loss", f"{said}, in the loss") if column.temperature == self._now.in_loss else ()
        self._painter.setPen(QColor(self._colours.accent))
        box.setRight(box.right() - 0.5 * box.height())
        write_in(self._painter, box, [*texts, said], self._type.font(1.1, bold=True), LEFT)

    def _frame(self, box: QRectF) -> None:
        """Paint the ends of the scale: 0 at the left, 100 % at the right."""
        self._painter.setPen(QPen(QColor(self._colours.line), 1))
        for x in (box.left(), box.right()):
            self._painter.drawLine(int(x), int(box.top()), int(x), int(box.bottom()))

    # The bars

    def _figures(self, wide: float, high: float) -> list[tuple[float, str]]:
        """Return the columns of figures for which a cell has room: width and whose, "" for the teacher."""
        digits = QFontMetricsF(self._font(high)).horizontalAdvance(FULL) + 4
        known = [each.learner for each in self._now.plain.students if not each.answers_by]
        whose = ["", *(known if self._now.plain.expanded else [])]
        if digits * len(whose) > 0.5 * wide:
            whose = [""]
        return [(digits, each) for each in whose] if digits <= 0.45 * wide else []

    def _font(self, high: float) -> QFont:
        return no_higher(self._type.font(FIGURE, fixed_digits=True), high)

    def _cell(self, column: SoftTargets, unit: int, cell: QRectF, figures: Sequence[tuple[float, str]]) -> None:
        """Paint the bars of a class at one temperature, a mark where a learner's is its longest, and the figures."""
        gap, size = min(0.08 * cell.height(), 3.0), min(0.55 * self._type.metrics().height(), 0.5 * cell.height())
        taken = sum(width for width, _ in figures)
        track = QRectF(cell.left(), cell.top() + gap, cell.width() - taken, cell.height() - 2 * gap)
        students = column.students if column.expanded else ()
        bars = self._tracks.paint(track, column.teacher[unit], students, unit)
        for student, bar in zip(students, bars, strict=True):
            if not student.answers_by and unit == self._top(student.probabilities):
                side = min(size, max(5.0, 1.4 * bar.height()))
                x = min(bar.right() + 3, track.right() - side - 1)
                self._mark(QRectF(x, bar.center().y() - side / 2, side, side), student.learner)
        shares = {"": column.teacher[unit], **{each.learner: each.probabilities[unit] for each in students}}
        x = track.right()
        for width, whose in figures:
            of = column.teacher if not whose else next(s.probabilities for s in students if s.learner == whose)
            bold = unit == self._top(of)
            font = no_higher(self._type.font(FIGURE, bold=bold, fixed_digits=True), cell.height())
            self._painter.setPen(QColor(self._colours.words(whose) if whose else self._colours.text))
            write_in(
                self._painter, QRectF(x, cell.top(), width, cell.height()), [percent(100 * shares[whose])], font, RIGHT
            )
            x += width

    def _mark(self, box: QRectF, learner: str) -> None:
        """Paint a learner's mark, which stands out from its bar and from the teacher's."""
        self._painter.fillRect(box.adjusted(-1.5, -1.5, 1.5, 1.5), QColor(self._colours.surface))
        mark(self._painter, box, learner, self._colours)

    @staticmethod
    def _top(shares: Sequence[float]) -> int:
        return int(np.argmax(shares))


def _with(column: SoftTargets, students: range) -> SoftTargets:
    """Return soft targets of some of their learners alone."""
    shown: tuple[Student, ...] = column.students[students.start : students.stop]
    return replace(column, students=shown)
