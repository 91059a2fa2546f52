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
from weakref import WeakKeyDictionary

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
    best = np.zeros(len(points), np.bool_)
    # Best on new images first, and of equal ones the best on old: only what came before can dominate what comes after.
    order = np.lexsort((-points[:, 1], -points[:, 0]))
    highest, last = -math.inf, (math.nan, math.nan)
    for at in order.tolist():
        point = (float(points[at, 0]), float(points[at, 1]))
        best[at] = point[1] > highest or (point == last and point[1] == highest)
        if best[at]:
            highest, last = point[1], point
    return best


def fronts(view: SweepView, protocol: ProtocolName) -> Fronts:
    """Return every learner's points; a combination counts once one of its runs is done and has not diverged."""
    return {learner: found for learner in view.learners if (found := _points(view, learner, protocol))}


def _points(view: SweepView, learner: str, protocol: ProtocolName) -> tuple[FrontPoint, ...]:
    known = list[_Combination]()
    places = list[NDArray[np.float64]]()
    for settings, runs in _combinations(view):
        told = [(name, *_old_and_new(view, name, learner, protocol)) for name in runs if name in view.done]
        counted = [each for each in told if not (math.isnan(each[1]) or math.isnan(each[2]))]
        if counted:
            known.append((settings, tuple(name for name, _, _ in counted)))
            places.append(np.mean([(new, old) for _, old, new in counted], axis=0))
    if not known:
        return ()
    at = np.array(places)
    best = pareto(at.round(EXACT))  # means of the same numbers in another order differ in their last digits
    return tuple(
        FrontPoint(learner, settings, float(place[0]), float(place[1]), runs, bool(top))
        for (settings, runs), place, top in zip(known, at, best, strict=True)
    )


def _old_and_new(view: SweepView, name: str, learner: str, protocol: ProtocolName) -> tuple[float, float]:
    done = view.done[name]
    return figure(done, learner, protocol, "old"), figure(done, learner, protocol, "new")


_Combination = tuple[Mapping[str, Any], tuple[str, ...]]

_kept: WeakKeyDictionary[SweepView, tuple[_Combination, ...]] = WeakKeyDictionary()
"""The combinations of sweeps, whose runs are always the same."""


def _combinations(view: SweepView) -> tuple[_Combination, ...]:
    """Return the settings without the seed, each once, with the runs that have them, in the order of the plan."""
    if view not in _kept:
        found: dict[str, tuple[dict[str, Any], list[str]]] = {}
        for run in view.runs:
            told = {key: value for key, value in run.settings.items() if key != SEED}
            found.setdefault(json.dumps(told, sort_keys=True, default=str), (told, []))[1].append(run.id)
        _kept[view] = tuple((told, tuple(runs)) for told, runs in found.values())
    return _kept[view]
