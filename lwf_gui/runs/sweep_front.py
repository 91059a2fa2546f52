"""Old against new accuracy over a sweep, and its Pareto front: the settings beside which none is better in both.

A point dominates another if it is at least as good on old and on new images, and better on one of them. The front are
the points that none dominates, learner by learner. Pure functions of what is known of a sweep.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.sweep_map import figure
from lwf_gui.runs.sweep_view import SEED, SweepView

EXACT = 9
"""Decimals of percent up to which two figures are two."""


@dataclass(frozen=True, slots=True)
class FrontPoint:
    """One combination of settings: the means over its seeds, in percent.

    Attributes
    ----------
    settings : the combination, without the seed
    runs : ids of the runs that are counted
    best : whether it is on the front
    """

    learner: str
    settings: Mapping[str, Any]
    new: float
    old: float
    runs: tuple[str, ...]
    best: bool


Fronts = Mapping[str, tuple[FrontPoint, ...]]
"""Points by learner, in the order of the plan."""


def pareto(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return which points no other one dominates; both columns are maximised.

    Parameters
    ----------
    points : shape (n, 2)

    Returns
    -------
    shape (n,); of equal points all or none
    """
    least = (points[:, None] >= points[None]).all(axis=-1)  # [i, j]: i is at least as good as j in both
    better = (points[:, None] > points[None]).any(axis=-1)
    dominated: NDArray[np.bool_] = np.logical_or.reduce(least & better, axis=0)
    return ~dominated


def fronts(view: SweepView, protocol: ProtocolName) -> Fronts:
    """Return every learner's points; a combination counts once one of its runs is done and has not diverged."""
    return {learner: found for learner in view.learners if (found := _points(view, learner, protocol))}


def mark_of(settings: Mapping[str, Any]) -> str:
    """Return a text that is the same for the same settings."""
    return json.dumps(list(settings.items()), default=str)


def _points(view: SweepView, learner: str, protocol: ProtocolName) -> tuple[FrontPoint, ...]:
    known: dict[str, list[tuple[str, float, float]]] = {}
    told: dict[str, Mapping[str, Any]] = {}
    for run in view.runs:
        if run.id not in view.done:
            continue
        old, new = (figure(view.done[run.id], learner, protocol, quantity) for quantity in ("old", "new"))
        if math.isnan(old) or math.isnan(new):
            continue
        combination = {key: value for key, value in run.settings.items() if key != SEED}
        mark = mark_of(combination)
        told[mark] = combination
        known.setdefault(mark, []).append((run.id, new, old))
    if not known:
        return ()
    at = np.array([np.mean([(new, old) for _, new, old in runs], axis=0) for runs in known.values()])
    best = pareto(at.round(EXACT))  # means of the same numbers in another order differ in their last digits
    return tuple(
        FrontPoint(learner, told[mark], float(place[0]), float(place[1]), tuple(name for name, _, _ in runs), bool(top))
        for (mark, runs), place, top in zip(known.items(), at, best, strict=True)
    )
