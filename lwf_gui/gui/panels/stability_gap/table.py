"""The table of the stability gap: a row for each learner, where it stood, how low it fell, and where it stands."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QFontInfo, QFontMetricsF, QPainter

from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.put_back.network import SMALLEST
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.stability_gap import words
from lwf_gui.gui.panels.stability_gap.place import Place
from lwf_gui.gui.panels.stability_gap.plan import Plan
from lwf_gui.gui.panels.text import RIGHT, widest, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.names import names_of
from lwf_gui.runs.stability_gap import StabilityGap

GAP = 10.0
"""Pixels between two columns."""

Texts = Sequence[str]
"""What a cell says, from the longest to the shortest way."""


class TablePainter:
    """Paints the rows, and notes their spots."""

    def __init__(self, painter: QPainter, plan: Plan, colours: Theme, figures: StabilityGap) -> None:
        self._painter, self._plan, self._colours, self._figures = painter, plan, colours, figures
        self.spots: list[Spot] = []

    def paint(self, area: QRectF) -> None:
        """Paint a heading and a row for each learner."""
        figures, painter = self._figures, self._painter
        high = area.height() / (len(figures.dips) + 1)
        forms = names_of(figures.learners)
        rows = [
            ([form[dip.learner] for form in forms], *words.cells(figures, dip)) for dip in figures.dips
        ]  # the name, then its figures
        table: list[Sequence[Texts]] = [(("",), *words.headings(figures)), *rows]
        font = self._font(table, area.width(), high)
        painter.setFont(font)
        wide = widths(QFontMetricsF(font), table, area.width())
        for number, row in enumerate(table):
            line = QRectF(area.left(), area.top() + number * high, area.width(), high)
            places, left = [], line.left()
            for each in wide:
                places.append(QRectF(left, line.top(), each - GAP / 2, high))
                left += each
            self._row(line, places, row, figures.learners[number - 1] if number else "")

    def _font(self, table: Sequence[Sequence[Texts]], width: float, high: float) -> QFont:
        """Return the type, smaller where the shortest texts have no room."""
        font = self._plan.font(0.9, fixed_digits=True)
        metrics = QFontMetricsF(font)
        needed = sum(_needs(metrics, table, -1))
        share = min(1.0, width / needed, 0.95 * high / metrics.height())
        if share < 1:
            font.setPixelSize(max(SMALLEST, int(share * QFontInfo(font).pixelSize())))
        return font

    def _row(self, line: QRectF, places: Sequence[QRectF], row: Sequence[Texts], learner: str) -> None:
        """Paint the headings or, of a learner, its name and figures."""
        painter = self._painter
        painter.setPen(QColor(self._colours.muted))
        if learner:
            painter.setPen(QColor(self._colours.line))
            painter.drawLine(line.topLeft(), line.topRight())
            heading(painter, places[0], learner, row[0], self._colours)
            self.spots.append(Spot(line, Place("row", learner)))
        for place, texts in zip(places[1:], row[1:], strict=True):
            write(painter, place, texts, RIGHT)


def widths(metrics: QFontMetricsF, table: Sequence[Sequence[Texts]], width: float) -> list[float]:
    """Return how wide the columns are: each for its shortest texts, then for longer ones while there is room."""
    wide, wanted = _needs(metrics, table, -1), _needs(metrics, table, 0)
    for column in sorted(range(len(wide)), key=lambda each: wanted[each] - wide[each]):
        more = wanted[column] - wide[column]
        if sum(wide) + more <= width:
            wide[column] += more
    spare = max(0.0, width - sum(wide)) / len(wide)
    return [each + spare for each in wide]


def _needs(metrics: QFontMetricsF, table: Sequence[Sequence[Texts]], form: int) -> list[float]:
    """Return the pixels that each column takes with the longest texts, ``form`` 0, or with the shortest ones, -1."""
    mark = 1.5 * 0.8 * metrics.ascent() + 2
    columns = zip(*table, strict=True)
    return [
        widest(metrics, (texts[form] for texts in column)) + GAP + mark * (not place)
        for place, column in enumerate(columns)
    ]
