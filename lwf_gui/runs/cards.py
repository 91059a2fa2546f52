"""The two big numbers of a learner's card, old and new, and what the old one was at the head expansion."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lwf_gui.numbers import counted
from lwf_gui.runs import shown
from lwf_gui.runs.captions import old_and_new, probe_counts, probe_images
from lwf_gui.runs.full_tests import evaluation_at, evaluation_of
from lwf_gui.runs.metrics import ProtocolName, accuracies
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment


@dataclass(frozen=True, slots=True)
class Card:
    """The figures of one learner's card; accuracies in percent, None where there is nothing yet."""

    learner: str
    protocol: ProtocolName
    old: float | None
    new: float | None
    expansion_old: float | None
    images: str
    step: int
    diverged: int | None = None
    """The step at which it diverged, where one looks at that step or a later one: then there are no figures."""
    counts: tuple[int, int] = (0, 0)
    """Images of the earlier tasks and of the current one that the figures are taken on."""
    full: bool = False
    """Whether these are the full test sets."""

    @property
    def change(self) -> float | None:
        """Points of old-task accuracy gained since the head expansion, negative if lost, of the figures as shown."""
        if self.old is None or self.expansion_old is None:
            return None
        return shown.difference(self.old, self.expansion_old, self.counts[0])

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
        return Card(learner, protocol, None, None, None, "", 0)
    step = at.step
    end = at.track.diverged(learner)
    if at.track.index(learner) not in at.rows or (end is not None and step >= end):
        return Card(learner, protocol, None, None, None, "", step, step if end is None else min(step, end))
    full, start = evaluation_at(record, at.task, step), evaluation_of(record, at.task, 0)
    if full is not None and start is not None and learner in full.scores and learner in start.scores:
        first, last = (accuracies(e.scores[learner].under(protocol), data.test_sizes) for e in (start, full))
        sizes = old_and_new(data.test_sizes, at.task)
        images = f"all {sizes[0]:,} old and {sizes[1]:,} new test images"
        return Card(
            learner, protocol, 100 * last.old, 100 * last.new, 100 * first.old, images, step, counts=sizes, full=True
        )
    rows = at.track.accuracies(protocol)[:, at.track.index(learner)]
    begin = int(np.searchsorted(at.track.probe_steps.values, at.track.started.axis.begin(at.probe.step)))
    old, new = (float(100 * fraction) for fraction in rows[at.index])
    first_old = float(100 * rows[min(begin, at.index), 0])
    counts = probe_counts(data, at.task)
    return Card(learner, protocol, old, new, first_old, probe_images(data, at.task), step, counts=counts)


def teacher_accuracy(record: Record, step: int | None = None) -> float | None:
    """Return the teacher's accuracy on the old task's probe images in percent, during task 1, or None."""
    track = record.base
    if track is None or not track.probes:
        return None
    at = None if step is None else moment(record, step)
    index = at.index if at is not None and at.track is track else -1
    return float(100 * track.accuracies("task_aware")[index, 0, 0])
