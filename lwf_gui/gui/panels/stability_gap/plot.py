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
from lwf_gui.gui.panels.stability_gap.place import Place
from lwf_gui.gui.panels.stability_gap.plan import MOST_ROWS, Plan
from lwf_gui.gui.panels.text import CENTRE, RIGHT, names_within, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import Names
from lwf_gui.runs.stability_gap import Dip, StabilityGap

FULL = "100 %"
"""The widest label of the axis of accuracy: room for it is reserved."""

STRETCH = 0.5
"""Power of a step that is its place: the very first steps, where all falls, have the most room."""

TICKS = (8, 24, 2, 40, 16, 4, 1, 12, 32, 6, 20, 50, 10, 3)
"""Steps that are labelled beside the first and the last, those first that say most: as many as have room."""

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

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: StabilityGap) -> None:
        self._painter, self._plan, self._colours, self._figures = painter, plan, colours, figures
        self._font = plan.font(0.85, fixed_digits=True)
        self._metrics = QFontMetricsF(self._font)
        self._line = self._metrics.height()
        self._field = QRectF()
        self.spots: list[Spot] = []

    def paint(self, area: QRectF) -> None:
        """Paint all of it."""
        painter, line, figures = self._painter, self._line, self._figures
        painter.setFont(self._font)
        mark = 1.5 * 0.8 * self._metrics.ascent()
        names = names_within(self._metrics, 0.3 * area.width() - mark, figures.learners)
        right = min(widest(self._metrics, names.values()) + mark + 4, 0.4 * area.width())
        self._field = QRectF(area)
        self._field.setLeft(area.left() + self._metrics.horizontalAdvance(FULL) + 6)
        self._field.setRight(area.right() - right - 0.6 * line)
        self._field.setTop(area.top() + 0.5 * line)
        self._field.setBottom(area.bottom() - 2 * line - 2)
        self._axes(area)
        self._before()
        for dip in figures.dips:
            self._curve(dip)
        self._ends(QRectF(self._field.right() + 0.6 * line, area.top(), right, area.height()), names)
        self._lowest()

    # Axes

    def _point(self, step: float, share: float) -> QPointF:
        field, along = self._field, (max(step, 0) / self._figures.length) ** STRETCH
        return QPointF(field.left() + along * field.width(), field.bottom() - share / 100 * field.height())

    def _axes(self, area: QRectF) -> None:
        painter, field, line, figures = self._painter, self._field, self._line, self._figures
        for percent in (0, 25, 50, 75, 100) if field.height() > 6 * line else (0, 50, 100):
            y = self._point(0, percent).y()
            painter.setPen(QColor(self._colours.line))
            painter.drawLine(QPointF(field.left(), y), QPointF(field.right(), y))
            if percent != 50 or field.height() > 3 * line:
                painter.setPen(QColor(self._colours.muted))
                beside = QRectF(area.left(), y - line / 2, field.left() - area.left() - 5, line)
                write(painter, beside, [f"{percent} %"], RIGHT)
        self._steps(QRectF(field.left(), field.bottom() + 2, field.width(), line))
        begun = f"task {figures.task + 1}" if figures.earlier != "the old task" else "the new task"
        below = QRectF(area.left(), field.bottom() + line + 2, field.right() - area.left(), line)
        since = f"steps since {begun} began"
        texts = [f"right answers of {figures.earlier} by {since}, the first ones stretched"]
        texts += [f"{since}, the first ones stretched", since, "steps"]
        painter.setPen(QColor(self._colours.muted))
        write(painter, below, texts, RIGHT)

    def _steps(self, row: QRectF) -> None:
        """Write the steps below the field, and mark the one that is looked at."""
        painter, figures = self._painter, self._figures
        taken = []
        if figures.here is not None:
            x, text = self._point(figures.here, 0).x(), f"step {figures.here:,}"
            taken.append(self._below(row, x, text, QColor(self._colours.text)))
            painter.setPen(QPen(QColor(self._colours.text), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QPointF(x, self._field.top()), QPointF(x, self._field.bottom()))
        for step in dict.fromkeys((0, figures.length, *TICKS)):
            x, text = self._point(step, 0).x(), f"{step:,}"
            place = self._place_below(row, x, text).adjusted(-5, 0, 5, 0)
            if step <= figures.length and not any(place.intersects(other) for other in taken):
                taken.append(self._below(row, x, text, QColor(self._colours.muted)))
                painter.drawLine(QPointF(x, row.top() - 2), QPointF(x, row.top() + 1))

    def _place_below(self, row: QRectF, x: float, text: str) -> QRectF:
        wide = self._metrics.horizontalAdvance(text) + 2
        left = min(max(x - wide / 2, row.left() - wide / 2), row.right() - wide / 2)
        return QRectF(left, row.top(), wide, row.height())

    def _below(self, row: QRectF, x: float, text: str, colour: QColor) -> QRectF:
        place = self._place_below(row, x, text)
        self._painter.setPen(colour)
        self._painter.drawText(place, int(CENTRE | Qt.TextFlag.TextDontClip), text)
        return place

    # Curves

    def _before(self) -> None:
        """Draw where everyone stood before the first step as dotted lines: one where all stood at one place."""
        painter, figures = self._painter, self._figures
        one = words.before_text(figures)
        for dip in figures.dips[: 1 if one else None]:
            colour = self._colours.muted if one else self._colours.learner(dip.learner)
            painter.setPen(QPen(QColor(colour), 1.5, Qt.PenStyle.DotLine))
            painter.drawLine(self._point(0, dip.before), self._point(figures.length, dip.before))

    def _weight(self, learner: str) -> float:
        """Return how much larger a learner's curve is than the last one's, which lies above all."""
        learners = self._figures.learners
        return 1 + MORE * (1 - learners.index(learner) / max(1, len(learners) - 1))

    def _pixels(self, dip: Dip) -> list[QPointF]:
        pairs = zip(dip.steps.tolist(), dip.shares.tolist(), strict=True)
        return [self._point(step, share) for step, share in pairs]

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
        many = len(self._figures.dips) > MOST_ROWS
        for point in points[-1:] if many else points:
            draw_mark(painter, self._around(point, weight), dip.learner)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _around(self, point: QPointF, weight: float = 1.0) -> QRectF:
        side = min(SMALL * self._line, MOST_HIGH * self._field.height()) * weight
        return QRectF(point.x() - side / 2, point.y() - side / 2, side, side)

    # What stands at curves

    def _ends(self, column: QRectF, names: Names) -> None:
        """Write the names behind the curves' ends, as near to them as there is room, each tied to its end."""
        figures, painter = self._figures, self._painter
        dips = sorted(figures.dips, key=lambda dip: -dip.after)
        font = sized(QFont(self._font), list(names.values()), column.width(), column.height() / len(dips))
        high = QFontMetricsF(font).height()
        if high * len(dips) > column.height():
            for dip in dips:  # too many to be named: their ends say who they are under the mouse
                self._spot(self._around(self._pixels(dip)[-1]), Place("curve", dip.learner))
            return
        painter.setFont(font)
        wanted = [self._pixels(dip)[-1].y() - high / 2 for dip in dips]
        for dip, top in zip(dips, spread(wanted, high, (column.top(), column.bottom())), strict=True):
            end, box = self._pixels(dip)[-1], QRectF(column.left(), top, column.width(), high)
            painter.setPen(QPen(QColor(self._colours.learner(dip.learner)), 1))
            painter.drawLine(end, QPointF(box.left() - 2, box.center().y()))
            heading(painter, box, dip.learner, [names[dip.learner]], self._colours)
            self._spot(box, Place("curve", dip.learner))
        painter.setFont(self._font)

    def _lowest(self) -> None:
        """Ring the lowest points, then write each one's figure, and where all stood before, where they hide least."""
        painter, figures = self._painter, self._figures
        fallen = [dip for dip in figures.dips if dip.before - dip.lowest >= words.FALLS]
        rings = [self._around(self._pixels(dip)[int(dip.shares.argmin())], RING) for dip in fallen]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(self._colours.text), 1.5))
        for ring in rings:
            painter.drawEllipse(ring)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        above = self._field.adjusted(0, -0.4 * self._line, 0, 0)
        labels = Labels(above, [*rings, *self._covered()])
        for dip, ring in sorted(zip(fallen, rings, strict=True), key=lambda each: each[1].left()):
            key = Place("lowest", dip.learner)
            texts = words.lowest_texts(figures, dip)[self._field.height() < LOW * self._line :]
            if not self._write_at(labels, ring, texts, key, self._colours.words(key.name)):
                self._spot(ring, key)
        stood = words.before_text(figures)
        for share in (0.6, 0.35, 0.15) if stood and figures.last else ():
            y = self._point(0, figures.dips[0].before).y() - 0.75 * self._line  # above its line
            point = QRectF(self._field.left() + share * self._field.width(), y, 0, 0)
            if self._write_at(labels, point, [stood], Place("before"), self._colours.muted):
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

    def _write_at(self, labels: Labels, ring: QRectF, texts: Sequence[str], key: Place, colour: str) -> bool:
        """Write the first of these texts that has room beside a place, upon what lies there; return whether one has."""
        for text in texts:
            size = QSizeF(self._metrics.horizontalAdvance(text) + 4, self._line)
            place = labels.place(ring.center(), size, ring.width() / 2 + 1)
            if place is not None:
                back = QColor(self._colours.surface)
                back.setAlphaF(COVERS)
                self._painter.fillRect(place.adjusted(0, 1, 0, -1), back)
                self._painter.setPen(QColor(colour))
                self._painter.drawText(place, int(CENTRE), text)
                self._spot(place, key)
                return True
        return False

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
