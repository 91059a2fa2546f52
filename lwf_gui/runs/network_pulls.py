"""How hard new and old pull at the shared part of a learner's network and at its head, in a few steps of strength.

Pure functions of a record and a look. The gradients are those of `LayerProbe.forces`: layers of the shared part are
taken together, for one long gradient of them all.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import FORCES
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, layers_at

STRENGTHS = 4
"""Steps of strength: 1 is the least."""

MOST = 0.95
"""Share of the run's gradients of the new task below which the scale of strength ends: few are far above all others."""

NEW, OLD, COSINE = range(len(FORCES))

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pull:
    """The two gradients on a part of one learner's network, in nats per unit of weight; NaN where none is known.

    Attributes
    ----------
    new, old : L2 norm of the gradient of the new task's loss, and of what holds the old answers, as it is weighed
    cosine : of the angle between the two
    strongest : where the scale of strength ends in this run, of all learners and parts
    """

    new: float = math.nan
    old: float = math.nan
    cosine: float = math.nan
    strongest: float = 0.0

    @property
    def angle(self) -> float:
        """Degrees between the two gradients; NaN where one of them is missing or nothing."""
        return math.degrees(math.acos(min(1.0, max(-1.0, self.cosine)))) if math.isfinite(self.cosine) else math.nan

    def strength(self, force: float) -> int:
        """Return the step of strength of a force: 0 of none, or where it is not known.

        By the square root of its share of a strong one: gradients of one run differ a hundredfold.
        """
        if not (math.isfinite(force) and force > 0 and self.strongest > 0):
            return 0
        return 1 + min(STRENGTHS - 1, int(STRENGTHS * math.sqrt(force / self.strongest)))


NONE = Pull()


def pulls(record: Record, selection: Selection, row: int, weight: float) -> tuple[Pull, Pull]:
    """Return the pulls on the shared part and on the head of the learner in a row, where one looks.

    ``weight`` is what the gradient of what holds the old answers is multiplied by: alpha, where it is told before that.
    """
    probe = layers_at(record, selection)
    if probe is None:
        return NONE, NONE
    (shared, head), top = _together(probe.forces[row]), _strongest(record)
    first, second = (Pull(new, weight * old, cosine, top) for new, old, cosine in (shared.tolist(), head.tolist()))
    return first, second


def _together(forces: NDArray[np.float32]) -> Floats:
    """Return (new, old, cosine) of all layers below the last together, and of that, shape (..., 2, 3)."""
    each = np.where(np.isfinite(forces), forces, np.nan).astype(np.float64)
    below, head = each[..., :-1, :], each[..., -1, :]
    found = np.full((*each.shape[:-2], 2, len(FORCES)), np.nan)
    found[..., 1, :] = head
    if below.shape[-2]:
        known = np.isfinite(below[..., NEW]).any(-1)  # frozen layers have no gradient
        new, old = (np.sqrt(np.nansum(below[..., side] ** 2, -1)) for side in (NEW, OLD))
        dot = np.nansum(below[..., NEW] * below[..., OLD] * below[..., COSINE], -1)
        told = known & np.isfinite(below[..., OLD]).any(-1)
        found[..., 0, NEW] = np.where(known, new, np.nan)
        found[..., 0, OLD] = np.where(told, old, np.nan)
        lengths = new * old
        found[..., 0, COSINE] = np.where(told & (lengths > 0), dot / np.where(lengths > 0, lengths, 1), np.nan)
    return found


_tops: WeakKeyDictionary[Record, tuple[int, float]] = WeakKeyDictionary()


def _strongest(record: Record) -> float:
    """Return where the scale of strength ends, kept until there is another look."""
    known = _tops.get(record)
    if known is None or known[0] != len(record.layers):
        every = np.stack([_together(probe.forces)[..., NEW] for probe in record.layers])
        finite = every[np.isfinite(every)]
        top = float(np.quantile(finite, MOST)) if finite.size else 0.0
        known = _tops[record] = len(record.layers), top
    return known[1]
