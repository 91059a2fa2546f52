"""What panels show, as pure functions of a record: series for curves, figures for cards, time left.

No panel computes; every number on the screen and in a report comes from here or from `metrics`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import TEACHER, Branch, DataReady, Evaluated, LiveSettingsApplied
from lwf_gui.methods import method_of
from lwf_gui.numbers import counted
from lwf_gui.recipe import live_keys, settings
from lwf_gui.runs import shown
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName, accuracies, predictions
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment, stops
from lwf_gui.runs.track import Track

EXACT = 16
"""Steps at the beginning of a phase that are never thinned: there losses change a hundredfold from step to step."""

Series = tuple[NDArray[np.float64], NDArray[np.float64]]

MAX_POINTS = 160
"""Points of a curve of losses: enough for its shape; more would only show the noise of single mini-batches."""

MAX_PROBES = 160
"""Points of a curve of probes in the part that is shown: up to here all are drawn, of more those that stand out."""

EMPTY: Series = (np.empty(0), np.empty(0))


def label_of(learner: str) -> str:
    """Return a learner's name for people."""
    method = method_of(learner)
    return method.label if method else learner.capitalize()


def short_label_of(learner: str) -> str:
    """Return a learner's name for narrow places."""
    method = method_of(learner)
    return method.short if method else learner.capitalize()


def learners(record: Record) -> tuple[str, ...]:
    """Return the names of the learners of task 2, also before it began."""
    if record.incremental is not None:
        return record.incremental.started.learners
    return record.data.recipe.names if record.data else ()


def about(record: Record, learner: str) -> str:
    """Say what a learner is; of a branch also which settings are its own."""
    method = method_of(learner)
    assert method is not None, "only learners of task 2 follow a method"
    branch = _branches(record).get(learner)
    if branch is None or not branch.overrides:
        return method.help
    labels = {setting.live: setting.label for setting in settings().values() if setting.live}
    own = ", ".join(f"{labels[name]} = {value}" for name, value in branch.overrides.items())
    return f"{method.help} Its own settings: {own}."


def _branches(record: Record) -> dict[str, Branch]:
    return {branch.learner: branch for branch in record.incremental.started.branches} if record.incremental else {}


def begins(record: Record, learner: str) -> int:
    """Return the step of task 2 after which a learner is one of its own: where a branch leaves its origin, else 0."""
    branch = _branches(record).get(learner)
    return 0 if branch is None else branch.step


def own_part(record: Record, learner: str, series: Series) -> Series:
    """Return the points of a learner's curve that are its own: a branch's from where it leaves its origin."""
    x, y = series
    if learner not in _branches(record):
        return series
    first = max(0, int(np.searchsorted(x, begins(record, learner), side="right")) - 1)
    return x[first:], y[first:]


def nearest_stop(record: Record, step: float) -> int | None:
    """Return the step of the probe that is nearest to a place, for all that is shown is of one; None without any."""
    steps = stops(record)
    return int(steps[np.argmin(np.abs(steps - step))]) if len(steps) else None


def accuracy_series(record: Record, learner: str, task: Literal["old", "new"], protocol: ProtocolName) -> Series:
    """Return (steps since the head expansion, accuracy in percent on the probe images) of a learner, till it diverged.

    "old" are all tasks before that of each step, "new" is that task. The first teacher learns at negative steps, before
    the head expansion; after it, the shown teacher's accuracy is task-aware whatever the protocol, for it knows the old
    classes alone.
    """
    track = record.base if learner == TEACHER else record.incremental
    if track is None or learner not in track.started.learners:
        return EMPTY
    percent = 100 * track.accuracies(protocol)[:, track.index(learner), 0 if task == "old" else 1]
    steps = track.probe_steps.values.astype(np.float64)
    if learner == TEACHER:
        steps -= track.started.steps
        if (after := record.incremental) is not None:
            steps = np.append(steps, after.probe_steps.values)
            percent = np.append(percent, 100 * after.teacher_accuracy())
    return _told(steps, percent)


