"""Straight paths: what networks know on the line, in the space of all weights, between two networks of a run.

Pure functions of a record and a look; knows nothing of windows. One end may be the old network, the first teacher,
which knows task 1 alone: so "old" is task 1 here, and "new" the task that is learnt.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from lwf_gui.messages import POINTS, TEACHER, StraightPath
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.looks import images_of, place_of, why_not
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS, ProtocolName
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment

NO_LOOKS = (
    "This run has no straight paths: an earlier version recorded it, or it ended before the first one. "
    "Press Run to see them."
)
SAME = "At this step all networks are still one and the same: no way lies between them. Go on in time to see one."
NOT_YET = "At this step no straight path is known yet. Go on in time: one is walked at the latest as the task ends."

NOTICED = 1.0
"""Points by which a mixture must be better on average than both ends to be called so."""

RIDGE, ALIKE = 3.0, 5.0
"""Points below both ends that are called a ridge; points that ends may differ by to lie in one valley."""

BARRIER = 0.1
"""Nats above the higher one of both ends that are called a barrier."""

Ends = tuple[str, str]
"""Where a path begins, a learner or `TEACHER` for the old network, and at which learner it ends."""


@dataclass(frozen=True)
class Path:
    """One path, from its start to its end.

    Attributes
    ----------
    old, new : percent right, of the old task's images and of the new task's, point by point
    losses : mean cross-entropy over all classes seen, in nats, of both tasks, point by point
    """

    old: tuple[float, ...]
    new: tuple[float, ...]
    losses: tuple[tuple[float, ...], tuple[float, ...]]

    @cached_property
    def best(self) -> int:
        """The point whose mean of both accuracies is highest; of several the first."""
        return max(range(POINTS), key=self.mean)

    @cached_property
    def best_mixture(self) -> int:
        """The same of the points between both ends; of several the one that is nearest to half-way."""
        return max(range(1, POINTS - 1), key=lambda point: (self.mean(point), -abs(2 * point - POINTS + 1)))

    def mean(self, point: int) -> float:
        """Return the mean of both accuracies at a point."""
        return (self.old[point] + self.new[point]) / 2

    @cached_property
    def gain(self) -> float:
        """Points by which the best point's mean is above that of the better end."""
        return self.mean(self.best) - max(self.mean(0), self.mean(POINTS - 1))

    def dip(self, task: int) -> float:
        """Return by how many points a task, 0 the old one, falls below both ends in between."""
        along = (self.old, self.new)[task]
        return min(along[0], along[-1]) - min(along)

    def barrier(self, task: int) -> float:
        """Return by how many nats a task's loss rises above both ends in between (Frankle et al. 2020)."""
        along = self.losses[task]
        return max(along) - max(along[0], along[-1])


@dataclass(frozen=True, slots=True)
class StraightPathFigures:
    """All paths that are known where one looks.

    Attributes
    ----------
    step, task : of the later tasks, where they were walked, and the task that was learnt
    asked : the step that is looked at, which may be a later one
    protocol : among which classes an answer was chosen
    paths : by their ends
    images : of the old task and of the new one
    kind : which images these are: "test images" or "probe images"
    drawn : whether there are more of these images than were taken
    tasks : what the two tasks are called
    many : whether the run has more than two tasks
    left_out : a sentence for each learner that is not shown, which says why
    reason : why there are no figures at all; else empty
    """

    step: int
    task: int
    protocol: ProtocolName
    paths: Mapping[Ends, Path]
    images: tuple[int, int]
    kind: str
    drawn: bool
    tasks: tuple[str, str]
    many: bool = False
    asked: int = 0
    left_out: tuple[str, ...] = ()
    reason: str = ""

    @property
    def ends(self) -> tuple[str, ...]:
        """The learners that a path leads to."""
        return tuple(dict.fromkeys(end for _, end in self.paths))

    def the(self, place: int) -> str:
        """Return a task, 0 the old one, as a sentence names it: "the old task", "task 1"."""
        name = self.tasks[place]
        return name if name.startswith("task") else f"the {name}"

    def beyond_chance(self, points: float) -> float:
        """Return so many points, or those of two images where so few were looked at that these are more."""
        return max(points, 200 / min(self.images))

    def between(self, chosen: Ends | None) -> Ends:
        """Return the ends of the path that is looked at: the chosen ones where there is such a path, else the first."""
        start, end = chosen or (TEACHER, "")
        end = end if end in self.ends else self.ends[0]
        starts = self.starts(end)
        return (start if start in starts else starts[0]), end

    def called(self, end: str) -> str:
        """Return what an end of a path is called; of more than two tasks it is said which network is the old one."""
        return end_name(end, many=self.many)

    def starts(self, end: str) -> tuple[str, ...]:
        """Return where a path to a learner can begin: the old network first."""
        return tuple(start for start, other in self.paths if other == end)


