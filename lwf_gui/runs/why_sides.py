"""What is answered to new images, and to old ones: scores and probabilities of each class at the three moments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lwf_gui.runs.metrics import NO_ANSWER
from lwf_gui.runs.soft_targets import log_softmax
from lwf_gui.runs.why_answers import Answers, Numbers, Values, most

MOST_OLD, MOST_NEW = 10, 5
"""Classes of earlier tasks, and of the current one, that are shown at most."""


class Told(NamedTuple):
    """Answers at the three moments; first axes of the arrays: moments, then learners.

    Attributes
    ----------
    scores, shares : shape (3, learners, classes asked among): logits and their softmax, means over the images; NaN
        where there is none: before the moment came, or of a class that the old network did not know
    answers, counts : shape (3, learners): what is answered most often, or `NO_ANSWER`, and to how many images
    right : shape (3, learners): right answers; `NO_ANSWER` where no answer can be right
    """

    scores: Values
    shares: Values
    answers: Numbers
    counts: Numbers
    right: Numbers


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """What is answered to images of the current task, or to old ones.

    Attributes
    ----------
    images : numbers of the probe images: one, or all that the mean is of
    true : output unit of the one image; `NO_ANSWER` of a mean
    asked : output units among which an answer is chosen
    units : those of them that are shown
    """

    new: bool
    images: Numbers
    true: int
    asked: range
    units: tuple[int, ...]
    told: Told

    @property
    def is_mean(self) -> bool:
        """Whether this is the mean of many images."""
        return self.true == NO_ANSWER


def side(answers: Answers, image: int, *, new: bool, mean: bool) -> Side:
    """Return what is answered to an image, or on average to all that are asked as it is."""
    scenario, labels = answers.data.scenario, answers.data.probe_labels
    asked = range(scenario.seen(answers.task))
    images = answers.news if new else answers.olds
    if answers.protocol == "task_aware":  # of what the image's own task has, or, of a new one, all that is old
        asked = range(answers.old) if new else scenario.units(scenario.task_of_unit(int(labels[image])))
        images = images if new else images[np.isin(labels[images], asked)]
    images = images if mean else np.array([image])
    moments = (_told(each, answers, images, asked) for each in (answers.before, answers.early, answers.now))
    told = Told(*(np.stack(parts) for parts in zip(*moments, strict=True)))
    if new and answers.protocol == "task_aware":
        told.right[:] = NO_ANSWER
    units = _shown(told, asked, answers.old)
    return Side(new, images, NO_ANSWER if mean else int(labels[image]), asked, units, told)


def _told(logits: Values | None, answers: Answers, images: Numbers, asked: range) -> Told:
    """Return what is told of one moment; of one to come there is nothing."""
    if logits is None:
        learners = len(answers.now)
        none, nobody = np.full((learners, len(asked)), np.nan, np.float32), np.full(learners, NO_ANSWER)
        return Told(none, none, nobody, np.zeros_like(nobody), nobody)
    part = logits[:, images, asked.start : asked.stop]
    scores, shares = part.mean(1), np.exp(log_softmax(part, 1.0)).mean(1)
    known, taken = np.isfinite(scores), asked.start + part.argmax(-1)
    found = np.array([most(each) for each in taken])
    right = (taken == answers.data.probe_labels[images]).sum(1)
    scores, shares = (np.where(known, values, np.nan).astype(np.float32) for values in (scores, shares))
    return Told(scores, shares, found[:, 0], found[:, 1], right)


def _shown(told: Told, asked: range, old: int) -> tuple[int, ...]:
    """Return the classes that are shown: of many those that are answered, and those with the highest scores."""
    units: list[int] = []
    best = np.nan_to_num(told.scores, nan=-np.inf).max((0, 1))
    for part, count in ((range(asked.start, min(old, asked.stop)), MOST_OLD), (range(old, asked.stop), MOST_NEW)):
        order = sorted(part, key=lambda unit: (unit not in told.answers, -best[unit - asked.start]))
        units += sorted(order[:count])
    return tuple(units)
