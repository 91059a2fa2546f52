"""How long the bars of one side are in a view, on which scale, and which classes have one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF

from lwf_gui.gui.panels.why.words import PUSHES, VIEWS
from lwf_gui.runs.why_answers import BEFORE
from lwf_gui.runs.why_sides import Side

APART = 0.4
"""Bars' widths between old classes and new ones."""


class Bars:
    """The bars of one side: scores, probabilities, or on the side of the new images changes of the old scores.

    Changes and what the old network says have a scale of their own each; all learners have the same.
    """

    def __init__(self, side: Side, view: str, rows: Sequence[int], old: int) -> None:
        self.side, self._old, self._changes = side, old, view == PUSHES and side.new
        told = side.told
        self._values = told.shares if view == VIEWS[2] else told.scores
        self.units = side.units
        if self._changes:
            self.units = tuple(unit for unit in side.units if unit < old)
            self._values = np.concatenate([told.scores[:1], told.scores[1:] - told.scores[:1]])
        places = [unit - side.asked.start for unit in self.units]
        known = self._values[:, list(rows)][..., places]
        if view == VIEWS[2]:
            self._spans = ((0.0, 1.03),) * 2
        elif self._changes:
            self._spans = (_span(known[:1]), _span(known[1:]))
        else:
            self._spans = (_span(known),) * 2

    def are_changes(self, moment: int) -> bool:
        """Whether bars are changes since the old network."""
        return self._changes and moment != BEFORE

    def value(self, moment: int, row: int, unit: int) -> float:
        """Return how long a bar is; no number where there is none."""
        return float(self._values[moment, row, unit - self.side.asked.start])

    def span(self, moment: int) -> tuple[float, float]:
        """Return the lowest and highest value of a moment's scale, 0 within."""
        return self._spans[moment != BEFORE]

    def slots(self, area: QRectF) -> list[tuple[QRectF, int]]:
        """Return the place of each class across a cell, new ones a little apart from old ones."""
        old = sum(unit < self._old for unit in self.units)
        apart = APART if 0 < old < len(self.units) else 0.0
        wide = area.width() / (len(self.units) + apart)
        return [
            (
                QRectF(
                    area.left() + (place + (0 if unit < self._old else apart)) * wide, area.top(), wide, area.height()
                ),
                unit,
            )
            for place, unit in enumerate(self.units)
        ]


def _span(values: NDArray[np.float32]) -> tuple[float, float]:
    known = values[np.isfinite(values)]
    low, high = (min(0.0, float(known.min())), max(0.0, float(known.max()))) if known.size else (0.0, 1.0)
    margin = 0.04 * (high - low) or 1.0
    return low - margin, high + margin