def straight_path(record: Record, selection: Selection) -> StraightPathFigures | None:
    """Return the figures where one looks, or why there are none; None before the learners begin."""
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None or at.track is not record.incremental:
        return None
    protocol = selection.protocol
    look = next((each for step, each in reversed(record.paths.items()) if step <= at.step), None)
    if look is None:
        return _nothing(at, protocol, _why_none(record, at))
    paths = _paths(look, at, protocol)
    shown = {end for _, end in paths}
    left_out = tuple(
        why_not(learner, at, "no straight path to it is known")
        for learner in learners_of(record)
        if learner not in shown
    )
    if not paths:
        return _nothing(at, protocol, " ".join(left_out))
    sizes, many = data.test_sizes if look.tested else data.probe_sizes, tasks_shown.are_many(record)
    return StraightPathFigures(
        step=look.step,
        task=look.task,
        protocol=protocol,
        paths=paths,
        images=(look.images[0], look.images[look.task]),
        kind="test images" if look.tested else "probe images",
        drawn=look.images != tuple(sizes[: look.task + 1]),
        tasks=("task 1", f"task {look.task + 1}") if many else ("old task", "new task"),
        many=many,
        asked=at.step,
        left_out=left_out,
    )


def captions(record: Record, figures: StraightPathFigures) -> tuple[str, ...]:
    """Return which images, protocol and moment the figures are of, and shorter wordings."""
    if record.data is None or figures.reason:
        return ()
    where, protocol, name = tasks_shown.where(record, figures.step), PROTOCOLS[figures.protocol], record.data.dataset
    evenly = ", drawn evenly" * figures.drawn
    named = " and ".join(f"{count:,} of {figures.the(place)}" for place, count in enumerate(figures.images))
    both = f"{figures.images[0]:,} + {figures.images[1]:,} {figures.kind}"
    return (
        f"{name}, {figures.kind}{evenly}: {named}; {protocol}, {where}",
        f"{both} of {name}{evenly}, {protocol}, {where}",
        f"{both}, {protocol}, {where}",
        f"{both}, {protocol}",
        protocol,
    )


def images_text(figures: StraightPathFigures, place: int) -> str:
    """Return how many images a task's figure is of, as in "1,000 test images"."""
    return images_of(figures.images[place], figures.kind)


def end_name(end: str, *, many: bool = False) -> str:
    """Return what an end of a path is called; with ``many`` tasks each has an old network, so it is said which."""
    if end != TEACHER:
        return label_of(end)
    return "the network after task 1" if many else "the old network"


def _paths(look: StraightPath, at: Moment, protocol: ProtocolName) -> Mapping[Ends, Path]:
    """Return all paths between different networks of which something is known, those from the old network first."""
    learners, place = at.track.started.learners, place_of(protocol)
    tasks, starts = [0, look.task], (TEACHER, *learners)[: len(look.right)]
    found, there = {}, {TEACHER, *at.learners}
    for row, start in enumerate(starts):
        for column, end in enumerate(learners):
            right = look.right[row, column, :, place][:, tasks]
            if start != end and {start, end} <= there and not (right == NO_ANSWER).any():
                loss = look.loss[row, column][:, tasks]
                found[start, end] = _path(right.T.tolist(), loss.T.tolist(), [look.images[task] for task in tasks])
    return found


def _path(right: Sequence[Sequence[int]], losses: Sequence[Sequence[float]], images: Sequence[int]) -> Path:
    old, new = (tuple(100 * count / of for count in counts) for counts, of in zip(right, images, strict=True))
    return Path(old, new, (tuple(losses[0]), tuple(losses[1])))


def _why_none(record: Record, at: Moment) -> str:
    """Say why no path is known at a moment."""
    if not record.paths and _is_past(record):
        return NO_LOOKS
    return NOT_YET if at.step else SAME


def _is_past(record: Record) -> bool:
    """Whether a task was learnt to its end, or the run is over: an engine that walks paths has told one by then."""
    track = record.incremental
    assert track is not None, "learners have begun"
    axis = track.started.axis
    return record.outcome is not None or any(told.epoch and axis.ends_at(told.step) for told in record.evaluations)


def _nothing(at: Moment, protocol: ProtocolName, reason: str) -> StraightPathFigures:
    return StraightPathFigures(at.step, at.task, protocol, {}, (0, 0), "", False, ("", ""), reason=reason)
