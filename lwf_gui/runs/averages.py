"""Averages over the tasks of a run of more than two: what its cards tell. Pure functions of a record and a look.

`lwf_gui.runs.continual` has the formulas. Tasks count from 0 here and from 1 for people.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from lwf_gui.runs import shown
from lwf_gui.runs.after_tasks import on_probe_images_at, on_test_sets_at, on_test_sets_before
from lwf_gui.runs.captions import old_and_new
from lwf_gui.runs.cards import Card, card_of
from lwf_gui.runs.matrix import Matrix
from lwf_gui.runs.metrics import NO_ANSWER, Counts, ProtocolName, accuracies
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment


@dataclass(frozen=True, slots=True)
class Averages:
    """One learner's figures over the tasks so far, in percent; NaN where there is nothing (yet).

    Attributes
    ----------
    task : the last of the tasks so far: the one that is being learnt or, where the next one begins, the one that ended
    ended : whether it ended at this very step: the figures are those of the accuracy matrix, before the head grows
    average : average accuracy over all tasks so far, each with the same weight
    forgetting : how much worse the earlier tasks are than they ever were after an earlier task, in points
    earlier, current : accuracy on the earlier tasks' images together, and on those of the current task
    counts : images of the earlier tasks and of the current one
    full : whether these are the full test sets
    least : images of the smallest task so far: they say how many digits averages have
    diverged : the step at which the learner diverged, where one looks at that step or a later one
    """

    learner: str
    protocol: ProtocolName
    step: int
    task: int = 1
    average: float = math.nan
    forgetting: float = math.nan
    earlier: float = math.nan
    current: float = math.nan
    counts: tuple[int, int] = (0, 0)
    full: bool = False
    least: int = 0
    diverged: int | None = None
    ended: bool = False

    @property
    def known(self) -> bool:
        """Whether there are figures."""
        return not math.isnan(self.average)

    @property
    def sample(self) -> str:
        """On which images the figures are taken; empty without any."""
        images = f"{sum(self.counts):,}"
        return "" if not self.known else f"all {images} test images" if self.full else f"{images} probe images"


def averages(record: Record, learner: str, selection: Selection) -> Averages:
    """Return a learner's figures at the probe where one looks: on the full test sets where an epoch ends there.

    What was known after each earlier task is taken on the same images: on the full test sets after its last epoch, or
    at its last probe, which is of a step before its end. Where a task begins, nothing of it is learnt: there the
    figures are those of the tasks before it, as in the accuracy matrix.
    """
    at, data, protocol = moment(record, selection.step), record.data, selection.protocol
    if data is None or at is None or at.track is not record.incremental or learner not in at.track.started.learners:
        return Averages(learner, protocol, 0)
    card = card_of(record, learner, selection)
    if card.old is None or card.new is None:
        return Averages(learner, protocol, card.step, at.task, diverged=card.diverged)
    if at.probe.step == at.track.started.axis.begin(at.probe.step):
        before = on_test_sets_before(record, learner, protocol, at.task)
        if before[at.task - 1, 0] != NO_ANSWER:
            return _taken(card, before, data.test_sizes, at.task - 1, ended=True)
    if card.full:
        return _taken(card, on_test_sets_at(record, learner, protocol, at), data.test_sizes, at.task)
    made = _taken(card, on_probe_images_at(record, learner, protocol, at), data.probe_sizes, at.task)
    return replace(made, earlier=card.old, current=card.new, full=False)


def _taken(card: Card, counts: Counts, sizes: Sequence[int], task: int, *, ended: bool = False) -> Averages:
    """Return the figures after a task, from right answers on these images; of all that are full test sets."""
    matrix = Matrix(counts, np.array(sizes, np.int64))
    pair = accuracies(counts[task, : task + 1].tolist(), sizes)
    return Averages(
        card.learner,
        card.protocol,
        card.step,
        task,
        matrix.average(task),
        matrix.mean_forgetting(task),
        100 * pair.old if task else math.nan,
        100 * (pair.new if task else pair.old),  # the base task has none before it
        old_and_new(sizes, task) if task else (0, sizes[0]),
        True,
        min(sizes[: task + 1]),
        ended=ended,
    )


def average_text(figures: Averages) -> str:
    """Return the average accuracy as it is shown, without its unit."""
    return shown.digits(figures.average, figures.least)


def forgetting_text(figures: Averages) -> str:
    """Return the forgetting as it is shown, with its unit; a dash where nothing is known of it."""
    if math.isnan(figures.forgetting):
        return "-"
    sign = "-" if shown.rounded(figures.forgetting, figures.least) < 0 else ""
    return sign + shown.points(figures.forgetting, figures.least)
