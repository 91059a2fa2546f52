"""Soft targets: what the teacher believes of one image, as ghost bars behind what each learner believes.

Either at the T that is set, which alone redraws it when it moves; or at three temperatures side by side. An image of
the new task may be chosen too: those are what LwF distils on, so the second view begins with one.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from lwf_gui.gui import theme
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.soft_targets.bars import BarsPainter
from lwf_gui.gui.panels.soft_targets.images import ImagePainter
from lwf_gui.gui.panels.soft_targets.lettering import Lettering, write_in
from lwf_gui.gui.panels.soft_targets.students import paint_student
from lwf_gui.gui.panels.soft_targets.three_view import ThreeView, type_of
from lwf_gui.gui.panels.soft_targets.tips import ONE, THREE, VIEWS, Tips
from lwf_gui.gui.panels.soft_targets.words import task_texts
from lwf_gui.gui.panels.view_keys import ViewKey, paint_keys
from lwf_gui.gui.printing import pixel_ratio
from lwf_gui.runs import soft_targets, temperature_words
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.soft_targets import SoftTargets
from lwf_gui.runs.temperatures import Temperatures, story_image, temperatures
from lwf_gui.runs.temperatures import captions as captions_of_three

TYPICAL = "Fine-tuning  KL 0.000 nats  x Ankle boot"
"""A learner's line: type is so large that this fits beside the image."""
LEAST = 0.85
"""Size of the type, in body text sizes, below which words are said shorter instead."""
KEYS_HIGH = 1.25
"""Lines of the keys to the views, above what the image is called."""
LARGEST = 2.2
"""Size of the type at most, in body text sizes: large panels are seen from afar."""


