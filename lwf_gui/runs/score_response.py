"""Response of old scores: how much the score of an old class still follows what an image shows.

    now_k(x) ~ a_k + b_k before_k(x)        least squares over old probe images x, for each old class k
    b = sum_k cov(before_k, now_k) / sum_k var(before_k)        of all old classes together

``before`` are the old network's scores (logits), ``now`` the learner's. Where b is 1 an old score rises and falls with
the image as it did, wherever it lies; where b is 0 it is the same whatever the image shows, so that the class whose
score happens to be highest is answered to every image. Pure functions of a record and a look.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import DataReady
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.of_probe import OfProbe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment
from lwf_gui.runs.why_answers import Answers, answers_of, most, rows_of

Floats = NDArray[np.float64]

FLAT = 0.4
"""Slope up to which old scores hardly follow the image."""

MOSTLY = 0.6
"""Part of the old images from which on one class is said to be answered whatever they show."""


@dataclass(frozen=True, slots=True, eq=False)
class Response:
    """How one learner's old scores answer to the images.

    Attributes
    ----------
    before, now : scores of the old classes on old probe images, shape (images, old classes)
    slopes, levels : b and a of each old class; NaN of one whose score was the same on all images
    slope : b of all old classes together; NaN where none differed
    top, said : unit that is answered most among the old classes, and to how many of the images
    """

    learner: str
    before: Floats
    now: Floats
    slopes: Floats
    levels: Floats
    slope: float
    top: int
    said: int

    @property
    def one_answer(self) -> bool:
        """Whether old scores hardly follow the images, and one old class is answered to most of them."""
        return self.slope <= FLAT and self.said >= MOSTLY * len(self.now)

    def at(self, unit: int, before: float) -> float:
        """Return the score of an old class now where it was ``before``, on its line."""
        return float(self.levels[unit] + self.slopes[unit] * before)


@dataclass(frozen=True, slots=True, eq=False)
class Responses:
    """The learners' responses where one looks.

    Attributes
    ----------
    learners : those whose scores are known
    left_out : a sentence for each of the others
    classes : names of the old classes
    labels : unit that each old probe image shows
    task, step : that are looked at; the old network is the one that the task began with
    reason : why there are none, as a sentence; empty where there are
    """

    learners: tuple[Response, ...] = ()
    left_out: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    labels: tuple[int, ...] = ()
    task: int = 0
    step: int = 0
    reason: str = ""

    def of(self, learner: str) -> Response | None:
        """Return one learner's; None where it is not there."""
        return next((each for each in self.learners if each.learner == learner), None)


def responses(record: Record, selection: Selection) -> Responses | None:
    """Return the responses where one looks; None before there are learners."""
    at = moment(record, selection.step)
    if at is None or at.track is not record.incremental or record.data is None:
        return None
    data = record.data
    return _kept.get(record, at.probe, lambda: _responses(record, data, at))


_kept = OfProbe[Responses]()


def _responses(record: Record, data: DataReady, at: Moment) -> Responses:
    rows, left_out = rows_of(record, at)
    answers = answers_of(data, at, "task_aware", rows) if rows else None
    if answers is None or not len(answers.olds) or answers.old < 2:
        why = "No learner is shown: each answers by other means than scores, or has diverged."
        few = "There are no probe images of old tasks, or a single old class: nothing could be mixed up."
        return Responses(left_out=left_out, reason=few if rows else why)
    names = learners_of(record)
    return Responses(
        tuple(_response(answers, number, names[row]) for number, row in enumerate(rows)),
        left_out,
        tuple(data.classes[: answers.old]),
        tuple(data.probe_labels[answers.olds].tolist()),
        at.task,
        at.step,
    )


def _response(answers: Answers, number: int, learner: str) -> Response:
    before = answers.before[number, answers.olds, : answers.old].astype(np.float64)
    now = answers.now[number, answers.olds, : answers.old].astype(np.float64)
    with np.errstate(all="ignore"):  # training about to diverge
        off, moved = before - before.mean(0), now - now.mean(0)
        variance, together = (off * off).sum(0), (off * moved).sum(0)
        slopes = np.where(variance > 0, together / variance, np.nan)
        levels = now.mean(0) - slopes * before.mean(0)
        slope = float(together.sum() / variance.sum()) if variance.sum() > 0 else float("nan")
    top, said = most(now.argmax(1))
    return Response(learner, before, now, slopes, levels, slope, top, said)
