"""What panels show, as pure functions of a record: series for curves, figures for cards, time left.

No panel computes; every number on the screen and in a report comes from here or from `metrics`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import TEACHER, Branch, DataReady, LiveSettingsApplied
from lwf_gui.methods import method_of
from lwf_gui.numbers import counted
from lwf_gui.recipe import live_keys, settings
from lwf_gui.runs import shown
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName, predictions
from lwf_gui.runs.record import Record, Track
from lwf_gui.runs.selection import Moment, Selection, moment, stops

EXACT = 16
"""Steps at the beginning of a phase that are never thinned: there losses change a hundredfold from step to step."""

Series = tuple[NDArray[np.float64], NDArray[np.float64]]

MAX_POINTS = 160
"""Points of a curve of losses: enough for its shape; more would only show the noise of single mini-batches."""

MAX_PROBES = 1024
"""Points of a curve of probes, which all are drawn up to here: what a read-out says of each must lie on the curve."""

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
    if record.task2 is not None:
        return record.task2.started.learners
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
    return {branch.learner: branch for branch in record.task2.started.branches} if record.task2 else {}


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
    """Return the step since surgery with a probe that is nearest to a place: all that is shown is of one; or None."""
    steps = stops(record)
    return int(steps[np.argmin(np.abs(steps - step))]) if len(steps) else None


def accuracy_series(record: Record, learner: str, task: Literal["old", "new"], protocol: ProtocolName) -> Series:
    """Return (steps since surgery, accuracy in percent on the probe images) of a learner, up to where it diverged.

    The teacher learns before the surgery, at negative steps; after it, its accuracy is task-aware whatever the
    protocol, for it knows the old classes alone.
    """
    track = record.task1 if learner == TEACHER else record.task2
    if track is None or learner not in track.started.learners:
        return EMPTY
    percent = 100 * track.accuracies[protocol].values[:, track.index(learner), 0 if task == "old" else 1]
    steps = track.probe_steps.values.astype(np.float64)
    if learner == TEACHER:
        steps -= track.started.steps
        if (after := record.task2) is not None:
            steps = np.append(steps, after.probe_steps.values)
            percent = np.append(percent, 100 * after.teacher_old.values)
    return _told(steps, percent)


def _told(x: NDArray[np.float64], y: NDArray[np.float64]) -> Series:
    """Return the points that there are: a curve ends where a learner, or what its teacher shares with it, diverged."""
    known = ~np.isnan(y)
    return x[known], y[known]


def loss_series(record: Record, learner: str, term: str) -> Series:
    """Return (steps since surgery, loss in nats per image) of a learner, about `MAX_POINTS` points, to be drawn.

    Empty of a term that its loss does not have.

    The teacher's steps are negative and end at 0, as in `accuracy_series`.

    The first `EXACT` steps are points of their own. Each later one is the mean over equally many consecutive steps, the
    last over what is left; its step is the last of them. Where a learner diverged its curve ends, and the last mean is
    of the steps before. What is told of a step in numbers is that step's own loss: see `losses_at`.
    """
    track = record.task1 if learner == TEACHER else record.task2
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


def thinned(series: Series) -> Series:
    """Return a series to draw: every point up to `MAX_PROBES`; of more the ends and the extremes of equal groups.

    Groups are so narrow that they cover what a line through all points would. Their width is a power of two, as that
    of `_spread`.
    """
    x, y = series
    if len(x) <= MAX_PROBES:
        return series
    width = 2
    while len(x) > width * MAX_PROBES // 4:
        width *= 2
    starts = np.arange(0, len(x), width)
    groups = np.pad(y, (0, len(starts) * width - len(y)), mode="edge").reshape(-1, width)
    ends = np.full(len(starts), width - 1)
    places = starts + np.stack([np.zeros_like(ends), groups.argmin(axis=1), groups.argmax(axis=1), ends])
    chosen = np.unique(np.minimum(places, len(x) - 1))
    return x[chosen], y[chosen]


@dataclass(frozen=True, slots=True)
class Card:
    """The figures of one learner's card; accuracies in percent, None where there is nothing yet."""

    learner: str
    protocol: ProtocolName
    old: float | None
    new: float | None
    surgery_old: float | None
    images: str
    step: int
    diverged: int | None = None
    """The step at which it diverged, where one looks at that step or a later one: then there are no figures."""
    counts: tuple[int, int] = (0, 0)
    """Images of the old and of the new task that the figures are taken on."""
    full: bool = False
    """Whether these are the full test sets."""

    @property
    def change(self) -> float | None:
        """Points of old-task accuracy gained (or, negative, lost) since surgery, of the figures as they are shown."""
        if self.old is None or self.surgery_old is None:
            return None
        return shown.difference(self.old, self.surgery_old, self.counts[0])

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
    if data is None or at is None or at.track is not record.task2 or learner not in at.track.started.learners:
        return Card(learner, protocol, None, None, None, "", 0)
    step = at.step
    end = at.track.diverged(learner)
    if at.track.index(learner) not in at.rows or (end is not None and step >= end):
        return Card(learner, protocol, None, None, None, "", step, step if end is None else min(step, end))
    rows = at.track.accuracies[protocol].values[:, at.track.index(learner)]
    full = next((e for e in reversed(record.evaluations) if e.step == step and learner in e.scores), None)
    if full is not None and record.evaluations[0].epoch == 0:  # else there is nothing to compare it with
        old_size, new_size = data.test_sizes
        first, last = (e.scores[learner].under(protocol) for e in (record.evaluations[0], full))
        images = f"all {old_size:,} old and {new_size:,} new test images"
        sizes = (old_size, new_size)
        return Card(
            learner, protocol, 100 * last.old, 100 * last.new, 100 * first.old, images, step, counts=sizes, full=True
        )
    old, new = (float(100 * fraction) for fraction in rows[at.index])
    first_old = float(100 * rows[0, 0])
    return Card(learner, protocol, old, new, first_old, probe_images(data), step, counts=probe_counts(data))


