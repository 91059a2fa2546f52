"""Whole states of a run at some of its steps, within a limit of memory: what a fork starts from.

Knows how to keep and to give back a state, not what happens between two of them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods.base import State as MethodState
from lwf_gui.engine.start import Start
from lwf_gui.engine.teacher import Teacher
from lwf_gui.messages import Emit, Snapshots
from lwf_gui.recipe import LiveSettings

LIMIT = 256 << 20
"""Bytes of all snapshots of a run."""

MOST = 16
"""Snapshots of a run."""


@dataclass(frozen=True, eq=False)
class State:
    """All of a learner that training changes, tensors in the order of its parameters.

    ``moments`` are the optimiser's, by parameter; empty for one that never moved.
    """

    parameters: tuple[Tensor, ...]
    moments: tuple[tuple[Tensor, ...], ...]
    lr: float
    weight_decay: float
    diverged: bool
    method: MethodState
    teacher: Teacher | None = None
    """Its own teacher, which never changes; None during the first of the later tasks: that of the start."""
    ends: tuple[State, ...] = ()
    """The states of those of which its weights are mixed."""

    @classmethod
    def of(cls, learner: Learner, before: State | None, start: Start) -> State:
        """Return the state of a learner, sharing with its last one, or with the start, what has not changed."""
        optimizer = learner.optimizer
        weights = before.parameters if before else tuple(value.detach() for value in start.network.parameters())
        known = before.moments if before else ((),) * len(weights)
        now = [optimizer.moments.get(parameter, ()) for parameter in optimizer.parameters]
        ends = before.ends if before else (None,) * len(learner.ends)
        return cls(
            tuple(map(_copy, optimizer.parameters, weights)),
            tuple(tuple(map(_copy, m, old or (None,) * len(m))) for m, old in zip(now, known, strict=True)),
            optimizer.lr,
            optimizer.weight_decay,
            learner.diverged,
            learner.method.state(),
            learner.teacher if learner.outputs > start.network.classifier.out_features else None,
            tuple(cls.of(end, known, start) for end, known in zip(learner.ends, ends, strict=True)),
        )

    @property
    def outputs(self) -> int:
        """Output units of the head: its bias is the last of the parameters."""
        return len(self.parameters[-1])

    @torch.no_grad()
    def restore(self, learner: Learner) -> None:
        """Bring a learner to this state."""
        optimizer = learner.optimizer
        learner.diverged = self.diverged
        learner.method.load_state(self.method)
        optimizer.lr, optimizer.weight_decay = self.lr, self.weight_decay
        optimizer.moments = {}
        for parameter, value, moments in zip(optimizer.parameters, self.parameters, self.moments, strict=True):
            parameter.copy_(value)
            if moments:
                optimizer.moments[parameter] = tuple(moment.clone() for moment in moments)

    @property
    def method_bytes(self) -> int:
        """Bytes of what training made of the method."""
        own = sum(value.nbytes for value in self.method.values() if isinstance(value, Tensor))
        return own + sum(end.method_bytes for end in self.ends)

    def tensors(self) -> Iterator[Tensor]:
        """Yield all that takes memory."""
        yield from self.parameters
        yield from (moment for moments in self.moments for moment in moments)
        yield from self.teacher.network.parameters() if self.teacher else ()
        yield from (value for value in self.method.values() if isinstance(value, Tensor))
        for end in self.ends:
            yield from end.tensors()


@dataclass(frozen=True, eq=False)
class Snapshot:
    """A run after ``step`` steps of the later tasks, before anything that the user or the schedule changes there.

    At a boundary the heads have grown.

    ``frozen`` says whether a backbone is frozen: then since step 0.
    """

    step: int
    live_settings: LiveSettings
    learners: Mapping[str, State]
    frozen: bool


class SnapshotStore:
    """Snapshots of one run, evenly spread: when there is no room, every second one goes and the interval doubles.

    Parameters
    ----------
    start : what the learners began with; step 0 costs nothing, for its state is this
    steps : of all later tasks: their last state is of no use
    limit : bytes of all snapshots; 0 for a run that nobody can fork, which keeps none
    """

    def __init__(self, run_id: int, start: Start, steps: int, emit: Emit, *, limit: int = LIMIT) -> None:
        self.start, self.limit = start, limit
        self.interval = max(1, -(-steps // MOST))
        self._run_id, self._steps, self._emit = run_id, steps, emit
        self._snapshots: list[Snapshot] = []

    @property
    def steps(self) -> tuple[int, ...]:
        """Steps of which there is a snapshot, in their order."""
        return tuple(snapshot.step for snapshot in self._snapshots)

    @property
    def memory(self) -> int:
        """Bytes in use; what several snapshots share is counted once."""
        kept: list[Tensor] = list(self.start.network.parameters())
        kept += [tensor for at in self._snapshots for state in at.learners.values() for tensor in state.tensors()]
        return sum({tensor.data_ptr(): tensor.nbytes for tensor in kept}.values()) + self.start.backbone.memory

    def inherited(
        self, run_id: int, until: int | None, emit: Emit, learners: Collection[str] | None = None
    ) -> SnapshotStore:
        """Return the store of a run that is the same up to a step, None: to the end, with the snapshots up to there.

        ``learners`` are those who are the same in both; None: all.
        """
        made = SnapshotStore(run_id, self.start, self._steps, emit, limit=self.limit)
        made.interval = self.interval
        for snapshot in self._snapshots:
            if until is None or snapshot.step <= until:
                same = {n: state for n, state in snapshot.learners.items() if learners is None or n in learners}
                made._snapshots += [replace(snapshot, learners=same)] if same else []
        made._tell()
        return made

    def nearest(self, step: int, wanted: Callable[[int], Collection[str]]) -> Snapshot | None:
        """Return the last snapshot at or before a step that holds all learners who are ``wanted`` at its own step."""
        for snapshot in reversed(self._snapshots):
            if snapshot.step <= step and snapshot.learners.keys() >= set(wanted(snapshot.step)):
                return snapshot
        return None

    def take(
        self, step: int, live_settings: LiveSettings, learners: Iterable[Learner], *, anyway: bool = False
    ) -> None:
        """Keep the state of all learners if it is time to, or ``anyway``, and there is room.

        While a backbone is frozen its features are recorded, and they are no part of a snapshot. Those of a warm-up
        from step 0 are kept with the start; for a later freeze there is no snapshot, and a fork goes back to one
        before it. A learner that trains alone joins the snapshots of the others.
        """
        if not self.limit or not (anyway or step % self.interval == 0) or step >= self._steps:
            return
        learners = list(learners)
        others = next((at for at in self._snapshots if at.step == step), Snapshot(step, live_settings, {}, False))
        if all(learner.name in others.learners for learner in learners):
            return
        family = [each for learner in learners for each in learner.family]
        frozen = [each for each in family if each.frozen_backbone is not None]
        large = self.start.backbone.memory > self.limit // 2
        if large and not frozen:  # the warm-up is over, and not worth its features
            self.start.backbone.forget()
            self._snapshots = [at for at in self._snapshots if not (at.step and at.frozen)]
            self._tell()
        if (large and frozen) or any(learner.frozen_backbone is not self.start.backbone for learner in frozen):
            return
        weights = sum(parameter.nbytes for each in family for parameter in each.network.parameters())
        if step and weights > self.limit // 4:
            return  # with the velocity it would fill half the room
        earlier = [at for at in self._snapshots if at.step < step]
        states = {learner.name: State.of(learner, _last_of(learner.name, earlier), self.start) for learner in learners}
        if step and sum(state.method_bytes for state in states.values()) > self.limit // 4:
            return
        joint = replace(others, learners={**others.learners, **states}, frozen=others.frozen or bool(frozen))
        self._snapshots = [at for at in self._snapshots if at.step != step] + [joint]
        self._snapshots.sort(key=lambda at: at.step)
        while len(self._snapshots) > 1 and (len(self._snapshots) > MOST or self.memory > self.limit):
            self._snapshots = self._snapshots[::2]
            self.interval *= 2
        self._tell()

    def _tell(self) -> None:
        self._emit(Snapshots(self._run_id, self.steps, self.memory, self.limit))


def _last_of(learner: str, snapshots: list[Snapshot]) -> State | None:
    return next((at.learners[learner] for at in reversed(snapshots) if learner in at.learners), None)


def _copy(now: Tensor, before: Tensor | None) -> Tensor:
    """Return a copy, or what was kept before if it is the same: of a frozen backbone, say."""
    return before if before is not None and torch.equal(now, before) else now.detach().clone()
