"""The training loop: learners in lockstep, one mini-batch at a time, under the user's hand.

One loop serves both tasks. It knows nothing of where the images came from or who listens.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lwf_gui.control import Control
from lwf_gui.engine.device import Machine
from lwf_gui.engine.learners import Objective
from lwf_gui.engine.networks import Network, freeze_trunk
from lwf_gui.engine.tasks import Split
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
    """Who tells what the old network answers on the new task's training images.

    A frozen network's answers never change, so each is computed once, when its image is first seen, and looked up
    in later epochs. An aliased one, whose trunk is the student's, answers anew every time.
    """

    def __init__(self, network: Network, images: int, *, constant: bool) -> None:
        self.network = network
        self.constant = constant
        self._images = images
        self._recorded = 0
        self._memory: Tensor | None = None

    def responses(self, images: Tensor, indices: Tensor) -> Tensor:
        """Return logits, shape (N, K_old), of training images, shape (N, 1, H, W), numbered by ``indices``, (N,).

        Every image must come exactly once an epoch: after the first epoch all answers are known.
        """
        if self._recorded >= self._images:
            assert self._memory is not None
            return self._memory[indices]
        with torch.no_grad():
            logits: Tensor = self.network(images)
        if self.constant:
            if self._memory is None:
                self._memory = logits.new_empty(self._images, logits.shape[1])
            self._memory[indices] = logits
            self._recorded += len(indices)
        return logits


@dataclass(eq=False)
class Learner:
    """A network with its optimiser, and the method it follows. ``teacher`` is None while it learns task 1."""

    name: str
    network: Network
    optimizer: torch.optim.SGD
    objective: Objective
    teacher: Teacher | None


@torch.inference_mode()
def logits_on(network: Network, images: Tensor, machine: Machine, control: Control) -> Tensor:
    """Return the logits, float32, shape (N, outputs), of images, shape (N, 1, H, W), in evaluation mode.

    Raises
    ------
    StopRequested
        If the user asked to stop meanwhile.
    """
    network.eval()
    parts = []
    with machine.autocast():
        for batch in torch.split(images, EVALUATION_BATCH):
            control.check()
            parts.append(network(batch).float())
    network.train()
    return torch.cat(parts)


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
        self._losses = torch.zeros(256, len(learners), len(TERMS), device=train.images.device)
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
            self._train_on(order[start : start + self._batch_size])
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
                for group in learner.optimizer.param_groups:
                    group["lr"] = hyper.lr
        self.flush()
        self._emit(HyperApplied(self._run_id, step, hyper, changed, "user" if by == "user" else "schedule"))

    def take_probe(self) -> None:
        """Classify the probe images with every learner, and with the teacher."""
        self.flush()
        images = self._probe.images
        logits = np.full((len(self.learners), len(images), self._classes), -np.inf, np.float16)
        for row, learner in zip(logits, self.learners, strict=True):
            answers = _half(logits_on(learner.network, images, self._machine, self._control))
            row[:, : answers.shape[1]] = answers
        teacher = self.shown.teacher
        soft = _half(logits_on(teacher.network, images, self._machine, self._control)) if teacher else None
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

    def _train_on(self, indices: Tensor) -> None:
        """One step of every learner on one mini-batch."""
        images, targets = self._train.images[indices], self._train.targets[indices]
        answers: dict[int, Tensor] = {}  # a teacher that learners share answers once
        for column, learner in enumerate(self.learners):
            with self._machine.autocast():
                logits = learner.network(images)
                teacher = learner.teacher
                if teacher and id(teacher) not in answers:
                    answers[id(teacher)] = teacher.responses(images, indices)
            soft = answers[id(teacher)] if teacher else logits[:, :0]
            terms = learner.objective(logits, targets, soft, self.hyper)
            terms.total.backward()  # type: ignore[no-untyped-call]
            learner.optimizer.step()
            learner.optimizer.zero_grad()
            self._losses[self._filled, column] = torch.stack(terms).detach()
        self._filled += 1
        self.step += 1
        self._images += len(indices)

    def _freeze(self, frozen: bool) -> None:
        for learner in self.learners:
            freeze_trunk(learner.network, frozen)

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
