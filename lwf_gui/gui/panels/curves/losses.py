"""Losses of the mini-batches by step, per learner: distance to the teacher, and cross-entropy."""

from __future__ import annotations

import itertools
import math

import numpy as np

from lwf_gui.gui.panels.curves.plot import Plot
from lwf_gui.gui.panels.curves.read_out import FORMS, coloured, step_text
from lwf_gui.gui.panels.line import Segments
from lwf_gui.messages import TEACHER
from lwf_gui.runs import views
from lwf_gui.runs.names import names_of

LOSS_FLOOR = 1e-3
"""Losses below, in nats, are drawn here: a logarithmic axis has no zero."""

LOSS_CEILING = 4
"""Decades above 1 nat that are shown at most: the losses of a learner that diverges are no measure for the others."""


MANY = 2
"""Learners whose losses may take several lines, so that none needs to be left out."""

WIDEST_LOSSES = "KL 0.0000, CE 0.000"


class LossPlot(Plot):
    """Losses in nats per image on a logarithmic axis: distance to the teacher solid, cross-entropy dashed."""

    def __init__(self) -> None:
        super().__init__("Loss plot: nats per training image of the mini-batch, by step")
        self.title.hide()  # the dock's heading says it
        ticks = [(math.log10(v), f"{v:g}") for v in (0.001, 0.01, 0.1, 1, 10, 100)]
        self.plot.getAxis("left").setTicks([ticks])
        self.plot.setYRange(-3, 1, padding=0)
        self._top = 1.0

    def repaint_curves(self) -> None:
        """Paint the record."""
        self.readout.set_lines(self._lines())
        highest = 1.0
        for learner in (TEACHER, *views.learners(self.record)):
            for term in ("kl", "ce") if learner != TEACHER else ("ce",):
                x, y = views.own_part(self.record, learner, views.loss_series(self.record, learner, term))
                y = np.log10(np.maximum(y, LOSS_FLOOR))
                pointed = self.selection.term in (term, "kd" if term == "kl" else "total", "total")
                width = (3 if pointed else 1) + self.broader(learner) / 2
                self.draw(learner, term, x, y, dashed=term == "ce", width=width)
                if len(y):
                    highest = max(highest, math.ceil(min(y.max(), LOSS_CEILING)))
        if highest > self._top or not self.record.incremental:  # grow by whole decades, so that axes seldom move
            self._top = highest
            self.plot.setYRange(-3, self._top, padding=0)
        self.read_out()

    def _lines(self) -> int:
        """Return how many lines the read-out takes: several only where the learners find no room on one.

        It is asked of figures that are as long as any, so that lines do not come and go.
        """
        names = views.learners(self.record)
        if len(names) < MANY:
            return 1
        called = names_of(names)[FORMS - 1]
        parts = (coloured(self.theme, called, name, WIDEST_LOSSES) for name in names)
        return min(self.readout.lines_for((("Step 10,000:  ", ""), *itertools.chain(*parts))), len(names) + 1)

    def describe(self) -> None:
        """Tell screen readers what is shown."""
        told = "".join(text for text, _ in self.values_at(self._looked)).strip().replace("   ", "; ")
        what = "Losses in nats per training image of the mini-batch"
        self.view.setAccessibleDescription(f"{what}. {told}." if told else "No losses yet.")

    def values_at(self, step: float) -> Segments:
        """Return the losses of the very step of the probe at or before a step: curves are means, numbers are not."""
        return self._values(step, ("kl", "ce"), 3)

    def shorter_values_at(self, step: float) -> tuple[Segments, ...]:
        """Return the same with fewer digits, in short names, and only then without CE and without the step."""
        both = tuple(self._values(step, ("kl", "ce"), 2, form) for form in range(FORMS))
        least = self._values(step, ("kl", "ce"), 1, FORMS - 1)
        kl = self._values(step, ("kl",), 2, FORMS - 1)
        return *both, least, kl, kl[1:]

    def _values(self, step: float, terms: tuple[str, ...], digits: int, form: int = 0) -> Segments:
        parts: Segments = ()
        at = self._moment(step)
        losses = None if at is None else views.losses_at(at)
        if at is None or losses is None:
            return parts
        teacher = at.track is self.record.base
        called = names_of(at.track.started.learners)[form]
        for learner, row in zip(at.track.started.learners, losses, strict=True):
            if (end := self.end_of(learner, step)) is not None and not teacher:
                parts += coloured(self.theme, called, learner, f"diverged at step {end:,}")
                continue
            columns = at.track.started.columns
            has = [term for term in (("ce",) if teacher else terms) if at.track.has(learner, term)]
            told = [f"{term.upper()} {row[columns.index(term)]:.{digits}g}" for term in has]
            parts += coloured(self.theme, called, learner, ", ".join(told))
        return ((f"{step_text(at.step)}:  ", ""), *parts)
