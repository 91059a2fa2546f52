"""A curve as points, and what is drawn of it: a branch's own part, gaps where a task begins, fewer points than probes.

Knows nothing of what a curve is of.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from lwf_gui.runs import tasks_shown
from lwf_gui.runs.record import Record

Series = tuple[NDArray[np.float64], NDArray[np.float64]]
"""(x, y): steps since the head expansion, negative in the base task, and what the curve is of."""

EMPTY: Series = (np.empty(0), np.empty(0))

MAX_PROBES = 160
"""Points of a curve of probes in the part that is shown: up to here all are drawn, of more those that stand out."""


def known_part(x: NDArray[np.float64], y: NDArray[np.float64]) -> Series:
    """Return the points that there are: a curve ends where a learner, or what its teacher shares with it, diverged."""
    known = ~np.isnan(y)
    return x[known], y[known]


def own_from(record: Record, learner: str) -> int:
    """Return the step of task 2 after which a learner is one of its own: where a branch leaves its origin, else 0."""
    branch = record.branches.get(learner)
    return 0 if branch is None else branch.step


def own_part(record: Record, learner: str, series: Series) -> Series:
    """Return the points of a learner's curve that are its own: a branch's from where it leaves its origin."""
    x, y = series
    if learner not in record.branches:
        return series
    first = max(0, int(np.searchsorted(x, own_from(record, learner), side="right")) - 1)
    return x[first:], y[first:]


def until(step: float, series: Series) -> Series:
    """Return the points of a series up to a step, that one included."""
    x, y = series
    count = int(np.searchsorted(x, step, side="right"))
    return x[:count], y[:count]


def broken(record: Record, series: Series) -> Series:
    """Return a series of "old" or "new" with a gap where a task begins: from there on it is of other images.

    The gap is a point without a value. With two tasks there is none.
    """
    x, y = series
    begins = _beginnings(record, x)
    if not len(begins):
        return series
    return np.insert(x, begins, x[begins]), np.insert(y, begins, np.nan)


def pieces(record: Record, series: Series) -> list[Series]:
    """Return the parts of a series between these gaps."""
    x, y = series
    begins = _beginnings(record, x)
    return list(zip(np.split(x, begins), np.split(y, begins), strict=True))


def _beginnings(record: Record, steps: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the positions in a series at which a task begins, but the first of all; none with two tasks."""
    if not tasks_shown.are_many(record) or record.incremental is None:
        return np.empty(0, np.intp)
    places = np.searchsorted(steps, np.array(record.incremental.started.boundaries[1:], np.float64))
    return np.unique(places[(places > 0) & (places < len(steps))])


def thinned(series: Series, part: tuple[float, float] = (-math.inf, math.inf)) -> Series:
    """Return a series to draw where only a part of the x-axis is shown, with one point beyond each of its ends.

    Of up to `MAX_PROBES` points there it is every one; of more the lowest and the highest of groups a few pixels wide,
    so that the line covers what one through all points would. The groups' width is a power of two and they begin
    where they always do, so that points stay while a run grows or the part is moved.
    """
    x, y = series
    first = max(int(np.searchsorted(x, part[0])) - 1, 0)
    end = min(int(np.searchsorted(x, part[1], side="right")) + 1, len(x))
    if end - first <= MAX_PROBES:
        return x[first:end], y[first:end]
    width = 2
    while end - first > width * (MAX_PROBES // 2 - 2):
        width *= 2
    begin = first - first % width
    starts = np.arange(begin, end, width)
    groups = np.pad(y[begin:end], (0, len(starts) * width - (end - begin)), mode="edge").reshape(-1, width)
    extremes = starts + np.stack([groups.argmin(axis=1), groups.argmax(axis=1)])
    chosen = np.unique(np.concatenate(([first, end - 1], extremes.clip(first, end - 1).ravel())))
    return x[chosen], y[chosen]
