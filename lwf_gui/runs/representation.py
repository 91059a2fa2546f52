"""Representations: how alike hidden layers see old images as at the boundary, and where these images are in a plane.

Pure functions of a record and a look; knows nothing of windows. What is measured, and against which network, says
`lwf_gui.messages.Representation`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lwf_gui.axis import StepAxis
from lwf_gui.messages import Representation
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.looks import why_not
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.old_images import measured, shown
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, layer_names, moment
from lwf_gui.runs.series import own_from

NO_LOOKS = (
    "This run has no figures of what its layers make of old images: an earlier version recorded it. "
    "Press Run to see them."
)
NOT_YET = "At this step it is not known what the layers make of old images. Go on in time to see it."
ALIASED = "from task 3 on its teacher changes with it, and what it was is not kept"

ROOM, NOTCH = 0.1, 0.5
"""Units that are left free beyond the outermost points, and to whose multiples the reach is rounded: while a run
trains, it grows now and then, not with every look."""

WIDEST = 1e4
"""Units from which on a place is shown no more: of training that diverges."""

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """The old images of one learner, on axes that were fixed as the task began.

    Attributes
    ----------
    ways : shape (looks, images, 2), in units, since the task began: the first place is the teacher's, the last is now
    variance : part of the variance of the teacher's features along each axis
    """

    learner: str
    ways: Floats
    variance: tuple[float, float]

    @property
    def start(self) -> Floats:
        """Where the images were as the task began, shape (images, 2)."""
        places: Floats = self.ways[0]
        return places

    @property
    def now(self) -> Floats:
        """Where they are, shape (images, 2)."""
        places: Floats = self.ways[-1]
        return places

    def moved(self, images: Sequence[int] | slice = slice(None)) -> float:
        """Return how far these images, by their places in a plane, are from where they were, in the middle: the median.

        NaN where that is not known.
        """
        far = np.hypot(*(self.now - self.start)[images].T)
        return float(np.median(far)) if len(far) else math.nan


@dataclass(frozen=True, slots=True, eq=False)
class RepresentationFigures:
    """What is known of all learners' hidden layers where one looks.

    Attributes
    ----------
    step, task, begin : the look that is shown, its task, and the step at which that began
    layers : names of the hidden layers, from the images on
    learners : those of whom anything is known at any look
    steps : of all looks of the run, shape (looks,)
    cka : shape (looks, learners, layers), from 0 to 1; NaN where it is not known
    planes : of the learners of whom something is known at this look
    units : output unit of each image that is shown, in the order of the planes
    names : of the classes, by output unit
    reach : (lowest, highest) places in all planes at all looks of the task, shape (2, 2): one scale for all
    images : how many old images are compared
    axis : the run's tasks by step; None without figures
    left_out : a sentence for each learner that has no plane, which says why
    reason : why there are no figures at all; else empty
    """

    step: int
    task: int
    begin: int
    layers: tuple[str, ...]
    learners: tuple[str, ...]
    steps: NDArray[np.int64]
    cka: Floats
    planes: tuple[Plane, ...]
    units: NDArray[np.intp]
    names: tuple[str, ...]
    reach: Floats
    images: int
    axis: StepAxis | None
    left_out: tuple[str, ...] = ()
    reason: str = ""

    @property
    def curves(self) -> object:
        """All that the curves depend on, to be compared: they stay as they are while one looks elsewhere."""
        return (self.learners, self.layers, self.steps.tobytes(), self.cka.tobytes())

    @property
    def classes(self) -> tuple[int, ...]:
        """The old classes' output units."""
        return tuple(dict.fromkeys(self.units.tolist()))

    def at(self, learner: str, layer: int = -1) -> float:
        """Return the CKA of a learner's layer, by default of its last one, at the look that is shown; NaN without."""
        look = int(np.searchsorted(self.steps, self.step))
        return float(self.cka[look, self.learners.index(learner), layer]) if learner in self.learners else math.nan

    def plane(self, learner: str) -> Plane | None:
        """Return the plane of a learner; None of one that has none."""
        return next((plane for plane in self.planes if plane.learner == learner), None)

    def of_class(self, unit: int) -> list[int]:
        """Return the places of a class's images in a plane."""
        return np.flatnonzero(self.units == unit).tolist()


