"""The stability gap: what the earlier tasks lose in the first steps of a new one, and how much of it comes back.

Pure functions of a record and a look; knows nothing of windows. Accuracies are those of probe images, for they alone
are looked at between two steps. Steps under a lens count from the beginning of its task. Source: De Lange, van de Ven &
Tuytelaars 2023, arXiv 2205.13452.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lwf_gui.axis import FIRST_LOOKS
from lwf_gui.messages import ProtocolName
from lwf_gui.numbers import counted
from lwf_gui.runs import stability_gap_words as words
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.continual import min_accuracy, worst_case_accuracy
from lwf_gui.runs.metrics import PROTOCOLS, Shares
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment
from lwf_gui.runs.series import own_from
from lwf_gui.runs.track import Track

LENS = FIRST_LOOKS[-1]
"""Steps after a task began that are under the lens."""

UNKNOWN_STEPS = "Nothing is known of the first steps of this task: the run was not looked at there."


@dataclass(frozen=True, slots=True, eq=False)
class Dip:
    """What a learner knows of the earlier tasks in the first steps of a new one.

    Attributes
    ----------
    steps : int64, shape (n,), of the looks, since the task began; the first is 0: the head has grown, no step is made
    shares : float64, shape (n,), accuracy on the earlier tasks together, in percent
    own : position of the first look that is shown as its own: a branch's, where it leaves its origin
    diverged : the step under the lens at which its training diverged; None if it did not
    min_acc, worst_case : min-ACC and WC-ACC at the moment that is looked at, in percent; NaN where it has none
    """

    learner: str
    steps: NDArray[np.int64]
    shares: NDArray[np.float64]
    own: int = 0
    diverged: int | None = None
    min_acc: float = math.nan
    worst_case: float = math.nan

    @property
    def before(self) -> float:
        """Where it stood before the first step."""
        return float(self.shares[0])

    @property
    def lowest(self) -> float:
        """The lowest accuracy under the lens."""
        return float(self.shares.min())

    @property
    def lowest_at(self) -> int:
        """The first step at which it is so low."""
        return int(self.steps[self.shares.argmin()])

    @property
    def after(self) -> float:
        """Where it stands at its last look under the lens."""
        return float(self.shares[-1])

    @property
    def last(self) -> int:
        """The step of that look: one that was recorded may not be looked at where one that trains beside it is."""
        return int(self.steps[-1])


@dataclass(frozen=True, slots=True, eq=False)
class StabilityGap:
    """The first steps of the task that is looked at.

    Attributes
    ----------
    task, begin : which task, and the step of the run at which it began
    length : steps under the lens: fewer than `LENS` where the task has fewer
    looks : steps of all looks, since the task began
    here : the step that is looked at, since the task began; None where it lies beyond the lens
    earlier, images : what the earlier tasks are called, and how many probe images of theirs are looked at
    others : of every task whose first steps are known, (task, the step of the run at which all of them are)
    left_out : a sentence for each learner that is not shown
    notes : what else one should know of these figures, each in full and shorter
    reason : why there are none at all; else empty
    """

    task: int
    begin: int
    length: int
    looks: tuple[int, ...]
    here: int | None
    protocol: ProtocolName
    earlier: str
    images: int
    dips: tuple[Dip, ...]
    others: tuple[tuple[int, int], ...] = ()
    left_out: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    reason: str = ""

    @property
    def learners(self) -> tuple[str, ...]:
        """Those that are shown."""
        return tuple(dip.learner for dip in self.dips)

    @property
    def curves(self) -> object:
        """All that the curves depend on, to be compared: they stay as they are while one looks elsewhere."""
        each = tuple((dip.learner, dip.own, dip.diverged, dip.shares.tobytes()) for dip in self.dips)
        return (self.task, self.protocol, self.length, self.looks, self.images, each)

    @property
    def last(self) -> int:
        """The last step that was looked at."""
        return self.looks[-1]

    def of(self, learner: str) -> Dip | None:
        """Return a learner's figures; None of one that is not shown."""
        return next((dip for dip in self.dips if dip.learner == learner), None)

    def beside(self, by: int) -> tuple[int, int] | None:
        """Return the task before this one, or with 1 the one after it, and where to look for it; None without."""
        return next((other for other in self.others if other[0] == self.task + by), None)


