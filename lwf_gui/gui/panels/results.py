"""Every learner in one table, under both protocols, with what it stores and costs: to be sorted and copied."""

from __future__ import annotations

import math
from typing import Literal, NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter

from lwf_gui.exports.tables import FORMS
from lwf_gui.gui import theme
from lwf_gui.gui.panels.copying import paint_forms
from lwf_gui.gui.panels.drawing import heading
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.results_layout import Layout, arrange, group_names
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.text import RIGHT, fitted, names_within, write
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.results import COLUMNS, Results, results, table
from lwf_gui.runs.seed_words import seeds_at, table_spread


class Place(NamedTuple):
    """A heading (to sort by), a figure of a learner, or a form to copy the table in."""

    kind: Literal["column", "figure", "copy"]
    column: int
    name: str = ""


class ResultsPanel(Panel):
    """The table of results."""

    EMPTY = "All learners in one table, once they begin on task 2."
    CHOSEN = ("_sorted", "_turned")

    def __init__(self) -> None:
        super().__init__()
        self._sorted: int | None = None
        self._turned = False
        self._spread: dict[str, dict[int, str]] = {}
        """The middle 95 % of seeds by learner and column, where there are runs with other seeds."""
        self._copied = ""
        """The form in which the table was copied last, until another one is shown."""

    # What it shows, in numbers and words

    def figures(self) -> Results | None:
        """Return the table where one looks."""
        self._spread = table_spread(self.record, self.selection)
        return results(self.record, self.selection)

    def state(self) -> object:
        """Return what the table depends on: evaluations on the full test sets."""
        asked = (self.selection.step, self.selection.seeds, self.record.outcome)
        return (asked, self.record.teacher, len(self.record.evaluations), learners_of(self.record))

    def captions(self) -> tuple[str, ...]:
        """Return of which images and moment the figures are, and shorter wordings."""
        shown: Results | None = self.shown
        if shown is None:
            return ()
        return (f"Both protocols, {shown.images}, {shown.where}", f"All test images, {shown.where}", "all test images")

    def sentence(self) -> str:
        """Say each learner's averages."""
        shown: Results = self.shown
        said = (
            f"{label_of(name)}: "
            + ", ".join(f"{COLUMNS[at].group} {row[at][1]} %" for at in (0, 2))
            + f", {row[4][1]} KB stored"
            for name, row in shown.rows.items()
        )
        told = f"Average accuracy, {shown.images}, {shown.where}. " + "; ".join(said) + "."
        spread = "; ".join(
            f"{label_of(name)}: " + ", ".join(f"{COLUMNS[at].group} {texts[at]} %" for at in (0, 2) if at in texts)
            for name, texts in self._spread.items()
        )
        return f"{told} Of {self._seeds} seeds the middle 95 %: {spread}." if spread else told

    def tip(self, key: Place) -> str:
        """Say what a heading means, or a figure is."""
        if key.kind == "copy":
            return f"Copies the table as {key.name}, in this order of the learners."
        column = COLUMNS[key.column]
        if key.kind == "column":
            return f"{column.help} Sorts the learners by it."
        shown: Results = self.shown
        if key.name not in shown.rows:  # a place of what was shown a moment ago
            return ""
        text = shown.rows[key.name][key.column][1]
        spread = self._spread.get(key.name, {}).get(key.column, "")
        seeds = f" Of {self._seeds} seeds the middle 95 %: {spread} {column.unit}." if spread else ""
        return f"{label_of(key.name)}, {column.group}, {column.name}: {text} {column.unit}.{seeds} {column.help}"

    def choose(self, key: Place) -> None:
        """Sort by a column, the other way round if it is sorted by it; or copy the table."""
        if key.kind == "copy":
            QGuiApplication.clipboard().setText(FORMS[key.name](*table(self.shown, self._learners())))
            self._copied = key.name
        elif key.kind == "column":
            self._turned = self._sorted == key.column and not self._turned
            self._sorted = key.column
        self.update()

    @property
    def _seeds(self) -> int:
        """How many runs the spread is of."""
        return len(seeds_at(self.record, self.selection))

    def _learners(self) -> list[str]:
        shown: Results = self.shown
        return shown.order(self._sorted, turned=self._turned)

    # Painting

    def paint(self, painter: QPainter, figures: Results) -> None:
        """Paint the headings, a row for every learner, and how the table may be copied."""
        area, learners = self.area, self._learners()
        rows = len(learners) + len(self._spread)
        line = min(1.5 * QFontMetricsF(theme.font(1.0)).height(), area.height() / (rows + 5))
        texts = {name: [text for _, text in figures.rows[name]] for name in learners}
        lay = arrange(area, line, texts, list(self._spread.values()))
        self.spots = []
        self._paint_headings(painter, lay)
        wide = lay.names - 1.5 * line
        names = names_within(QFontMetricsF(lay.font), wide, tuple(learners))
        top = area.top() + 2.4 * line
        for name in learners:
            top += line
            painter.setFont(fitted(QFont(lay.font), 0.8 * line, names.values(), wide))
            heading(painter, QRectF(area.left(), top, lay.names, line), name, [names[name]], self.colours)
            self._paint_row(painter, figures, name, lay, top)
            if name in self._spread:
                top += line
                self._paint_spread(painter, name, lay, top)
        self._paint_copy(painter, QRectF(area.left(), area.bottom() - line, area.width(), line))

    def _paint_headings(self, painter: QPainter, lay: Layout) -> None:
        """Paint the names of the columns, those of one group under one name."""
        bold = QFont(lay.font)
        bold.setBold(True)
        painter.setPen(QColor(self.colours.text))
        painter.setFont(bold)
        for group, box in lay.groups():
            write(painter, box.adjusted(-1, 0, 0, 0), group_names(group), RIGHT)
        painter.setFont(lay.font)
        for at, name in lay.headings.items():
            box, column = lay.box(at, lay.top + lay.line), COLUMNS[at]
            self.spots.append(Spot(box.adjusted(0, 0, 0, box.height()), Place("column", at)))
            sign = "" if self._sorted != at else "▲ " if column.high == self._turned else "▼ "
            painter.setPen(QColor(self.colours.accent if sign else self.colours.muted))
            for place, text in enumerate((name, f"{sign}{column.unit}")):
                write(painter, box.translated(0, place * box.height()), [text], RIGHT)

    def _paint_row(self, painter: QPainter, figures: Results, name: str, lay: Layout, top: float) -> None:
        """Paint one learner's figures; the best of a column of accuracies, as shown, is bold."""
        for at in lay.headings:
            value, text = figures.rows[name][at]
            box = lay.box(at, top)
            self.spots.append(Spot(box, Place("figure", at, name)))
            best = COLUMNS[at].high and len(figures.rows) > 1 and not math.isnan(value) and text == figures.best(at)
            painter.setPen(QColor(self.colours.text))
            shown, font = lay.figure(at, value, text, bold=best)
            painter.setFont(font)
            painter.drawText(box, int(RIGHT | Qt.TextFlag.TextSingleLine | Qt.TextFlag.TextDontClip), shown)

    def _paint_spread(self, painter: QPainter, name: str, lay: Layout, top: float) -> None:
        """Paint below a learner's figures between which two the middle 95 % of seeds lie."""
        painter.setPen(QColor(self.colours.muted))
        painter.setFont(lay.font)
        count = self._seeds
        names = QRectF(lay.left - lay.names + 1.5 * lay.line, top, lay.names - 1.5 * lay.line, lay.line)
        write(painter, names, [f"{count} seeds: 95 %", f"{count} seeds", f"{count}"])
        for at in lay.headings:
            if text := self._spread[name].get(at):
                shown, font = lay.figure(at, 0.0, text, bold=False)
                painter.setFont(font)
                painter.drawText(lay.box(at, top), int(RIGHT | Qt.TextFlag.TextSingleLine), shown)

    def _paint_copy(self, painter: QPainter, rect: QRectF) -> None:
        """Paint the forms in which the table can be copied."""
        boxes = paint_forms(painter, rect, self._copied, self.colours)
        self.spots += [Spot(box, Place("copy", 0, form)) for form, box in boxes.items()]
