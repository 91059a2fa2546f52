"""Soft targets: what the teacher believes of one image at T, and how far each learner is from it.

Pure functions of a record and a look: T needs no training, for the logits are in the record.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import TEACHER, DataReady
from lwf_gui.methods import method_of
from lwf_gui.runs import teachers
from lwf_gui.runs.captions import image_name, when
from lwf_gui.runs.metrics import PROTOCOLS, Logits, ProtocolName, predictions
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment

Values = NDArray[np.float64]

PER_CLASS = 2
"""Images of each class to choose from."""


@dataclass(frozen=True, slots=True)
class Student:
    """One learner's answer about the image.

    Attributes
    ----------
    probabilities : over the old classes, at T; NaN of one whose answers are no logits
    kl : from its own teacher to it in nats at T, without the factor T**2; NaN before the head expansion, when there is
        but the teacher, where nothing is known of its own one, and of answers that are no logits
    answer : output unit that it chooses under the protocol
    right : whether that is the true class; None on a class that has no output unit yet
    answers_by : the head of its own whose answers are no logits, such as class means; empty: its network's head
    """

    learner: str
    probabilities: tuple[float, ...]
    kl: float
    answer: int
    right: bool | None
    answers_by: str = ""


@dataclass(frozen=True, slots=True)
class SoftTargets:
    """One probe image as teacher and learners see it.

    Attributes
    ----------
    image : its number among the probe images
    true : its output unit
    classes : names of all classes; the first ``len(teacher)`` are the old ones, those of all earlier tasks
    teacher : the teacher's probabilities over the old classes, at T
    students : every learner that has not diverged; before task 2 the teacher alone
    choices : numbers of the images to choose from, by class, old classes first; none of tasks that come later
    owner : the learner whose teacher this is; empty where all have the same one
    task, now : the image's task, and the one that is being learnt
    many : whether the run has more than two tasks
    """

    image: int
    true: int
    classes: tuple[str, ...]
    temperature: float
    teacher: tuple[float, ...]
    students: tuple[Student, ...]
    choices: tuple[int, ...]
    owner: str = ""
    task: int = 0
    now: int = 1
    many: bool = False

    @property
    def old(self) -> bool:
        """Whether the image is of the old task."""
        return self.true < len(self.teacher)

    @property
    def expanded(self) -> bool:
        """Whether there are learners beside the teacher."""
        return self.students[0].learner != TEACHER

    def leading(self, count: int) -> tuple[int, ...]:
        """Return the old classes that teacher or learners believe in most, at most so many, in their own order."""
        known = (student.probabilities for student in self.students if not student.answers_by)
        most = np.max([self.teacher, *known], axis=0)
        return tuple(sorted(np.argsort(-most, kind="stable")[:count].tolist()))


def log_softmax(logits: NDArray[np.floating], temperature: float) -> Values:
    """Return log softmax(logits / T) along the last axis, NaN of infinite logits; not the log of a softmax, maybe 0."""
    scaled = logits.astype(np.float64) / temperature
    with np.errstate(invalid="ignore"):  # inf - inf, where training diverged
        scaled -= scaled.max(axis=-1, keepdims=True)
    scaled -= np.log(np.exp(scaled).sum(axis=-1, keepdims=True))
    return scaled


def soft_targets(record: Record, selection: Selection) -> SoftTargets | None:
    """Return the chosen image's soft targets at the probe where one looks; None before the first probe.

    Also None of an image that is of no class. The learners' logits are sliced to the old classes before the softmax, as
    the distillation loss does.
    """
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None:
        return None
    scenario, image = data.scenario, chosen_image(data, selection.image)
    old = len(scenario.earlier(max(at.task, 1)))
    logits, label = at.logits[:, image].astype(np.float32), data.probe_labels[image]
    if label >= len(data.classes):
        return None
    unknown = label >= scenario.seen(at.task)  # then all answer among the classes that they know
    protocol: ProtocolName = "class_incremental" if unknown else selection.protocol
    answers = predictions(logits, label, scenario, protocol)
    theirs = log_softmax(logits[:, :old], selection.temperature)
    if at.probe.teacher is None:
        its, distances = theirs[0], np.full(len(theirs), np.nan)
    else:
        its = log_softmax(at.probe.teacher[image, :old], selection.temperature)
        distances = _distances(teachers.answers(record, at, image, old), theirs, selection.temperature)
    students = []
    for row, learner in enumerate(at.learners):
        head = head_of(learner, at)
        right = None if unknown else bool(answers[row] == label)
        # Distances and discriminants are no logits: a softmax of them is no belief that could be compared with another.
        believed, kl = (np.full(old, np.nan), np.nan) if head else (np.exp(theirs[row]), distances[row])
        students.append(Student(learner, tuple(believed.tolist()), float(kl), int(answers[row]), right, head))
    teacher = tuple(np.exp(its).tolist())
    offered = choices(data, image, scenario.seen(max(at.task, 1)))
    where = (teachers.owner(record, at), scenario.task_of_unit(int(label)), at.task, scenario.tasks > 2)
    return SoftTargets(
        image, int(label), data.classes, selection.temperature, teacher, tuple(students), offered, *where
    )


def _distances(teachers_logits: Logits | None, students: Values, temperature: float) -> Values:
    """Return KL from each learner's teacher to it, shape (learners, ...), of log probabilities (learners, ..., old)."""
    assert teachers_logits is not None, "a probe that has a teacher's answers has those of each"
    theirs = log_softmax(teachers_logits, temperature)
    # sum_j p_j (log p_j - log q_j) >= 0; rounding alone could make it a negative nothing.
    distances: Values = np.maximum((np.exp(theirs) * (theirs - students)).sum(axis=-1), 0.0)
    return distances


