"""Whose network it is: the learners side by side, to choose from; where they have no room, one with its neighbours."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.put_back.place import Place
from lwf_gui.gui.panels.put_back.plan import Plan
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import names_of


class ChoicePainter:
    """Paints the learners, and notes their spots."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme) -> None:
        self._painter, self._plan, self._colours = painter, plan, colours
        self._font = plan.font(1.0, bold=True)
        self._metrics = QFontMetricsF(self._font)
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, learners: Sequence[str], chosen: str) -> None:
        """Paint all learners in a row, with the longest names for which there is room; else the chosen one."""
        self._painter.setFont(self._font)
        forms = names_of(learners)
        for names in forms:
            wide = [self._wide(names[learner]) for learner in learners]
            if sum(wide) <= area.width():
                left = area.left()
                for learner, width in zip(learners, wide, strict=True):
                    box = QRectF(left, area.top(), width - 0.4 * self._metrics.height(), area.height())
                    self._key(box, learner, names[learner], chosen=learner == chosen and len(learners) > 1)
                    left += width
                return
        self._one(area, learners, chosen, [names[chosen] for names in forms])

    def _wide(self, name: str) -> float:
        return self._metrics.horizontalAdvance(name) + 2.3 * self._metrics.height()

    def _key(self, box: QRectF, learner: str, name: str, *, chosen: bool) -> None:
        """Paint one learner, framed if it is the chosen one."""
        if chosen:
            self._painter.setPen(QPen(QColor(self._colours.accent), 2))
            self._painter.setBrush(QColor(self._colours.raised))
            self._painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 4, 4)
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
        margin = 0.4 * self._metrics.height()
        heading(self._painter, box.adjusted(margin, 0, -margin / 2, 0), learner, [name], self._colours)
        self.spots.append(Spot(box, Place("learner", learner)))

    def _one(self, area: QRectF, learners: Sequence[str], chosen: str, names: Sequence[str]) -> None:
        """Paint the chosen learner between keys to the one before it and to the next one."""
        at, key = list(learners).index(chosen), 1.4 * area.height()
        neighbours = (("◀", (at - 1) % len(learners), area.left()), ("▶", (at + 1) % len(learners), area.right() - key))
        for sign, place, left in neighbours if len(learners) > 1 else ():
            box = QRectF(left, area.top(), key, area.height())
            self._painter.setPen(QColor(self._colours.accent))
            write(self._painter, box, [sign], CENTRE)
            self.spots.append(Spot(box, Place("learner", learners[place], 1 if sign == "▶" else -1)))
        inner = area.adjusted(key, 0, -key, 0) if len(learners) > 1 else area
        count = f" ({at + 1} of {len(learners)})"
        texts = [*(name + count for name in names), *names] if len(learners) > 1 else list(names)
        heading(self._painter, inner, chosen, texts, self._colours)
