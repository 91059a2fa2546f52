"""Layers put back: what each learner would know of old and new task with layers of the old network in its own.

Pure functions of a record and a look; knows nothing of windows. The old network is the first teacher, which knows
task 1 alone: so "old" is task 1 here, and "new" the task that is learnt.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import DataReady, PutBack
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.full_tests import evaluation_of
from lwf_gui.runs.looks import images_of, place_of, why_not
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS, ProtocolName
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, layer_names, moment

HEAD = "old answers"
"""What people call the old classes' rows of the head: what is put back of the last layer."""

NO_LOOKS = "This run has no figures with layers put back: an earlier version recorded it. Press Run to see them."
INSERTED = (
    "The learners have a hidden layer that the old network never had (model.growth), so its layers do not fit theirs. "
    "Run with model.growth = none to see them put back."
)
NOT_YET = "At this step it is not known what would be right with layers put back. Go on in time to see it."


@dataclass(frozen=True, slots=True)
class Known:
    """Right answers with one combination of layers: of the old task's images and of the new task's, in percent."""

    old: float
    new: float


@dataclass(frozen=True, slots=True)
class PutBackFigures:
    """What all learners that take part would know, with every combination of layers put back.

    Attributes
    ----------
    step, task : of the later tasks, where it was looked at, and the task that was learnt
    protocol : among which classes an answer was chosen
    layers : names, from the images to the answers; bit k of a combination says that layer k is the old network's
    known : by learner, by combination
    images : of the old task and of the new one
    kind : which images these are: "test images" or "probe images"
    tasks : what the two tasks are called
    before : what was right of the old task as the learners began, by learner; those that are not known are left out
    left_out : a sentence for each learner that is not shown, which says why
    reason : why there are no figures at all; else empty
    """

    step: int
    task: int
    protocol: ProtocolName
    layers: tuple[str, ...]
    known: Mapping[str, tuple[Known, ...]]
    images: tuple[int, int]
    kind: str
    tasks: tuple[str, str]
    left_out: tuple[str, ...] = ()
    reason: str = ""
    before: Mapping[str, float] = field(default_factory=dict)

    @property
    def learners(self) -> tuple[str, ...]:
        """Those that are shown."""
        return tuple(self.known)

    @property
    def head(self) -> int:
        """The combination of the old answers' rows alone."""
        return 1 << (len(self.layers) - 1)

    @property
    def everything(self) -> int:
        """The combination of all layers."""
        return (1 << len(self.layers)) - 1

    @property
    def telling(self) -> tuple[int, ...]:
        """The combinations that say most: nothing, the old answers' rows, each other layer alone, all of them."""
        alone = (1 << place for place in range(len(self.layers) - 1))
        return tuple(dict.fromkeys((0, self.head, *alone, self.everything)))

    def lost(self, learner: str) -> float:
        """Return the points of the old task that a learner has lost since it began."""
        known = self.known[learner]
        return self.before.get(learner, known[self.everything].old) - known[0].old

    def regained(self, learner: str, combination: int) -> float:
        """Return the points of the old task that a combination brings back."""
        return self.known[learner][combination].old - self.known[learner][0].old

    def price(self, learner: str, combination: int) -> float:
        """Return the points that it costs the new task."""
        return self.known[learner][0].new - self.known[learner][combination].new

    def names(self, combination: int) -> tuple[str, ...]:
        """Return the layers of a combination, as they are called."""
        return tuple(name for place, name in enumerate(self.layers) if combination >> place & 1)


def put_back(record: Record, selection: Selection) -> PutBackFigures | None:
    """Return the figures where one looks, or why there are none; None before the learners begin."""
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None or at.track is not record.incremental:
        return None
    protocol = selection.protocol
    if not record.put_back:
        return _nothing(at, protocol, NO_LOOKS if data.recipe.model.growth == "none" else INSERTED)
    look = next((each for step, each in reversed(record.put_back.items()) if step <= at.step), None)
    if look is None:
        return _nothing(at, protocol, NOT_YET)
    sizes = data.test_sizes if look.full else data.probe_sizes
    known = {
        learner: figures
        for learner, right in zip(at.track.started.learners, look.right, strict=True)
        if learner in at.learners and (figures := _known(right[:, place_of(protocol)], look.task, sizes))
    }
    left_out = tuple(
        why_not(learner, at, "nothing is known of it with layers put back")
        for learner in learners_of(record)
        if learner not in known
    )
    if not known:
        return _nothing(at, protocol, " ".join(left_out))
    layers = layer_names(record, look.right.shape[1].bit_length() - 1)
    return PutBackFigures(
        step=look.step,
        task=look.task,
        protocol=protocol,
        layers=(*layers[:-1], HEAD),
        known=known,
        images=(sizes[0], sizes[look.task]),
        kind="test images" if look.full else "probe images",
        tasks=_tasks(record, look),
        left_out=left_out,
        before={name: share for name in known if (share := _before(record, look, name, protocol)) is not None},
    )


def _before(record: Record, look: PutBack, learner: str, protocol: ProtocolName) -> float | None:
    """Return what a learner had right of the old task as the first head had grown, on the same images, in percent."""
    assert record.data is not None, "there are figures only of data"
    if look.full:
        told = evaluation_of(record, 1, 0)
        right = () if told is None or learner not in told.scores else told.scores[learner].under(protocol)
        return 100 * right[0] / record.data.test_sizes[0] if right else None
    first = record.put_back.get(0)
    row = learners_of(record).index(learner)
    right_then = NO_ANSWER if first is None else int(first.right[row, 0, place_of(protocol), 0])
    return None if right_then == NO_ANSWER else 100 * right_then / record.data.probe_sizes[0]


def captions(record: Record, figures: PutBackFigures) -> tuple[str, ...]:
    """Return which images, protocol and moment the figures are of, and shorter wordings."""
    data: DataReady | None = record.data
    if data is None or figures.reason:
        return ()
    where, protocol = tasks_shown.where(record, figures.step), PROTOCOLS[figures.protocol]
    old, new = figures.images
    both = f"{old:,} + {new:,} {figures.kind}"
    named = " and ".join(f"{count:,} of the {name}" for count, name in zip(figures.images, figures.tasks, strict=True))
    return (
        f"{data.dataset}, {figures.kind}: {named}; {protocol}, {where}",
        f"{both} of {data.dataset}, {protocol}, {where}",
        f"{both}, {protocol}, {where}",
        f"{both}, {protocol}",
        protocol,
    )


def images_text(figures: PutBackFigures, place: int) -> str:
    """Return how many images a task's figure is of, as in "6,000 test images"."""
    return images_of(figures.images[place], figures.kind)


def _known(right: NDArray[np.int32], task: int, sizes: tuple[int, ...]) -> tuple[Known, ...]:
    """Return what is known by combination, of right answers, shape (combinations, tasks); nothing without any."""
    if not sizes[0] or not sizes[task] or (right[:, [0, task]] == NO_ANSWER).any():
        return ()
    return tuple(Known(100 * old / sizes[0], 100 * new / sizes[task]) for old, new in right[:, [0, task]].tolist())


def _tasks(record: Record, look: PutBack) -> tuple[str, str]:
    return ("task 1", f"task {look.task + 1}") if tasks_shown.are_many(record) else ("old task", "new task")


def _nothing(at: Moment, protocol: ProtocolName, reason: str) -> PutBackFigures:
    return PutBackFigures(at.step, at.task, protocol, (), {}, (0, 0), "", ("", ""), reason=reason)