class MeanDistances(NamedTuple):
    """KL from each learner's own teacher to it, in nats, by learner: means over so many new probe images."""

    of: Mapping[str, float]
    images: int


def mean_distances(record: Record, at: Moment, temperature: float) -> MeanDistances:
    """Return how far learners are from their teachers on the current task's probe images, at T; no factor T**2.

    Only of those whose answers are logits, and whose teacher is known.
    """
    data = record.data
    assert data is not None, "a probe comes after the data"
    units = data.scenario.units(at.task)
    images = np.flatnonzero(np.isin(data.probe_labels, units))
    if at.probe.teacher is None or not len(images):
        return MeanDistances({}, 0)
    students = log_softmax(at.logits[:, images, : units.start].astype(np.float32), temperature)
    means = _distances(teachers.answers(record, at, images, units.start), students, temperature).mean(axis=1)
    known = {name: float(mean) for name, mean in zip(at.learners, means, strict=True) if not head_of(name, at)}
    return MeanDistances({name: mean for name, mean in known.items() if np.isfinite(mean)}, len(images))


def head_of(learner: str, at: Moment) -> str:
    """Return the head of its own by which a learner answers at a moment; empty: by its network's."""
    row, axis = method_of(learner), at.track.started.axis
    if row is None or (row.between_tasks and at.probe.step not in (*axis.boundaries, axis.steps)):
        return ""
    return row.answers_by


def chosen_image(data: DataReady, image: int) -> int:
    """Return the number of a probe image that there is: a look may come from a run with more of them."""
    return max(0, min(image, len(data.probe_labels) - 1))


def choices(data: DataReady, image: int, seen: int) -> tuple[int, ...]:
    """Return the first images of so many classes, old ones first; the chosen one takes the last place of its class."""
    numbers: list[int] = []
    for unit in range(seen):
        of_class = np.flatnonzero(data.probe_labels == unit)
        first = of_class[:PER_CLASS].tolist()
        if image in of_class and image not in first:
            first[-1] = image
        numbers += first
    return tuple(numbers)


def captions(record: Record, selection: Selection) -> tuple[str, ...]:
    """Say what the bars are, from the longest to the shortest way; nothing without a probe."""
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None:
        return ()
    image, step = image_name(data, chosen_image(data, selection.image)), when(at, record)
    softmax, answers = (
        f"softmax over the {len(data.scenario.earlier(max(at.task, 1)))} old classes",
        f"answers {PROTOCOLS[selection.protocol]}, {step}",
    )
    temperature = f"T = {selection.temperature:g}"
    return (
        f"percent, {softmax} at {temperature}, {image} of {data.dataset}, {answers}",
        f"percent, {softmax} at {temperature}, {image}, {answers}",
        f"percent, softmax at {temperature}, {image}, {answers}",
        f"percent, softmax at {temperature}, {answers}",
        f"%, softmax at {temperature}, answers {PROTOCOLS[selection.protocol]}",
        f"%, softmax at {temperature}",
    )
