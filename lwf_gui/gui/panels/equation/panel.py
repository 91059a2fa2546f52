"""The loss of every learner: as bars of what it counts, or one click further as an equation, term by term.

Pointing at a term asks the window to show it wherever it appears; in slow motion the parts of a step stand below the
equation, which is then what is seen first, as it is beside a lesson.
"""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from lwf_gui.gui.panels.drawing import grey_image, scaled
from lwf_gui.gui.panels.equation.bars import BarsPainter
from lwf_gui.gui.panels.equation.loss_table import paint_hint, paint_table
from lwf_gui.gui.panels.equation.step_parts import StepParts
from lwf_gui.gui.panels.equation.terms import ASKED_AS, TermColumn, columns_of, definitions_of, own_width, width_of
from lwf_gui.gui.panels.equation.typesetting import Typesetter
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.view_keys import ViewKey, height_of, paint_keys
from lwf_gui.gui.printing import pixel_ratio
from lwf_gui.messages import MiniBatch
from lwf_gui.runs import equation, loss_bar_words
from lwf_gui.runs.equation import Balance
from lwf_gui.runs.equation_words import TIPS, explained, spoken
from lwf_gui.runs.loss_bars import LossBar, LossBars, loss_bars
from lwf_gui.runs.loss_row import figure
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record

LARGEST = 2.4
"""Times the size of body text that the equation grows to."""


VIEWS = {
    "bars": "A click or Enter shows the loss of each learner as bars: what it counts, and what it does not.",
    "equation": "A click or Enter shows the full equation with its numbers, and in slow motion the parts of a step.",
}
"""What a key to each view does."""


class Equation(Panel):
    """The loss with its numbers."""

    EMPTY = "The loss appears here with its numbers once the learners train."
    LEAST = (320, 100)
    CHOSEN = ("_chosen",)
    """Room for four learners in small type."""

    def __init__(self) -> None:
        super().__init__()
        self._pictures: dict[tuple[int, float], QPixmap] = {}
        """Of the last batch, by place and side: smooth scaling is dear."""
        self._batch: MiniBatch | None = None
        self._chosen = {False: "", True: ""}
        """The view that was asked for, and that beside a lesson; empty: the one that says most."""
        self._first, self._rows = 0, 1
        """The first learner whose bars are shown, where not all have room, and how many are."""
        self._bars: tuple[object, LossBars | None] = (None, None)

    def figures(self) -> Balance | None:
        """Return the terms of all learners."""
        return equation.balance(self.record, self.selection)

    def state(self) -> object:
        """Return what the terms depend on beside the probe: whether its losses are there yet, and its batch."""
        track = self.record.track
        steps = 0 if track is None else track.steps
        if track is not None and (track.probes or self.selection.step is not None):
            steps = min(steps, abs(self.selection.step or 0) + 1)
        started = None if track is None else track.started
        return (super().state(), started, steps, len(self.record.batches), self.taught)

    def show_record(self, record: Record) -> None:
        """Show another record, from its first learner on."""
        self._first = 0
        super().show_record(record)

    @property
    def bars(self) -> LossBars | None:
        """The bars of what is shown, worked out once; None where there are none."""
        if self._bars[0] is not self.shown:
            bars = None if self.shown is None else loss_bars(self.record, self.selection, self.shown)
            self._bars = self.shown, bars
        return self._bars[1]

    @property
    def view(self) -> str:
        """What is seen: bars, unless there are none, or the equation was asked for or is spoken of."""
        now: Balance | None = self.shown
        if now is None or self.bars is None:
            return "equation"
        return self._chosen[self.taught] or ("equation" if self.taught or now.batch is not None else "bars")

    def captions(self) -> tuple[str, ...]:
        """Say what the numbers are, and shorter wordings."""
        return equation.captions(self.record, self.selection)

    def sentence(self) -> str:
        """Say every row."""
        now: Balance = self.shown
        if self.view == "bars" and self.bars is not None:
            return f"{self.caption()}. {loss_bar_words.spoken(self.record, self.bars)}"
        return f"{self.caption()}. " + " ".join(spoken(row) for row in now.rows)

    def tip(self, key: Any) -> str:
        """Explain a term, with a learner's number where it is one, or an image of the batch."""
        now: Balance | None = self.shown
        if now is None:
            return ""
        match key:
            case ("view", view, _):
                return VIEWS[view]
            case ("page", _, _):
                return "A click or Enter shows other learners."
            case (_, _, _) if self.view == "bars" and self.bars is not None:
                return self._about_bar(self.bars, key[0], key[1])
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

    def _about_bar(self, bars: LossBars, term: str, learner: str) -> str:
        """Explain a bar, or all of a learner."""
        bar: LossBar | None = next((bar for bar in bars.bars if bar.learner == learner), None)
        if bar is None:
            return ""  # of what was shown a moment ago
        part = next((part for part in bar.parts if part.term == term), None)
        if part is not None:
            return loss_bar_words.tip(bars, bar, part)
        return f"{label_of(learner)}: {loss_bar_words.told(bar)[0]}."

    def choose(self, key: Any) -> None:
        """Show the other view, or other learners."""
        match key:
            case ("view", view, _):
                self._chosen[self.taught] = view
            case ("page", _, _) if self.bars is not None:
                beyond = self._first + self._rows >= len(self.bars.bars)
                self._first = 0 if beyond else self._first + self._rows
            case _:
                return
        self.describe()
        self.update()

    def hover(self, key: Any | None) -> None:
        """Ask the window to show a term wherever it appears."""
        term = "" if key is None else ASKED_AS.get(key[0], key[0])
        self.asked.emit({"term": term if term in TIPS and term != "update" else ""})

    def outdate(self) -> None:
        """Paint all anew."""
        self._batch = None

    # Painting: the bars; or symbols, a row of numbers per learner, definitions, and the step's parts or how to see them

    def paint(self, painter: QPainter, figures: Balance) -> None:
        """Paint what is seen, and find the spots."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        to, area = Typesetter(painter, self.colours, self.selection.term), self.area
        keys = [ViewKey(view, view == self.view, ("view", view, 0)) for view in VIEWS]
        if self.view == "bars" and self.bars is not None:
            bars = BarsPainter(to, self.record, self.bars, area, self._first)
            bars.paint(keys)
            self._rows = bars.rows
        else:
            if self.bars is not None:
                font = to.font(0.85)
                high = min(height_of(font), 0.25 * area.height())
                to.spots += paint_keys(
                    painter, QRectF(area.left(), area.top(), area.width(), high), keys, font, to.colours
                )
                area.setTop(area.top() + high)
            self._paint_equation(to, figures, area)
        self.spots = to.spots

    def _paint_equation(self, to: Typesetter, figures: Balance, area: QRectF) -> None:
        """Paint the equation with its numbers."""
        columns, notes = list(columns_of(figures)), list(definitions_of(figures))
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

    def _picture(self, batch: MiniBatch, index: int, side: float) -> QPixmap:
        assert self.record.data is not None
        if batch is not self._batch or (index, side) not in self._pictures:
            if batch is not self._batch:
                self._batch = batch
                self._pictures.clear()
            grey = grey_image(batch.images[index], self.record.data.peak, dark=self.colours.dark)
            self._pictures[index, side] = scaled(grey, side, pixel_ratio(self))
        return self._pictures[index, side]
