"""Class means of the learners that keep some: where their heads have them, where the images are, how they got there.

Pure functions of a record and a look; knows nothing of windows. All lengths are in spreads, and all points in planes as
`lwf_gui.messages.ClassMeans` has them.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import ClassMeans
from lwf_gui.methods import METHODS, method_of
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment

Floats = NDArray[np.float64]
Points = NDArray[np.float32]

ROOM, NOTCH = 0.2, 0.25
"""Spreads that are left free beyond the outermost points, and to whose multiples the reach is rounded: while a run
trains, it grows now and then, not with every probe."""

WIDEST = 1e6
"""Spreads from which on a place is shown no more: of training that diverges."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One class in the plane of a learner; points have shape (2,), NaN where there is none.

    Attributes
    ----------
    unit : output unit
    now : where its probe images are
    kept : where the head has it
    before : where the head had it until the map moved it last; NaN where nothing did
    way : where its images were since the task began, and are, shape (looks, 2)
    apart : distance of ``now`` and ``kept`` in all dimensions of the features
    """

    unit: int
    now: Floats
    kept: Floats
    before: Floats
    way: Floats
    apart: float

    @property
    def moved(self) -> float:
        """How far the map moved it in the plane; NaN where nothing did."""
        return math.hypot(*(self.kept - self.before).tolist())


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """The classes of one learner, as far as they are learnt or under way; ``frozen``: its features never change."""

    learner: str
    frozen: bool
    places: tuple[Place, ...]

    @property
    def worst(self) -> Place | None:
        """The class that the head has farthest from its images; None without any."""
        known = [place for place in self.places if math.isfinite(place.apart)]
        return max(known, key=lambda place: place.apart, default=None)


@dataclass(frozen=True, slots=True, eq=False)
class Planes:
    """The planes of all learners that keep class means.

    Attributes
    ----------
    step : of the later tasks, where one looks
    names : of the classes, by output unit
    images : probe images of each class
    reach : (lowest, highest) places in all planes at all looks of the run, shape (2, 2): one scale for all
    reason : why there are none; else empty
    """

    step: int
    names: tuple[str, ...]
    images: tuple[int, ...]
    planes: tuple[Plane, ...]
    reach: Floats
    reason: str = ""

    def of(self, learner: str) -> Plane | None:
        """Return the plane of a learner; None if it has none, or has no more."""
        return next((plane for plane in self.planes if plane.learner == learner), None)

    def by_chance(self, unit: int) -> float:
        """Return how far the mean of a class's probe images is from that of all by chance alone, about: 1 / sqrt(n)."""
        return 1 / math.sqrt(self.images[unit]) if self.images[unit] else math.nan


def planes(record: Record, selection: Selection) -> Planes | None:
    """Return the planes where one looks, or why there are none; None while they are still to come."""
    data, at = record.data, moment(record, selection.step)
    if data is None:
        return None
    if not any(keeps_means(name) for name in learners_of(record)):
        return _nothing(record, nobody())
    if at is None or at.track is not record.incremental:
        return None
    looks = _looks(record, at.probe.step)
    known = _known(looks, len(at.track.started.learners))
    found = tuple(plane for row in at.rows if (plane := _plane(at, looks, known[:, row], row)) is not None)
    if not found:
        return _nothing(record, "Of the class means that learners of this run keep nothing is known here.")
    return _with(record, found, at.probe.step, _reach(record))


def keeps_means(learner: str) -> bool:
    """Whether a learner keeps class means."""
    method = method_of(learner)
    return method is not None and method.keeps_means


def nobody() -> str:
    """Say that no learner keeps class means, and how to get one."""
    learning = next(row.label for row in METHODS.values() if row.keeps_means and row.minimises)
    return (
        f"No learner of this run keeps statistics. Add one: Run > Add a learner > {METHODS['ranpac'].label}; "
        f"or {learning}, whose backbone goes on learning."
    )


