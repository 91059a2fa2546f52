"""Consistency checks of the values in a run file's arrays, of messages whose form was found sound.

What is wrong is said by `Unsound`, as a clause.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lwf_gui.documents.sound import located, require
from lwf_gui.messages import (
    TOTAL,
    ClassMeans,
    DataReady,
    LayerProbe,
    Message,
    PhaseStarted,
    Probe,
    PutBack,
    Representation,
    Steps,
    StraightPath,
)
from lwf_gui.runs.metrics import NO_ANSWER
from lwf_gui.runs.old_images import shown
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment
from lwf_gui.scenario import Scenario
from lwf_gui.untrusted import Unsound


def check_values(messages: Sequence[Message]) -> None:
    """Check the values in the arrays of messages whose form is sound.

    Raises
    ------
    Unsound
        Naming the first message that cannot be, and why.
    """
    data, phases = next(each for each in messages if isinstance(each, DataReady)), dict[str, PhaseStarted]()
    for number, message in enumerate(messages, 1):
        try:
            match message:
                case DataReady():
                    _labels(message)
                case PhaseStarted():
                    phases[message.phase] = message
                case Steps():
                    _losses(message.losses)
                case Probe():
                    _logits(message, data.scenario, phases[message.phase].task_at(message.step))
                case LayerProbe():
                    _pulls(message)
                case ClassMeans():
                    _places(message, data.scenario.seen(phases["incremental"].task_at(message.step)))
                case PutBack():
                    _right_answers(message.right, data.test_sizes if message.full else data.probe_sizes, message.task)
                case StraightPath():
                    sizes = data.test_sizes if message.tested else data.probe_sizes
                    few = all(count <= there for count, there in zip(message.images, sizes, strict=False))
                    require(few, "more images were looked at than there are")
                    _right_answers(message.right, message.images, message.task)
                    _path_losses(message)
                case Representation():
                    task = phases["incremental"].task_at(message.step)
                    images = shown(data.probe_labels, data.scenario)
                    _compared(message, data.probe_labels[images] < len(data.scenario.earlier(task)))
        except Unsound as error:
            raise located(number, type(message).__name__, error) from error


def check_record(record: Record) -> None:
    """Check that at every probe somebody answers: who diverged does not, and a probe of nobody is not kept.

    Raises
    ------
    Unsound
        Naming the probe.
    """
    for track in record.tracks.values():
        for index, probe in enumerate(track.probes):
            answers = Moment(track, index).rows
            require(bool(answers), f"nobody is left to answer at step {probe.step:,} of {track.started.phase}")


def _labels(message: DataReady) -> None:
    labels, every = message.probe_labels, len(message.classes)
    require(int(labels.max()) < every, f"a label is {labels.max()}, it must be below {every}, the number of classes")
    require(min(message.probe_sizes) > 0, "a task has no probe images")


def _losses(losses: NDArray[np.float32]) -> None:
    """Require finite losses up to where a learner diverged, and no numbers at all from there on."""
    total, lost = losses[..., TOTAL], np.isnan(losses)
    require(not np.isinf(total).any(), "a loss is infinite")
    over = np.isnan(total)
    require(bool((over[1:] >= over[:-1]).all()), "a loss is a number again after it was none")
    require(bool((lost.all(axis=-1) == over).all()), "a learner that diverged still has terms of its loss")


def _logits(message: Probe, scenario: Scenario, task: int) -> None:
    """Require finite answers of the classes that are there, and none of the others; or no numbers at all."""
    answers = [(message.logits, scenario.seen(task))]
    answers += [] if message.teacher is None else [(message.teacher, len(scenario.earlier(task)))]
    for logits, seen in answers:
        require(not np.isinf(logits[..., :seen]).any(), "an answer is infinite")
        absent = logits[..., seen:]
        require(bool((np.isneginf(absent) | np.isnan(absent)).all()), "there is an answer of a class that is not there")


def _pulls(message: LayerProbe) -> None:
    lengths, cosines = message.forces[..., :2], message.forces[..., 2]
    with np.errstate(invalid="ignore"):
        require(not (lengths < 0).any() and not (message.moved < 0).any(), "a length is below 0")
        require(not (np.abs(cosines) > 1.001).any(), "a cosine is beyond 1")
    require(not np.isinf(message.filters).any(), "a weight is infinite")


def _places(message: ClassMeans, seen: int) -> None:
    """Require whole points of classes that are there, and a distance only where there are both points."""
    for points in (message.now, message.kept):
        require(not np.isinf(points).any(), "a class mean is infinite")
        lost = np.isnan(points)
        require(bool((lost[..., 0] == lost[..., 1]).all()), "a class mean has half a place")
        require(bool(lost[:, seen:].all()), "there is a mean of a class that is not there")
    with np.errstate(invalid="ignore"):
        require(not (message.apart < 0).any(), "a distance is below 0")
    require(not np.isinf(message.apart).any(), "a distance is infinite")
    both = np.isfinite(message.now[..., 0]) & np.isfinite(message.kept[..., 0])
    require(not (np.isfinite(message.apart) & ~both).any(), "a distance is between no two class means")


def _right_answers(counts: NDArray[np.int32], sizes: Sequence[int], task: int) -> None:
    """Require right answers of all tasks so far, at most as many as there are images, and of none to come; or none.

    Their shape is (..., protocols, tasks).
    """
    there = counts[..., : task + 1]
    require(bool((counts >= NO_ANSWER).all()), f"a number of right answers is {counts.min()}")
    require(bool((there <= np.array(sizes[: task + 1])).all()), "there are more right answers than images")
    lost = there == NO_ANSWER
    require(bool((lost.all(axis=(-2, -1)) == lost.any(axis=(-2, -1))).all()), "some of the right answers are missing")
    require(bool((counts[..., task + 1 :] == NO_ANSWER).all()), "there are right answers of a task to come")


def _path_losses(message: StraightPath) -> None:
    """Require that of each path all is known or nothing, and losses exactly where there are right answers."""
    lost = (message.right == NO_ANSWER).all(axis=-2)
    there = lost[..., : message.task + 1].reshape(*lost.shape[:2], -1)
    require(bool((there.all(axis=-1) == there.any(axis=-1)).all()), "a part of a path is missing")
    require(bool((np.isnan(message.loss) == lost).all()), "there are losses without right answers, or none with them")
    require(not np.isinf(message.loss).any(), "a loss is infinite")
    with np.errstate(invalid="ignore"):
        require(not (message.loss < 0).any(), "a loss is below 0")


def _compared(message: Representation, old: NDArray[np.bool_]) -> None:
    """Require figures from 0 to 1, and whole points of old images alone, all of a learner or none.

    ``old`` says of each image that is ever shown whether it is old.
    """
    count = message.points.shape[1]
    require(count == len(old), f"points of {count} images, they must be of {len(old)}")
    with np.errstate(invalid="ignore"):
        require(not ((message.cka < 0) | (message.cka > 1)).any(), "a CKA is not from 0 to 1")
        parts = message.variance
        require(not ((parts < 0) | (parts.sum(axis=-1, keepdims=True) > 1.001)).any(), "a variance is not from 0 to 1")
    points, lost = message.points, np.isnan(message.points)
    require(not np.isinf(points).any(), "a point is infinite")
    require(bool((lost[..., 0] == lost[..., 1]).all()), "a point has half a place")
    require(bool(lost[:, ~old].all()), "there is a point of an image that is not old")
    there = lost[:, old].reshape(len(points), -1)
    require(bool((there.all(axis=1) == there.any(axis=1)).all()), "some of the points are missing")
