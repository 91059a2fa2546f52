"""Image grid: what each learner remembers of the old task, image by image. Pure functions of a record and a look."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import NamedTuple
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from lwf_gui.runs import tasks_shown
from lwf_gui.runs.after_tasks import ends
from lwf_gui.runs.captions import when
from lwf_gui.runs.metrics import NO_ANSWER, Labels, Logits, ProtocolName, predictions
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment
from lwf_gui.runs.track import Track

Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class ImageGrid:
    """The earlier tasks' probe images at one probe. Columns of the arrays are numbers of probe images, new ones too.

    Attributes
    ----------
    before : whether this is task 1, with the teacher alone
    when : the step, in words
    by_class : numbers of the images of each old class that has any, ascending
    labels : shape (P,), true output units
    known : bool, shape (P,): whether the teacher got it right that was made of what its own task had taught; in the
        base task nothing is known of that yet
    right : bool, shape (learners, P)
    began_right : bool, shape (learners, P): whether it was right from the start, see `_began_right`; in the base task
        the same as ``right``
    taken : shape (learners, P), predicted output units
    """

    learners: tuple[str, ...]
    protocol: ProtocolName
    before: bool
    when: str
    by_class: tuple[NDArray[np.intp], ...]
    labels: Labels
    known: Bools
    right: Bools
    began_right: Bools
    taken: NDArray[np.intp]
    _chosen: dict[int, NDArray[np.intp]] = field(default_factory=dict)

    def chosen(self, per_class: int) -> NDArray[np.intp]:
        """Return the images of a grid with so many of each class; a class that has fewer gives all it has.

        Nobody's answers decide: of each class the first ones are taken, but so that those that were wrong from the
        start, at the teacher, have the share that they have among all. So what is right was not picked for it.
        """
        if per_class not in self._chosen:  # a picture of a grid asks for it many times
            parts = []
            for numbers, wrong in zip(self.by_class, self._wrong_of(per_class), strict=True):
                known = self.known[numbers]
                right = min(per_class, len(numbers)) - wrong
                parts.append(np.sort(np.concatenate((numbers[known][:right], numbers[~known][:wrong]))))
            self._chosen[per_class] = np.concatenate(parts)
        return self._chosen[per_class]

    def _wrong_of(self, per_class: int) -> list[int]:
        """Return how many images that were wrong from the start each class gives: by largest remainders."""
        shares = [min(per_class, len(each)) * float((~self.known[each]).mean()) for each in self.by_class]
        wrong = [math.floor(share) for share in shares]
        order = sorted(range(len(shares)), key=lambda place: wrong[place] - shares[place])
        for place in order[: round(sum(shares)) - sum(wrong)]:
            wrong[place] += 1
        return wrong

    def right_of(self, learner: str, per_class: int) -> tuple[int, int]:
        """Return how many images of such a grid a learner gets right, and how many there are."""
        right = self.right[self.learners.index(learner), self.chosen(per_class)]
        return int(right.sum()), len(right)

    def habit(self, learner: str, per_class: int) -> Habit | None:
        """Return the answer that a learner gives to far more images of such a grid than are of that class, if any.

        It is one for more than half of all images, and for half as many again as are of the class. What such a learner
        gets right of that class tells nothing of its memory: it says the same to everything.
        """
        images = self.chosen(per_class)
        taken = self.taken[self.learners.index(learner), images]
        counts = np.bincount(taken[taken != NO_ANSWER], minlength=1)
        unit = int(counts.argmax())
        count, own = int(counts[unit]), int((self.labels[images] == unit).sum())
        return Habit(unit, count) if 2 * count > len(images) and 2 * count >= 3 * own else None

    def whole_habit(self, learner: str) -> Habit | None:
        """Return the same of all images, chosen or not; None too of a learner that the grid has not."""
        return self.habit(learner, len(self.labels)) if learner in self.learners else None


class Habit(NamedTuple):
    """One class that is the answer to so many images of a grid that being right about it is luck."""

    unit: int
    images: int


def image_grid(record: Record, selection: Selection) -> ImageGrid | None:
    """Return the image grid where one looks; None without a probe."""
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None:
        return None
    taken = predictions(at.logits, data.probe_labels, data.scenario, selection.protocol)
    right = taken == data.probe_labels
    before = at.track is record.base
    known, began_right = _start(record, at, selection.protocol)
    labels, old = data.probe_labels, data.scenario.earlier(max(at.task, 1))
    by_class = tuple(numbers for unit in old if len(numbers := np.flatnonzero(labels == unit)))
    if not by_class:
        return None
    return ImageGrid(
        at.learners,
        selection.protocol,
        before,
        when(at, record),
        by_class,
        labels,
        known,
        right,
        right if began_right is None else began_right,
        taken,
    )


_starts: WeakKeyDictionary[Record, tuple[object, tuple[Bools, Bools | None]]] = WeakKeyDictionary()


def _start(record: Record, at: Moment, protocol: ProtocolName) -> tuple[Bools, Bools | None]:
    """Return which images the teachers knew, and which were right from the start; None of these in the base task.

    While a task trains, both stay as they are: they are kept for the next picture.
    """
    later = record.incremental
    of = (at.track is later, protocol, at.task, at.first, at.rows, None if later is None else bool(later.probes))
    kept = _starts.get(record)
    if kept is None or kept[0] != of:
        began_right = None if at.track is record.base else _began_right(record, at, protocol)
        kept = _starts[record] = of, (_known(record, at), began_right)
    return kept[1]


def _began_right(record: Record, at: Moment, protocol: ProtocolName) -> Bools:
    """Return which images were right from the start, shape (learners, P).

    With two tasks the start is right after the head grew. With more it is right after an image's own task was learnt,
    among the classes of then: for the base task's images at the teacher, for others at their task's last probe.
    """
    right = _right(record, at.track.probes[at.first].logits[at.rows], protocol)
    if not tasks_shown.are_many(record):
        return right
    own = _of_task(record, 0)
    right[:, own] = _right(record, _teacher_at(at.track, 0), protocol, own)
    for task, row in ends(at.track, at.task):
        own = _of_task(record, task)
        right[:, own] = _right(record, at.track.probes[row].logits[at.rows], protocol, own)
    return right


def _of_task(record: Record, task: int) -> NDArray[np.intp]:
    """Return the numbers of a task's probe images."""
    assert record.data is not None
    return np.flatnonzero(record.data.scenario.task_of(record.data.probe_labels) == task)