def representation(record: Record, selection: Selection) -> RepresentationFigures | None:
    """Return the figures where one looks, or why there are none; None before the learners begin."""
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None or at.track is not record.incremental:
        return None
    if not record.representations:
        return _nothing(at, NO_LOOKS)
    begin = at.track.started.axis.begin(at.probe.step)
    looks = [look for step, look in record.representations.items() if begin <= step <= at.probe.step]
    if not looks:
        return _nothing(at, NOT_YET)
    numbers = shown(data.probe_labels, data.scenario)
    old = data.probe_labels[numbers] < len(data.scenario.earlier(at.task))
    planes = tuple(plane for row in at.rows if (plane := _plane(at, looks, row, old)) is not None)
    with_plane = {plane.learner for plane in planes}
    left_out = tuple(why_not(name, at, ALIASED) for name in at.track.started.learners if name not in with_plane)
    if not planes:
        return _nothing(at, " ".join(left_out))
    learners, cka = _similarities(record)
    return RepresentationFigures(
        step=looks[-1].step,
        task=at.task,
        begin=begin,
        layers=layer_names(record, looks[-1].cka.shape[1] + 1)[:-1],
        learners=learners,
        steps=np.array(list(record.representations), np.int64),
        cka=cka,
        planes=planes,
        units=data.probe_labels[numbers][old].astype(np.intp),
        names=data.classes,
        reach=_reach(record, at, old),
        images=len(measured(data.probe_labels, len(data.scenario.earlier(at.task)))),
        axis=at.track.started.axis,
        left_out=left_out,
    )


def captions(record: Record, figures: RepresentationFigures) -> tuple[str, ...]:
    """Return which images and moment the figures are of, and shorter wordings; they hang on no protocol."""
    if record.data is None or figures.reason:
        return ()
    where, images = tasks_shown.where(record, figures.step), f"{figures.images:,} old probe images"
    return (
        f"Linear CKA with each learner's teacher, 0 to 1, and features; {images} of {record.data.dataset}, {where}",
        f"linear CKA with the teacher, 0 to 1; {images}, {where}",
        f"linear CKA, {images}, {where}",
        f"linear CKA, {where}",
        "linear CKA",
    )


def _plane(at: Moment, looks: Sequence[Representation], row: int, old: NDArray[np.bool_]) -> Plane | None:
    """Return the plane of the learner in a row; None where the first or the last look knows no place."""
    ways = np.array([look.points[row][old] for look in looks], np.float64)
    known: NDArray[np.bool_] = np.asarray((np.abs(ways) < WIDEST).all(axis=(1, 2)))
    if not (known[0] and known[-1] and len(ways[0])):
        return None
    one, other = looks[-1].variance[row].tolist()
    return Plane(at.track.started.learners[row], ways[known], (one, other))


def _similarities(record: Record) -> tuple[tuple[str, ...], Floats]:
    """Return who is known of at any look, and their own CKA, shape (looks, learners, layers)."""
    every = np.array([look.cka for look in record.representations.values()], np.float64)
    steps, names = np.array(list(record.representations)), learners_of(record)
    for row, name in enumerate(names):
        if (leaves := own_from(record, name)) > 0:  # a branch is its origin until it leaves it
            every[steps < leaves, row] = np.nan
    rows = [row for row in range(len(names)) if np.isfinite(every[:, row]).any()]
    return tuple(names[row] for row in rows), every[:, rows]


def _reach(record: Record, at: Moment, old: NDArray[np.bool_]) -> Floats:
    """Return the lowest and the highest places of all learners at all looks of a task, with some room, shape (2, 2)."""
    axis = at.track.started.axis
    begin, end = axis.begin(at.probe.step), axis.end(at.probe.step)
    last = end == axis.steps
    looks = [look.points[:, old] for s, look in record.representations.items() if begin <= s < end + last]
    points = np.array(looks, np.float64).reshape(-1, 2)
    there = points[(np.abs(points) < WIDEST).all(1)]
    # One image that flies off would leave all others on a heap: one in two hundred may lie beyond the edge.
    low, high = np.quantile(there, (0.005, 0.995), axis=0) if len(there) else (np.full(2, -1.0), np.ones(2))
    return NOTCH * np.stack((np.floor((low - ROOM) / NOTCH), np.ceil((high + ROOM) / NOTCH)))


def _nothing(at: Moment, reason: str) -> RepresentationFigures:
    none, nobody, nowhere = np.empty((0, 0, 0)), np.empty(0, np.intp), np.zeros((2, 2))
    known = (at.step, at.task, 0, (), (), np.empty(0, np.int64), none, (), nobody, (), nowhere, 0, None)
    return RepresentationFigures(*known, reason=reason)
