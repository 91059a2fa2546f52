"""How a push on new images reaches old ones: by the same weights, an arrow from the ones' bars to the others'."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen, QPolygonF

from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, widest, write
from lwf_gui.gui.panels.why.place import Place
from lwf_gui.gui.panels.why.plan import Plan
from lwf_gui.gui.theme import Theme

LINES = ("same", "weights")
"""What stands over and under the arrow."""

TIP = (
    "Old images go through the same weights as new ones. So what new images change in these weights changes the "
    "scores of old images too, though none of them is seen."
)

SIZE, HEAD, PAD = 0.72, 0.35, 3.0
"""Size of the type, half the height of the arrow's head in lines, and pixels beside it."""


class ReachPainter:
    """Paints the arrows between the two sides, one a learner, and notes their spots."""

    def __init__(self, painter: QPainter, places: Plan, colours: Theme) -> None:
        self._painter, self._plan, self._colours = painter, places, colours
        self.spots: list[Spot] = []

    def paint(self, learners: tuple[str, ...]) -> None:
        """Paint an arrow in the gap of every learner's row, in its colour; none where one side is shown alone."""
        if len(self._plan.blocks) < 2:
            return
        for gap, learner in zip(self._plan.between, learners, strict=True):
            self._arrow(gap, QColor(self._colours.learner(learner)))
            self.spots.append(Spot(gap, Place("reach", 1, learner)))

    def _arrow(self, gap: QRectF, colour: QColor) -> None:
        painter, inner = self._painter, gap.adjusted(PAD, 0, -PAD, 0)
        font = sized(self._plan.font(SIZE), LINES, gap.width() - 2, 1e3)
        metrics = QFontMetricsF(font)
        middle, half = gap.center().y(), HEAD * metrics.height()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, 2.5))
        painter.drawLine(QPointF(inner.left(), middle), QPointF(inner.right() - half, middle))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        tip = QPointF(inner.right(), middle)
        painter.drawPolygon(QPolygonF([tip, tip - QPointF(1.5 * half, half), tip - QPointF(1.5 * half, -half)]))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        high = metrics.height()
        if gap.height() < 2 * (high + half) or widest(metrics, LINES) + 1 > gap.width():
            return
        painter.setFont(font)
        painter.setPen(QColor(self._colours.text))
        for top, text in zip((middle - half - high, middle + half), LINES, strict=True):
            write(painter, QRectF(gap.left(), top, gap.width(), high), [text], CENTRE)
