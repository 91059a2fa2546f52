"""Teacher and student: what the teacher believes of one image at T, as ghost bars behind what each learner believes.

Moving T alone redraws it. An image of the new task may be chosen too: those are what LwF distils on.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap, QResizeEvent

from lwf_gui.gui import theme
from lwf_gui.gui.panels.drawing import grey_image, mark, scaled
from lwf_gui.gui.panels.panel import Panel, Spot
from lwf_gui.gui.panels.text import LEFT, RIGHT, names_within, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.numbers import compact, nats, percent
from lwf_gui.runs import soft_targets
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.soft_targets import Student
from lwf_gui.runs.views import image_name, label_of

TYPICAL = "Fine-tuning  KL 0.000 nats  x Ankle boot"
"""A learner's line: type is so large that this fits beside the image."""
LARGEST = 2.2
"""Size of the type at most, in body text sizes: large panels are seen from afar."""
LEAST_ROW = 11.0
"""Pixels of a class's row; where there are more classes than fit, the least likely are left out."""

OLD_TASK = ("old task: taught to the teacher", "old task")
NEW_TASK = (
    "new task: never taught to the teacher; what it takes it for is its dark knowledge",
    "new task: never taught to the teacher",
    "new task: never taught",
    "new task",
)


class SoftTargets(Panel):
    """Bars of softened probabilities over the old classes, for one image, and images to choose from."""

    EMPTY = "What the teacher believes of an image appears here once it trains."

    def __init__(self) -> None:
        super().__init__()
        self._pictures: dict[tuple[int, float], QPixmap] = {}
        """By number and side: smooth scaling is dear."""
        self._scale = 1.0

    def figures(self) -> soft_targets.SoftTargets | None:
        """Return the probabilities."""
        return soft_targets.softened(self.record, self.selection)

    def caption(self) -> str:
        """Say what the bars are."""
        return soft_targets.caption(self.record, self.selection)

    def captions(self) -> tuple[str, ...]:
        """Return what the bars are, and shorter wordings."""
        return soft_targets.captions(self.record, self.selection)

    def sentence(self) -> str:
        """Say the image, then what everybody makes of it."""
        now: soft_targets.SoftTargets = self.shown
        task = OLD_TASK[0] if now.old else NEW_TASK[1]
        parts = [f"The image is {now.classes[now.true]}, {task}. At temperature {now.temperature:g}:"]
        parts += [self.tip(("teacher",))] if now.surgery else []
        return " ".join([*parts, *(self.tip(("learner", student.learner)) for student in now.students)])

    def tip(self, key: Any) -> str:
        """Explain the image, a learner's line, the teacher, a class or an image to choose."""
        now: soft_targets.SoftTargets | None = self.shown
        if now is None:
            return ""
        match key:
            case ("image", number):
                name = self._name(number)
                return f"{name[0].upper()}{name[1:]}: {now.classes[self._label(number)]}. Click to look at this one."
            case ("class", unit):
                shares = {"Teacher": now.teacher[unit]} if now.surgery else {}
                shares |= {label_of(each.learner): each.probabilities[unit] for each in now.students}
                values = ", ".join(f"{name} {100 * share:.2f} %" for name, share in shares.items())
                return f"{now.classes[unit]} (old task), softmax at T = {now.temperature:g}: {values}."
            case ("learner", learner):
                return self._about(now, learner)
            case ("teacher",):
                most = max(range(len(now.teacher)), key=now.teacher.__getitem__)
                return (
                    f"Teacher: believes most in {now.classes[most]}, {100 * now.teacher[most]:.1f} %. It knows the "
                    f"{len(now.teacher)} old classes alone: softmax(s / T), T = {now.temperature:g}. What it takes "
                    "other images for is its dark knowledge: LwF has the student keep just that."
                )
        task = OLD_TASK[0] if now.old else NEW_TASK[0]
        return f"{now.classes[now.true]} ({self._name(now.image)}): {task}."

    def choose(self, key: Any) -> None:
        """Look at another image."""
        if key[0] == "image":
            self.asked.emit({"image": key[1]})

    def set_theme(self, colours: Theme) -> None:
        """Dress the panel."""
        self._pictures.clear()
        super().set_theme(colours)

    def show_record(self, record: Record) -> None:
        """Show another record."""
        self._pictures.clear()
        super().show_record(record)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale the pictures anew."""
        super().resizeEvent(event)
        self._pictures.clear()

    def minimumSizeHint(self) -> QSize:
        """Return little: a lesson beside it must still fit on a projector."""
        return QSize(240, 80)

    # Painting, from top to bottom: the image beside what it is called, the bars, the images to choose from

    def paint(self, painter: QPainter, figures: soft_targets.SoftTargets) -> None:
        """Paint all and find the spots."""
        area, metrics, count = self.area, QFontMetricsF(theme.font(1.0, bold=True)), len(figures.students)
        # Type shrinks so that the head takes about a third of the height, and grows a little on large panels. The
        # learners' lines stand beside the image, in tall panels below it.
        across = area.width() / metrics.horizontalAdvance(TYPICAL)
        beside = area.width() >= area.height()
        lines = (2.3 if beside else 2.8) + count
        fitting = 0.35 * area.height() / (lines * metrics.height())
        self._scale = max(0.1, min(fitting, 0.72 * across if beside else 0.97 * across, LARGEST))
        self.spots = []
        height = max(lines * self._metrics().height(), (0.25 if beside else 0.33) * area.height())
        head = QRectF(area.left(), area.top(), area.width(), height)
        top = self._paint_choices(painter, figures, area)
        self._paint_head(painter, figures, head, beside=beside)
        self._paint_bars(
            painter, figures, QRectF(area.left(), head.bottom() + 6, area.width(), top - head.bottom() - 12)
        )

    def _paint_head(self, painter: QPainter, figures: soft_targets.SoftTargets, head: QRectF, *, beside: bool) -> None:
        """Paint the image, its name and task, and one line per learner beside or below them."""
        line, count = self._metrics().height(), len(figures.students)
        side = min(head.height(), 0.26 * head.width()) if beside else head.height() - count * line - 4
        top = head.center().y() - side / 2 if beside else head.top()
        frame = QRectF(head.left(), top, side, side)
        self._paint_picture(painter, figures.image, frame, ("main",))
        text = QRectF(frame.right() + 10, 0, head.right() - frame.right() - 10, 1.3 * line)
        text.moveTop(frame.center().y() - (2.3 + (count if beside else 0)) * line / 2)
        painter.setPen(QColor(self.colours.text))
        _write(painter, text, [figures.classes[figures.true]], self._font(1.2, bold=True))
        text = QRectF(text.left(), text.bottom(), text.width(), line)
        painter.setPen(QColor(self.colours.muted))
        _write(painter, text, OLD_TASK if figures.old else NEW_TASK, self._font(0.9))
        if not beside:
            text = QRectF(head.left(), frame.bottom() + 4 - line, head.width(), line)
        for student in figures.students:
            text.translate(0, line)
            self._paint_student(painter, figures, student, text)

    def _paint_student(
        self, painter: QPainter, figures: soft_targets.SoftTargets, student: Student, line: QRectF
    ) -> None:
        """Paint a learner's symbol, name, distance from the teacher and answer on one line."""
        self.spots.append(Spot(QRectF(line), ("learner", student.learner)))
        colour, size = QColor(self.colours.learner(student.learner)), 0.6 * line.height()
        bold, plain = self._font(bold=True), self._font(fixed_digits=True)
        box = QRectF(line.left(), line.center().y() - size / 2, size, size)
        mark(painter, box, student.learner, self.colours)
        answers = max(QFontMetricsF(plain).horizontalAdvance(figures.classes[s.answer]) for s in figures.students)
        # As wide as the widest of all lines, so that what follows stands in a column.
        distances = 0.0
        if figures.surgery:
            kls = ("KL 0.000 nats", *(f"KL {_nats(each.kl)} nats" for each in figures.students))
            distances = widest(QFontMetricsF(plain), kls)
        # Where a line is too long, names are said shorter, and answers give up some of their letters.
        room = max(line.width() - answers - 4.2 * size - 8 - distances, 0.42 * line.width())
        names = names_within(QFontMetricsF(bold), room, (each.learner for each in figures.students))
        name = line.adjusted(1.4 * size, 0, 0, 0)
        name.setWidth(min(widest(QFontMetricsF(bold), names.values()), room))
        painter.setPen(colour)
        _write(painter, name, [names[student.learner]], bold)
        painter.setPen(QColor(self.colours.text))
        place = QRectF(name.right() + size, line.top(), distances, line.height())
        if figures.surgery:
            _write(painter, place, [f"KL {_nats(student.kl)} nats"], plain)
        verdict = QRectF(place.right() + 0.8 * size, line.center().y() - size / 2, size, size)
        _verdict(painter, verdict, student.right)
        answer = QRectF(verdict.right() + 5, line.top(), line.right() - verdict.right() - 5, line.height())
        _write(painter, answer, [figures.classes[student.answer]], plain)

    def _paint_bars(self, painter: QPainter, figures: soft_targets.SoftTargets, box: QRectF) -> None:
        """Paint T, then one row per old class: its name, the bars, and as many columns of figures as there is room."""
        students, digits = figures.students if figures.surgery else (), self._metrics().horizontalAdvance("100 %")
        type_size = 0.36 * box.width() / (digits * (1 + len(students))) - 0.1
        if type_size < 0.6:  # too narrow for everybody's
            students, type_size = (), 1.0
        type_size = min(0.9, type_size)
        digits *= type_size + 0.1
        heading = QRectF(box.left(), box.top(), box.width(), self._metrics(1.1, bold=True).height())
        columns = box.right() - (1 + len(students)) * digits
        box = QRectF(box.left(), heading.bottom() + 3, box.width(), box.bottom() - heading.bottom() - 3)
        units = figures.leading(max(1, int(box.height() // LEAST_ROW)))
        places = [columns + index * digits for index in range(1 + len(students))]
        self._paint_heading(painter, figures, heading, places, len(units))
        height, bold = min(box.height() / len(units), 90.0 * max(1.0, self._scale)), self._metrics(bold=True)
        longest, most = max(bold.horizontalAdvance(figures.classes[unit]) for unit in units), 0.27 * box.width()
        names, factor = min(longest + 8, most), max(0.75, min(1.0, (most - 8) / max(longest, 1.0)))
        figure = _low(self._font(type_size, fixed_digits=True), height)
        for index, unit in enumerate(units):
            row = QRectF(box.left(), box.top() + index * height, box.width(), height)
            self.spots.append(Spot(row, ("class", unit)))
            painter.setPen(QColor(self.colours.text))
            font = _low(self._font(factor, bold=unit == figures.true), height)
            _write(painter, QRectF(row.left(), row.top(), names - 4, height), [figures.classes[unit]], font)
            gap = min(0.08 * height, 3.0)
            track = QRectF(row.left() + names, row.top() + gap, columns - row.left() - names, height - 2 * gap)
            self._paint_track(painter, figures, unit, track)
            painter.setPen(QColor(self.colours.text))
            for column, share in enumerate([figures.teacher[unit], *(each.probabilities[unit] for each in students)]):
                place = QRectF(columns + column * digits, row.top(), digits, height)
                _write(painter, place, [_percent(share)], figure, RIGHT)

    def _paint_heading(
        self, painter: QPainter, figures: soft_targets.SoftTargets, line: QRectF, columns: list[float], listed: int
    ) -> None:
        """Paint T, large, and above the columns of figures whose they are."""
        bold, small, metrics = self._font(1.1, bold=True), self._font(0.9), self._metrics(0.9)
        bold.setUnderline(self.selection.term == "temperature")
        painter.setPen(QColor(self.colours.accent))
        temperature = f"T = {compact(figures.temperature, digits=3)}"
        _write(painter, line, [temperature], bold)
        digits, height = line.right() - columns[-1], 0.55 * line.height()
        key = QRectF(columns[0] + digits - 2 * height, line.center().y() - height / 2, 2 * height, height)
        self._paint_ghost(painter, key, filled=True)
        self._paint_ghost(painter, key, filled=False)
        for x, student in zip(columns[1:], figures.students, strict=False):
            box = QRectF(x + digits - height, key.top(), height, height)
            mark(painter, box, student.learner, self.colours)
        painter.setPen(QColor(self.colours.text))
        name = QRectF(key.left() - metrics.horizontalAdvance("Teacher") - 6, line.top(), 0, line.height())
        name.setRight(key.left() - 6)
        _write(painter, name, ["Teacher"], small)
        self.spots.append(Spot(QRectF(name.left(), line.top(), key.right() - name.left(), line.height()), ("teacher",)))
        left, old = line.left() + QFontMetricsF(bold).horizontalAdvance(temperature) + 10, len(figures.teacher)
        room = QRectF(left, line.top(), name.left() - left - 10, line.height())
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
        painter.setPen(QColor(self.colours.muted))
        _write(painter, room, [*wordings, ""], small)

    def _paint_track(self, painter: QPainter, figures: soft_targets.SoftTargets, unit: int, track: QRectF) -> None:
        """Paint the bars of one class: the teacher's behind the learners', its outline before them."""
        painter.fillRect(track, QColor(self.colours.raised))
        ghost = _part(track, figures.teacher[unit])
        self._paint_ghost(painter, ghost, filled=True)
        if figures.surgery:
            inset = min(0.14 * track.height(), 6.0)  # so much of the teacher's bar shows above and below
            height = (track.height() - 2 * inset) / len(figures.students)
            for index, student in enumerate(figures.students):
                bar = QRectF(track.left(), track.top() + inset + index * height, track.width(), height)
                colour = QColor(self.colours.learner(student.learner))
                painter.fillRect(_part(bar.adjusted(0, 0.5, 0, -0.5), student.probabilities[unit]), colour)
        self._paint_ghost(painter, ghost, filled=False)

    def _paint_ghost(self, painter: QPainter, rect: QRectF, *, filled: bool) -> None:
        """Paint the teacher's bar: hatched before the learners' bars are painted, outlined after."""
        colour = QColor(self.colours.teacher)
        if filled:
            colour.setAlpha(110)
            painter.fillRect(rect, QBrush(colour, Qt.BrushStyle.BDiagPattern))
            return
        painter.setPen(QPen(colour, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect)

    def _paint_choices(self, painter: QPainter, figures: soft_targets.SoftTargets, area: QRectF) -> float:
        """Paint the images to choose from at the bottom, a column per class; return where they begin."""
        shown = [[n for n in figures.choices if self._label(n) == unit] for unit in range(len(figures.classes))]
        shown = [numbers for numbers in shown if numbers]
        most, gap, font = 0.19 * area.height(), 10.0, self._font(0.85)
        lines, cell = _grid(len(shown), soft_targets.PER_CLASS, area.width() - gap, most)
        if cell < 18:  # many classes, or little room: one image of each, the chosen one if it is of that class
            shown = [[figures.image] if figures.image in numbers else numbers[:1] for numbers in shown]
            lines, cell = max(
                (_grid(len(shown), 1, area.width() - gap, most, lines) for lines in (1, 2, 3, 4)), key=lambda g: g[1]
            )
        columns, rows = math.ceil(len(shown) / lines), max(map(len, shown), default=0)
        heading = self._metrics(0.85).height() + 1
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
        _write(
            painter,
            QRectF(area.left(), top - heading, begins - area.left() - 4, heading),
            ["Choose: old task", "old task"] if lines == 1 else ["Choose an image"],
            font,
        )
        _write(painter, QRectF(begins, top - heading, area.right() - begins, heading), ["new task"], font)
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

    def _font(self, factor: float = 1.0, *, bold: bool = False, fixed_digits: bool = False) -> QFont:
        return theme.font(factor * self._scale, bold=bold, fixed_digits=fixed_digits)

    def _metrics(self, factor: float = 1.0, *, bold: bool = False) -> QFontMetricsF:
        return QFontMetricsF(self._font(factor, bold=bold))

    def _about(self, now: soft_targets.SoftTargets, learner: str) -> str:
        """Say a learner's distance from the teacher and its answer."""
        student = next(each for each in now.students if each.learner == learner)
        verdict = {True: ", which is right", False: ", which is wrong", None: ", for it was never taught this class"}
        protocol = PROTOCOLS[self.selection.protocol]
        answer = f"it answers {now.classes[student.answer]} ({protocol}){verdict[student.right]}."
        if not now.surgery:
            return f"{label_of(learner)}: {answer}"
        return (
            f"{label_of(learner)}: KL(teacher, student) = {_nats(student.kl)} nats for this image at "
            f"T = {now.temperature:g}, not multiplied by T²; 0 is to believe just what the teacher does; {answer}"
        )


def _write(painter: QPainter, rect: QRectF, texts: Sequence[str], font: QFont, align: Qt.AlignmentFlag = LEFT) -> None:
    """Write one line in a font: the first of these texts that fits."""
    painter.setFont(font)
    write(painter, rect.adjusted(0, 0, 1, 0), texts, align)


def _low(font: QFont, height: float) -> QFont:
    """Return a font no larger than this one whose capitals fit into a height."""
    if QFontMetricsF(font).capHeight() + 3 > height:
        font.setPixelSize(max(6, int(1.35 * (height - 3))))
    return font


def _grid(classes: int, per_class: int, width: float, height: float, lines: int = 1) -> tuple[int, float]:
    """Return (lines, side of an image) of that many classes in columns of so many images each."""
    return lines, min(width / max(1, math.ceil(classes / lines)), height / (lines * per_class), 96.0)


def _part(track: QRectF, share: float) -> QRectF:
    """Return the bar of a share of 1; none of what is no number."""
    return QRectF(track.left(), track.top(), track.width() * share if math.isfinite(share) else 0.0, track.height())


def _percent(share: float) -> str:
    return percent(100 * share) if math.isfinite(share) else "?"


def _nats(value: float) -> str:
    return nats(value) if math.isfinite(value) else "?"


def _verdict(painter: QPainter, box: QRectF, right: bool | None) -> None:
    """Paint a tick, a cross, or a dash where there is no right answer; drawn, for not every font has them."""
    pen = QPen(painter.pen().color(), max(1.5, box.width() / 6))
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    x, y, side = box.left(), box.top(), box.width()
    strokes = {
        True: ((0.1, 0.55, 0.4, 0.85), (0.4, 0.85, 0.95, 0.15)),
        False: ((0.15, 0.15, 0.85, 0.85), (0.15, 0.85, 0.85, 0.15)),
        None: ((0.15, 0.5, 0.85, 0.5),),
    }
    for x1, y1, x2, y2 in strokes[right]:
        painter.drawLine(QPointF(x + x1 * side, y + y1 * side), QPointF(x + x2 * side, y + y2 * side))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
