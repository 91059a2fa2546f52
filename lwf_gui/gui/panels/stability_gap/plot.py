"""The lens: a curve for each learner over the first steps of a task, with its lowest point and its name at its end."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.class_means.labels import Labels
from lwf_gui.gui.panels.drawing import draw_mark, heading, polyline
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.stability_gap import words
from lwf_gui.gui.panels.stability_gap.axes import Axes
from lwf_gui.gui.panels.stability_gap.place import Place
from lwf_gui.gui.panels.stability_gap.plan import MOST_ROWS, Plan
from lwf_gui.gui.panels.text import CENTRE, names_within, widest
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.stability_gap import Dip, StabilityGap

SMALL, SLIM = 0.62, 2.0
"""Lines of a mark, and pixels of a curve, of the last learner; those below are larger, so that both can be seen."""

MOST_HIGH = 0.07
"""Part of the plot's height that a mark takes at most."""

LOW = 8
"""Lines of the plot's height below which a lowest point has its figure alone, without its step."""

RING, COVERS = 1.7, 0.8
"""Marks that a ring around a lowest point is wide, and how far a figure hides what lies below it."""

MORE = 0.4
"""Part by which the first learner's mark and curve are larger."""


class PlotPainter:
    """Paints the curves upon their axes, and notes their spots."""

    def __init__(self, painter: QPainter, area: QRectF, plan: Plan, colours: Theme, figures: StabilityGap) -> None:
        self._painter, self._colours, self._figures = painter, colours, figures
        font = plan.font(0.85, fixed_digits=True)
        self._metrics = QFontMetricsF(font)
        mark = 1.5 * 0.8 * self._metrics.ascent()
        self._names = names_within(self._metrics, 0.3 * area.width() - mark, figures.learners)
        beside = min(widest(self._metrics, self._names.values()) + mark + 4, 0.4 * area.width())
        self.axes = Axes(area, beside + 0.6 * self._metrics.height(), plan, colours, figures)
        self._ends = QRectF(area.right() - beside, area.top(), beside, area.height())
        self._line, self._field = self.axes.line, self.axes.field
        self.spots: list[Spot] = []

    def paint(self) -> None:
        """Paint all of it but the step that is looked at."""
        self.axes.paint(self._painter, self._figures)
        self._before()
        for dip in self._figures.dips:
            self._curve(dip)
        self._name_ends()
        self._ring_lowest()

    @property
    def _many(self) -> bool:
        """Whether there are so many learners that marks and words are few."""
        return len(self._figures.dips) > MOST_ROWS

    # Curves

    def _before(self) -> None:
        """Draw where everyone stood before the first step as dotted lines: one where all stood at one place."""
        painter, figures = self._painter, self._figures
        one = words.before_text(figures)
        for dip in figures.dips[: 1 if one else None]:
            colour = self._colours.muted if one else self._colours.learner(dip.learner)
            painter.setPen(QPen(QColor(colour), 1.5, Qt.PenStyle.DotLine))
            painter.drawLine(self.axes.point(0, dip.before), self.axes.point(figures.length, dip.before))

    def _weight(self, learner: str) -> float:
        """Return how much larger a learner's curve is than the last one's, which lies above all."""
        learners = self._figures.learners
        return 1 + MORE * (1 - learners.index(learner) / max(1, len(learners) - 1))

    def _pixels(self, dip: Dip) -> list[QPointF]:
        pairs = zip(dip.steps.tolist(), dip.shares.tolist(), strict=True)
        return [self.axes.point(step, share) for step, share in pairs]

    def _curve(self, dip: Dip) -> None:
        """Draw a learner's own part of its curve, with its mark at every look."""
        painter, weight = self._painter, self._weight(dip.learner)
        points = self._pixels(dip)[dip.own :]
        colour = QColor(self._colours.learner(dip.learner))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colour, SLIM * weight))
        if len(points) > 1:
            polyline(painter, np.array([[point.x(), point.y()] for point in points]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for point in points[-1:] if self._many else points:
            draw_mark(painter, self._around(point, weight), dip.learner)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _around(self, point: QPointF, weight: float = 1.0) -> QRectF:
        side = min(SMALL * self._line, MOST_HIGH * self._field.height()) * weight
        return QRectF(point.x() - side / 2, point.y() - side / 2, side, side)

    # What stands at curves

    def _name_ends(self) -> None:
        """Write the names behind the curves' ends, as near to them as there is room, each tied to its end."""
        painter, column, names = self._painter, self._ends, self._names
        dips = sorted(self._figures.dips, key=lambda dip: -dip.after)
        font = sized(QFont(self.axes.font), list(names.values()), column.width(), column.height() / len(dips))
        high = QFontMetricsF(font).height()
        if high * len(dips) > column.height():
            for dip in dips:  # too many to be named: their ends say who they are under the mouse
                self._spot(self._around(self._pixels(dip)[-1]), Place("curve", dip.learner))
            return
        painter.setFont(font)
        wanted = [self._pixels(dip)[-1].y() - high / 2 for dip in dips]
        for dip, top in zip(dips, spread(wanted, high, (column.top(), column.bottom())), strict=True):
            end, box = self._pixels(dip)[-1], QRectF(column.left(), top, column.width(), high)
            painter.setPen(QPen(QColor(self._colours.muted), 1, Qt.PenStyle.DotLine))  # it is no curve
            painter.drawLine(end, QPointF(box.left() - 2, box.center().y()))
            heading(painter, box, dip.learner, [names[dip.learner]], self._colours)
            self._spot(box, Place("curve", dip.learner))
        painter.setFont(self.axes.font)

    def _ring_lowest(self) -> None:
        """Ring the lowest points, then write each one's figure, and where all stood before, where they hide least."""
        painter, figures = self._painter, self._figures
        fallen = [dip for dip in figures.dips if dip.before - dip.lowest >= words.FALLS]
        rings = [self._around(self._pixels(dip)[int(dip.shares.argmin())], RING) for dip in fallen]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._colours.text), 1.5))
        for ring in rings:
            painter.drawEllipse(ring)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        covered, placed = [*rings, *(() if self._many else self._covered())], list[QRectF]()
        few = self._many or self._field.height() < LOW * self._line
        for dip, ring in sorted(zip(fallen, rings, strict=True), key=lambda each: each[1].left()):
            key, texts = Place("lowest", dip.learner), words.lowest_texts(figures, dip)[few:]
            if not self._write_at(ring, texts, key, covered, placed):
                self._spot(ring, key)
        stood = words.before_text(figures)
        for share in (0.6, 0.35, 0.15) if stood and figures.last else ():
            y = self.axes.point(0, figures.dips[0].before).y() - 0.75 * self._line  # above its line
            point = QRectF(self._field.left() + share * self._field.width(), y, 0, 0)
            if self._write_at(point, [stood], Place("before"), covered, placed):
                return

    def _covered(self) -> list[QRectF]:
        """Return where curves are, so that figures leave them free."""
        found = []
        for dip in self._figures.dips:
            points = self._pixels(dip)[dip.own :]
            for one, other in pairwise(points):
                count = max(1, int(abs(other.x() - one.x()) + abs(other.y() - one.y())) // max(4, int(self._line)))
                found += [self._around(one + (other - one) * (part / count)) for part in range(count)]
            found.append(self._around(points[-1]))
        return found

    def _write_at(
        self, ring: QRectF, texts: Sequence[str], key: Place, covered: Sequence[QRectF], placed: list[QRectF]
    ) -> bool:
        """Write the first of these texts that has room beside a place, away from words; return whether one has."""
        above = self._field.adjusted(0, -0.4 * self._line, 0, 0)
        for text in texts:
            size = QSizeF(self._metrics.horizontalAdvance(text) + 4, self._line)
            reach = size.width() + ring.width()
            near = ring.adjusted(-reach, -2 * self._line, reach, 2 * self._line)
            labels = Labels(above, [each for each in covered if near.intersects(each)], placed)
            place = labels.place(ring.center(), size, ring.width() / 2 + 1)
            if place is not None:
                placed.append(place)
                self._write_upon(place, text, self._colours.words(key.name) if key.name else self._colours.muted)
                self._spot(place, key)
                return True
        return False

    def _write_upon(self, place: QRectF, text: str, colour: str) -> None:
        """Write a text upon what lies there, which shines through."""
        back = QColor(self._colours.window)
        back.setAlphaF(COVERS)
        self._painter.fillRect(place.adjusted(0, 1, 0, -1), back)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(place, int(CENTRE), text)

    def _spot(self, rect: QRectF, key: Place) -> None:
        """Note a spot, unless another one is there already."""
        if not any(rect.intersects(other.rect) for other in self.spots):
            self.spots.append(Spot(rect, key))


def spread(tops: Sequence[float], high: float, within: tuple[float, float]) -> list[float]:
    """Return where boxes of one height stand without covering each other: near to where each would, in their order."""
    placed: list[float] = []
    for number, top in enumerate(tops):
        least = placed[-1] + high if placed else within[0]
        most = within[1] - high * (len(tops) - number)  # those that follow need room too
        placed.append(min(max(top, least), most))
    return placed