def task_series(record: Record, learner: str, task: int, protocol: ProtocolName) -> Series:
    """Return (steps since the head expansion, accuracy in percent on one task's probe images) of a learner.

    Tasks count from 0. It begins where the head grew for the task, and ends where the learner diverged.
    """
    track = record.incremental
    if track is None or learner not in track.started.learners:
        return EMPTY
    percent = 100 * track.of_task(protocol, task)[:, track.index(learner)]
    return _told(track.probe_steps.values.astype(np.float64), percent)


def _told(x: NDArray[np.float64], y: NDArray[np.float64]) -> Series:
    """Return the points that there are: a curve ends where a learner, or what its teacher shares with it, diverged."""
    known = ~np.isnan(y)
    return x[known], y[known]


def loss_series(record: Record, learner: str, term: str) -> Series:
    """Return (steps since the head expansion, loss in nats per image) of a learner to be drawn: about `MAX_POINTS`.

    Empty of a term that its loss does not have.

    The teacher's steps are negative and end at 0, as in `accuracy_series`.

    The first `EXACT` steps are points of their own. Each later one is the mean over equally many consecutive steps, the
    last over what is left; its step is the last of them. Where a learner diverged its curve ends, and the last mean is
    of the steps before. What is told of a step in numbers is that step's own loss: see `losses_at`.
    """
    track = record.base if learner == TEACHER else record.incremental
    if track is None or not track.steps:
        return EMPTY
    shift = track.started.steps if learner == TEACHER else 0
    ends, means = mean_losses(track)
    if term not in track.started.columns:
        return EMPTY
    return _told((ends - shift).astype(np.float64), means[:, track.index(learner), track.started.columns.index(term)])


_means: WeakKeyDictionary[Track, tuple[int, NDArray[np.intp], NDArray[np.float64]]] = WeakKeyDictionary()


def mean_losses(track: Track) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Return (last step, mean losses, shape (points, learners, terms)) of every point.

    All curves and read-outs of a picture want the same means: they are kept until the track grows.
    """
    kept = _means.get(track)
    if kept is not None and kept[0] == track.steps:
        return kept[1:]
    starts, ends = _bins(track.steps)
    losses = track.losses.values
    sums = np.add.reduceat(losses, starts, axis=0, dtype=np.float64)
    counts = (ends - starts)[:, None, None]
    if np.isnan(sums[-1]).any():  # a learner diverged
        lost = np.isnan(losses)
        sums = np.add.reduceat(np.where(lost, 0, losses), starts, axis=0, dtype=np.float64)
        counts = np.add.reduceat(~lost, starts, axis=0, dtype=np.intp)
    means = np.divide(sums, counts, out=np.full_like(sums, np.nan), where=counts > 0)
    _means[track] = (track.steps, ends, means)
    return ends, means


def losses_at(at: Moment) -> NDArray[np.float32] | None:
    """Return the losses of the very step of a moment, shape (learners, terms); None where there are none yet.

    A step's loss is taken before its update: at the beginning of a phase, that is the loss of its first step.
    """
    row = max(at.probe.step, 1) - 1
    losses: NDArray[np.float32] = at.track.losses.values
    return losses[row] if row < len(losses) else None


def steps_per_point(track: Track) -> int:
    """Return over how many steps the points of the loss curves are means, the first ones apart."""
    starts, ends = _spread(track.steps)
    return int(ends[0] - starts[0]) if track.steps else 1


def _bins(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return `_spread` of so many steps, with each of the first ones for itself."""
    starts, _ = _spread(count)
    starts = np.unique(np.concatenate((np.arange(min(EXACT + 1, count)), starts)))
    return starts, np.append(starts[1:], count)


