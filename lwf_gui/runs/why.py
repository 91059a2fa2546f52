"""Why it forgets, in scores: what new images do to the old answers, before, early and now. Pure functions of a record.

A score is a logit: the number that the network gives a class before softmax. The old network is what each learner was
as the task began; "old" are all earlier tasks' classes and images together, "new" those of the task that is learnt.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np

from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment
from lwf_gui.runs.soft_targets import chosen_image
from lwf_gui.runs.temperatures import least_sure
from lwf_gui.runs.why_answers import Answers, Numbers, answers_of, early_of, rows_of
from lwf_gui.runs.why_pushes import Push, pushes
from lwf_gui.runs.why_sides import Side, side

NO_BEGINNING = "The probe at the beginning of this task is missing, so the old network's answers are not known."
NO_IMAGES = "There are no probe images of the old or of the new task, so there is nothing to look at."


@dataclass(frozen=True, slots=True)
class Choice:
    """What is looked at beside the shared selection: an image of each side, or the mean of all of them; -1: any."""

    new: int = -1
    old: int = -1
    mean_new: bool = True
    mean_old: bool = False

    def at(self, image: int, *, new: bool) -> Choice:
        """Return the same with another image of a side."""
        return replace(self, new=image) if new else replace(self, old=image)

    def turned(self, *, new: bool) -> Choice:
        """Return the same with the mean of a side in place of one image, or one image in place of the mean."""
        return replace(self, mean_new=not self.mean_new) if new else replace(self, mean_old=not self.mean_old)


class Times(NamedTuple):
    """The task that is learnt, the steps where it began and where one looks, and of the early moment, if it came."""

    task: int
    begin: int
    step: int
    early: int | None = None

    @property
    def early_apart(self) -> bool:
        """Whether the early moment is told beside now: not until now is more than twice as far from the beginning."""
        return self.early is not None and self.step - self.begin > 2 * (self.early - self.begin)


@dataclass(frozen=True, slots=True)
class WhyFigures:
    """Both sides, and what became of each learner's old answers.

    Attributes
    ----------
    old : how many classes all earlier tasks have
    images : old and new probe images, in all
    sides : of new images, and of old ones
    left_out : a sentence for each learner that is not shown, which says why
    reason : why there are no figures at all; else empty
    """

    times: Times
    protocol: ProtocolName
    old: int = 0
    images: tuple[int, int] = (0, 0)
    sides: tuple[Side, ...] = ()
    pushes: tuple[Push, ...] = ()
    left_out: tuple[str, ...] = ()
    reason: str = ""

    @property
    def learners(self) -> tuple[str, ...]:
        """Those whose scores are known."""
        return tuple(push.learner for push in self.pushes)


def why(record: Record, selection: Selection, choice: Choice | None = None) -> WhyFigures | None:
    """Return the figures where one looks, or why there are none; None before the learners begin."""
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None or at.track is not record.incremental:
        return None
    bare = WhyFigures(_times(at), selection.protocol)
    rows, left_out = rows_of(record, at)
    if Moment(at.track, at.first).step != bare.times.begin:
        return replace(bare, reason=NO_BEGINNING)
    if not rows:
        return replace(bare, reason=" ".join(left_out))
    answers = answers_of(data, at, selection.protocol, rows)
    if not len(answers.olds) or not len(answers.news):
        return replace(bare, reason=NO_IMAGES)
    with np.errstate(over="ignore", invalid="ignore"):  # training about to diverge
        pushed = pushes(answers, [at.track.started.learners[row] for row in rows])
        sides = _sides(answers, pushed, chosen_image(data, selection.image), choice or Choice())
    images = (len(answers.olds), len(answers.news))
    return replace(bare, old=answers.old, images=images, sides=sides, pushes=pushed, left_out=left_out)


def _times(at: Moment) -> Times:
    early = early_of(at)
    return Times(at.task, at.track.started.axis.begin(at.probe.step), at.step, None if early is None else early.step)


# Which images


def _sides(answers: Answers, pushed: Sequence[Push], wanted: int, choice: Choice) -> tuple[Side, Side]:
    """Return both sides; the image that all panels look at counts on the side that it is of."""
    new = _among((wanted, choice.new), answers.news, lambda: _unsure(answers))
    old = _among((wanted, choice.old), answers.olds, lambda: _forgotten(answers, pushed))
    return (
        side(answers, new, new=True, mean=choice.mean_new),
        side(answers, old, new=False, mean=choice.mean_old),
    )


def _among(wanted: Sequence[int], images: Numbers, otherwise: Callable[[], int]) -> int:
    """Return the first number that is one of these images, else another one of them."""
    found = next((number for number in wanted if number in images), None)
    return otherwise() if found is None else found


def _unsure(answers: Answers) -> int:
    """Return the first image of that new class of which the old network is least sure: many old answers must go."""
    return least_sure(answers.data, answers.before[0, :, : answers.old], answers.data.probe_labels[answers.news])


def _forgotten(answers: Answers, pushed: Sequence[Push]) -> int:
    """Return the first old image that the learner which forgot most has forgotten, else the first one."""
    row = max(range(len(pushed)), key=lambda each: pushed[each].lost)
    labels = answers.data.probe_labels[answers.olds]
    was, now = (answers.taken(each)[row] == labels for each in (answers.before, answers.now))
    return int(answers.olds[np.argmax(was & ~now)])
