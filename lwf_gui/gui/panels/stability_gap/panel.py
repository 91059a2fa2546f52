"""The stability gap: what the earlier tasks lose in the first steps of a new one, and how much of it comes back.

Looked at only after tasks, a learner may seem never to have forgotten; in between it fell. Here the first steps of the
task that is looked at stand under a lens, with the lowest point of every learner, and min-ACC as a number.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPixmap

from lwf_gui.gui.panels.drawing import blank
from lwf_gui.gui.panels.panel import Panel
from lwf_gui.gui.panels.put_back.bars import write_lines
from lwf_gui.gui.panels.spots import Spot
from lwf_gui.gui.panels.stability_gap import words
from lwf_gui.gui.panels.stability_gap.axes import Axes
from lwf_gui.gui.panels.stability_gap.place import Place
from lwf_gui.gui.panels.stability_gap.plan import Plan, plan
from lwf_gui.gui.panels.stability_gap.plot import PlotPainter
from lwf_gui.gui.panels.stability_gap.table import TablePainter
from lwf_gui.gui.panels.text import CENTRE, write
from lwf_gui.gui.panels.written import painter_on
from lwf_gui.gui.printing import has_keys
from lwf_gui.runs import cures, stability_gap
from lwf_gui.runs.stability_gap import StabilityGap


class _Still(NamedTuple):
    """A picture of the curves, what it depends on, its spots, and its axes."""

    state: object
    picture: QPixmap
    spots: list[Spot]
    axes: Axes


class StabilityGapPanel(Panel):
    """Curves of the first steps, a table of them, and a sentence."""

    EMPTY = "What the first steps of a new task do to the earlier ones appears here once task 2 begins."
    LEAST = (240, 130)
    """Room for the curves and a sentence."""

    _still: _Still | None = None

    # What it shows, in numbers and words

    def figures(self) -> StabilityGap | None:
        """Return the first steps of the task where one looks."""
        return stability_gap.stability_gap(self.record, self.selection)

    def state(self) -> object:
        """Return what the figures depend on: curves go on beyond the cursor, and whether a learner can join."""
        track = self.record.incremental
        looks = len(track.probes) if track is not None else 0
        return (super().state(), looks, cures.why_not(self.record), self.guessed)

    def captions(self) -> tuple[str, ...]:
        """Return which images, protocol and steps the figures are of, and shorter wordings."""
        if self.shown is None:
            return ()
        if self.guessed or self.shown.reason:
            return ("not shown",)
        return stability_gap.captions(self.record, self.shown)

    def sentence(self) -> str:
        """Say who falls, who comes back, and every figure."""
        figures: StabilityGap = self.shown
        return self._instead(figures) or words.sentence(figures)

    def tip(self, key: Place) -> str:
        """Explain a curve, its lowest point, a row, the dotted line or a key."""
        figures: StabilityGap = self.shown
        if key.kind == "before":
            return words.before_tip(figures)
        if key.kind == "task":
            return words.task_tip(figures, key.number)
        dip = figures.of(key.name)
        return "" if dip is None else words.tip(figures, dip)

    def choose(self, key: Place) -> None:
        """Look at the first steps of another task, or at a learner's lowest point."""
        figures: StabilityGap = self.shown
        if key.kind == "task":
            other = figures.beside(key.number)
            if other is not None:
                self.asked.emit({"step": other[1]})
        elif (dip := figures.of(key.name)) is not None:
            self.asked.emit({"step": figures.begin + dip.lowest_at})

    def outdate(self) -> None:
        """Paint all anew."""
        self._still = None

    def _instead(self, figures: StabilityGap) -> str:
        """Return what is said in place of figures; nothing where they are shown."""
        return words.GUESSED if self.guessed else figures.reason

    # Painting

    def paint(self, painter: QPainter, figures: StabilityGap) -> None:
        """Paint all parts, or why there are no figures."""
        self.spots = []
        if instead := self._instead(figures):
            self.write_instead(painter, instead)
            return
        noted = bool(words.note(figures))
        places = plan(self.area, len(figures.dips), keyed=len(figures.others) > 1, noted=noted)
        if places.keys is not None:
            self._paint_keys(painter, places, places.keys, figures)
        still = self._still_of(places, figures)
        painter.drawPixmap(0, 0, still.picture)
        self.spots += still.spots
        if figures.here is not None:
            still.axes.here(painter, figures.here)
        if places.table is not None:
            table = TablePainter(painter, places, self.colours, figures)
            table.paint(places.table)
            self.spots += table.spots
        self._paint_words(painter, places, figures)

    def _still_of(self, places: Plan, figures: StabilityGap) -> _Still:
        """Return the picture of the curves: painted anew only where they are others, or stand elsewhere."""
        state = (figures.curves, places.plot.getRect())
        if self._still is None or self._still.state != state:
            picture = blank(self, self.width(), self.height())
            with painter_on(picture) as painter:
                plot = PlotPainter(painter, places.plot, places, self.colours, figures)
                plot.paint()
            self._still = _Still(state, picture, plot.spots, plot.axes)
        return self._still

    def _paint_words(self, painter: QPainter, places: Plan, figures: StabilityGap) -> None:
        """Write the verdict, and below it what else one should know."""
        painter.setFont(places.font(bold=True))
        painter.setPen(QColor(self.colours.text))
        write_lines(painter, places.verdict, words.verdict(figures))
        said = words.note(figures)
        if not has_keys():  # what one could do in the window is no news on paper
            said = tuple(f"{each.partition('Run > ')[0].rstrip(':. ')}." for each in said)
        if places.note is not None and said:
            painter.setFont(places.font(0.85))
            painter.setPen(QColor(self.colours.muted))
            write_lines(painter, places.note, said)

    def _paint_keys(self, painter: QPainter, places: Plan, row: QRectF, figures: StabilityGap) -> None:
        """Paint which task it is, between the keys to the one before it and to the one after."""
        font = places.font(1.0, bold=True)
        painter.setFont(font)
        wide = QFontMetricsF(font).horizontalAdvance("◀ task 99") + 8
        for by, text in ((-1, ("◀ task {}", "◀")), (1, ("task {} ▶", "▶"))):
            if figures.beside(by) is None or not has_keys():
                continue
            key = QRectF(row.left() if by < 0 else row.right() - wide, row.top(), wide, row.height())
            painter.setPen(QColor(self.colours.accent))
            write(painter, key, [each.format(figures.task + 1 + by) for each in text], CENTRE)
            self.spots.append(Spot(key, Place("task", "", by)))
        painter.setPen(QColor(self.colours.text))
        said = (f"Task {figures.task + 1} begins: {figures.earlier}", f"Task {figures.task + 1} begins", "")
        write(painter, row.adjusted(wide, 0, -wide, 0), said, CENTRE)