def _spread(count: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return (start, end) of at most `MAX_POINTS` equally wide groups of so many things; the last may be narrower.

    The width is a power of two, so that earlier groups seldom change while things are added.
    """
    width = 1
    while count > width * MAX_POINTS:
        width *= 2
    starts = np.arange(0, count, width)
    return starts, np.minimum(starts + width, count)


def thinned(series: Series, part: tuple[float, float] = (-math.inf, math.inf)) -> Series:
    """Return a series to draw where only a part of the x-axis is shown, with one point beyond each of its ends.

    Of up to `MAX_PROBES` points there it is every one; of more the lowest and the highest of groups a few pixels wide,
    so that the line covers what one through all points would. The groups' width is a power of two and they begin
    where they always do, so that points stay while a run grows or the part is moved.
    """
    x, y = series
    first = max(int(np.searchsorted(x, part[0])) - 1, 0)
    end = min(int(np.searchsorted(x, part[1], side="right")) + 1, len(x))
    if end - first <= MAX_PROBES:
        return x[first:end], y[first:end]
    width = 2
    while end - first > width * (MAX_PROBES // 2 - 2):
        width *= 2
    begin = first - first % width
    starts = np.arange(begin, end, width)
    groups = np.pad(y[begin:end], (0, len(starts) * width - (end - begin)), mode="edge").reshape(-1, width)
    extremes = starts + np.stack([groups.argmin(axis=1), groups.argmax(axis=1)])
    chosen = np.unique(np.concatenate(([first, end - 1], extremes.clip(first, end - 1).ravel())))
    return x[chosen], y[chosen]


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


def card(record: Record, learner: str, selection: Selection) -> Card:
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


def evaluation_of(record: Record, task: int, epoch: int) -> Evaluated | None:
    """Return the evaluation on the full test sets after an epoch of a later task, 0 for right after the head grew."""
    return next((told for told in record.evaluations if (told.task, told.epoch) == (task, epoch)), None)


def evaluation_at(record: Record, task: int, step: int) -> Evaluated | None:
    """Return the evaluation on the full test sets at a step of a later task, if there was one."""
    return next((told for told in reversed(record.evaluations) if (told.task, told.step) == (task, step)), None)


def old_and_new(sizes: Sequence[int], task: int) -> tuple[int, int]:
    """Return how many images are of the tasks before one, and how many are its own; in the base task, of what will be.

    ``sizes`` are the images of each task.
    """
    current = max(task, 1)
    return sum(sizes[:current]), sum(sizes[current : current + 1])


def probe_counts(data: DataReady, task: int) -> tuple[int, int]:
    """Return how many probe images are of the tasks before one, and of that task."""
    return old_and_new(data.probe_sizes, task)


def probe_images(data: DataReady, task: int) -> str:
    """Say which images figures of a task are taken on at a probe."""
    old, new = probe_counts(data, task)
    return f"{old:,} old and {new:,} new probe images"


def image_name(data: DataReady, number: int) -> str:
    """Return what a probe image is called: its place among all of them, from 1 on; it is no number of a test image."""
    return f"probe image {number + 1:,} of {len(data.probe_labels):,}"


@dataclass(frozen=True, slots=True)
class FullTest:
    """A learner on the full test sets after an epoch, in percent: of the earlier tasks and of the current one."""

    step: int
    old: float
    new: float
    task: int = 1


def full_tests(record: Record, learner: str, protocol: ProtocolName) -> list[FullTest]:
    """Return a learner's accuracies on the full test sets, from the head expansion on; none where it diverged."""
    if record.data is None:
        return []
    told = [(e, e.scores[learner]) for e in record.evaluations if learner in e.scores]
    sizes = record.data.test_sizes
    pairs = [(e, accuracies(score.under(protocol), sizes)) for e, score in told if not score.diverged]
    return [FullTest(e.step, 100 * pair.old, 100 * pair.new, e.task) for e, pair in pairs]


def probe_caption(record: Record, selection: Selection) -> str:
    """Say what a panel's figures are: protocol, images, data set and step."""
    return next(iter(probe_captions(record, selection)), "")


def probe_captions(record: Record, selection: Selection) -> tuple[str, ...]:
    """Say what a panel's figures are, from the longest to the shortest way; nothing without a probe.

    Protocol and images are the last to go: without them a figure is taken for another one of the same name.
    """
    at, data = moment(record, selection.step), record.data
    if at is None or data is None:
        return ()
    protocol, images, step = PROTOCOLS[selection.protocol], probe_images(data, at.task), when(at, record)
    fewer = counted(sum(probe_counts(data, at.task)), "probe image")
    return (
        f"{protocol}, {images} of {data.dataset}, {step}",
        f"{protocol}, {images}, {step}",
        f"{protocol}, {images.replace(' and ', ', ')}, {step}",
        f"{protocol}, {fewer}, {step}",
        f"{protocol}, {fewer}",
        f"{protocol}, probe images",
        protocol,
    )


def when(at: Moment, record: Record) -> str:
    """Say when a probe was taken."""
    if at.track is record.incremental:
        task = f"task {at.task + 1}, " if len(at.track.started.boundaries) > 1 else ""
        return f"{task}step {at.step:,}"
    return f"{-at.step:,} steps before head expansion" if at.step else "the teacher, trained"


def epoch_of(at: Moment) -> str:
    """Say in which epoch a probe was taken: an epoch's last step is part of it, and the phase's start of the first."""
    axis = at.track.started.axis
    epoch, epochs = axis.epoch(at.probe.step)
    task = f"task {at.task + 1}, " if len(axis.boundaries) > 1 else ""
    return f"{task}epoch {epoch} of {epochs}"


def teacher_accuracy(record: Record, step: int | None = None) -> float | None:
    """Return the teacher's accuracy on the old task's probe images in percent, during task 1, or None."""
    track = record.base
    if track is None or not track.probes:
        return None
    at = None if step is None else moment(record, step)
    index = at.index if at is not None and at.track is track else -1
    return float(100 * track.accuracies("task_aware")[index, 0, 0])


def summary(record: Record, selection: Selection) -> str:
    """Say in one sentence what the curves show, for screen readers and the status line."""
    parts, images = [], ""
    for learner in learners(record):
        now = card(record, learner, selection)
        if now.old is not None and now.change is not None:
            assert now.expansion_old is not None, "without it there is no change"
            verb = "forgotten" if now.change < 0 else "gained"
            size, of = shown.points(now.change, now.counts[0]), shown.digits(now.expansion_old, now.counts[0])
            parts.append(f"{label_of(learner)} has {verb} {size.replace(' ', f' of {of} ', 1)}")
            images, step = now.sample, now.step
        elif now.diverged is not None:
            parts.append(f"{label_of(learner)} diverged at step {now.diverged:,}")
            step = now.step
    if not parts:
        return "The old task's accuracy will appear here once the learners train."
    where = ", ".join(filter(None, (PROTOCOLS[selection.protocol], "old task", images)))
    return f"Step {step:,} ({where}): " + "; ".join(parts) + "."


def events(record: Record) -> list[tuple[int, str]]:
    """Return (step since the head expansion, label) of the live changes of task 2.

    Moving a slider changes a setting many times: changes of the same fields within a hundredth of the run are one
    event, the last of them.
    """
    track = record.incremental or record.base
    near = track.started.steps / 100 if track else 0
    kept: list[LiveSettingsApplied] = []
    for mark in record.marks:
        same = bool(kept) and (kept[-1].changed, kept[-1].learner) == (mark.changed, mark.learner)
        if same and mark.step - kept[-1].step <= near:
            kept.pop()
        kept.append(mark)
    return [(mark.step, mark_text(mark)) for mark in kept]


def mark_text(mark: LiveSettingsApplied) -> str:
    """Return the label of a live change, such as "Alpha 2"."""
    words = []
    for name in mark.changed:
        value = getattr(mark.live_settings, name)
        if name == "backbone_frozen":
            words.append("backbone frozen" if value else "backbone unfrozen")
        else:
            label = settings()[live_keys()[name]].label
            words.append(f"{label} {value:g}" if isinstance(value, float) else f"{label} {str(value).lower()}")
    return f"{short_label_of(mark.learner)}: {', '.join(words)}" if mark.learner else ", ".join(words)


@dataclass(frozen=True, slots=True)
class ClassRow:
    """One class: its name, whether it is of an earlier task, and the percentage of its probe images got right."""

    unit: int
    name: str
    old: bool
    correct: dict[str, float]
    """By learner; of the teacher alone during the base task, and empty before there is an answer."""
    count: int


def class_rows(record: Record, selection: Selection) -> list[ClassRow]:
    """Return one row per class, in the order of the tasks, at the probe where one looks."""
    data, at = record.data, moment(record, selection.step)
    if data is None:
        return []
    counts = np.bincount(data.probe_labels, minlength=len(data.classes))
    percent: dict[str, NDArray[np.float64]] = {}
    if at is not None:
        predicted = predictions(at.logits, data.probe_labels, data.scenario, selection.protocol)
        for learner, correct in zip(at.learners, predicted == data.probe_labels, strict=True):
            hits = np.bincount(data.probe_labels, correct, len(data.classes))
            percent[learner] = 100 * hits / np.maximum(counts, 1)
    rows = []
    task = 0 if at is None else at.task
    old_classes, seen = len(data.scenario.earlier(max(task, 1))), data.scenario.seen(task)
    for unit, name in enumerate(data.classes):
        old = unit < old_classes
        correct = {learner: float(values[unit]) for learner, values in percent.items() if counts[unit] and unit < seen}
        rows.append(ClassRow(unit, name, old, correct, int(counts[unit])))
    return rows


def class_image(record: Record, unit: int) -> NDArray[np.uint8]:
    """Return a probe image of a class, shape (H, W); one dark pixel where there is none."""
    data = record.data
    if data is None or unit not in data.probe_labels:
        return np.zeros((1, 1), np.uint8)
    image: NDArray[np.uint8] = data.probe_images[np.argmax(data.probe_labels == unit)]
    return image


def chance(record: Record, protocol: ProtocolName, *, expanded: bool = True, task: int | None = None) -> float | None:
    """Return the percentage that guessing gets right on the earlier tasks of a task, or None without data.

    Before the head expansion there are outputs for the base task's classes alone, whatever the protocol. None is the
    last task. Task-aware, each of the earlier tasks has a chance of its own: the mean over their classes' images is
    what is told, as far as these are equally many.
    """
    if record.data is None:
        return None
    scenario = record.data.scenario
    if not expanded:
        return 100 / scenario.seen(0)
    task = max(1, scenario.last if task is None else task)
    if protocol == "class_incremental":
        return 100 / scenario.seen(task)
    return 100 * task / len(scenario.earlier(task))


def kept_states(record: Record) -> str:
    """Say how many whole states of the run are kept, and what they take; empty where there are none."""
    kept = record.snapshots
    if kept is None:
        return ""
    count = (
        f"{len(kept.steps)} whole states of the run are" if len(kept.steps) != 1 else "One whole state of the run is"
    )
    return f"{count} kept: {kept.memory / 2**20:.0f} of at most {kept.limit / 2**20:.0f} MB."


def way_back(record: Record, step: int, *, kept: bool = True) -> str:
    """Say what a fork at a step of task 2 must train again before it begins; ``kept``: whether its states still are."""
    earlier = [at for at in record.snapshots.steps if at <= step] if record.snapshots and kept else []
    if not step:
        return "The fork begins at the head expansion."
    if not earlier:
        return f"Of this run no state is kept: its first {_are(step)} trained again first, silently."
    again = step - earlier[-1]
    return (
        f"{'1 ' if again == 1 else ''}{_are(again)} trained again first, silently."
        if again
        else "The fork begins at once."
    )


def _are(count: int) -> str:
    """Return so many steps as a subject with its verb; one without its number, which is said before it or not."""
    return "step is" if count == 1 else f"{count:,} steps are"
