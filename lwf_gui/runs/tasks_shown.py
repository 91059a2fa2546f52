"""What is shown of a run of more than two tasks: names of its tasks, and averages over them. Pure functions.

With two tasks everything is told as "old" and "new". With more these are the earlier tasks together and the current
one, and what counts is the average over all tasks so far: `lwf_gui.runs.continual` has the formulas. Tasks count from 0
here and from 1 for people.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import DataReady
from lwf_gui.runs import continual, shown, views
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS, Counts, ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment
from lwf_gui.runs.track import Track

HEAD_EXPANSION = "head expansion"
"""The moment between the tasks of a run with two: the head grows by the new task's classes."""


def are_many(record: Record) -> bool:
    """Whether a run has more than two tasks."""
    return record.data is not None and record.data.scenario.tasks > 2


def beginning(record: Record) -> str:
    """Return the moment from which steps of the later tasks count, as in "steps since task 2 began"."""
    return "task 2 began" if are_many(record) else HEAD_EXPANSION


def name(record: Record, task: int) -> str:
    """Return "task 3: Sandal, Shirt"; each class by the first of its names."""
    assert record.data is not None, "tasks come with the data"
    units = record.data.scenario.units(task)
    return f"task {task + 1}: {', '.join(record.data.classes[unit].partition('/')[0] for unit in units)}"


def span(last: int, first: int = 1) -> str:
    """Return tasks as people count them: "task 1", "tasks 1-4"."""
    return f"task {last}" if last == first else f"tasks {first}-{last}"


def where(record: Record, step: int) -> str:
    """Return "step 12", or with many tasks "task 3, step 12", of a step of the later tasks."""
    if not are_many(record) or record.incremental is None:
        return f"step {step:,}"
    return f"task {record.incremental.started.task_at(step) + 1}, step {step:,}"


def class_heading(record: Record, selection: Selection, unit: int) -> tuple[str, ...]:
    """Return what stands above a class where one looks, and a shorter way; nothing of a run with two tasks."""
    at, data = moment(record, selection.step), record.data
    if data is None or not are_many(record):
        return ()
    task, now = data.scenario.task_of_unit(unit), 0 if at is None else at.task
    if task == now:
        return (f"Task {now + 1}: learnt now", f"Task {now + 1}")
    tasks = span(now) if task < now else span(data.scenario.tasks, now + 2)
    said = tasks.capitalize()
    return (f"{said}: learnt before, not shown again" if task < now else f"{said}: still to come", said)


@dataclass(frozen=True, slots=True)
class Averages:
    """One learner's figures over the tasks so far, in percent; NaN where there is nothing (yet).

    Attributes
    ----------
    task : the task that is being learnt, which counts among those so far
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
    at its last probe, which is of a few steps before its end.
    """
    at, data, protocol = moment(record, selection.step), record.data, selection.protocol
    if data is None or at is None or at.track is not record.incremental or learner not in at.track.started.learners:
        return Averages(learner, protocol, 0)
    card = views.card(record, learner, selection)
    if card.old is None or card.new is None:
        return Averages(learner, protocol, card.step, at.task, diverged=card.diverged)
    counts = tested(record, learner, protocol, at) if card.full else probed(record, learner, protocol, at)
    sizes = data.test_sizes if card.full else data.probe_sizes
    matrix = continual.accuracy_matrix(counts, sizes)
    return Averages(
        learner,
        protocol,
        card.step,
        at.task,
        100 * continual.average_accuracy(matrix, at.task),
        100 * continual.forgetting(matrix, at.task),
        card.old,
        card.new,
        card.counts,
        card.full,
        min(sizes[: at.task + 1]),
    )


def tested(record: Record, learner: str, protocol: ProtocolName, at: Moment) -> Counts:
    """Return right answers on the test sets of each task after each earlier task, and at a moment; shape (T, T)."""
    assert record.data is not None, "what was tested was read before"
    before = [told for told in record.evaluations if told.task < at.task]
    teacher = None if record.teacher is None else record.teacher.right
    counts = continual.right_answers(before, teacher, learner, protocol, record.data.scenario.tasks)
    now = views.evaluation_at(record, at.task, at.step)
    assert now is not None, "a card of the full test sets is of an evaluation"
    found = now.scores[learner].under(protocol)
    counts[at.task, : len(found)] = found
    return counts


