"""A learner that trains alone beside recorded ones: its rows join theirs, so that the record tells one run.

The recorded learners of a complete run need no second training to stand beside a new branch. It knows no engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import (
    ClassMeans,
    Evaluated,
    Finished,
    LayerProbe,
    LiveSettingsApplied,
    Message,
    MiniBatch,
    PhaseStarted,
    Probe,
    PutBack,
    Representation,
    Steps,
    StraightPath,
    columns_of,
)
from lwf_gui.runs import path_ends
from lwf_gui.runs.class_means import keeps_means
from lwf_gui.runs.metrics import NO_ANSWER
from lwf_gui.runs.record import Record
from lwf_gui.runs.teachers import shown_of

Look = TypeVar("Look", LayerProbe, ClassMeans, Representation)


class Beside:
    """Joins what the engine tells of one learner with what a record holds of all others.

    Parameters
    ----------
    recorded : what is known of the others, to their end
    step : of the later tasks, after which the one that trains alone has rows of its own
    alone : the one that trains
    place : how many of the others stand before it: for one that joins from the first head expansion on, those of the
        recipe; None for a branch, which is the last
    """

    def __init__(self, recorded: Record, step: int, alone: str, place: int | None = None) -> None:
        assert recorded.incremental is not None, "only learners of task 2 train beside others"
        self._recorded, self._track = recorded, recorded.incremental
        self._others = self._track.started.learners
        self._place = len(self._others) if place is None else place
        self._columns: tuple[list[int], list[int]] | None = None
        """Of a joint row of losses: those of the others, and those of the learner that trains; None: the same."""
        self._tells_teacher = False
        self._probes = {probe.step: probe for probe in self._track.probes}
        self._layers = {probe.step: probe for probe in recorded.layers}
        self._means = recorded.means
        self._told_means = keeps_means(alone)
        self._scores = {(told.task, told.epoch): told.scores for told in recorded.evaluations}
        self._own = [mark for mark in recorded.marks if mark.learner and mark.step >= max(step, 1)]

    def joined(self, message: Message) -> Iterator[Message]:
        """Yield what a run of all learners would have told where the one that trains alone tells this."""
        match message:
            case PhaseStarted(phase="incremental"):
                yield self._join_start(message)
            case Steps(phase="incremental"):
                yield from self._own_until(message.first + len(message.losses) - 1)
                yield replace(message, losses=self._join_losses(message))
            case Probe(phase="incremental"):
                yield self._join_probe(message)
                if not self._told_means and message.step in self._means:
                    yield self._others_means(self._means[message.step])
            case LayerProbe():
                yield self._join_layers(message)
            case ClassMeans():
                yield self._join_means(message)
            case PutBack():
                yield self._join_put_back(message)
            case StraightPath():
                yield path_ends.joined(self._recorded.paths.get(message.step), message, self._place, len(self._others))
            case Representation():
                known = self._recorded.representations.get(message.step)
                yield self._joined(message, known, ("cka", "points", "variance"))
            case MiniBatch():
                yield self._join_batch(message)
            case Evaluated():
                others = self._scores.get((message.task, message.epoch), {})
                yield replace(message, scores=self._in_order(others, message.scores))
            case Finished():
                outcome = self._recorded.outcome
                before = outcome.summary if isinstance(outcome, Finished) else {}
                yield replace(message, summary=self._joint_summary(before, message.summary))
            case _:
                yield message

    def _rows(self, others: NDArray[Any], ours: NDArray[Any], axis: int = 0) -> NDArray[Any]:
        """Return rows of all learners in their order."""
        before, after = np.split(others, [self._place], axis)
        return np.concatenate((before, ours, after), axis)

    def _in_order(self, others: Mapping[str, Any], ours: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is known of all learners by name, in their order."""
        both = {**others, **ours}
        names = (*self._others[: self._place], *ours, *self._others[self._place :])
        return {name: both[name] for name in names if name in both}

    def _join_start(self, started: PhaseStarted) -> PhaseStarted:
        """Return the beginning of the phase for all learners, with the terms of all their losses."""
        theirs, ours = self._track.started.columns, started.columns
        columns = columns_of((theirs, ours))
        self._columns = [columns.index(name) for name in theirs], [columns.index(name) for name in ours]
        (alone,) = started.learners
        names = (*self._others[: self._place], alone, *self._others[self._place :])
        self._tells_teacher = shown_of(names) == alone
        return replace(started, learners=names, branches=self._track.started.branches, columns=columns)

    def _join_losses(self, steps: Steps) -> NDArray[np.float32]:
        others = self._track.losses.values[steps.first - 1 : steps.first - 1 + len(steps.losses)]
        if self._columns is None:
            return self._rows(others, steps.losses, 1)
        theirs, ours = self._columns
        count = len({*theirs, *ours})
        return self._rows(_spread(others, theirs, count), _spread(steps.losses, ours, count), 1)

    def _joint_summary(self, before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
        """Return the results of all learners: those of the recorded ones as they were."""
        epochs = {_place(epoch): epoch for epoch in before.get("epochs", ())}
        for epoch in now.get("epochs", ()):
            known = epochs.get(_place(epoch), {}).get("learners", {})
            epochs[_place(epoch)] = {**epoch, "learners": self._in_order(known, epoch["learners"])}
        learners = self._in_order(before.get("learners", {}), now.get("learners", {}))
        return {**now, "learners": learners, "epochs": list(epochs.values()), "seconds": self._seconds(before, now)}

    def _seconds(self, before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
        """Return the times of what trains now, and what an image costs each learner."""
        told, known = now.get("seconds", {}), before.get("seconds", {}).get("per_image", {})
        return {**told, "per_image": self._in_order(known, told.get("per_image", {}))}

    def _own_until(self, step: int) -> Iterator[LiveSettingsApplied]:
        """Yield, once, what recorded branches changed for themselves before a step."""
        while self._own and self._own[0].step < step:
            yield self._own.pop(0)

    def _join_probe(self, probe: Probe) -> Probe:
        known = self._probes.get(probe.step)
        if known is None:  # where all of them had diverged, none was kept
            return replace(probe, logits=self._rows(_missing(probe.logits, len(self._others)), probe.logits))
        teacher = probe.teacher if self._tells_teacher else known.teacher
        return replace(probe, logits=self._rows(known.logits, probe.logits), teacher=teacher)

    def _join_batch(self, batch: MiniBatch) -> MiniBatch:
        known = self._recorded.batches.get(batch.step)
        others = _missing(batch.updates, len(self._others)) if known is None else known.updates
        return replace(batch, updates=self._rows(others, batch.updates))

    def _join_layers(self, probe: LayerProbe) -> LayerProbe:
        return self._joined(probe, self._layers.get(probe.step), ("forces", "moved", "filters"))

    def _join_means(self, looked: ClassMeans) -> ClassMeans:
        return self._joined(looked, self._means.get(looked.step), ("now", "kept", "apart"))

    def _join_put_back(self, look: PutBack) -> PutBack:
        known = self._recorded.put_back.get(look.step)
        others = _missing(look.right, len(self._others), NO_ANSWER) if known is None else known.right
        return replace(look, right=self._rows(others, look.right))

    def _others_means(self, known: ClassMeans) -> ClassMeans:
        """Return what is known of the others' class means beside a learner that keeps none."""
        points = (self._rows(part, _missing(part, 1)) for part in (known.now, known.kept, known.apart))
        return ClassMeans(known.run_id, known.step, *points)

    def _joined(self, ours: Look, known: Look | None, names: Iterable[str]) -> Look:
        """Return a message whose arrays have a row a learner, with the rows of the others as far as they are known."""

        def join(rows: NDArray[Any], theirs: NDArray[Any] | None) -> NDArray[Any]:
            return self._rows(_missing(rows, len(self._others)) if theirs is None else theirs, rows)

        rows: dict[str, Any] = {name: join(getattr(ours, name), getattr(known, name, None)) for name in names}
        return replace(ours, **rows)


def _spread(losses: NDArray[Any], places: list[int], count: int) -> NDArray[Any]:
    """Return losses with ``count`` columns, theirs in these places; NaN is a term that a learner does not have."""
    spread = np.full((*losses.shape[:-1], count), np.nan, losses.dtype)
    spread[..., places] = losses
    return spread


def _missing(like: NDArray[Any], count: int, unknown: float = np.nan) -> NDArray[Any]:
    """Return rows for so many learners of whom nothing is known, shaped as those of one."""
    return np.full((count, *like.shape[1:]), unknown, like.dtype)


def _place(epoch: Mapping[str, Any]) -> tuple[int, int]:
    """Return task and epoch of an entry of a summary; up to format 3 there was no task but the second."""
    return epoch.get("task", 2), epoch["epoch"]