def probe_counts(data: DataReady) -> tuple[int, int]:
    """Return how many probe images are of the old and of the new task."""
    old = int((data.probe_labels < data.old_classes).sum())
    return old, len(data.probe_labels) - old


def probe_images(data: DataReady) -> str:
    """Say which images a probe classifies."""
    old, new = probe_counts(data)
    return f"{old:,} old and {new:,} new probe images"


def image_name(data: DataReady, number: int) -> str:
    """Return what a probe image is called: its place among all of them, from 1 on; it is no number of a test image."""
    return f"probe image {number + 1:,} of {len(data.probe_labels):,}"


@dataclass(frozen=True, slots=True)
class FullTest:
    """A learner on the full test sets after an epoch, in percent."""

    step: int
    old: float
    new: float


def full_tests(record: Record, learner: str, protocol: ProtocolName) -> list[FullTest]:
    """Return a learner's accuracies on the full test sets, from right after surgery on; none where it diverged."""
    told = [(e.step, e.scores[learner]) for e in record.evaluations if learner in e.scores]
    pairs = [(step, score.under(protocol)) for step, score in told if not score.diverged]
    return [FullTest(step, 100 * pair.old, 100 * pair.new) for step, pair in pairs]


def probe_caption(record: Record, selection: Selection) -> str:
    """Say what a panel's figures are: protocol, images, data set and step."""
    return next(iter(probe_captions(record, selection)), "")


def probe_captions(record: Record, selection: Selection) -> tuple[str, ...]:
    """Say what a panel's figures are, from the longest to the shortest way; nothing without a probe."""
    at, data = moment(record, selection.step), record.data
    if at is None or data is None:
        return ()
    protocol, images, step = PROTOCOLS[selection.protocol], probe_images(data), when(at, record)
    short = images.replace(" and ", ", ").replace(" test images", " images")
    return (
        f"{protocol}, {images} of {data.dataset}, {step}",
        f"{protocol}, {images}, {step}",
        f"{protocol}, {short}, {step}",
        f"{protocol}, {step}",
        step,
    )


