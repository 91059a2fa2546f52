"""A learner that trains alone beside recorded ones: its rows join theirs, so that the record tells one run.

The recorded learners of a complete run need no second training to stand beside a new branch. It knows no engine.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import (
    Evaluated,
    Finished,
    LayerProbe,
    LiveSettingsApplied,
    Message,
    MiniBatch,
    Probe,
    Steps,
)
from lwf_gui.runs.record import Record


class Beside:
    """Joins what the engine tells of one learner, the last in order, with what a record holds of all others."""

    def __init__(self, recorded: Record, step: int) -> None:
        assert recorded.incremental is not None, "only learners of task 2 train beside others"
        self._recorded, self._track = recorded, recorded.incremental
        self._probes = {probe.step: probe for probe in self._track.probes}
        self._layers = {probe.step: probe for probe in recorded.layers}
        self._scores = {(told.task, told.epoch): told.scores for told in recorded.evaluations}
        self._own = [mark for mark in recorded.marks if mark.learner and mark.step >= max(step, 1)]

    def joined(self, message: Message) -> Iterator[Message]:
        """Yield what a run of all learners would have told where the one that trains alone tells this."""
        match message:
            case Steps(phase="incremental"):
                last = message.first + len(message.losses) - 1
                yield from self._own_until(last)
                others = self._track.losses.values[message.first - 1 : last]
                yield replace(message, losses=np.concatenate((others, message.losses), axis=1))
            case Probe(phase="incremental"):
                yield self._join_probe(message)
            case LayerProbe():
                yield self._join_layers(message)
            case MiniBatch():
                yield self._join_batch(message)
            case Evaluated():
                yield replace(message, scores={**self._scores.get((message.task, message.epoch), {}), **message.scores})
            case Finished():
                outcome = self._recorded.outcome
                before = outcome.summary if isinstance(outcome, Finished) else {}
                yield replace(message, summary=_joint_summary(before, message.summary))
            case _:
                yield message

    def _own_until(self, step: int) -> Iterator[LiveSettingsApplied]:
        """Yield, once, what recorded branches changed for themselves before a step."""
        while self._own and self._own[0].step < step:
            yield self._own.pop(0)

    def _join_probe(self, probe: Probe) -> Probe:
        known = self._probes.get(probe.step)
        if known is None:  # where all of them had diverged, none was kept
            others = _missing(probe.logits, len(self._track.started.learners))
            return replace(probe, logits=np.concatenate((others, probe.logits)))
        return replace(probe, logits=np.concatenate((known.logits, probe.logits)), teacher=known.teacher)

    def _join_batch(self, batch: MiniBatch) -> MiniBatch:
        known = self._recorded.batches.get(batch.step)
        others = _missing(batch.updates, len(self._track.started.learners)) if known is None else known.updates
        return replace(batch, updates=np.concatenate((others, batch.updates)))

    def _join_layers(self, probe: LayerProbe) -> LayerProbe:
        known, count = self._layers.get(probe.step), len(self._track.started.learners)

        def join(ours: NDArray[Any], theirs: NDArray[Any] | None) -> NDArray[Any]:
            return np.concatenate((_missing(ours, count) if theirs is None else theirs, ours))

        return replace(
            probe,
            forces=join(probe.forces, None if known is None else known.forces),
            moved=join(probe.moved, None if known is None else known.moved),
            filters=join(probe.filters, None if known is None else known.filters),
        )


def _missing(like: NDArray[Any], count: int) -> NDArray[Any]:
    """Return rows for so many learners of whom nothing is known, shaped as those of one."""
    return np.full((count, *like.shape[1:]), np.nan, like.dtype)


def _joint_summary(before: Mapping[str, Any], now: Mapping[str, Any]) -> dict[str, Any]:
    """Return the results of all learners: those of the recorded ones as they were."""
    epochs = {_place(epoch): epoch for epoch in before.get("epochs", ())}
    for epoch in now.get("epochs", ()):
        learners = {**epochs.get(_place(epoch), epoch)["learners"], **epoch["learners"]}
        epochs[_place(epoch)] = {**epoch, "learners": learners}
    learners = {**before.get("learners", {}), **now.get("learners", {})}
    return {**now, "learners": learners, "epochs": list(epochs.values())}


def _place(epoch: Mapping[str, Any]) -> tuple[int, int]:
    """Return task and epoch of an entry of a summary; up to format 3 there was no task but the second."""
    return epoch.get("task", 2), epoch["epoch"]
