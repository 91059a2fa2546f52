"""The loss in numbers: term by term, one row per learner.

Pointing at a term asks the window to show it wherever it appears; in slow motion the parts of a step stand below.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from lwf_gui.gui.panels.drawing import grey_image, scaled
from lwf_gui.gui.panels.equation.loss_table import paint_hint, paint_table
from lwf_gui.gui.panels.equation.step_parts import StepParts
from lwf_gui.gui.panels.equation.terms import ASKED_AS, TermColumn, columns_of, definitions_of, own_width, width_of
from lwf_gui.gui.panels.equation.typesetting import Typesetter
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.messages import MiniBatch
from lwf_gui.runs import equation
from lwf_gui.runs.equation import Balance
from lwf_gui.runs.equation_words import TIPS, explained, spoken
from lwf_gui.runs.loss_row import figure
from lwf_gui.runs.names import label_of

LARGEST = 2.4
"""Times the size of body text that the equation grows to."""


class Equation(Panel):
    """The loss with its numbers."""

    EMPTY = "The loss appears here with its numbers once the learners train."
    LEAST = (320, 100)
    """Room for four learners in small type."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: dict[tuple[int, float], QPixmap] = {}
        """Of the last batch, by place and side: smooth scaling is dear."""
        self._batch: MiniBatch | None = None

    def figures(self) -> Balance | None:
        """Return the terms of all learners."""
        return equation.balance(self.record, self.selection)

    def state(self) -> object:
        """Return what the terms depend on beside the probe: whether its losses are there yet, and its batch."""
        track = self.record.track
        steps = 0 if track is None else track.steps
        if track is not None and (track.probes or self.selection.step is not None):
            steps = min(steps, abs(self.selection.step or 0) + 1)
        return (super().state(), None if track is None else track.started, steps, len(self.record.batches))

    def captions(self) -> tuple[str, ...]:
        """Say what the numbers are, and shorter wordings."""
        return equation.captions(self.record, self.selection)

    def sentence(self) -> str:
        """Say every row."""
        now: Balance = self.shown
        return f"{self.caption()}. " + " ".join(spoken(row) for row in now.rows)

    def tip(self, key: Any) -> str:
        """Explain a term, with a learner's number where it is one, or an image of the batch."""
        now: Balance | None = self.shown
        if now is None:
            return ""
        match key:
            case ("image", index, _) if now.batch is not None and self.record.data is not None:
                return f"Image {index + 1} of {now.batch.size}: {self.record.data.classes[now.batch.labels[index]]}."
            case ("learner", learner, _):
                return next(spoken(row) for row in now.rows if row.learner == learner)
            case (term, learner, _):
                row = next((row for row in now.rows if row.learner == learner), None)
                symbol = "T² = " if term == "temperature" else ""
                number = f"{label_of(learner)}: {symbol}{figure(row, term)}. " if row is not None else ""
                return number + explained(now, term, learner)
        return ""

    def hover(self, key: Any | None) -> None:
        """Ask the window to show a term wherever it appears."""
        term = "" if key is None else ASKED_AS.get(key[0], key[0])
        self.asked.emit({"term": term if term in TIPS and term != "update" else ""})

    def outdate(self) -> None:
        """Paint all anew."""
        self._batch = None

    # Painting: symbols, a row of numbers per learner, definitions, and the parts of the step or how to see them

    def paint(self, painter: QPainter, figures: Balance) -> None:
        """Paint all and find the spots."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, columns, notes = self.area, list(columns_of(figures)), list(definitions_of(figures))
        to = Typesetter(painter, self.colours, self.selection.term)
        metrics, line = QFontMetricsF(to.font(1.0, bold=True)), to.line
        widths = [width_of(column.symbol, metrics) for column in columns]
        numbers = [
            max(width, *map(metrics.horizontalAdvance, (*column.texts, column.least)))
            for width, column in zip(widths, columns, strict=True)
        ]
        spare = max(own_width(row, metrics) for row in figures.rows) - sum(numbers[2:])
        if spare > 0:  # room for the longest formula
            columns.append(TermColumn((), ("",) * len(figures.rows)))
            numbers.append(spare)
        name = min(max(metrics.horizontalAdvance(label_of(row.learner)) for row in figures.rows) + line, 9 * line)
        rows = 1.5 + 1.5 * len(figures.rows)
        lines = rows + 1.1 * len(notes) + (max(3.8, 1.6 + 0.9 * len(figures.rows)) if figures.batch else 0)
        hint = figures.expanded and figures.batch is None and area.height() >= (lines + 1.5) * line  # else bigger type
        lines += 1.5 if hint else 0
        across = area.width() / (name + sum(numbers))
        to.scale = scale = min(across, area.height() / (lines * line), LARGEST)
        line *= scale
        spare = (area.height() - lines * line) * (0 if figures.batch else 1)
        left, y = area.left() + (area.width() - scale * (name + sum(numbers))) / 2, area.top() + 0.3 * spare
        paint_table(to, figures, columns, QRectF(left, y, scale * name, line), [scale * n for n in numbers])
        y += rows * line + 0.15 * spare
        widest = max((width_of(pieces, metrics) for pieces in notes), default=1.0)
        size = min(0.85 * scale, area.width() / widest)
        for pieces in notes:
            to.pieces(pieces, QPointF(area.center().x() - size * widest / 2, y), size, 1.1 * line)
            y += 1.1 * line
        foot = QRectF(area.left(), y, area.width(), area.bottom() - y)
        if figures.batch is not None:
            assert self.record.data is not None
            parts = StepParts(to, self.record.data, self._picture)
            parts.paint(figures, figures.batch, foot.adjusted(0, 0.2 * line, 0, 0))
        elif hint:
            paint_hint(to, foot)
        self.spots = to.spots

    def _picture(self, batch: MiniBatch, index: int, side: float) -> QPixmap:
        assert self.record.data is not None
        if batch is not self._batch or (index, side) not in self._pictures:
            if batch is not self._batch:
                self._batch = batch
                self._pictures.clear()
            grey = grey_image(batch.images[index], self.record.data.peak, dark=self.colours.dark)
            self._pictures[index, side] = scaled(grey, side, self.devicePixelRatioF())
        return self._pictures[index, side]