def when(at: Moment, record: Record) -> str:
    """Say when a probe was taken."""
    if at.track is record.task2:
        return f"step {at.step:,}"
    return f"{-at.step:,} steps before surgery" if at.step else "the teacher, trained"


def epoch_of(at: Moment) -> str:
    """Say in which epoch a probe was taken: an epoch's last step is part of it, and the phase's start of the first."""
    started = at.track.started
    epoch, epochs = -(-at.probe.step // started.steps_per_epoch), started.steps // started.steps_per_epoch
    return f"epoch {max(epoch, 1)} of {epochs}"


def teacher_accuracy(record: Record, step: int | None = None) -> float | None:
    """Return the teacher's accuracy on the old task's probe images in percent, during task 1, or None."""
    track = record.task1
    if track is None or not track.probes:
        return None
    at = None if step is None else moment(record, step)
    index = at.index if at is not None and at.track is track else -1
    return float(100 * track.accuracies["task_aware"].values[index, 0, 0])


def summary(record: Record, selection: Selection) -> str:
    """Say in one sentence what the curves show, for screen readers and the status line."""
    parts, images = [], ""
    for learner in learners(record):
        now = card(record, learner, selection)
        if now.old is not None and now.change is not None:
            assert now.surgery_old is not None, "without it there is no change"
            verb = "forgotten" if now.change < 0 else "gained"
            size, of = shown.points(now.change, now.counts[0]), shown.digits(now.surgery_old, now.counts[0])
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
    """Return (step since surgery, label) of the live changes of task 2.

    Moving a slider changes a setting many times: changes of the same fields within a hundredth of the run are one
    event, the last of them.
    """
    track = record.task2 or record.task1
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
    """One class: its name, its task, and the percentage of its probe images got right."""

    unit: int
    name: str
    old: bool
    correct: dict[str, float]
    """By learner; of the teacher alone until task 2 begins, and empty before the first probe."""
    count: int


def class_rows(record: Record, selection: Selection) -> list[ClassRow]:
    """Return one row per class, old task first, at the probe where one looks."""
    data, at = record.data, moment(record, selection.step)
    if data is None:
        return []
    counts = np.bincount(data.probe_labels, minlength=len(data.classes))
    percent: dict[str, NDArray[np.float64]] = {}
    if at is not None:
        predicted = predictions(at.logits, data.probe_labels, data.old_classes, selection.protocol)
        for learner, correct in zip(at.learners, predicted == data.probe_labels, strict=True):
            hits = np.bincount(data.probe_labels, correct, len(data.classes))
            percent[learner] = 100 * hits / np.maximum(counts, 1)
    rows = []
    for unit, name in enumerate(data.classes):
        old = unit < data.old_classes
        correct = {
            learner: float(values[unit])
            for learner, values in percent.items()
            if counts[unit] and (old or learner != TEACHER)
        }
        rows.append(ClassRow(unit, name, old, correct, int(counts[unit])))
    return rows


def class_image(record: Record, unit: int) -> NDArray[np.uint8]:
    """Return a probe image of a class, shape (H, W); one dark pixel where there is none."""
    data = record.data
    if data is None or unit not in data.probe_labels:
        return np.zeros((1, 1), np.uint8)
    image: NDArray[np.uint8] = data.probe_images[np.argmax(data.probe_labels == unit)]
    return image


def chance(record: Record, protocol: ProtocolName, *, surgery: bool = True) -> float | None:
    """Return the percentage that guessing gets right on the old task, or None without data.

    Before surgery there are outputs for the old classes alone, whatever the protocol.
    """
    if record.data is None:
        return None
    choices = record.data.old_classes if protocol == "task_aware" or not surgery else len(record.data.classes)
    return 100 / choices


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
        return "The fork begins at the surgery."
    if not earlier:
        return f"Of this run no state is kept: its first {step:,} steps are trained again first, silently."
    again = step - earlier[-1]
    return f"{again:,} steps are trained again first, silently." if again else "The fork begins at once."
