"""The two ends of a path, to choose from, and the switch between accuracy and loss, in one row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.straight_path.place import Place
from lwf_gui.gui.panels.straight_path.plan import Plan
from lwf_gui.gui.panels.straight_path.words import SWITCH
from lwf_gui.gui.panels.text import CENTRE, write
from lwf_gui.gui.printing import has_keys
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import TEACHER
from lwf_gui.runs.names import names_of
from lwf_gui.runs.straight_path import Ends, StraightPathFigures

OLD = "Old network", "Old net", "Old"
AFTER_TASK_1 = "Network after task 1", "After task 1", "Task 1"
"""What the old network is called here, and shorter; and of a run with more than two tasks, which has several."""

WIDE = 5.0
"""Heights of a box that is wide enough for a key to the end before."""


class EndPainter:
    """Paints the row, and notes its spots."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme) -> None:
        self._painter, self._plan, self._colours = painter, plan, colours
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, figures: StraightPathFigures, chosen: Ends, *, loss: bool) -> None:
        """Paint from where to where, and the switch at the right."""
        gap, starts, ends = 0.25 * area.height(), figures.starts(chosen[1]), figures.ends
        room = (area.width() - self._switch(area, loss=loss) - 2 * gap) / 2
        boxes = [QRectF(area.left() + place * (room + gap), area.top(), room, area.height()) for place in (0, 1)]
        inner = [
            self._keys(boxes[0], "from", starts, chosen[0]),
            self._keys(boxes[1], "to", ends, chosen[1]),
        ]
        old = AFTER_TASK_1 if figures.many else OLD
        forms = [names("from", starts, chosen[0], old), names("to", ends, chosen[1], old)]
        font = self._plan.font(bold=True)
        for place, form in zip(inner, forms, strict=True):
            font = sized(font, form[-1:], place.width() - 1.05 * QFontMetricsF(font).height(), 0.9 * area.height())
        for place, form, name in zip(inner, forms, chosen, strict=True):
            self._painter.setFont(font)
            heading(self._painter, place, name, form, self._colours)

    def _keys(self, box: QRectF, kind: Literal["from", "to"], choices: Sequence[str], chosen: str) -> QRectF:
        """Paint the box of an end and the keys to the one before it and to the next; return the place of its name."""
        painter, colours, others = self._painter, self._colours, len(choices) - 1
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.setBrush(QColor(colours.raised))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        others *= has_keys()
        at, key, margin = choices.index(chosen), min(0.9 * box.height(), 0.17 * box.width()), 0.25 * box.height()
        before, after = choices[at - 1], choices[(at + 1) % len(choices)]
        back = others > 1 and box.width() > WIDE * box.height()  # of two the next one is the one before, too
        left = box.left() + (key if back else 0.0)
        right = box.right() - (key if others else 0.0)
        painter.setFont(sized(self._plan.font(0.9), ["▶"], key, box.height()))
        painter.setPen(QColor(colours.accent))
        for sign, name, number, edge in (("◀", before, -1, box.left()), ("▶", after, 1, right)):
            if back if number < 0 else others:
                place = QRectF(edge, box.top(), key, box.height())
                write(painter, place, [sign], CENTRE)
                self.spots.append(Spot(place, Place(kind, name, number)))
        whole = QRectF(left, box.top(), right - left, box.height())
        self.spots.append(Spot(whole, Place(kind, after, 0)))
        return whole.adjusted(0 if back else margin, 0, 0 if others else -margin, 0)

    def _switch(self, area: QRectF, *, loss: bool) -> float:
        """Paint both figures that can be shown, the one that is framed; return how wide that is: 0 on paper."""
        if not has_keys():
            return 0.0
        painter, colours = self._painter, self._colours
        painter.setFont(sized(self._plan.font(0.9), ["".join(SWITCH)], 0.22 * area.width(), 0.8 * area.height()))
        metrics = QFontMetricsF(painter.font())
        wides = [metrics.horizontalAdvance(text) + 0.6 * metrics.height() for text in SWITCH]
        box = QRectF(area.right() - sum(wides), area.top(), sum(wides), area.height())
        self.spots.append(Spot(box, Place("switch")))
        left = box.left()
        for place, (text, wide) in enumerate(zip(SWITCH, wides, strict=True)):
            half = QRectF(left, box.top(), wide, box.height())
            left += wide
            if place == loss:
                painter.setPen(QPen(QColor(colours.accent), 2))
                painter.setBrush(QColor(colours.raised))
                painter.drawRoundedRect(half.adjusted(1, 1, -1, -1), 4, 4)
                painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QColor(colours.text if place == loss else colours.muted))
            write(painter, half, [text], CENTRE)
        return box.width()


def names(kind: str, choices: Sequence[str], chosen: str, old: tuple[str, ...]) -> tuple[str, ...]:
    """Return what an end is called, and shorter; ``old`` is that of the old network."""
    learners = [each for each in choices if each != TEACHER]
    forms = old if chosen == TEACHER else tuple(form[chosen] for form in names_of(learners))
    return *(f"{kind} {name}" for name in forms), *forms
