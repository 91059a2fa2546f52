"""Losses of the mini-batches by step, per learner: distance to the teacher, and cross-entropy."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from lwf_gui.gui.panels.curves.end_labels import Kind
from lwf_gui.gui.panels.curves.plot import Plot, stroke
from lwf_gui.gui.panels.curves.read_out import FORMS, Told, coloured, diverged_by, moment_at, step_text
from lwf_gui.gui.panels.line import Segments
from lwf_gui.messages import TEACHER
from lwf_gui.methods import method_of
from lwf_gui.numbers import three_digits
from lwf_gui.runs.loss_curves import loss_series, losses_at
from lwf_gui.runs.names import learners_of, names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.series import own_part
from lwf_gui.runs.track import Track

LOSS_FLOOR = 1e-3
"""Losses below, in nats, are drawn here, and a triangle says so: a logarithmic axis has no zero."""

LOSS_CEILING = 4
"""Decades above 1 nat that are shown at most: the losses of a learner that diverges are no measure for the others.
Where a curve goes on above them it runs along the edge, under a triangle."""

LOWEST_TOP = 1.0
"""Decades above 1 nat that are shown at least."""


class LossPlot(Plot):
    """Losses in nats per image on a logarithmic axis: distance to the teacher solid, cross-entropy dashed."""

    WIDEST = "KL 0.00000, CE 0.000"

    def __init__(self) -> None:
        super().__init__("Loss plot: nats per training image of the mini-batch, by step")
        self.title.hide()  # the dock's heading says it
        ticks = [(math.log10(v), f"{v:g}") for v in (0.001, 0.01, 0.1, 1, 10, 100, 1_000, 10_000)]
        self.plot.getAxis("left").setTicks([ticks])
        self._top = math.nan
        self._told_beyond: object = None
        self._beyond = pg.ScatterPlotItem(pxMode=True)
        self.plot.addItem(self._beyond, ignoreBounds=True)
        self.plot.vb.sigResized.connect(self._name_ends)  # in another height names are others apart

    def show_record(self, record: Record) -> None:
        """Show another record from its beginning, on an axis of its own: one run always looks the same."""
        super().show_record(record)
        self._top = math.nan

    def state(self) -> tuple[object, ...]:
        """Return all that the curves hang on."""
        return (*super().state(), self.selection.term)

    def draw_curves(self) -> None:
        """Draw the curves of the record."""
        self.share_lines()
        highest, beyond, below = LOWEST_TOP, [], []
        for learner in (TEACHER, *learners_of(self.record)):
            for term in ("ce",) if learner == TEACHER else drawn_terms(self.record.incremental, learner):
                x, y = own_part(self.record, learner, loss_series(self.record, learner, term))
                y = np.log10(np.clip(y, LOSS_FLOOR, 10.0**LOSS_CEILING))
                pointed = self.selection.term in (term, "kd" if term == "kl" else "total", "total")
                width = (3 if pointed else 1) + self.broader(learner) / 2
                self.draw(learner, term, x, y, stroke(width, dashed=term == "ce"))
                if len(y):
                    highest = max(highest, math.ceil(y.max()))
                if (above := np.flatnonzero(y >= LOSS_CEILING)).size:
                    beyond.append((float(x[above[0]]), learner))
                if len(y) and y[-1] <= math.log10(LOSS_FLOOR):
                    below.append((float(x[-1]), learner))
        if highest != self._top:  # it grows by whole decades, so that axes seldom move
            self._top = highest
            self.plot.setYRange(-3, self._top, padding=0)
        self._mark_beyond(beyond, below)
        self._name_ends()

    def _name_ends(self) -> None:
        """Name every learner's curves at their ends: the distance to its teacher, or its total, and cross-entropy."""
        names = learners_of(self.record) if self.record.incremental is not None else ()
        chief = {name: curve for (name, term), curve in self.curves.items() if name in names and term != "ce"}
        others = {name: curve for (name, term), curve in self.curves.items() if name in names and term == "ce"}
        self.ends.show((Kind("", chief), Kind("CE", others)), self.theme)

    def _mark_beyond(self, beyond: list[tuple[float, str]], below: list[tuple[float, str]]) -> None:
        """Put a triangle at the edge where a curve goes on above it, or is below it now; only where they changed."""
        if (told := (beyond, below, self.theme, self.scale)) == self._told_beyond:
            return
        self._told_beyond = told
        edges = (("t1", LOSS_CEILING - 0.15, beyond), ("t", math.log10(LOSS_FLOOR) + 0.15, below))
        spots = []
        for symbol, y, places in edges:
            for x, learner in places:
                brush = pg.mkBrush(QColor(self.theme.learner(learner)))
                spots.append({"pos": (self.scale.place(x), y), "symbol": symbol, "size": 12, "brush": brush})
        self._beyond.setData(spots)

    @property
    def goes_beyond(self) -> list[float]:
        """The steps from which on a curve is above the axis."""
        return self._marked_at(above=True)

    @property
    def goes_below(self) -> list[float]:
        """The newest step of curves that are below the axis now."""
        return self._marked_at(above=False)

    def _marked_at(self, *, above: bool) -> list[float]:
        """Return the steps of the triangles at the upper or the lower edge."""
        x, y = self._beyond.getData()
        return [self.scale.step(float(at)) for at, height in zip(x, y, strict=True) if bool(height > 0) is above]

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        told = "".join(text for text, _ in self.values_at(self._looked)).strip().replace("   ", "; ")
        what = "Losses in nats per training image of the mini-batch"
        self.view.setAccessibleDescription(f"{what}. {told}." if told else "No losses yet.")

    def ways_at(self, step: float) -> Iterator[Segments]:
        """Yield the losses of the very step of the probe at or before a step: curves are means, numbers are not.

        Then in short names, and only then without CE, without the step, and of fewer learners. Figures keep their
        digits: with fewer they would be others than those of the equation.
        """
        for form in range(FORMS):
            yield self._told(step, ("kl", "ce"), form).segments
        yield from self._told(step, ("kl",), FORMS - 1).shorter()

    def _told(self, step: float, terms: tuple[str, ...], form: int) -> Told:
        at = moment_at(self.record, step)
        losses = None if at is None else losses_at(at)
        if at is None or losses is None:
            return Told()
        teacher = at.track is self.record.base
        called = names_of(at.track.started.learners)[form]
        parts: list[Segments] = []
        for learner, row in zip(at.track.started.learners, losses, strict=True):
            if (end := diverged_by(self.record, learner, step)) is not None and not teacher:
                parts.append(coloured(self.theme, called, learner, f"diverged at step {end:,}"))
                continue
            columns = at.track.started.columns
            has = ["ce"] if teacher else [term for term in drawn_terms(at.track, learner) if term in (*terms, "total")]
            if not teacher and not minimises(learner):
                parts.append(coloured(self.theme, called, learner, "nothing minimised"))
                continue
            told = [
                f"{term if term == 'total' else term.upper()} {three_digits(row[columns.index(term)])}" for term in has
            ]
            parts.append(coloured(self.theme, called, learner, ", ".join(told)))
        return Told(((f"{step_text(at.step)}:  ", ""),), tuple(parts))


def drawn_terms(track: Track | None, learner: str) -> tuple[str, ...]:
    """Return the terms of a learner's loss that have curves: KL and CE; its total where it has other terms.

    None of a loss that is not minimised: it would stretch the axis and say nothing of learning.
    """
    if track is None or not minimises(learner):
        return ()
    there = tuple(term for term in ("kl", "ce") if track.has(learner, term))
    return there or ("total",)


def minimises(learner: str) -> bool:
    """Whether a learner's total is minimised."""
    method = method_of(learner)
    return method is None or method.minimises
