"""Where people look: at which step of a record, under which protocol, at which image.

Every panel is a pure function of a record and this.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import TEACHER, Branch, LayerProbe, LiveSettingsApplied, Probe
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs.metrics import Logits, ProtocolName
from lwf_gui.runs.pins import Pins
from lwf_gui.runs.record import Record
from lwf_gui.runs.sweep_view import SweepView
from lwf_gui.runs.track import Track


@dataclass(frozen=True, slots=True)
class Selection:
    """What is looked at; shared by all panels of a window.

    Attributes
    ----------
    protocol : which classes an answer is chosen among
    step : steps since the first head expansion, through all later tasks; negative in the base task; None follows the
        run live
    image : number of the chosen probe image
    temperature : T at which soft targets are shown; needs no training
    term : the part of the loss that is pointed at: a name of `lwf_gui.messages.TERMS` or a live field of
        `lwf_gui.recipe.LiveSettings`; empty for none
    pins : the runs that are looked at beside the one that is shown
    seeds : finished runs of the same experiment with other seeds, which make the bands behind the curves
    sweep : the sweep that is looked at, which grows; None for none
    sweep_runs : ids of the runs of its cell that was chosen last, to be opened
    path : between which networks a straight path is looked at; None: from the old one to the first learner
    """

    protocol: ProtocolName = "task_aware"
    step: int | None = None
    image: int = 0
    temperature: float = 2.0
    term: str = ""
    pins: Pins = ()
    seeds: tuple[Record, ...] = ()
    path: tuple[str, str] | None = None
    sweep: SweepView | None = None
    sweep_runs: tuple[str, ...] = ()

    @property
    def live(self) -> bool:
        """Whether this follows the run."""
        return self.step is None


@dataclass(frozen=True, slots=True)
class Moment:
    """One probe of a record."""

    track: Track
    index: int

    @property
    def probe(self) -> Probe:
        """The answers on the probe images."""
        return self.track.probes[self.index]

    @property
    def task(self) -> int:
        """The task that the probe's step belongs to: at a boundary the one that begins, as the head has grown."""
        return self.track.started.task_at(self.probe.step)

    @property
    def step(self) -> int:
        """Steps since the head expansion, negative in the base task."""
        before = self.track.started.steps if self.track.started.phase == "base" else 0
        return self.probe.step - before

    @property
    def first(self) -> int:
        """The position of the first probe of its task: right after the head grew, if there is one."""
        return self.track.first_probe(self.track.started.axis.begin(self.probe.step))

    @property
    def rows(self) -> list[int]:
        """Positions of the learners that answer: one that diverged does not, and is left out of all figures."""
        told = self.track.told(self.index)  # its weights may be no numbers already, one step before its loss
        return [row for row in self.track.answering(self.probe.step) if told[row]]

    @property
    def learners(self) -> tuple[str, ...]:
        """The learners that answer."""
        return tuple(self.track.started.learners[row] for row in self.rows)

    @property
    def logits(self) -> Logits:
        """The answers of `learners`, shape (learners, P, classes)."""
        return self.probe.logits[self.rows]


def moment(record: Record, step: int | None) -> Moment | None:
    """Return the last probe at or before a step, or the first one of all; None without any.

    ``step`` counts from the head expansion, negative in task 1; None is the latest probe. At step 0 the learners are
    meant, right after the head expansion, rather than the teacher that they come from.
    """
    tracks = [track for track in (record.incremental, record.base) if track is not None and track.probes]
    if not tracks:
        return None
    if step is None:
        return Moment(tracks[0], len(tracks[0].probes) - 1)
    for track in tracks:
        at = step + (track.started.steps if track is record.base else 0)
        index = int(track.probe_steps.values.searchsorted(at, side="right")) - 1
        if index >= 0:
            return Moment(track, index)
    return Moment(tracks[-1], 0)


def stops(record: Record) -> NDArray[np.int64]:
    """Return the steps since the head expansion that have a probe, in order: where a timeline can stop."""
    parts = [np.empty(0, np.int64)]
    if record.base is not None:
        before = record.base.probe_steps.values - record.base.started.steps
        parts.append(before[before < 0] if record.incremental is not None else before)
    if record.incremental is not None:
        parts.append(record.incremental.probe_steps.values)
    return np.concatenate(parts)


