"""One phase of a run: losses, probes and right answers by step."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import TEACHER, TOTAL, PhaseStarted, Probe
from lwf_gui.runs import metrics
from lwf_gui.runs.column import Column
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS, Counts, ProtocolName, Shares

RATE_SECONDS = 0.9
"""Time over which the training rate is taken: in slow motion no longer than one step, so that it holds at once."""

RATE_BLOCKS = 40
"""Blocks of steps, about 50 ms each at full speed, that are kept for it."""


@dataclass(eq=False)
class Track:
    """One phase of a run: losses by step, probes with their right answers by task."""

    started: PhaseStarted
    losses: Column
    probe_steps: Column
    sizes: tuple[int, ...]
    """Probe images of each task."""
    weights: tuple[int, ...]
    """Test images of each task, by which several tasks together are weighted."""
    right: dict[ProtocolName, Column]
    """Per protocol, shape (probes, learners, tasks): right answers on each task's probe images, or `NO_ANSWER`."""
    teacher_right: Column
    """Shape (probes, tasks), of the later tasks: what the shown teacher gets right, task-aware, or `NO_ANSWER`."""
    probes: list[Probe] = field(default_factory=list)
    seconds: float = 0.0
    images: int = 0
    blocks: deque[tuple[float, int, int]] = field(default_factory=lambda: deque(maxlen=RATE_BLOCKS))
    """(seconds, images, steps) after each of the last blocks."""

    _shares: dict[str, Shares] = field(default_factory=dict)

    @classmethod
    def begin(cls, started: PhaseStarted, sizes: tuple[int, ...] = (0, 0), weights: tuple[int, ...] = ()) -> Track:
        """Return an empty track of a run with so many probe images, and test images, of each task."""
        learners, tasks = len(started.learners), len(sizes)
        return cls(
            started=started,
            losses=Column(np.float32, learners, len(started.columns)),
            probe_steps=Column(np.int64),
            sizes=sizes,
            weights=weights,
            right={protocol: Column(np.int64, learners, tasks) for protocol in PROTOCOLS},
            teacher_right=Column(np.int64, tasks),
        )

    @property
    def steps(self) -> int:
        """Steps trained so far."""
        return len(self.losses)

    def index(self, learner: str) -> int:
        """Return a learner's position in rows."""
        return self.started.learners.index(learner)

    def has(self, learner: str, term: str) -> bool:
        """Whether a learner's loss has a term, as its first step says."""
        columns = self.started.columns
        first = self.losses.values[:1, self.index(learner)]
        return term in columns and not np.isnan(first[:, columns.index(term)]).any()

    def diverged(self, learner: str) -> int | None:
        """Return the step at which a learner's loss was the first that is not finite; None if it learns."""
        totals = self.losses.values[:, self.index(learner), TOTAL]
        return int(np.isnan(totals).argmax()) + 1 if len(totals) and np.isnan(totals[-1]) else None

    def answering(self, step: int) -> list[int]:
        """Return the positions in rows of the learners that have not diverged within so many steps."""
        ends = map(self.diverged, self.started.learners)
        return [row for row, end in enumerate(ends) if end is None or step < end]

    def told(self, probe: int | slice = slice(None)) -> NDArray[np.bool_]:
        """Return which learners answered at a probe, shape (learners,), or at several, shape (probes, learners)."""
        known: NDArray[np.bool_] = (self.right["task_aware"].values[probe] != NO_ANSWER).any(axis=-1)
        return known

    def first_probe(self, step: int) -> int:
        """Return the position of the first probe at or after a step; how many there are, where there is none."""
        return int(np.searchsorted(self.probe_steps.values, step))

    def accuracies(self, protocol: ProtocolName) -> Shares:
        """Return the fractions right of the earlier tasks together and of the current one, as each probe's step has it.

        Shape (probes, learners, 2); NaN of who diverged. The earlier tasks are weighted by their test images, as on the
        full test sets: see `metrics.shares`.
        """
        return self._shares_of(protocol, self.right[protocol].values)

    def teacher_accuracy(self) -> Shares:
        """Return the fraction of the earlier tasks' probe images that the shown teacher gets right, shape (probes,)."""
        return self._shares_of(TEACHER, self.teacher_right.values)[..., 0]

    def of_task(self, protocol: ProtocolName, task: int) -> Shares:
        """Return the fractions right of one task's probe images, shape (probes, learners); NaN before it is there.

        Whatever the protocol: among other tasks' classes none is right, but that is no figure of a task to come.
        """
        counts, axis = self.right[protocol].values[..., task], self.started.axis
        begin = axis.boundaries[min(max(task - axis.first, 0), len(axis.boundaries) - 1)]
        there = (counts != NO_ANSWER) & (self.probe_steps.values >= begin)[:, None]
        return np.where(there, counts / max(self.sizes[task], 1), np.nan)

    def _shares_of(self, whose: str, counts: Counts) -> Shares:
        """Return `_by_task` of counts that only ever grow, worked out once: a picture asks for it many times."""
        known = self._shares.get(whose)
        if known is None or len(known) != len(counts):
            known = self._shares[whose] = self._by_task(counts)
        return known

    def _by_task(self, counts: Counts) -> Shares:
        """Return `metrics.shares` of each probe at its own task, for counts of shape (probes, ..., tasks)."""
        found = np.full((*counts.shape[:-1], 2), np.nan)
        axis, steps = self.started.axis, self.probe_steps.values[: len(counts)]
        bounds = [*np.searchsorted(steps, axis.boundaries).tolist(), len(counts)]
        for part, (first, last) in enumerate(pairwise(bounds)):
            found[first:last] = metrics.shares(counts[first:last], self.sizes, axis.first + part, self.weights)
        return found

    def rate(self) -> tuple[float, float]:
        """Return (images per second, steps per second) of the last second of training, 0 if not known.

        It is the time that passed, so that in slow motion it is as slow as it looks.
        """
        if len(self.blocks) < 2:
            return (self.images / self.seconds, self.steps / self.seconds) if self.seconds else (0.0, 0.0)
        t1, images1, steps1 = self.blocks[-1]
        before = (block for block in reversed(self.blocks) if t1 - block[0] >= RATE_SECONDS)
        t0, images0, steps0 = next(before, self.blocks[0])
        return ((images1 - images0) / (t1 - t0), (steps1 - steps0) / (t1 - t0)) if t1 > t0 else (0.0, 0.0)
