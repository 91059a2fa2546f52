"""The strip of event labels above a plot: what happened at the plot's vertical lines, where no curve runs.

Labels never cover each other nor the data; one that has no room is a triangle that tells its text under the mouse.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from lwf_gui.gui.panels.text import tooltip, with_words
from lwf_gui.runs.tasks_shown import HEAD_EXPANSION

Mark = tuple[float, str]
"""A step and what happened there, empty for nothing to tell."""

LONG_HEAD_EXPANSION = f"the new task starts here: {HEAD_EXPANSION}"
SHORT_HEAD_EXPANSION = "expansion"

TASK = re.compile(r"(task (\d+)): .*")
"""The label of a task's beginning: its classes, or as much of them as has no room, may be left out."""

TIP, GAP, NEAR = 4.0, 6.0, 8.0
"""Half the width of a triangle, the room between labels, and how near the mouse must be, in pixels."""


@dataclass(frozen=True, slots=True)
class Label:
    """A text and where it stands, or no text where there was no room; ``x`` is that of its triangle."""

    x: float
    left: float
    width: float
    text: str


def arranged(
    places: Sequence[tuple[float, Sequence[str]]], width: float, measure: Callable[[str], float]
) -> list[Label]:
    """Return a label for every place in the strip, the first and then the latest ones having the first choice.

    Parameters
    ----------
    places : x of an event in pixels, and what is said of it, from the longest to the shortest way
    width : of the strip, in pixels
    measure : returns the pixels of a text
    """
    taken = [(x - TIP, x + TIP) for x, _ in places]
    labels = [Label(x, x, 0.0, "") for x, _ in places]

    def free(label: Label, index: int) -> bool:
        """Whether a label lies within the strip and on nothing but its own triangle."""
        low, high = label.left, label.left + label.width
        others = taken[:index] + taken[index + 1 :]
        return low >= 0 and high <= width and all(low > b + GAP / 2 or high < a - GAP / 2 for a, b in others)

    for index in sorted(range(len(places)), key=lambda index: -index if index else -len(places)):
        x, texts = places[index]
        ways = [(text, measure(text)) for text in texts]
        sides = 1 if TASK.fullmatch(texts[0]) else 2  # left of where a task begins is another one
        beside = [
            Label(x, left, wide, text) for text, wide in ways for left in (x + TIP + 2, x - TIP - 2 - wide)[:sides]
        ]
        labels[index] = next((label for label in beside if free(label, index)), labels[index])
        if labels[index].text:
            taken.append((labels[index].left, labels[index].left + labels[index].width))
    return labels


class MarkStrip(QWidget):
    """Paints the labels; ``place`` returns where a step is, in pixels of this widget, and which are in sight."""

    def __init__(self, place: Callable[[float], float], span: Callable[[], tuple[float, float]]) -> None:
        super().__init__()
        self._place, self._span = place, span
        self.marks: list[Mark] = []
        """What happened, by step."""
        self._text, self._muted = QColor(), QColor()
        self.labels: list[Label] = []
        """What is on the screen."""
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Return the height of a line."""
        return QSize(0, QFontMetricsF(self.font()).height().__ceil__())

    def dress(self, font: QFont, text: str, muted: str) -> None:
        """Take another font and colours."""
        self.setFont(font)
        self._text, self._muted = QColor(text), QColor(muted)
        self.updateGeometry()
        self.update()

    def set_marks(self, marks: Sequence[Mark]) -> None:
        """Show what happened; marks without a text are none of its business."""
        told = [mark for mark in marks if mark[1]]
        if told != self.marks:
            self.marks = told
            self.setAccessibleDescription("; ".join(map(_spoken, told)))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint it."""
        with QPainter(self) as painter:
            self.paint_on(painter)

    def paint_on(self, painter: QPainter) -> None:
        """Paint labels and triangles, at the origin."""
        low, high = self._span()
        metrics = QFontMetricsF(self.font())
        seen = [(step, text) for step, text in self.marks if low <= step <= high]
        places = [(self._place(step), _wordings(text)) for step, text in seen]
        self.labels = arranged(places, self.width(), metrics.horizontalAdvance)
        bottom = float(self.height())
        painter.setFont(self.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for label in self.labels:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._muted)
            corners = (QPointF(label.x - TIP, bottom - 6), QPointF(label.x + TIP, bottom - 6))
            painter.drawPolygon(QPolygonF([*corners, QPointF(label.x, bottom)]))
            painter.setPen(self._text)
            box = QRectF(label.left, 0, label.width + 1, bottom)
            painter.drawText(box, int(_LABEL), label.text)

    def event(self, event: QEvent) -> bool:
        """Tell the events under the mouse."""
        if event.type() is QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            x = event.pos().x()
            near = [mark for mark in self.marks if abs(self._place(mark[0]) - x) <= NEAR]
            inside = [m for m, at in zip(self.marks, self.labels, strict=False) if at.left <= x <= at.left + at.width]
            words = "; ".join(text for _, text in near or inside)
            told = with_words(tooltip(*(_spoken(mark) for mark in near or inside)), words)
            QToolTip.showText(event.globalPos(), told, self)
            return True
        return super().event(event)


_LABEL = Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip


def _wordings(text: str) -> tuple[str, ...]:
    """Return a label, and shorter ones."""
    task = TASK.fullmatch(text)
    if task is not None:
        return (text, task[1], task[2])
    return (LONG_HEAD_EXPANSION, text, SHORT_HEAD_EXPANSION) if text == HEAD_EXPANSION else (text,)


def _spoken(mark: Mark) -> str:
    step, text = mark
    return f"step {step:,.0f}: {text}"