def nearest_stop(record: Record, step: float) -> int | None:
    """Return the step of the probe that is nearest to a place, for all that is shown is of one; None without any."""
    steps = stops(record)
    return int(steps[np.argmin(np.abs(steps - step))]) if len(steps) else None


def settings_at(record: Record, step: int | None) -> LiveSettings | None:
    """Return the live settings that made a step of task 2: the recipe's, then as they were changed; None without data.

    A change at step s holds from step s + 1 on, so it is not yet part of step s. None is the latest step, and of
    settings that just changed the new ones. What a branch changed for itself is no part of them.
    """
    if record.data is None:
        return None
    live_settings = record.data.recipe.live_settings()
    for mark in record.marks:
        if not mark.learner and (step is None or mark.step < max(step, 1)):
            live_settings = mark.live_settings
    return live_settings


def changed_at(record: Record) -> dict[str, int]:
    """Return the steps at which live settings were changed last while a run trained, by fields of `LiveSettings`."""
    return {name: mark.step for mark in record.marks if not mark.learner and mark.step > 0 for name in mark.changed}


def settings_after(record: Record, step: int) -> LiveSettings | None:
    """Return the live settings with which a fork goes on after a step of task 2; None without data.

    They are those of the next step. A run that ended with this one, where its warm-up did, may not have come to the
    unfreezing any more.
    """
    live_settings, track = settings_at(record, step + 1), record.incremental
    if live_settings is None or track is None or record.data is None:
        return live_settings
    axis, recipe = track.started.axis, record.data.recipe.task2
    warmup = axis.begin(axis.steps) + recipe.warmup_epochs * axis.per_epoch(axis.steps)
    ended = recipe.warmup_epochs and step == warmup == track.steps and not any(m.step == step for m in record.marks)
    return replace(live_settings, backbone_frozen=False) if ended else live_settings


def settings_of(record: Record, learner: str, step: int | None) -> LiveSettings | None:
    """Return the settings that made a step of one learner: a branch has its origin's until it leaves, then its own.

    A branch's overrides are all that it has of its own: they hold what it took over from a branch it came from.
    """
    live_settings = settings_at(record, step)
    branches = record.branches
    at = learner
    while at in branches and step is not None and step <= branches[at].step:
        at = branches[at].origin
    if live_settings is None or record.data is None:
        return None
    own = overrides_of(branches.values(), record.marks, at, None if step is None else max(step, 1))
    named = {} if at in ("", TEACHER) else record.data.recipe.own_live_settings(at)  # "" is the run itself
    return replace(live_settings, **{**named, **own})


def overrides_of(
    branches: Iterable[Branch], marks: Iterable[LiveSettingsApplied], learner: str, step: int | None
) -> dict[str, Any]:
    """Return the fields of `LiveSettings` that a learner has for itself beside its recipe's.

    Those with which a branch began, and those that were changed, before a step, for one that trained alone. None is
    the latest step.
    """
    own = next((dict(branch.overrides) for branch in branches if branch.learner == learner), {})
    for mark in marks:
        if mark.learner and mark.learner == learner and (step is None or mark.step < step):
            own |= {name: getattr(mark.live_settings, name) for name in mark.changed}
    return own


def layers_at(record: Record, selection: Selection) -> LayerProbe | None:
    """Return the last look into the layers up to where one looks; None before the head expansion or without any."""
    at = moment(record, selection.step)
    if at is None or at.track is not record.incremental:
        return None
    if selection.live:
        return record.layers[-1] if record.layers else None
    return next((probe for probe in reversed(record.layers) if probe.step <= at.step), None)


def layer_names(record: Record, count: int) -> tuple[str, ...]:
    """Return the names of the layers, from images to logits; numbers where they have none."""
    names = record.incremental.started.layers if record.incremental else ()
    return names if len(names) == count else tuple(f"layer {number}" for number in range(1, count + 1))
