"""Whose scores are compared, at which moments: the old network's, soon after a task began, and where one looks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import DataReady
from lwf_gui.runs.metrics import NO_ANSWER, AnswerKey, ProtocolName
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment
from lwf_gui.runs.soft_targets import head_of
from lwf_gui.runs.teachers import SHARED

BEFORE, EARLY, NOW = range(3)
"""The moments: the old network; the first probe from step `SOON` of the task on; the probe that is looked at."""

SOON = 10
"""Steps of a task after which most of what happens to the old answers has happened in the presets."""

CEILING = 6e4
"""Scores from here on are cut off in probes, which keep them in half precision (65,504 at most)."""

Values = NDArray[np.float32]
Numbers = NDArray[np.integer[Any]]


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """Logits of those who are shown, shape (learners, P, classes).

    Attributes
    ----------
    before, early, now : early is None where that is still to come; -inf of classes that are not known yet
    first : of the learners themselves as the task began, heads grown
    olds, news : numbers of the probe images of all earlier tasks, and of the current one
    """

    data: DataReady
    task: int
    protocol: ProtocolName
    before: Values
    early: Values | None
    now: Values
    first: Values
    olds: Numbers
    news: Numbers

    @property
    def old(self) -> int:
        """How many classes all earlier tasks have."""
        return len(self.data.scenario.earlier(self.task))

    def own_falls(self) -> list[float]:
        """Return how far the score of what an old image shows fell, on average, of each learner; NaN without any."""
        labels = self.data.probe_labels[self.olds]
        if not len(labels):
            return [math.nan] * len(self.now)
        with np.errstate(over="ignore", invalid="ignore"):  # training about to diverge
            fall = self.before[:, self.olds, labels] - self.now[:, self.olds, labels]
        return [float(each) for each in fall.mean(1)]

    def taken(self, logits: Values) -> Numbers:
        """Return what logits answer to the old images under the protocol, shape (learners, old images)."""
        key = AnswerKey.of(self.data.probe_labels[self.olds], self.data.scenario)
        return key.answers(logits[:, self.olds], self.protocol)


def answers_of(data: DataReady, at: Moment, protocol: ProtocolName, rows: Sequence[int]) -> Answers:
    """Return the answers of the learners in these rows of a moment's probe."""
    labels, units = data.probe_labels, data.scenario.units(at.task)
    first, early = Moment(at.track, at.first), early_of(at)
    return Answers(
        data=data,
        task=at.task,
        protocol=protocol,
        before=_before(data, first, rows),
        early=None if early is None else _logits(early, rows),
        now=_logits(at, rows),
        first=_logits(first, rows),
        olds=np.flatnonzero(labels < units.start),
        news=np.flatnonzero((labels >= units.start) & (labels < units.stop)),
    )


def rows_of(record: Record, at: Moment) -> tuple[list[int], tuple[str, ...]]:
    """Return the positions of the learners whose scores are known, and a sentence for each of the others."""
    rows, left_out = [], []
    first, answering = Moment(at.track, at.first), at.rows
    for row, learner in enumerate(learners_of(record)):
        head = head_of(learner, at) or (head_of(learner, first) if at.task > SHARED else "")
        if row not in answering or _beyond(at, row):
            left_out.append(f"{label_of(learner)} is not shown: its training diverged.")
        elif head:
            left_out.append(f"{label_of(learner)} is not shown: it answers by {head}, not by scores (logits).")
        else:
            rows.append(row)
    return rows, tuple(left_out)


def _beyond(at: Moment, row: int) -> bool:
    """Whether a learner's scores are at the end of what a probe can tell: about to diverge, they are larger still."""
    logits = at.probe.logits[row]
    return bool((np.abs(logits[np.isfinite(logits)]) >= CEILING).any())


def early_of(at: Moment) -> Moment | None:
    """Return the early moment; None where one looks no further than that."""
    index = at.track.first_probe(at.track.started.axis.begin(at.probe.step) + SOON)
    return Moment(at.track, index) if index < at.index else None


def most(taken: Numbers) -> tuple[int, int]:
    """Return what is answered most often, and how often; `NO_ANSWER` of no answers."""
    counts = np.bincount(taken[taken != NO_ANSWER], minlength=1)
    return (int(counts.argmax()), int(counts.max())) if counts.any() else (NO_ANSWER, 0)


def _logits(at: Moment, rows: Sequence[int]) -> Values:
    return at.probe.logits[list(rows)].astype(np.float32)


def _before(data: DataReady, first: Moment, rows: Sequence[int]) -> Values:
    """Return what each learner's old network answered, -inf for classes that it did not know.

    It is the first teacher, which a probe tells; from the third task on the learner itself as the task began, for the
    old rows of its head were copied.
    """
    logits, teacher = _logits(first, rows), first.probe.teacher
    if first.task <= SHARED and teacher is not None:
        logits[:] = teacher.astype(np.float32)
    logits[..., len(data.scenario.earlier(first.task)) :] = -np.inf
    return logits