def _nothing(record: Record, reason: str) -> Planes:
    return _with(record, (), 0, np.zeros((2, 2)), reason)


def _with(record: Record, found: tuple[Plane, ...], step: int, reach: Floats, reason: str = "") -> Planes:
    assert record.data is not None, "classes come with the data"
    images = np.bincount(record.data.probe_labels, minlength=len(record.data.classes))
    return Planes(step, record.data.classes, tuple(images.tolist()), found, reach, reason)


def _looks(record: Record, step: int) -> list[ClassMeans]:
    """Return all looks up to a step."""
    steps = list(record.means)
    return list(record.means.values())[: bisect_right(steps, step)]


def _known(looks: list[ClassMeans], learners: int) -> NDArray[np.bool_]:
    """Return at which looks a learner has a mean, shape (looks, learners)."""
    if not looks:
        return np.zeros((0, learners), np.bool_)
    kept = np.array([look.kept for look in looks])
    return np.asarray(np.isfinite(kept).any(axis=(2, 3)))


def _plane(at: Moment, looks: list[ClassMeans], known: NDArray[np.bool_], row: int) -> Plane | None:
    """Return the plane of the learner in a row, by the last look at which it has a mean; None where it has none."""
    if not known.any():
        return None
    mine = [looks[each] for each in np.flatnonzero(known)]
    learner, now = at.track.started.learners[row], mine[-1]
    method = method_of(learner)
    frozen = method is not None and not method.minimises
    axis = at.track.started.axis
    begin = axis.begin(now.step)
    earlier = bisect_left(mine, now.step if now.step == axis.steps else begin, key=lambda look: look.step)
    before = np.full_like(now.kept[row], np.nan) if frozen or not earlier else mine[earlier - 1].kept[row]
    since = mine[bisect_left(mine, begin, key=lambda look: look.step) :]
    ways = _points(np.array([look.now[row] for look in since]))
    shown = np.isfinite(now.now[row]).all(1) | np.isfinite(now.kept[row]).all(1)
    places = (_place(unit, now, row, before, ways[:, unit]) for unit in np.flatnonzero(shown).tolist())
    return Plane(learner, frozen, tuple(places))


def _place(unit: int, look: ClassMeans, row: int, before: Points, way: Floats) -> Place:
    now, kept, was = (_points(points[unit]) for points in (look.now[row], look.kept[row], before))
    if (was == kept).all():
        was = np.full(2, np.nan)
    return Place(unit, now, kept, was, way[np.isfinite(way).all(1)], float(look.apart[row, unit]))


def _points(places: Points) -> Floats:
    """Return points, shape (..., 2), without those that are too far away to be shown."""
    points = places.astype(np.float64)
    points[~(np.abs(points) < WIDEST).all(-1)] = np.nan
    return points


_reaches: WeakKeyDictionary[Record, tuple[ClassMeans, Floats]] = WeakKeyDictionary()


def _reach(record: Record) -> Floats:
    """Return the lowest and the highest places of a whole run, with some room, shape (2, 2).

    One goes through time more often than a run grows: it is kept until there is another last look.
    """
    last = next(reversed(record.means.values()))
    kept = _reaches.get(record)
    if kept is None or kept[0] is not last:
        kept = _reaches[record] = last, _reach_of(record.means.values())
    return kept[1]


def _reach_of(looks: Iterable[ClassMeans]) -> Floats:
    points = np.array([(look.now, look.kept) for look in looks]).reshape(-1, 2).astype(np.float64)
    shown = points[(np.abs(points) < WIDEST).all(1)]
    if not len(shown):
        return np.array([[-1.0, -1.0], [1.0, 1.0]])
    low, high = (shown.min(0) - ROOM) / NOTCH, (shown.max(0) + ROOM) / NOTCH
    reach: Floats = NOTCH * np.stack((np.floor(low), np.ceil(high)))
    return reach