class SoftTargetsPanel(Panel):
    """Bars of soft targets over the old classes, for one image, and images to choose from."""

    EMPTY = "What the teacher believes of an image appears here once it trains."
    CHOSEN = ("_views", "_picked")

    def __init__(self) -> None:
        super().__init__()
        self._pictures: dict[tuple[int, float], QPixmap] = {}
        """By number and side: smooth scaling is dear."""
        self._type = Lettering(1.0)
        self._views = {False: ONE, True: ONE}
        """The view, and that beside a lesson: these speak of the T that is set."""
        self._picked = False
        """Whether an image was asked for, here or elsewhere: else the view of three temperatures has a new one."""
        self._learners, self._first = range(0), 0
        """Places of the learners whose bars are shown at three temperatures, and of the first one that is wanted."""
        self._three: tuple[object, Temperatures | None] = (None, None)

    # What it shows, in numbers and words

    def figures(self) -> SoftTargets | None:
        """Return the probabilities at the T that is set."""
        return soft_targets.soft_targets(self.record, self._look)

    def state(self) -> object:
        """Return what the figures depend on: also which image is meant."""
        return (super().state(), self.view, self._picked)

    @property
    def view(self) -> str:
        """Whether one temperature is seen, or three side by side."""
        return self._views[self.taught]

    @property
    def _look(self) -> Selection:
        """The selection, with a new image where the view wants one and none was asked for."""
        if self.view == ONE or self._picked:
            return self.selection
        return replace(self.selection, image=story_image(self.record, self.selection))

    @property
    def three(self) -> Temperatures | None:
        """What is shown at three temperatures, worked out once; None in the other view."""
        if self.view == ONE or self.shown is None:
            return None
        if self._three[0] is not self.shown:
            self._three = self.shown, temperatures(self.record, self._look)
        return self._three[1]

    def show_record(self, record: Record) -> None:
        """Show another record, from its own image and its first learner on."""
        self._picked, self._first = False, 0
        super().show_record(record)

    def refresh(self, selection: Selection) -> None:
        """Take the figures anew; an image that was chosen elsewhere is shown here too."""
        if selection.image not in (self.selection.image, Selection().image):
            self._picked = True
        super().refresh(selection)

    def captions(self) -> tuple[str, ...]:
        """Return what the bars are, and shorter wordings."""
        if self.view == THREE:
            return captions_of_three(self.record, self._look)
        return soft_targets.captions(self.record, self.selection)

    def sentence(self) -> str:
        """Say the image, then what everybody makes of it."""
        if self.three is not None:
            return temperature_words.spoken(self.record, self.three)
        now: SoftTargets = self.shown
        task = task_texts(now)[0].partition("; what")[0]
        parts = [f"The image is {now.classes[now.true]}, {task}. At temperature {now.temperature:g}:"]
        parts += [self.tip(("teacher",))] if now.expanded else []
        return " ".join([*parts, *(self.tip(("learner", student.learner)) for student in now.students)])

    def tip(self, key: Any) -> str:
        """Explain a part of the picture."""
        now: SoftTargets | None = self.shown
        if now is None or self.record.data is None:
            return ""
        tips = Tips(self.record.data, now, self.selection.protocol)
        match key:
            case ("at", place, unit):
                return "" if self.three is None else tips.of_class(self.three.columns[place], unit)
        return tips.tip(key)

    def choose(self, key: Any) -> None:
        """Look at another image, in the other view, or at other learners."""
        match key:
            case ("image", number):
                self._picked = True
                self.asked.emit({"image": number})
            case ("view", view):
                self._views[self.taught] = view
            case ("page",):
                beyond = self._learners.stop >= len(self.shown.students)
                self._first = 0 if beyond else self._learners.stop
            case _:
                return
        self.refresh(self.selection)
        self.describe()
        self.resized.emit()  # the heading tells the temperatures
        self.update()

    def outdate(self) -> None:
        """Paint all anew."""
        self._pictures = {}

    # Painting, from top to bottom: the image beside what it is called, the bars, the images to choose from

    def paint(self, painter: QPainter, figures: SoftTargets) -> None:
        """Paint all and find the spots."""
        assert self.record.data is not None
        area, keys = self.area, [ViewKey(view, view == self.view, ("view", view)) for view in VIEWS]
        self._type = type_of(area) if self.three is not None else self._type_of(area, figures)
        look = (self.colours, self._type)
        images = ImagePainter(painter, self.record.data, look, self._pictures, pixel_ratio(self))
        if self.three is not None:
            view = ThreeView(painter, self.record, self.three, images, look, self._first)
            view.paint(area, keys)
            self.spots, self._learners = view.spots, view.learners
            return
        self._paint_one(painter, figures, images, keys)

    def _paint_one(self, painter: QPainter, figures: SoftTargets, images: ImagePainter, keys: list[ViewKey]) -> None:
        """Paint one temperature."""
        area, font = self.area, self._type.font(0.85)
        self.spots = []
        corner = paint_keys(painter, area, keys, font, self.colours)
        beside = area.width() >= area.height()
        head = QRectF(area.left(), area.top(), area.width(), self._head_height(area, figures))
        top = images.choices(figures, area)
        self._paint_head(painter, figures, images, head, beside=beside)
        pointed = self.selection.term == "temperature"
        bars = BarsPainter(painter, figures, self.colours, self._type, pointed=pointed)
        bars.paint(QRectF(area.left(), head.bottom() + 6, area.width(), top - head.bottom() - 12))
        self.spots = [*images.spots, *self.spots, *bars.spots, *corner]

    @staticmethod
    def _lines(area: QRectF, figures: SoftTargets) -> float:
        """Return the lines of the head: the keys, the image's name and task, and one per learner."""
        return (2.3 if area.width() >= area.height() else 2.8) + KEYS_HIGH + len(figures.students)

    def _type_of(self, area: QRectF, figures: SoftTargets) -> Lettering:
        """Return the type: it shrinks so that the head takes about a third of the height, and grows on large panels.

        The learners' lines stand beside the image, in tall panels below it.
        """
        metrics = QFontMetricsF(theme.font(1.0, bold=True))
        across = area.width() / metrics.horizontalAdvance(TYPICAL)
        beside = area.width() >= area.height()
        fitting = 0.35 * area.height() / (self._lines(area, figures) * metrics.height())
        return Lettering(max(0.1, min(fitting, max(LEAST, 0.72 * across if beside else 0.97 * across), LARGEST)))

    def _head_height(self, area: QRectF, figures: SoftTargets) -> float:
        share = 0.25 if area.width() >= area.height() else 0.33
        return max(self._lines(area, figures) * self._type.metrics().height(), share * area.height())

    def _paint_head(
        self, painter: QPainter, figures: SoftTargets, images: ImagePainter, head: QRectF, *, beside: bool
    ) -> None:
        """Paint the image, its name and task, and one line per learner beside or below them."""
        line, count = self._type.metrics().height(), len(figures.students)
        side = min(head.height(), 0.26 * head.width()) if beside else head.height() - count * line - 4
        top = head.center().y() - side / 2 if beside else head.top()
        frame = QRectF(head.left(), top, side, side)
        images.image(figures.image, frame, ("main",))
        text = QRectF(frame.right() + 10, 0, head.right() - frame.right() - 10, 1.3 * line)
        below = head.top() + KEYS_HIGH * line  # the keys
        text.moveTop(max(below, frame.center().y() - (2.3 + (count if beside else 0)) * line / 2))
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