def _right(
    record: Record, logits: Logits, protocol: ProtocolName, images: NDArray[np.intp] | slice = slice(None)
) -> Bools:
    """Return which of some images are right, given the answers to all, shape (..., P, classes)."""
    assert record.data is not None
    labels = record.data.probe_labels[images]
    right: Bools = predictions(logits[..., images, :], labels, record.data.scenario, protocol) == labels
    return right


def _known(record: Record, at: Moment) -> Bools:
    """Return which images of earlier tasks the teacher got right that learnt their own task last, wherever one looks.

    All as long as there is none.
    """
    assert record.data is not None
    known, later = np.ones(len(record.data.probe_labels), np.bool_), record.incremental
    if later is not None and later.probes:
        for task in range(at.task if at.track is later else 1):
            own = _of_task(record, task)
            known[own] = _right(record, _teacher_at(later, task), "task_aware", own)
    return known


def _teacher_at(track: Track, task: int) -> Logits:
    """Return the answers of the shown teacher that a task had made, shape (P, classes): at the next one's beginning."""
    axis = track.started.axis
    first = track.first_probe(axis.boundaries[task + 1 - axis.first])
    probe = track.probes[min(first, len(track.probes) - 1)]
    return probe.logits[0] if probe.teacher is None else probe.teacher
