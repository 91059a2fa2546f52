"""What became of the old answers: how far new images pushed their scores, and what is answered to old images now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from lwf_gui.runs.image_grid import Habit
from lwf_gui.runs.why_answers import Answers, most


class Drowned(NamedTuple):
    """Old images to which a new class is answered; how far the old scores fell on old images, and where new ones are.

    Scores are means over images and classes.
    """

    images: int
    fall: float
    level: float


@dataclass(frozen=True, slots=True)
class Push:
    """What became of one learner's old answers; scores are means over images.

    Attributes
    ----------
    by : change of the score since the old network on new images, by old class
    resembled : the old network's score on new images, by old class: how much they resemble it
    own : how far the score of the class that an old image shows fell
    kept : new and old images on which its highest old score is of the same class as the old network's
    right : of old images under the protocol, before and now
    habit : what it answers most often to old images
    jumped : how far its old scores were from the old network's before the first step: an inserted layer does that
    """

    learner: str
    by: tuple[float, ...]
    resembled: tuple[float, ...]
    own: float
    kept: tuple[int, int]
    right: tuple[int, int]
    habit: Habit
    drowned: Drowned
    jumped: float

    @property
    def lost(self) -> int:
        """Right answers to old images that were lost."""
        return self.right[0] - self.right[1]


def pushes(answers: Answers, learners: Sequence[str]) -> tuple[Push, ...]:
    """Return what became of each learner's old answers."""
    old, before, now = answers.old, answers.before, answers.now
    change = now[..., :old] - before[..., :old]  # shape (learners, P, old classes)
    by, resembled = change[:, answers.news].mean(1).tolist(), before[:, answers.news, :old].mean(1).tolist()
    same = now[..., :old].argmax(-1) == before[..., :old].argmax(-1)
    kept = np.stack([same[:, images].sum(1) for images in (answers.news, answers.olds)], 1).tolist()
    taken = answers.taken(now)
    right = [(each == answers.data.probe_labels[answers.olds]).sum(1) for each in (answers.taken(before), taken)]
    own = answers.own_falls()
    jumped = np.abs(answers.first[..., :old] - before[..., :old]).mean((1, 2)).tolist()
    fall = -change[:, answers.olds].mean((1, 2))
    level = now[:, answers.olds, old : answers.data.scenario.seen(answers.task)].mean((1, 2))
    return tuple(
        Push(
            learner=learner,
            by=tuple(by[row]),
            resembled=tuple(resembled[row]),
            own=own[row],
            kept=(kept[row][0], kept[row][1]),
            right=(int(right[0][row]), int(right[1][row])),
            habit=Habit(*most(taken[row])),
            drowned=Drowned(int((taken[row] >= old).sum()), float(fall[row]), float(level[row])),
            jumped=jumped[row],
        )
        for row, learner in enumerate(learners)
    )
