"""Two curves along a path: the old task solid with circles, the new one dashed with squares.

Their colour changes from that of one end to that of the other, as the networks do.
"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui.panels.drawing import mixed
from lwf_gui.gui.panels.put_back.network import sized
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.straight_path import words
from lwf_gui.gui.panels.straight_path.place import Place
from lwf_gui.gui.panels.straight_path.plan import Plan
from lwf_gui.gui.panels.text import LEFT, MIDDLE, RIGHT, fitting, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.messages import POINTS
from lwf_gui.numbers import compact, round_up
from lwf_gui.runs.straight_path import Ends, StraightPathFigures

PARTS = POINTS - 1


class PathPlot:
    """Paints the curves of one path, and notes a spot for each point."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: StraightPathFigures, ends: Ends) -> None:
        self._painter, self._plan, self._colours = painter, plan, colours
        self._figures, self._ends, self._path = figures, ends, figures.paths[ends]
        self.spots: list[Spot] = []

    def paint(self, area: QRectF, point: int, *, loss: bool) -> None:
        """Paint axes, curves, what they are called, the best point, and a line through the chosen one."""
        curves = self._path.losses if loss else (self._path.old, self._path.new)
        top = round_up(max(map(max, curves))) if loss else 100.0
        small = sized(self._plan.font(0.85), ["100 %"], 0.14 * area.width(), 0.2 * area.height())
        metrics, labels = QFontMetricsF(small), self._labels(area.width())
        line = metrics.height()
        ticks = [f"{compact(top)} nats" if loss else "100 %", compact(top / 2), "0"]
        left, right = widest(metrics, ticks) + 5, widest(metrics, labels) + 0.8 * line
        self._square = area.adjusted(left, line, -right, -line - 3)
        self._top, self._radius = top, max(2.2, 0.2 * line)
        self._painter.setFont(small)
        self._axes(ticks, area)
        self._chosen_line(point)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for task, along in enumerate(curves):
            self._curve(along, task, point)
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        self._write_labels(labels, [along[-1] for along in curves], area)
        if not loss:
            self._best(area)
        self._note_points()

    def _at(self, point: int, value: float) -> QPointF:
        square = self._square
        return QPointF(
            square.left() + square.width() * point / PARTS, square.bottom() - square.height() * value / self._top
        )

    def _colour(self, point: float) -> QColor:
        start, end = (QColor(self._colours.learner(each)) for each in self._ends)
        return mixed(start, end, point / PARTS)

    def _axes(self, ticks: Sequence[str], area: QRectF) -> None:
        """Paint the frame, figures at the left, and below the share of the way."""
        painter, square, colours = self._painter, self._square, self._colours
        line = QFontMetricsF(painter.font()).height()
        painter.fillRect(square, QColor(colours.window))
        painter.setPen(QPen(QColor(colours.line), 1))
        for share in (0.0, 0.5, 1.0):
            y = square.bottom() - share * square.height()
            painter.drawLine(QLineF(square.left(), y, square.right(), y))
        for part in range(0, POINTS, 2):
            x = self._at(part, 0).x()
            painter.drawLine(QLineF(x, square.top(), x, square.bottom()))
        painter.setPen(QColor(colours.muted))
        for text, share in zip(ticks, (1.0, 0.5, 0.0), strict=True):
            if share != 0.5 or square.height() > 3 * line:
                y = square.bottom() - share * square.height() - line / 2
                write(painter, QRectF(area.left(), y, square.left() - area.left() - 5, line), [text], RIGHT)
        third, y = square.width() / 3, square.bottom() + 3
        write(painter, QRectF(square.left(), y, third, line), ["0 % of the way", "0 %"])
        write(painter, QRectF(square.left() + third, y, third, line), ["50 %"], MIDDLE)
        write(painter, QRectF(square.right() - third, y, third, line), ["100 %"], RIGHT)

    def _chosen_line(self, point: int) -> None:
        self._painter.setPen(QPen(QColor(self._colours.text), 1, Qt.PenStyle.DotLine))
        self._painter.drawLine(QLineF(self._at(point, 0), self._at(point, self._top)))

    def _curve(self, along: Sequence[float], task: int, chosen: int) -> None:
        """Paint a curve, and a mark at each of its points; larger and framed at the chosen one."""
        painter, places = self._painter, [self._at(point, value) for point, value in enumerate(along)]
        style = Qt.PenStyle.DashLine if task else Qt.PenStyle.SolidLine
        for point in range(PARTS):
            painter.setPen(QPen(self._colour(point + 0.5), 1.8 * max(1.0, self._plan.scale), style))
            painter.drawLine(QLineF(places[point], places[point + 1]))
        for point, place in enumerate(places):
            half = self._radius * (1.5 if point == chosen else 1.0)
            painter.setPen(QPen(QColor(self._colours.text), 1.5) if point == chosen else Qt.PenStyle.NoPen)
            painter.setBrush(self._colour(point))
            mark = QRectF(place.x() - half, place.y() - half, 2 * half, 2 * half)
            painter.drawRect(mark) if task else painter.drawEllipse(mark)
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _labels(self, width: float) -> tuple[str, str]:
        """Return what the curves are called: the longest names that leave them room."""
        old, new = self._figures.tasks
        forms = [
            (old, new),
            (old.replace(" task", ""), new.replace(" task", "")),
            (old[:1] + old[-1:], new[:1] + new[-1:]),
        ]
        metrics = QFontMetricsF(self._plan.font(0.95, bold=True))
        return next((form for form in forms if widest(metrics, form) < 0.22 * width), forms[1])

    def _write_labels(self, labels: Sequence[str], values: Sequence[float], area: QRectF) -> None:
        """Write the names of the curves at their ends, apart from each other."""
        painter, square = self._painter, self._square
        room = area.right() - square.right() - 2 * self._radius - 2
        painter.setFont(sized(self._plan.font(0.9, bold=True), labels, room, 0.45 * square.height()))
        painter.setPen(QColor(self._colours.text))
        line = QFontMetricsF(painter.font()).height()
        lowest, highest = area.bottom() - line / 2, area.top() + line / 2
        middles = [min(max(self._at(PARTS, value).y(), highest), lowest) for value in values]
        upper = 0 if middles[0] <= middles[1] else 1
        short = line - (middles[1 - upper] - middles[upper])
        if short > 0:
            middles[upper] = max(highest, middles[upper] - short / 2)
            middles[1 - upper] = min(lowest, middles[upper] + line)
            middles[upper] = middles[1 - upper] - line
        for label, middle in zip(labels, middles, strict=True):
            write(painter, QRectF(area.right() - room, middle - line / 2, room, line), [label], LEFT)

    def _best(self, area: QRectF) -> None:
        """Mark the point whose mean is highest, above the square, with its figures."""
        painter, square, best = self._painter, self._square, self._path.best
        painter.setFont(sized(self._plan.font(0.85, bold=True), ["best"], square.width(), square.top() - area.top()))
        painter.setPen(QColor(self._colours.text))
        metrics, x = QFontMetricsF(painter.font()), self._at(best, 0).x()
        texts = [f"▼ {text}" for text in words.best_texts(self._figures, self._path)]
        sign = metrics.horizontalAdvance("▼") / 2
        before, behind = x + sign - square.left(), square.right() - x + sign
        text = fitting(metrics, max(before, behind), *texts)
        wide = metrics.horizontalAdvance(text)
        row = QRectF(x - sign, area.top(), wide + 1, square.top() - area.top())
        if wide > behind:  # then the sign stands behind the text
            text, row = f"{text[2:]} ▼", row.translated(2 * sign - wide, 0)
        write(painter, row, [text], LEFT)

    def _note_points(self) -> None:
        """Note a strip of the plot for each point."""
        square = self._square
        half = square.width() / PARTS / 2
        for point in range(POINTS):
            x = self._at(point, 0).x()
            strip = QRectF(x - half, square.top(), 2 * half, square.height()).intersected(square)
            self.spots.append(Spot(strip, Place("point", "", point)))
