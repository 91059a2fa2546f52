"""The two big numbers of a learner's card, old and new, and what the old one was at the head expansion."""

from __future__ import annotations

from dataclasses import dataclass

from lwf_gui.messages import DataReady
from lwf_gui.numbers import counted
from lwf_gui.runs import shown
from lwf_gui.runs.captions import old_and_new, old_and_new_images, probe_counts
from lwf_gui.runs.full_tests import evaluation_at, evaluation_of
from lwf_gui.runs.metrics import ProtocolName, accuracies
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_set import Middle
from lwf_gui.runs.seed_words import middle_at
from lwf_gui.runs.selection import Moment, Selection, moment


@dataclass(frozen=True, slots=True)
class Card:
    """The figures of one learner's card; accuracies in percent, None where there is nothing yet.

    Attributes
    ----------
    step : of the figures, since the head expansion
    diverged : the step at which it diverged, where one looks at that step or a later one, or follows the run: then
        there are no figures
    counts : images of the earlier tasks and of the current one that the figures are taken on
    full : whether these are the full test sets
    seeds : how far apart runs with other seeds are, at the end of the run; None where there are none
    """

    learner: str
    protocol: ProtocolName
    step: int = 0
    old: float | None = None
    new: float | None = None
    expansion_old: float | None = None
    diverged: int | None = None
    counts: tuple[int, int] = (0, 0)
    full: bool = False
    seeds: Middle | None = None

    @property
    def change(self) -> float | None:
        """Points of old-task accuracy gained since the head expansion, negative if lost, of the figures as shown."""
        if self.old is None or self.expansion_old is None:
            return None
        return shown.difference(self.old, self.expansion_old, self.counts[0])

    @property
    def images(self) -> str:
        """On which images the figures are taken; empty without one."""
        if self.old is None:
            return ""
        return old_and_new_images(self.counts, full=self.full)

    @property
    def sample(self) -> str:
        """On which images of the old task the figure is taken; empty without one."""
        if self.old is None:
            return ""
        return f"all {self.counts[0]:,} test images" if self.full else counted(self.counts[0], "probe image")


def card_of(record: Record, learner: str, selection: Selection) -> Card:
    """Return a learner's figures at the probe where one looks: on the full test sets where an epoch ends there.

    Figures before and after are always of the same images, else their difference would show the luck of the sample.
    """
    at, data, protocol = moment(record, selection.step), record.data, selection.protocol
    if data is None or at is None or at.track is not record.incremental or learner not in at.track.started.learners:
        return Card(learner, protocol)
    end = at.track.diverged(learner)
    if end is not None and selection.live and at.track.index(learner) in at.rows:
        return Card(learner, protocol, at.step, diverged=end)  # since the last probe, whose figures it has no more
    if at.track.index(learner) not in at.rows or (end is not None and at.step >= end):
        return Card(learner, protocol, at.step, diverged=at.step if end is None else min(at.step, end))
    return _tested(record, data, learner, selection, at) or _probed(data, learner, protocol, at)


def _tested(record: Record, data: DataReady, learner: str, selection: Selection, at: Moment) -> Card | None:
    """Return the figures on the full test sets; None where they are not known at this step or at the beginning."""
    protocol = selection.protocol
    full, start = evaluation_at(record, at.task, at.step), evaluation_of(record, at.task, 0)
    if full is None or start is None or learner not in full.scores or learner not in start.scores:
        return None
    first, last = (accuracies(e.scores[learner].under(protocol), data.test_sizes) for e in (start, full))
    seeds = middle_at(record, learner, selection)
    figures, sizes = (100 * last.old, 100 * last.new, 100 * first.old), old_and_new(data.test_sizes, at.task)
    return Card(learner, protocol, at.step, *figures, counts=sizes, full=True, seeds=seeds)


def _probed(data: DataReady, learner: str, protocol: ProtocolName, at: Moment) -> Card:
    """Return the figures on the probe images."""
    rows = at.track.accuracies(protocol)[:, at.track.index(learner)]
    old, new = (float(100 * fraction) for fraction in rows[at.index])
    first_old = float(100 * rows[at.first, 0])
    return Card(learner, protocol, at.step, old, new, first_old, counts=probe_counts(data, at.task))


def teacher_accuracy(record: Record, step: int | None = None) -> float | None:
    """Return the teacher's accuracy on the old task's probe images in percent, during task 1, or None."""
    track = record.base
    if track is None or not track.probes:
        return None
    at = None if step is None else moment(record, step)
    index = at.index if at is not None and at.track is track else -1
    return float(100 * track.accuracies("task_aware")[index, 0, 0])
