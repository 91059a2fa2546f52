"""Curves of losses, by step: the first steps one by one, later ones in means that are wide enough to be read."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import TEACHER
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment
from lwf_gui.runs.series import EMPTY, Series, known_part
from lwf_gui.runs.track import Track

EXACT = 16
"""Steps at the beginning of a phase that are never thinned: there losses change a hundredfold from step to step."""

MAX_POINTS = 160
"""Points of a curve of losses: enough for its shape; more would only show the noise of single mini-batches."""


def loss_series(record: Record, learner: str, term: str) -> Series:
    """Return (steps since the head expansion, loss in nats per image) of a learner to be drawn: about `MAX_POINTS`.

    Empty of a term that its loss does not have.

    The teacher's steps are negative and end at 0, as in `accuracy_curves.accuracy_series`.

    The first `EXACT` steps are points of their own. Each later one is the mean over equally many consecutive steps, the
    last over what is left; its step is the last of them. Where a learner diverged its curve ends, and the last mean is
    of the steps before. What is told of a step in numbers is that step's own loss: see `losses_at`.
    """
    track = record.base if learner == TEACHER else record.incremental
    if track is None or not track.steps:
        return EMPTY
    shift = track.started.steps if learner == TEACHER else 0
    ends, means = _means_of(track)
    if term not in track.started.columns:
        return EMPTY
    return known_part(
        (ends - shift).astype(np.float64), means[:, track.index(learner), track.started.columns.index(term)]
    )


_means: WeakKeyDictionary[Track, tuple[int, NDArray[np.intp], NDArray[np.float64]]] = WeakKeyDictionary()


def _means_of(track: Track) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return (last step, mean losses, shape (points, learners, terms)) of every point.

    All curves and read-outs of a picture want the same means: they are kept until the track grows.
    """
    kept = _means.get(track)
    if kept is not None and kept[0] == track.steps:
        return kept[1:]
    starts, ends = _bins(track.steps)
    losses = track.losses.values
    sums = np.add.reduceat(losses, starts, axis=0, dtype=np.float64)
    counts = (ends - starts)[:, None, None]
    if np.isnan(sums[-1]).any():  # a learner diverged
        lost = np.isnan(losses)
        sums = np.add.reduceat(np.where(lost, 0, losses), starts, axis=0, dtype=np.float64)
        counts = np.add.reduceat(~lost, starts, axis=0, dtype=np.intp)
    means = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    _means[track] = (track.steps, ends, means)
    return ends, means


def losses_at(at: Moment) -> NDArray[np.float32] | None:
    """Return the losses of the very step of a moment, shape (learners, terms); None where there are none yet.

    A step's loss is taken before its update: at the beginning of a phase, that is the loss of its first step.
    """
    row = max(at.probe.step, 1) - 1
    losses: NDArray[np.float32] = at.track.losses.values
    return losses[row] if row < len(losses) else None


def steps_per_point(track: Track) -> int:
    """Return over how many steps the points of the loss curves are means, the first ones apart."""
    starts, ends = _spread(track.steps)
    return int(ends[0] - starts[0]) if track.steps else 1


def _bins(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return `_spread` of so many steps, with each of the first ones for itself."""
    starts, _ = _spread(count)
    starts = np.unique(np.concatenate((np.arange(min(EXACT + 1, count)), starts)))
    return starts, np.append(starts[1:], count)


def _spread(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (start, end) of at most `MAX_POINTS` equally wide groups of so many things; the last may be narrower.

    The width is a power of two, so that earlier groups seldom change while things are added.
    """
    width = 1
    while count > width * MAX_POINTS:
        width *= 2
    starts = np.arange(0, count, width)
    return starts, np.minimum(starts + width, count)
