"""The training loop: learners in lockstep, one mini-batch at a time, under the user's hand.

One loop serves both tasks. It knows nothing of where the images came from or who listens.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lwf_gui.control import Control
from lwf_gui.engine.device import Machine
from lwf_gui.engine.lanes import Lanes
from lwf_gui.engine.learners import Objective
from lwf_gui.engine.networks import Network, freeze_trunk
from lwf_gui.engine.recorded import Recorded
from lwf_gui.engine.sgd import Sgd
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.methods import METHODS
from lwf_gui.protocol import (
    TERMS,
    Emit,
    HyperApplied,
    LogLine,
    Paused,
    Phase,
    PhaseStarted,
    Probe,
    Resumed,
    Steps,
)
from lwf_gui.recipe import Hyper

SECONDS_PER_BLOCK = 0.05
"""How often losses are sent: often enough to look live, seldom enough to cost nothing."""

EARLY_PROBES = frozenset({0, 1, 2, 4, 8, 16})
"""Forgetting is fastest in the first steps: the probe looks more often there."""

EVALUATION_BATCH = 250
"""Images per forward pass without gradient: activations of more of them leave the processor's cache."""

LOG_EVERY = 100
"""Steps between two log lines, as in the notebook."""


class Diverged(RuntimeError):  # noqa: N818 - what happened, in the field's word
    """A loss became infinite or not a number."""


class Teacher:
    """Who tells what the old network answers on an image.

    A frozen network's answers never change, so they are recorded. An aliased one, whose trunk is the student's own,
    answers anew every time: its head on the student's features, for these are its features too.
    """

    def __init__(self, network: Network, *, aliased: bool = False) -> None:
        self.network = network if aliased else network.eval()
        self.aliased = aliased
        self._recorded = Recorded(network)

    def responses(self, batch: Batch, features: Tensor | None = None) -> Tensor:
        """Return logits, shape (B, K_old), of a batch; an aliased teacher wants the student's features, (B, hidden)."""
        if not self.aliased:
            return self._recorded.of(batch)
        assert features is not None, "an aliased teacher has no trunk of its own"
        with torch.no_grad():
            return self.network.head(features)


@dataclass(eq=False)
class Learner:
    """A network with its optimiser, and the method it follows. ``teacher`` is None while it learns task 1.

    ``frozen_trunk`` are the trunk's recorded features while it is frozen, None while it trains.
    """

    name: str
    network: Network
    optimizer: Sgd
    objective: Objective
    teacher: Teacher | None
    frozen_trunk: Recorded | None = None

    def features(self, batch: Batch) -> Tensor:
        """Return the trunk's features of a batch, shape (B, hidden): with gradient where the trunk trains."""
        if self.frozen_trunk is not None:
            return self.frozen_trunk.of(batch)
        features: Tensor = self.network.trunk(batch.images)
        return features


class Answers(NamedTuple):
    """Logits, float32, on the images of a split: the learner's, shape (N, outputs), and its teacher's, (N, K_old)."""

    own: Tensor
    teacher: Tensor | None


@torch.inference_mode()
def answers_on(learner: Learner, split: Split, machine: Machine, control: Control, *, teacher: bool = False) -> Answers:
    """Return what a learner answers on a whole split, and if asked for what its teacher does.

    Raises
    ------
    StopRequested
        If the user asked to stop meanwhile.
    """
    own, soft = [], []
    learner.network.eval()
    with machine.autocast():
        for batch in split.batches(EVALUATION_BATCH):
            control.check()
            features = learner.features(batch)
            own.append(learner.network.head(features).float())
            if teacher and learner.teacher is not None:
                soft.append(learner.teacher.responses(batch, features).float())
    learner.network.train()
    return Answers(torch.cat(own), torch.cat(soft) if soft else None)


