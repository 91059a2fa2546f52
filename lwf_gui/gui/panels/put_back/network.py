"""The network as a row of layers from the images to the old answers, each a key: the old network's, or as trained."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.class_means.key import arrow
from lwf_gui.gui.panels.drawing import ink
from lwf_gui.gui.panels.put_back.place import Place
from lwf_gui.gui.panels.put_back.plan import Plan
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, widest, write
from lwf_gui.gui.theme import Theme

IMAGES = "images"

STATES = (("old network's", "as trained"), ("old net's", "as trained"), ("old", "trained"), ("old", "new"))
"""What is said of a layer that is put back and of one that is not, and shorter."""

SMALLEST = 7
"""Pixels of the smallest type."""


class NetworkPainter:
    """Paints the layers, and notes their spots."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme) -> None:
        self._painter, self._plan, self._colours = painter, plan, colours
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, layers: Sequence[str], back: Sequence[bool], learner: str) -> None:
        """Paint the images, then every layer, with arrows between them."""
        line = QFontMetricsF(self._plan.font()).height()
        gap = min(0.9 * line, 0.06 * area.width())
        room, metrics = area.width() - gap * len(layers), QFontMetricsF(self._plan.font(bold=True))
        needs = [metrics.horizontalAdvance(text) for text in (IMAGES, *layers)]
        least = metrics.horizontalAdvance(STATES[1][1])  # a state needs room below the shortest name too
        needs = [needs[0], *(max(need, least) for need in needs[1:])]
        wides = [room * (need + 8) / (sum(needs) + 8 * len(needs)) for need in needs]
        high = min(area.height(), 3.4 * line)
        box = QRectF(area.left(), area.center().y() - high / 2, wides[0], high)
        name = self._plan.font(bold=True)
        for text, wide in zip((IMAGES, *layers), wides, strict=True):
            name = sized(name, [text], wide - 8, 0.45 * high)
        state, said = self._state(min(wides[1:]) - 8, 0.36 * high)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._key(box, name, state, (IMAGES, ""), None, learner)
        for layer, is_back, wide in zip(layers, back, wides[1:], strict=True):
            start = QPointF(box.right() + 1, box.center().y())
            arrow(self._painter, start, start + QPointF(gap - 2, 0), QColor(self._colours.muted))
            box = QRectF(box.right() + gap, box.top(), wide, high)
            self._key(box, name, state, (layer, said[0] if is_back else said[1]), is_back, learner)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _state(self, width: float, height: float) -> tuple[QFont, tuple[str, str]]:
        """Return type and words of the states: the longest words that need not be much smaller."""
        wanted = self._plan.font(0.85)
        for said in STATES[:-1]:
            font = sized(QFont(wanted), said, width, height)
            if QFontInfo(font).pixelSize() >= 0.8 * QFontInfo(wanted).pixelSize():
                return font, said
        return sized(QFont(wanted), STATES[-1], width, height), STATES[-1]

    def _key(
        self, box: QRectF, name: QFont, state: QFont, texts: tuple[str, str], back: bool | None, learner: str
    ) -> None:
        """Paint a layer; ``back`` is None of the images, which are no key."""
        painter, colours = self._painter, self._colours
        colour = QColor(colours.teacher if back else colours.learner(learner))
        if back is None:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.raised))
        else:
            painter.setPen(QPen(colour, 2))
            painter.setBrush(colour if back else QColor(colours.surface))
        painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(ink(colour) if back else QColor(colours.text))
        upper = QRectF(box) if not texts[1] else QRectF(box.left(), box.top(), box.width(), 0.56 * box.height())
        painter.setFont(name)
        write(painter, upper.adjusted(3, 0, -3, 0), [texts[0]], CENTRE)
        if texts[1]:
            painter.setFont(state)
            write(
                painter, QRectF(box.left() + 3, upper.bottom(), box.width() - 6, 0.36 * box.height()), texts[1:], CENTRE
            )
        self.spots.append(Spot(box, Place("images") if back is None else Place("layer", texts[0])))


def sized(font: QFont, texts: Sequence[str], width: float, height: float) -> QFont:
    """Return the font, or a smaller one in which each of these texts fits a place."""
    metrics = QFontMetricsF(font)
    share = min(1.0, height / metrics.height(), width / max(1.0, widest(metrics, texts)))
    if share < 1:
        size = max(SMALLEST, int(share * QFontInfo(font).pixelSize()))
        font.setPixelSize(size)
        while size > SMALLEST and widest(QFontMetricsF(font), texts) > width:
            size -= 1
            font.setPixelSize(size)
    return font