def stability_gap(record: Record, selection: Selection) -> StabilityGap | None:
    """Return the first steps of the task where one looks; None before the learners begin."""
    data, at = record.data, moment(record, selection.step)
    if data is None or at is None or at.track is not record.incremental:
        return None
    track, axis = at.track, at.track.started.axis
    begin = axis.begin(at.probe.step)
    first, end = lens_of(track, begin)
    looks = tuple((track.probe_steps.values[first:end] - begin).tolist())
    dips = _dips(record, selection.protocol, at, (first, end))
    here = at.probe.step - begin
    missed = bool(looks) and not {step for step in FIRST_LOOKS if step <= looks[-1]} <= set(looks)
    shown = {dip.learner for dip in dips}
    reason = "" if looks and looks[0] == 0 and dips else UNKNOWN_STEPS
    return StabilityGap(
        task=at.task,
        begin=begin,
        length=max(1, min(LENS, axis.end(begin) - begin)),
        looks=looks or (0,),
        here=here if here in looks else None,
        protocol=selection.protocol,
        earlier=tasks_shown.span(at.task) if tasks_shown.are_many(record) else "the old task",
        images=sum(data.probe_sizes[: at.task]),
        dips=dips,
        others=_others(track),
        left_out=tuple(words.why_not(record, name, at) for name in track.started.learners if name not in shown),
        notes=(*((words.seldom(looks),) if missed else ()), *words.without_joint(record)),
        reason=reason,
    )


def lens_of(track: Track, begin: int) -> tuple[int, int]:
    """Return the positions of the first look under the lens of the task that begins at a step, and of the one after."""
    axis = track.started.axis
    over = axis.end(begin)
    first = track.first_probe(begin)
    # A look where the next task begins is of that one: its earlier tasks are others.
    side: Literal["left", "right"] = "left" if over <= begin + LENS and axis.grows_at(over) else "right"
    return first, int(np.searchsorted(track.probe_steps.values, min(begin + LENS, over), side=side))


def looks_since(track: Track, protocol: ProtocolName, task: int) -> Shares:
    """Return the fractions right of a task's probe images since its training ended.

    Shape (probes, learners), of the probes from where the next task begins on; NaN where a learner has none.
    """
    place = task + 1 - track.started.axis.first
    ended = track.started.axis.boundaries[place]
    return track.of_task(protocol, task)[track.first_probe(ended) :]


def captions(record: Record, figures: StabilityGap) -> tuple[str, ...]:
    """Return which images, protocol and steps the figures are of, and shorter wordings."""
    assert record.data is not None, "what has figures has data"
    protocol, images = PROTOCOLS[figures.protocol], counted(figures.images, "probe image")
    task = f"task {figures.task + 1}, " if tasks_shown.are_many(record) else ""
    steps = f"{task}steps 0 to {figures.last:,}"
    return (
        f"{protocol}, {images} of {figures.earlier} ({record.data.dataset}), {steps}",
        f"{protocol}, {images} of {figures.earlier}, {steps}",
        f"{protocol}, {images}, {steps}",
        f"{protocol}, {images}",
        f"{protocol}, probe images",
        protocol,
    )


def _dips(record: Record, protocol: ProtocolName, at: Moment, lens: tuple[int, int]) -> tuple[Dip, ...]:
    """Return the figures of all learners that were looked at before the first step."""
    track, (first, end) = at.track, lens
    steps = track.probe_steps.values[first:end]
    if not len(steps):
        return ()
    begin = track.started.axis.begin(at.probe.step)
    percent = 100 * track.accuracies(protocol)[first:end, :, 0]
    lowest = _lowest(track, protocol, at)
    now = track.of_task(protocol, at.task)[at.index]
    dips = []
    for row, name in enumerate(track.started.learners):
        known = ~np.isnan(percent[:, row])
        leaves, ended = own_from(record, name), track.diverged(name)
        if not known[0] or leaves >= steps[-1] > 0:
            continue
        told = steps[known]
        own = max(0, int(np.searchsorted(told, leaves, side="right")) - 1)
        gone = ended is not None and ended <= at.probe.step
        worst = math.nan if gone else min_accuracy(lowest[:, row])
        dips.append(
            Dip(
                learner=name,
                steps=told - begin,
                shares=percent[known, row],
                own=own,
                diverged=None if ended is None or ended > steps[-1] else ended - begin,
                min_acc=100 * worst,
                worst_case=100 * worst_case_accuracy(float(now[row]), worst, at.task + 1),
            )
        )
    return tuple(dips)


def _lowest(track: Track, protocol: ProtocolName, at: Moment) -> Shares:
    """Return every earlier task's lowest accuracy since its training ended, up to a moment, shape (tasks, learners)."""
    found = []
    for task in range(at.task):
        looks = looks_since(track, protocol, task)
        until = at.index + 1 - (len(track.probes) - len(looks))
        low = np.where(np.isnan(looks), np.inf, looks)[: max(until, 0)].min(axis=0, initial=np.inf)
        found.append(np.where(np.isinf(low), np.nan, low))
    return np.array(found)


def _others(track: Track) -> tuple[tuple[int, int], ...]:
    """Return every task whose first steps were looked at, with the step of the last look under its lens."""
    steps, found = track.probe_steps.values, []
    for begin in track.started.axis.boundaries:
        first, end = lens_of(track, begin)
        if first < end:
            found.append((track.started.task_at(begin), int(steps[end - 1])))
    return tuple(found)