class Trainer:
    """Trains learners on one task, step by step, and tells what happens."""

    def __init__(
        self,
        run_id: int,
        phase: Phase,
        learners: Sequence[Learner],
        train: Split,
        probe: Split,
        classes: int,
        *,
        hyper: Hyper,
        machine: Machine,
        lanes: Lanes,
        batch_size: int,
        probe_every: int,
        log: bool,
        control: Control,
        emit: Emit,
    ) -> None:
        self.learners = learners
        self.hyper = hyper
        self.step = 0
        self.steps_per_epoch = -(-len(train) // batch_size)
        self.seconds = 0.0
        self._run_id, self._phase = run_id, phase
        self._train, self._probe, self._classes = train, probe, classes
        self._machine, self._batch_size, self._probe_every, self._log = machine, batch_size, probe_every, log
        self._control, self._emit = control, emit
        self._losses = torch.zeros(256, len(learners), len(TERMS), device=machine.device)
        self._lanes = lanes
        self._filled = 0
        self._images = 0
        self._resumed_at = 0.0  # 0 while the clock stands: in a pause, and outside epochs
        self._next_block = 0.0

    def start(self, epochs: int) -> None:
        """Announce the phase and take the first probe."""
        names = tuple(learner.name for learner in self.learners)
        steps = epochs * self.steps_per_epoch
        self._emit(PhaseStarted(self._run_id, self._phase, names, steps, self.steps_per_epoch))
        self._freeze(self.hyper.trunk_frozen and self._phase == "task2")
        self.take_probe()

    def run_epoch(self, order: Tensor) -> None:
        """Train once on every image, in the given order, shape (images,).

        Raises
        ------
        StopRequested
            If the user asked to stop.
        Diverged
            If a loss is not finite.
        """
        self._resumed_at = time.perf_counter()
        for start in range(0, len(order), self._batch_size):
            changes = self._control.next_step(self._on_pause, self._on_resume)
            if changes:
                self.apply(replace(self.hyper, **changes), by="user")
            self.train_on(Batch(self._train, order[start : start + self._batch_size]))
            if self._log and start // self._batch_size % LOG_EVERY == 0:
                self._log_loss()
            if self._filled == len(self._losses) or self._elapsed() > self._next_block:
                self.flush()
            if self.step in EARLY_PROBES or self.step % self._probe_every == 0:
                self.take_probe()
        self.flush()
        self.seconds, self._resumed_at = self._elapsed(), 0.0

    def apply(self, hyper: Hyper, by: str) -> None:
        """Make live settings hold from the next step on; the optimisers keep their momentum."""
        old, new = asdict(self.hyper), asdict(hyper)
        changed = tuple(name for name in new if new[name] != old[name])
        if not changed:
            return
        self.hyper = hyper
        step = 0
        if self._phase == "task2":
            step = self.step
            self._freeze(hyper.trunk_frozen)
            for learner in self.learners:
                learner.optimizer.lr = hyper.lr
        self.flush()
        self._emit(HyperApplied(self._run_id, step, hyper, changed, "user" if by == "user" else "schedule"))

    def take_probe(self) -> None:
        """Classify the probe images with every learner, and with the teacher."""
        self.flush()
        shown = self.shown

        def answers(learner: Learner) -> Answers:
            return answers_on(learner, self._probe, self._machine, self._control, teacher=learner is shown)

        logits = np.full((len(self.learners), len(self._probe), self._classes), -np.inf, np.float16)
        soft = None
        for row, found in zip(logits, self._lanes.each(answers, self.learners), strict=True):
            row[:, : found.own.shape[1]] = _half(found.own)
            soft = soft if found.teacher is None else _half(found.teacher)
        self._emit(Probe(self._run_id, self._phase, self.step, logits, soft))

    def flush(self) -> None:
        """Send the losses that are not sent yet."""
        self._next_block = self._elapsed() + SECONDS_PER_BLOCK
        if not self._filled:
            return
        losses = self._losses[: self._filled].cpu().numpy().copy()
        self._require_finite(losses)
        first = self.step - self._filled + 1
        self._filled = 0
        self._emit(Steps(self._run_id, self._phase, first, losses, self._elapsed(), self._images * len(self.learners)))

    @property
    def train_images(self) -> int:
        """Number of training images: an epoch's."""
        return len(self._train)

    @property
    def samples_per_second(self) -> float:
        """Images trained on per second of training, each counted once per learner."""
        return self._images * len(self.learners) / self.seconds if self.seconds else 0.0

    @property
    def shown(self) -> Learner:
        """The learner whose teacher and log lines are shown: the last that distils, else the last."""
        distilling = [x for x in self.learners if x.name in METHODS and METHODS[x.name].distils]
        return (distilling or self.learners)[-1]

    def train_on(self, batch: Batch) -> None:
        """One step of every learner on one mini-batch."""
        rows = list(zip(self.learners, self._losses[self._filled], strict=True))
        self._lanes.each(lambda row: self._update(batch, *row), rows)
        self._filled += 1
        self.step += 1
        self._images += len(batch.numbers)

    def _update(self, batch: Batch, learner: Learner, losses: Tensor) -> None:
        """One step of one learner; its loss terms go into ``losses``, shape (terms,)."""
        with self._machine.autocast():
            features = learner.features(batch)
            logits = learner.network.head(features)
            soft = learner.teacher.responses(batch, features) if learner.teacher else logits[:, :0]
        terms = learner.objective(logits, batch.targets, soft, self.hyper)
        terms.total.backward()  # type: ignore[no-untyped-call]
        learner.optimizer.step()
        losses.copy_(torch.stack(terms).detach())

    def _freeze(self, frozen: bool) -> None:
        """Freeze or unfreeze every trunk; while frozen its features are recorded."""
        if frozen == (self.learners[0].frozen_trunk is not None):
            return
        for learner in self.learners:
            freeze_trunk(learner.network, frozen)
            learner.frozen_trunk = Recorded(learner.network.trunk) if frozen else None
        if frozen and not self.step:  # right after surgery all trunks are equal: record one for all
            for learner in self.learners:
                learner.frozen_trunk = self.learners[0].frozen_trunk

    def _elapsed(self) -> float:
        """Return the seconds of training so far, without pauses."""
        return self.seconds + (time.perf_counter() - self._resumed_at if self._resumed_at else 0.0)

    def _on_pause(self) -> None:
        self.flush()
        self.seconds, self._resumed_at = self._elapsed(), 0.0
        self._emit(Paused(self._run_id, self._phase, self.step))

    def _on_resume(self) -> None:
        self._resumed_at = time.perf_counter()
        self._emit(Resumed(self._run_id))

    def _require_finite(self, losses: NDArray[np.float32]) -> None:
        bad = np.argwhere(~np.isfinite(losses[..., TERMS.index("total")]))
        if len(bad):
            row, column = bad[0]
            setting = "task1.lr" if self._phase == "task1" else "the learning rate or alpha"
            raise Diverged(
                f"{self.learners[column].name} diverged: its loss is not a finite number at step "
                f"{self.step - self._filled + 1 + row} of {self._phase}; lower {setting} and run again."
            )

    def _log_loss(self) -> None:
        column = self.learners.index(self.shown)
        loss = float(self._losses[self._filled - 1, column, TERMS.index("total")])
        batch = (self.step - 1) % self.steps_per_epoch
        seen, size = min((batch + 1) * self._batch_size, len(self._train)), len(self._train)
        self._emit(LogLine(self._run_id, f"Loss: {loss:>7f}, {seen:>5d}/{size:>5d}"))


def _half(logits: Tensor) -> NDArray[np.float16]:
    half: NDArray[np.float16] = logits.clamp(-65504, 65504).cpu().numpy().astype(np.float16)
    return half
