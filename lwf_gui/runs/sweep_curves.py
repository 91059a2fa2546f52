"""Learning curves of one cell of a sweep: old and new accuracy of a learner, run by run, and their mean.

Pure functions of what is known of a sweep.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce

import numpy as np

from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.sweep_view import Curve, SweepView


@dataclass(frozen=True, slots=True, eq=False)
class CellCurves:
    """The curves of the runs that are done, and their mean at the steps that all of them have."""

    each: tuple[Curve, ...]
    mean: Curve | None

    @property
    def last(self) -> float:
        """The last step of any, 1 at least."""
        return max((float(curve.steps[-1]) for curve in self.each if len(curve.steps)), default=1.0) or 1.0


def cell_curves(view: SweepView, runs: Iterable[str], learner: str, protocol: ProtocolName) -> CellCurves:
    """Return the curves of some runs; one in which the learner diverged ends there."""
    found = [view.done[name].curves.get((learner, protocol)) for name in runs if name in view.done]
    each = tuple(curve for curve in found if curve is not None and len(curve.steps))
    return CellCurves(each, _mean(each))


def _mean(curves: tuple[Curve, ...]) -> Curve | None:
    common = reduce(np.intersect1d, (curve.steps for curve in curves)) if curves else np.empty(0)
    if not len(common):
        return None
    kept = [np.isin(curve.steps, common) for curve in curves]
    old = np.mean([curve.old[part] for curve, part in zip(curves, kept, strict=True)], axis=0)
    new = np.mean([curve.new[part] for curve, part in zip(curves, kept, strict=True)], axis=0)
    return Curve(common, old, new)
