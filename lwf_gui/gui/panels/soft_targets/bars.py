"""Bars of soft targets: the teacher's probability of each old class behind every learner's."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui.panels.drawing import mark
from lwf_gui.gui.panels.soft_targets.lettering import Lettering, no_higher, write_in
from lwf_gui.gui.panels.soft_targets.tracks import TrackPainter
from lwf_gui.gui.panels.soft_targets.words import teacher_texts
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import RIGHT
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import UNKNOWN, compact, percent
from lwf_gui.runs.soft_targets import SoftTargets, Student

LEAST_ROW = 11.0
"""Pixels of a class's row; where there are more classes than fit, the least likely are left out."""


def _percent(share: float) -> str:
    return percent(100 * share) if math.isfinite(share) else "?"


def _share_text(student: Student, unit: int) -> str:
    return UNKNOWN if student.answers_by else _percent(student.probabilities[unit])


class BarsPainter:
    """Paints T, then one row per old class: its name, the bars, and as many columns of figures as there is room for.

    Parameters
    ----------
    lettering : in the size of the picture
    pointed : whether T is pointed at
    """

    def __init__(
        self, painter: QPainter, figures: SoftTargets, colours: Theme, lettering: Lettering, *, pointed: bool
    ) -> None:
        self._painter, self._figures, self._colours, self._type = painter, figures, colours, lettering
        self._pointed, self._tracks = pointed, TrackPainter(painter, colours)
        self.spots: list[Spot] = []
        """Of the classes and of the teacher, once they are painted."""

    def paint(self, box: QRectF) -> None:
        """Paint T, then one row per old class: its name, the bars, and as many columns of figures as there is room."""
        students = self._figures.students if self._figures.expanded else ()
        digits = self._type.metrics().horizontalAdvance("100 %")
        type_size = 0.36 * box.width() / (digits * (1 + len(students))) - 0.1
        if type_size < 0.6:  # too narrow for everybody's
            students, type_size = (), 1.0
        type_size = min(0.9, type_size)
        digits *= type_size + 0.1
        heading = QRectF(box.left(), box.top(), box.width(), self._type.metrics(1.1, bold=True).height())
        columns = box.right() - (1 + len(students)) * digits
        box = QRectF(box.left(), heading.bottom() + 3, box.width(), box.bottom() - heading.bottom() - 3)
        units = self._figures.leading(max(1, int(box.height() // LEAST_ROW)))
        places = [columns + index * digits for index in range(1 + len(students))]
        self._paint_heading(heading, places, len(units))
        height, bold = min(box.height() / len(units), 90.0 * max(1.0, self._type.scale)), self._type.metrics(bold=True)
        longest, most = max(bold.horizontalAdvance(self._figures.classes[unit]) for unit in units), 0.27 * box.width()
        names, factor = min(longest + 8, most), max(0.75, min(1.0, (most - 8) / max(longest, 1.0)))
        figure = no_higher(self._type.font(type_size, fixed_digits=True), height)
        for index, unit in enumerate(units):
            row = QRectF(box.left(), box.top() + index * height, box.width(), height)
            self.spots.append(Spot(row, ("class", unit)))
            self._painter.setPen(QColor(self._colours.text))
            font = no_higher(self._type.font(factor, bold=unit == self._figures.true), height)
            name = QRectF(row.left(), row.top(), names - 4, height)
            write_in(self._painter, name, [self._figures.classes[unit]], font)
            gap = min(0.08 * height, 3.0)
            track = QRectF(row.left() + names, row.top() + gap, columns - row.left() - names, height - 2 * gap)
            shown = self._figures.students if self._figures.expanded else ()
            self._tracks.paint(track, self._figures.teacher[unit], shown, unit)
            self._painter.setPen(QColor(self._colours.text))
            percents = [_percent(self._figures.teacher[unit]), *(_share_text(each, unit) for each in students)]
            for column, text in enumerate(percents):
                place = QRectF(columns + column * digits, row.top(), digits, height)
                write_in(self._painter, place, [text], figure, RIGHT)

    def _paint_heading(self, line: QRectF, columns: list[float], listed: int) -> None:
        """Paint T, large, and above the columns of figures whose they are."""
        bold, small, metrics = self._type.font(1.1, bold=True), self._type.font(0.9), self._type.metrics(0.9)
        bold.setUnderline(self._pointed)
        self._painter.setPen(QColor(self._colours.accent))
        temperature = f"T = {compact(self._figures.temperature, digits=3)}"
        write_in(self._painter, line, [temperature], bold)
        digits, height = line.right() - columns[-1], 0.55 * line.height()
        key = QRectF(columns[0] + digits - 2 * height, line.center().y() - height / 2, 2 * height, height)
        self._tracks.ghost(key, filled=True)
        self._tracks.ghost(key, filled=False)
        for x, student in zip(columns[1:], self._figures.students, strict=False):
            box = QRectF(x + digits - height, key.top(), height, height)
            mark(self._painter, box, student.learner, self._colours)
        self._painter.setPen(QColor(self._colours.text))
        called = teacher_texts(self._figures)
        room = 0.3 * line.width()
        teacher = next((text for text in called if metrics.horizontalAdvance(text) <= room), called[-1])
        name = QRectF(key.left() - metrics.horizontalAdvance(teacher) - 6, line.top(), 0, line.height())
        name.setRight(key.left() - 6)
        write_in(self._painter, name, [teacher], small)
        self.spots.append(Spot(QRectF(name.left(), line.top(), key.right() - name.left(), line.height()), ("teacher",)))
        left, old = line.left() + QFontMetricsF(bold).horizontalAdvance(temperature) + 10, len(self._figures.teacher)
        place = QRectF(left, line.top(), name.left() - left - 10, line.height())
        wordings: tuple[str, ...] = (
            f"softmax(logits / T) over the {old} old classes",
            f"over the {old} old classes",
            f"{old} old classes",
        )
        if listed < old:
            wordings = (
                f"softmax(logits / T): the {listed} likeliest of the {old} old classes",
                f"the {listed} likeliest of {old} old classes",
                f"{listed} of {old} old classes",
                f"{listed} of {old}",
            )
        self._painter.setPen(QColor(self._colours.muted))
        write_in(self._painter, place, [*wordings, ""], small)
