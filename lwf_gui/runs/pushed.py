"""How evenly new images pushed the scores of the old answers down, learner by learner: measured, not concluded.

Of a softmax nothing changes where all of its scores fall alike: the highest answer stays the highest. Where they fall
unevenly, another one is left on top, and is given to nearly everything.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from lwf_gui.runs.equation import acting_settings
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.of_probe import OfProbe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment
from lwf_gui.runs.soft_targets import log_softmax
from lwf_gui.runs.why_answers import answers_of, rows_of

EVENLY, LEAST = 0.35, 1.0
"""Part of the farthest push by which pushes differ at most where they are even; and points of a score that the farthest
one has at least, else there was none."""


LITTLE = 0.5
"""Points of a score below which its change is said to be none."""

SEEN = 0.02
"""Mean probability from which on the old network is said to see a class in images."""


class Pushed(NamedTuple):
    """How far the mean scores of old classes fell on new images since the task began.

    Attributes
    ----------
    falls : points, of each old class in the order of its units; negative where one rose
    taken : mean score of each on the same images before: how much the old network takes them for it
    own : mean fall on old images of the score of the class that each shows; NaN without such images
    """

    falls: tuple[float, ...]
    taken: tuple[float, ...]
    own: float

    @property
    def least(self) -> float:
        """Points of the class whose score fell least."""
        return min(self.falls)

    @property
    def most(self) -> float:
        """Points of the class whose score fell most."""
        return max(self.falls)

    @property
    def by_likeness(self) -> bool:
        """Whether what the old network took the images for most fell most, and what it took them for least fell least.

        The cross-entropy's gradient of a score is its probability: what an image resembles is pushed down hardest.
        """
        falls, taken = self.falls, self.taken
        return self.by_looks and self.stays == taken.index(min(taken)) and len(falls) > 1

    @property
    def by_looks(self) -> bool:
        """Whether what the old network took the images for most fell most."""
        return self.sinks == self.taken.index(max(self.taken))

    @property
    def sinks(self) -> int:
        """Unit of the class whose score fell most."""
        return self.falls.index(self.most)

    @property
    def stays(self) -> int:
        """Unit of the class whose score fell least."""
        return self.falls.index(self.least)

    @property
    def even(self) -> bool:
        """Whether all fell alike."""
        return evenly(self.falls)


def evenly(falls: tuple[float, ...]) -> bool:
    """Whether scores fell alike, by these points."""
    return max(falls) - min(falls) <= EVENLY * max(falls)


def pushed(record: Record, selection: Selection) -> Mapping[str, Pushed]:
    """Return the learners whose old answers were pushed down by new images where one looks, with how far."""
    at = moment(record, selection.step)
    if at is None or at.track is not record.incremental:
        return {}
    return _kept.get(record, at.probe, lambda: _pushed(record, selection, at))


_kept = OfProbe[Mapping[str, Pushed]]()


def _pushed(record: Record, selection: Selection, at: Moment) -> Mapping[str, Pushed]:
    """Return the same of a moment of the later tasks."""
    assert record.data is not None, "learners come after the data"
    rows, _ = rows_of(record, at)
    names = learners_of(record)
    answers = answers_of(record.data, at, selection.protocol, rows)
    if not rows or not len(answers.news) or not answers.old:
        return {}
    with np.errstate(over="ignore", invalid="ignore"):  # training about to diverge
        fall = (answers.before - answers.now)[:, answers.news, : answers.old].mean(1)
    taken = answers.before[:, answers.news, : answers.old].mean(1).tolist()
    ways = zip(rows, fall.tolist(), taken, answers.own_falls(), strict=True)
    found = {names[row]: Pushed(tuple(falls), tuple(before), own) for row, falls, before, own in ways}
    return {name: push for name, push in found.items() if push.most >= LEAST}


def seen_in_new(record: Record, selection: Selection, learner: str) -> tuple[int, ...]:
    """Return the old classes that a learner's old network sees in new images, if these are few, the likeliest first.

    Distillation holds probabilities, softened by the learner's T: of what has next to none on the images that are
    learnt, nothing is asked, and it may drift. Empty where more than half of the old classes have a part, or nobody
    knows.
    """
    at = moment(record, selection.step)
    if at is None or at.track is not record.incremental or record.data is None:
        return ()
    row = learners_of(record).index(learner)
    if row not in rows_of(record, at)[0]:
        return ()
    answers = answers_of(record.data, at, selection.protocol, [row])
    logits = answers.before[0][answers.news, : answers.old]
    if not logits.size:
        return ()
    shares = np.exp(log_softmax(logits, acting_settings(record, learner, at.step).temperature)).mean(0)
    seen = [int(unit) for unit in np.argsort(-shares) if shares[unit] >= SEEN]
    return tuple(seen) if 2 * len(seen) <= answers.old else ()
