"""A learner's line beside the soft targets: how far it is from the teacher, and what it answers."""

from __future__ import annotations

import math

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from lwf_gui.gui.panels.drawing import mark, verdict_sign
from lwf_gui.gui.panels.soft_targets.lettering import Lettering, write_in
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import names_within, widest
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import nats
from lwf_gui.runs.soft_targets import SoftTargets, Student


def nats_text(value: float) -> str:
    """Return nats in words; a question mark for no number."""
    return nats(value) if math.isfinite(value) else "?"


def distance_text(student: Student) -> str:
    """Return how far a learner is from its teacher; that there are no logits where it answers by a head of its own."""
    return "no logits" if student.answers_by else f"KL {nats_text(student.kl)} nats"


def paint_student(
    painter: QPainter, figures: SoftTargets, student: Student, line: QRectF, colours: Theme, lettering: Lettering
) -> Spot:
    """Paint a learner's symbol, name, distance from the teacher and answer on one line; return its spot."""
    colour, size = QColor(colours.learner(student.learner)), 0.6 * line.height()
    bold, plain = lettering.font(bold=True), lettering.font(fixed_digits=True)
    box = QRectF(line.left(), line.center().y() - size / 2, size, size)
    mark(painter, box, student.learner, colours)
    answers = max(QFontMetricsF(plain).horizontalAdvance(figures.classes[s.answer]) for s in figures.students)
    # As wide as the widest of all lines, so that what follows stands in a column.
    distances = 0.0
    if figures.expanded:
        kls = ("KL 0.000 nats", *map(distance_text, figures.students))
        distances = widest(QFontMetricsF(plain), kls)
    # Where a line is too long, names are said shorter, and answers give up some of their letters.
    room = max(line.width() - answers - 4.2 * size - 8 - distances, 0.42 * line.width())
    names = names_within(QFontMetricsF(bold), room, (each.learner for each in figures.students))
    name = line.adjusted(1.4 * size, 0, 0, 0)
    name.setWidth(min(widest(QFontMetricsF(bold), names.values()), room))
    painter.setPen(colour)
    write_in(painter, name, [names[student.learner]], bold)
    painter.setPen(QColor(colours.text))
    place = QRectF(name.right() + size, line.top(), distances, line.height())
    if figures.expanded:
        write_in(painter, place, [distance_text(student)], plain)
    verdict = QRectF(place.right() + 0.8 * size, line.center().y() - size / 2, size, size)
    verdict_sign(painter, verdict, student.right)
    answer = QRectF(verdict.right() + 5, line.top(), line.right() - verdict.right() - 5, line.height())
    write_in(painter, answer, [figures.classes[student.answer]], plain)
    return Spot(QRectF(line), ("learner", student.learner))
