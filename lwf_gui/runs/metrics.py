"""From logits to right answers and accuracies: pure functions, each formula once, under both protocols.

*Task-aware*: argmax among the classes of the image's own task, as with one head per task.
*Class-incremental*: argmax among all classes.
Right answers are counted per task; "old / new" is a view of these counts: earlier tasks together, and the current one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import LearnerScore
from lwf_gui.messages import ProtocolName as ProtocolName
from lwf_gui.scenario import Scenario

Logits = NDArray[np.floating[Any]]
NO_ANSWER = -1
"""In place of an output unit, where there is no answer: the learner diverged, its logits are NaN, or under the protocol
none of the units is there yet, they are -inf. Also in place of a count of right answers."""

Labels = NDArray[np.integer[Any]]
Counts = NDArray[np.int64]
Shares = NDArray[np.float64]
Quantity = Literal["old", "new", "average"]
"""Accuracy on the earlier tasks' images together, on the last task's, and the plain mean over the tasks."""

PROTOCOLS: dict[ProtocolName, str] = {"task_aware": "task-aware", "class_incremental": "class-incremental"}
PLAIN_PROTOCOLS: dict[ProtocolName, str] = {"task_aware": "told the task", "class_incremental": "not told"}
"""What the network is told with an image of some task, in words of every day."""
PROTOCOL_HELP: dict[ProtocolName, str] = {
    "task_aware": "Task-aware: the task of each image is known; argmax among that task's own classes.",
    "class_incremental": "Class-incremental: the task is not known; argmax among all classes, old and new.",
}


def predictions(logits: Logits, labels: Labels, scenario: Scenario, protocol: ProtocolName) -> NDArray[np.intp]:
    """Return `AnswerKey.answers`, where the key is needed once."""
    return AnswerKey.of(labels, scenario).answers(logits, protocol)


@dataclass(frozen=True, slots=True)
class AnswerKey:
    """What is right of some images, worked out once for all answers to them.

    Attributes
    ----------
    labels : shape (N,), output units
    own : bool, shape (N, classes), the units of each image's own task
    members : float64, shape (N, tasks), 1 where an image is of a task
    """

    labels: Labels
    own: NDArray[np.bool_]
    members: NDArray[np.float64]

    @classmethod
    def of(cls, labels: Labels, scenario: Scenario) -> AnswerKey:
        """Return the key to images with these output units."""
        tasks = scenario.task_of(labels)[..., None]
        own = tasks == scenario.task_of(np.arange(scenario.classes))
        return cls(labels, own, (tasks == np.arange(scenario.tasks)).astype(np.float64))

    def right(self, logits: Logits, *protocols: ProtocolName) -> dict[ProtocolName, Counts]:
        """Return how many images of each task are right; `NO_ANSWER` for a task that is not there yet.

        Also for all tasks of a network that diverged: one number that is none is enough.

        Parameters
        ----------
        logits : shape (..., N, classes)
        protocols : those that are asked for; all without any

        Returns
        -------
        int64, shape (..., tasks), by protocol
        """
        logits = _single(logits)
        diverged: NDArray[np.bool_] = np.logical_or.reduce(np.isnan(logits), axis=(-2, -1), keepdims=True)[..., 0]
        return {protocol: self._count(logits, protocol, diverged) for protocol in protocols or PROTOCOLS}

    def answers(self, logits: Logits, protocol: ProtocolName) -> NDArray[np.intp]:
        """Return the predicted output units, shape (..., N), of logits, shape (..., N, classes), or `NO_ANSWER`.

        Logits of fewer classes than the scenario has are those of a head that has not grown yet.
        """
        logits = _single(logits)
        taken, silent = self._taken(logits, protocol)
        taken[silent | np.isnan(logits).any(axis=-1)] = NO_ANSWER  # argmax would say the first class
        return taken

    def _taken(self, logits: Logits, protocol: ProtocolName) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
        """Return the best unit of every image among those that the protocol allows, and whether none is there yet."""
        if protocol == "task_aware":
            logits = np.where(self.own[..., : logits.shape[-1]], logits, np.float32(-np.inf))
        taken: NDArray[np.intp] = np.argmax(logits, axis=-1)
        best = np.take_along_axis(logits, taken[..., None], axis=-1)[..., 0]  # several times as fast as a maximum
        return taken, np.isneginf(best)

    def _count(self, logits: Logits, protocol: ProtocolName, diverged: NDArray[np.bool_]) -> Counts:
        taken, silent = self._taken(logits, protocol)
        counts: Counts = (((taken == self.labels) & ~silent) @ self.members).astype(np.int64)
        counts[(silent @ self.members > 0) | diverged] = NO_ANSWER
        return counts


def right(logits: Logits, labels: Labels, scenario: Scenario, protocol: ProtocolName) -> Counts:
    """Return `AnswerKey.right` of one protocol, where the key is needed once."""
    return AnswerKey.of(labels, scenario).right(logits, protocol)[protocol]


def _single(logits: Logits) -> Logits:
    """Return logits in float32, for processors compare these and would convert halves number by number."""
    return logits.astype(np.float32) if logits.dtype == np.float16 else logits


def shares(counts: Counts, sizes: Sequence[int], task: int, weights: Sequence[int] = ()) -> Shares:
    """Return the fractions right of all tasks before one together, and of that task: "old" and "new".

    Before there is a second task, what is learnt is what will be the old one. Several earlier tasks together are their
    test images together: a sample that has other shares of them weighs each task's fraction by its test images, so
    that it tells what the full test sets would.

    Parameters
    ----------
    counts : shape (..., tasks), right answers, or `NO_ANSWER`
    sizes : images of each task
    weights : test images of each task, where the images are a sample of them; empty: the images are all there are

    Returns
    -------
    float64, shape (..., 2); NaN where there is no answer, or no image
    """
    current = max(task, 1)
    parts = (slice(current), slice(current, current + 1))
    return np.stack([_share(counts[..., part], sizes[part], weights[part]) for part in parts], axis=-1)


def _share(counts: Counts, sizes: Sequence[int], weights: Sequence[int]) -> Shares:
    """Return the fraction right of some tasks' images together, each task weighted by its test images."""
    images = np.asarray(sizes[: counts.shape[-1]], np.float64)
    if not images.sum():
        return np.full(counts.shape[:-1], np.nan)
    answered = (counts != NO_ANSWER).all(axis=-1)
    # Of a single task, or where the sample has the true shares, that is the fraction of all its images.
    weigh = np.asarray(weights if len(images) > 1 and any(weights) else images, np.float64) * (images > 0)
    found: Shares = np.where(answered, counts @ (weigh / np.maximum(images, 1)) / weigh.sum(), np.nan)
    return found


