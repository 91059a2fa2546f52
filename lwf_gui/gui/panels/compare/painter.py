"""Paints the table of differences: the runs with their lines, the headings, and every learner's rows."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from lwf_gui.gui import theme
from lwf_gui.gui.panels.compare.place import Place
from lwf_gui.gui.panels.compare.plan import HEADING, Plan
from lwf_gui.gui.panels.compare.words import effects_of, run_ways, without
from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.pin_lines import STYLES
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import CENTRE, LEFT, RIGHT, write
from lwf_gui.gui.theme import Theme
from lwf_gui.runs.compared import PARTS, Compared, Run
from lwf_gui.runs.metrics import ProtocolName

CROSS = "✕"

SAMPLE = 2.2
"""Width of a sample of a run's line, in heights of a row."""

MARK = 0.85
"""Width of the mark before a learner's name, with what is left empty behind it, in heights of a row."""


class TablePainter:
    """Paints one table where it is planned, and notes its spots."""

    def __init__(self, painter: QPainter, places: Plan, colours: Theme, found: Compared, protocol: ProtocolName):
        self._painter, self._plan, self._colours = painter, places, colours
        self._found, self._protocol = found, protocol
        self.spots: list[Spot] = []

    def paint(self) -> None:
        """Paint all of it."""
        for number, run in enumerate(self._found.runs):
            self._paint_run(number, run)
        self._paint_headings()
        for number, learner in enumerate(self._found.learners):
            self._paint_learner(number, learner)

    def _paint_run(self, number: int, run: Run) -> None:
        """Paint a sample of a run's line, its letter and what differs, and the cross that takes it away."""
        rect = self._plan.run(number)
        line = rect.height()
        pen = QPen(QColor(self._colours.text), 2, STYLES.get(run.letter, Qt.PenStyle.SolidLine))
        self._painter.setPen(pen)
        self._painter.drawLine(QLineF(rect.left(), rect.center().y(), rect.left() + SAMPLE * line, rect.center().y()))
        self._ink(self._colours.text, bold=True)
        left = (SAMPLE + 0.4) * line
        name = rect.adjusted(left, 0, 0, 0)
        self._write(name, [run.name], LEFT)
        left += self._wide(max((each.name for each in self._found.runs), key=len)) + 8
        right = line if run.letter else 0.0
        self._ink(self._colours.text)
        effects = effects_of(self._found, self._protocol, run)
        self._write(rect.adjusted(left, 0, -right, 0), run_ways(run, effects, self._found.runs[0].differs), LEFT)
        self.spots.append(Spot(rect.adjusted(0, 0, -right, 0), Place("run", run.name)))
        if run.letter:
            box = QRectF(rect.right() - line, rect.top(), line, line)
            self._ink(self._colours.muted)
            self._write(box, [CROSS, "x"], CENTRE)
            self.spots.append(Spot(box, Place("unpin", run.name)))

    def _paint_headings(self) -> None:
        """Paint what the columns are."""
        for number, run in enumerate(self._found.runs):
            figure, difference = self._plan.cell(number, self._plan.head)
            self._ink(self._colours.text, bold=True)
            self._write(figure, [run.name], RIGHT)
            if number and not self._plan.form.stacked:
                self._ink(self._colours.muted)
                ways = [f"{HEADING.format(letter=run.letter)}, points", HEADING.format(letter=run.letter)]
                self._write(difference.adjusted(2, 0, 0, 0), ways, RIGHT)

    def _paint_learner(self, number: int, learner: str) -> None:
        """Paint a learner's name and its rows."""
        form, above = self._plan.form, self._plan.name(number).top() - 1
        self._painter.setPen(QPen(QColor(self._colours.line), 1))
        self._painter.drawLine(QLineF(self._plan.area.left(), above, self._right, above))
        self._ink(self._colours.text)
        heading(self._painter, self._plan.name(number), learner, [form.names[learner]], self._colours)
        if not form.above and (said := without(self._found, learner)):
            name = self._plan.name(number)
            self._ink(self._colours.muted)
            self._write(name.adjusted(MARK * name.height(), form.row, -4, form.row), said, LEFT)
        for part, word in enumerate(form.words):
            self._ink(self._colours.muted)
            self._write(self._plan.word(number, part), [word], LEFT)
            self._paint_row(learner, part, self._plan.top(number, part))

    def _paint_row(self, learner: str, part: int, top: float) -> None:
        """Paint one figure of a learner in every run, and the differences, which are what one looks for."""
        for number, run in enumerate(self._found.runs):
            figure = self._found.figure(run, self._protocol, learner, PARTS[part])
            box, other = self._plan.cell(number, top)
            self._ink(self._colours.text, digits=True)
            self._write(box, [figure.text], RIGHT)
            if number:
                self._ink(self._colours.text, digits=True, bold=True)
                self._write(other, [figure.difference], RIGHT)
            self.spots.append(Spot(box | other if number else box, Place("figure", run.name, learner, part)))

    @property
    def _right(self) -> float:
        """The right edge of the last column."""
        figure, difference = self._plan.cell(len(self._found.runs) - 1, 0.0)
        return max(figure.right(), difference.right())

    def _ink(self, colour: str, *, bold: bool = False, digits: bool = False) -> None:
        self._painter.setPen(QColor(colour))
        self._painter.setFont(theme.font(self._plan.form.scale, bold=bold, fixed_digits=digits))

    def _wide(self, text: str) -> float:
        return QFontMetricsF(theme.font(self._plan.form.scale, bold=True)).horizontalAdvance(text)

    def _write(self, rect: QRectF, texts: Sequence[str], flags: Qt.AlignmentFlag) -> None:
        write(self._painter, rect, texts, flags)
