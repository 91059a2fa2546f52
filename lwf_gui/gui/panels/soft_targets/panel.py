"""Soft targets: what the teacher believes of one image at T, as ghost bars behind what each learner believes.

Moving T alone redraws it. An image of the new task may be chosen too: those are what LwF distils on.
"""

from __future__ import annotations

import math
from typing import Any

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import grey_image, scaled
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.soft_targets.bars import BarsPainter
from lwf_gui.gui.panels.soft_targets.lettering import Lettering, write_in
from lwf_gui.gui.panels.soft_targets.students import nats_text, paint_student
from lwf_gui.gui.panels.soft_targets.words import choice_texts, class_task, distance_of, task_texts, teacher_texts
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.runs import soft_targets
from lwf_gui.runs.captions import image_name
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of
from lwf_gui.runs.soft_targets import SoftTargets

TYPICAL = "Fine-tuning  KL 0.000 nats  x Ankle boot"
"""A learner's line: type is so large that this fits beside the image."""
LEAST = 0.85
"""Size of the type, in body text sizes, below which words are said shorter instead."""
LARGEST = 2.2
"""Size of the type at most, in body text sizes: large panels are seen from afar."""


class SoftTargetsPanel(Panel):
    """Bars of soft targets over the old classes, for one image, and images to choose from."""

    EMPTY = "What the teacher believes of an image appears here once it trains."

    def __init__(self) -> None:
        super().__init__()
        self._pictures: dict[tuple[int, float], QPixmap] = {}
        """By number and side: smooth scaling is dear."""
        self._type = Lettering(1.0)

    def figures(self) -> SoftTargets | None:
        """Return the probabilities."""
        return soft_targets.soft_targets(self.record, self.selection)

    def captions(self) -> tuple[str, ...]:
        """Return what the bars are, and shorter wordings."""
        return soft_targets.captions(self.record, self.selection)

    def sentence(self) -> str:
        """Say the image, then what everybody makes of it."""
        now: SoftTargets = self.shown
        task = task_texts(now)[0].partition("; what")[0]
        parts = [f"The image is {now.classes[now.true]}, {task}. At temperature {now.temperature:g}:"]
        parts += [self.tip(("teacher",))] if now.expanded else []
        return " ".join([*parts, *(self.tip(("learner", student.learner)) for student in now.students)])

    def tip(self, key: Any) -> str:
        """Explain the image, a learner's line, the teacher, a class or an image to choose."""
        now: SoftTargets | None = self.shown
        if now is None:
            return ""
        match key:
            case ("image", number):
                name = self._name(number)
                return f"{name[0].upper()}{name[1:]}: {now.classes[self._label(number)]}. Click to look at this one."
            case ("class", unit):
                shares = {teacher_texts(now)[0]: now.teacher[unit]} if now.expanded else {}
                shares |= {
                    label_of(each.learner): each.probabilities[unit] for each in now.students if not each.answers_by
                }
                values = ", ".join(f"{name} {100 * share:.2f} %" for name, share in shares.items())
                return f"{now.classes[unit]} ({class_task(now)}), softmax at T = {now.temperature:g}: {values}."
            case ("learner", learner):
                return self._about(now, learner)
            case ("teacher",):
                most = max(range(len(now.teacher)), key=now.teacher.__getitem__)
                others = " Every learner has a teacher of its own: what it was before this task." if now.owner else ""
                return (
                    f"{teacher_texts(now)[0]}: believes most in {now.classes[most]}, {100 * now.teacher[most]:.1f} %. "
                    f"It knows the {len(now.teacher)} old classes alone: softmax(s / T), T = {now.temperature:g}. "
                    f"What it takes other images for is its dark knowledge: LwF has the student keep just that.{others}"
                )
        task = task_texts(now)[0]
        return f"{now.classes[now.true]} ({self._name(now.image)}): {task}."

    def choose(self, key: Any) -> None:
        """Look at another image."""
        if key[0] == "image":
            self.asked.emit({"image": key[1]})

    def outdate(self) -> None:
        """Paint all anew."""
        self._pictures = {}

    # Painting, from top to bottom: the image beside what it is called, the bars, the images to choose from

    def paint(self, painter: QPainter, figures: SoftTargets) -> None:
        """Paint all and find the spots."""
        area, metrics, count = self.area, QFontMetricsF(theme.font(1.0, bold=True)), len(figures.students)
        # Type shrinks so that the head takes about a third of the height, and grows a little on large panels. The
        # learners' lines stand beside the image, in tall panels below it.
        across = area.width() / metrics.horizontalAdvance(TYPICAL)
        beside = area.width() >= area.height()
        lines = (2.3 if beside else 2.8) + count
        fitting = 0.35 * area.height() / (lines * metrics.height())
        self._type = Lettering(max(0.1, min(fitting, max(LEAST, 0.72 * across if beside else 0.97 * across), LARGEST)))
        self.spots = []
        height = max(lines * self._type.metrics().height(), (0.25 if beside else 0.33) * area.height())
        head = QRectF(area.left(), area.top(), area.width(), height)
        top = self._paint_choices(painter, figures, area)
        self._paint_head(painter, figures, head, beside=beside)
        pointed = self.selection.term == "temperature"
        bars = BarsPainter(painter, figures, self.colours, self._type, pointed=pointed)
        bars.paint(QRectF(area.left(), head.bottom() + 6, area.width(), top - head.bottom() - 12))
        self.spots += bars.spots

    def _paint_head(self, painter: QPainter, figures: SoftTargets, head: QRectF, *, beside: bool) -> None:
        """Paint the image, its name and task, and one line per learner beside or below them."""
        line, count = self._type.metrics().height(), len(figures.students)
        side = min(head.height(), 0.26 * head.width()) if beside else head.height() - count * line - 4
        top = head.center().y() - side / 2 if beside else head.top()
        frame = QRectF(head.left(), top, side, side)
        self._paint_picture(painter, figures.image, frame, ("main",))
        text = QRectF(frame.right() + 10, 0, head.right() - frame.right() - 10, 1.3 * line)
        text.moveTop(frame.center().y() - (2.3 + (count if beside else 0)) * line / 2)
        painter.setPen(QColor(self.colours.text))
        write_in(painter, text, [figures.classes[figures.true]], self._type.font(1.2, bold=True))
        text = QRectF(text.left(), text.bottom(), text.width(), line)
        painter.setPen(QColor(self.colours.muted))
        write_in(painter, text, task_texts(figures), self._type.font(0.9))
        if not beside:
            text = QRectF(head.left(), frame.bottom() + 4 - line, head.width(), line)
        for student in figures.students:
            text.translate(0, line)
            self.spots.append(paint_student(painter, figures, student, text, self.colours, self._type))

    def _paint_choices(self, painter: QPainter, figures: SoftTargets, area: QRectF) -> float:
        """Paint the images to choose from at the bottom, a column per class; return where they begin."""
        shown = [[n for n in figures.choices if self._label(n) == unit] for unit in range(len(figures.classes))]
        shown = [numbers for numbers in shown if numbers]
        most, gap, font = 0.19 * area.height(), 10.0, self._type.font(0.85)
        lines, cell = _grid(len(shown), soft_targets.PER_CLASS, area.width() - gap, most)
        if cell < 18:  # many classes, or little room: one image of each, the chosen one if it is of that class
            shown = [[figures.image] if figures.image in numbers else numbers[:1] for numbers in shown]
            lines, cell = max(
                (_grid(len(shown), 1, area.width() - gap, most, lines) for lines in (1, 2, 3, 4)), key=lambda g: g[1]
            )
        columns, rows = math.ceil(len(shown) / lines), max(map(len, shown), default=0)
        heading = self._type.metrics(0.85).height() + 1
        top = area.bottom() - lines * rows * cell
        begins = area.right()
        for index, numbers in enumerate(shown):
            new = self._label(numbers[0]) >= len(figures.teacher)
            x, y = area.left() + index % columns * cell + gap * new, top + index // columns * rows * cell
            begins = min(begins, x) if new else begins
            for row, number in enumerate(numbers):
                frame = QRectF(x, y + row * cell, cell, cell).adjusted(1.5, 1.5, -1.5, -1.5)
                self._paint_picture(painter, number, frame, ("image", number), chosen=number == figures.image)
        painter.setPen(QColor(self.colours.muted))
        if lines > 1:
            begins = area.right()
        old_says, new_says = choice_texts(figures, in_one_line=lines == 1)
        write_in(painter, QRectF(area.left(), top - heading, begins - area.left() - 4, heading), old_says, font)
        write_in(painter, QRectF(begins, top - heading, area.right() - begins, heading), new_says, font)
        return top - heading

    def _paint_picture(
        self, painter: QPainter, number: int, frame: QRectF, key: tuple[object, ...], *, chosen: bool = False
    ) -> None:
        """Paint a probe image, framed where it is the chosen one."""
        assert self.record.data is not None
        data, where = self.record.data, (number, frame.width())
        if where not in self._pictures:
            grey = grey_image(data.probe_images[number], data.peak, dark=self.colours.dark)
            self._pictures[where] = scaled(grey, frame.width(), self.devicePixelRatioF())
        painter.drawPixmap(frame.topLeft(), self._pictures[where])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(self.colours.accent if chosen else self.colours.line), 3 if chosen else 1))
        painter.drawRect(frame)
        self.spots.append(Spot(frame, key))

    def _label(self, number: int) -> int:
        assert self.record.data is not None
        return int(self.record.data.probe_labels[number])

    def _name(self, number: int) -> str:
        assert self.record.data is not None
        return image_name(self.record.data, number)

    def _about(self, now: SoftTargets, learner: str) -> str:
        """Say a learner's distance from the teacher and its answer."""
        student = next(each for each in now.students if each.learner == learner)
        verdict = {True: ", which is right", False: ", which is wrong", None: ", for it was never taught this class"}
        protocol = PROTOCOLS[self.selection.protocol]
        answer = f"it answers {now.classes[student.answer]} ({protocol}){verdict[student.right]}."
        if not now.expanded:
            return f"{label_of(learner)}: {answer}"
        if student.answers_by:
            return f"{label_of(learner)}: no logits, so no KL and no bars: it answers by {student.answers_by}; {answer}"
        that = "that" if now.owner else "the"
        return (
            f"{label_of(learner)}: {distance_of(now)} = {nats_text(student.kl)} nats for this image at "
            f"T = {now.temperature:g}, not multiplied by T²; 0 is to believe just what {that} teacher does; {answer}"
        )


def _grid(classes: int, per_class: int, width: float, height: float, lines: int = 1) -> tuple[int, float]:
    """Return (lines, side of an image) of that many classes in columns of so many images each."""
    return lines, min(width / max(1, math.ceil(classes / lines)), height / (lines * per_class), 96.0)