@dataclass(frozen=True, slots=True)
class Accuracies:
    """Fractions right on the images of all earlier tasks together and on those of the current one; NaN without any."""

    old: float
    new: float


def accuracies(counts: Sequence[int], sizes: Sequence[int]) -> Accuracies:
    """Return the two accuracies of right answers by task, the current task last; empty: it diverged."""
    if not counts:
        return Accuracies(math.nan, math.nan)
    old, new = shares(np.array(counts, np.int64), sizes, len(counts) - 1).tolist()
    return Accuracies(old, new)


def ratio(counts: Sequence[int], sizes: Sequence[int]) -> float:
    """Return the average accuracy weighted by images: the fraction right of all that are counted; NaN without any.

    With tasks of one size it is the plain average; with six old classes and four new ones it is not.
    """
    return sum(counts) / images if counts and (images := sum(sizes[: len(counts)])) else math.nan


def score(
    logits: Logits, labels: Labels, scenario: Scenario, task: int, teacher: Sequence[int] | None = None
) -> LearnerScore:
    """Return a learner's right answers after a task under both protocols, with its teacher's on the earlier ones."""
    counts = AnswerKey.of(labels, scenario).right(logits)
    aware, incremental = (counted(counts[name][: task + 1]) for name in ("task_aware", "class_incremental"))
    return LearnerScore(aware, incremental, tuple(teacher or ()))


def counted(counts: Counts) -> tuple[int, ...]:
    """Return counts as messages have them: none at all where any has no answer."""
    return () if (counts == NO_ANSWER).any() else tuple(counts.tolist())