def probed(record: Record, learner: str, protocol: ProtocolName, at: Moment) -> Counts:
    """Return the same on the probe images: after each earlier task, at its last probe; shape (T, T)."""
    assert record.data is not None, "what was probed was read before"
    counts = np.full((record.data.scenario.tasks,) * 2, NO_ANSWER, np.int64)
    if record.base is not None and record.base.probes:
        counts[0, 0] = record.base.right[protocol].values[-1, 0, 0]
    rows = at.track.right[protocol].values[:, at.track.index(learner)]
    for task, row in _ends(at.track, at.task):
        counts[task] = rows[row]
    counts[at.task] = rows[at.index]
    return counts


def _ends(track: Track, task: int) -> list[tuple[int, int]]:
    """Return (task, position of its last probe) of the later tasks before one; none of a task without a probe."""
    axis = track.started.axis
    bounds = np.searchsorted(track.probe_steps.values, axis.boundaries).tolist()
    parts = enumerate(pairwise(bounds), axis.first)
    return [(each, end - 1) for each, (begin, end) in parts if each < task and end > begin]


def average_text(figures: Averages) -> str:
    """Return the average accuracy as it is shown, without its unit."""
    return shown.digits(figures.average, figures.least)


def forgetting_text(figures: Averages) -> str:
    """Return the forgetting as it is shown, with its unit; a dash where nothing is known of it."""
    if math.isnan(figures.forgetting):
        return "-"
    sign = "-" if shown.rounded(figures.forgetting, figures.least) < 0 else ""
    return sign + shown.points(figures.forgetting, figures.least)


def summary(record: Record, selection: Selection) -> str:
    """Say in one sentence what the curves show, for screen readers: with two tasks what `views.summary` says."""
    if not are_many(record):
        return views.summary(record, selection)
    told = [averages(record, learner, selection) for learner in views.learners(record)]
    parts = [part for figures in told if (part := _said(figures))]
    if not parts:
        return "The average accuracy over the tasks will appear here once the learners train."
    first = next((figures for figures in told if figures.known), told[0])
    where = ", ".join(filter(None, (PROTOCOLS[selection.protocol], span(first.task + 1), first.sample)))
    return f"Step {first.step:,} ({where}): {'; '.join(parts)}."


def _said(figures: Averages) -> str:
    label = views.label_of(figures.learner)
    if figures.diverged is not None:
        return f"{label} diverged at step {figures.diverged:,}"
    if not figures.known:
        return ""
    return f"{label} has {average_text(figures)} % on average and has forgotten {forgetting_text(figures)}"


def chances(record: Record, protocol: ProtocolName) -> list[tuple[float, float]]:
    """Return (step since the first head expansion, percent that guessing gets on the earlier tasks) of each task."""
    if record.incremental is None:
        return []
    axis = record.incremental.started.axis
    levels = (views.chance(record, protocol, task=axis.task(step)) for step in axis.boundaries)
    return [(float(step), level) for step, level in zip(axis.boundaries, levels, strict=True) if level is not None]


def probe_images(data: DataReady) -> str:
    """Say on which probe images every task's own accuracy is taken."""
    sizes = set(data.probe_sizes)
    return f"{sizes.pop():,} probe images of each task" if len(sizes) == 1 else "each task's probe images"


def broken(record: Record, series: views.Series) -> views.Series:
    """Return a series of "old" or "new" with a gap where a task begins: from there on it is of other images.

    The gap is a point without a value. With two tasks there is none.
    """
    x, y = series
    begins = _beginnings(record, x)
    if not len(begins):
        return series
    return np.insert(x, begins, x[begins]), np.insert(y, begins, np.nan)


def pieces(record: Record, series: views.Series) -> list[views.Series]:
    """Return the parts of a series between these gaps."""
    x, y = series
    begins = _beginnings(record, x)
    return list(zip(np.split(x, begins), np.split(y, begins), strict=True))


def _beginnings(record: Record, steps: NDArray[np.float64]) -> NDArray[np.intp]:
    """Return the positions in a series at which a task begins, but the first of all; none with two tasks."""
    if not are_many(record) or record.incremental is None:
        return np.empty(0, np.intp)
    places = np.searchsorted(steps, np.array(record.incremental.started.boundaries[1:], np.float64))
    return np.unique(places[(places > 0) & (places < len(steps))])
