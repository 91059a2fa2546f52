"""A place for tiny runs on the digits: what they told, and their learners."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lwf_gui.control import Control
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.networks import Network
from lwf_gui.engine.runner import Job, Runner
from lwf_gui.engine.training import Trainer
from lwf_gui.messages import TERMS, Finished, Fork, Message, Outcome, Phase, PhaseStarted, Probe, Steps
from lwf_gui.recipe import Recipe, compose

TINY = (
    "engine.threads=1",
    "engine.device=cpu",
    "engine.precision=fp32",
    "model.hidden=32",
    "task1.epochs=1",
    "task2.epochs=2",
    "task2.max_step=0",
    "train.probe_images=20",
    "train.probe_every=1000",
    "data.train_images=320",
    "ranpac.projection=200",  # of 2,000 units a head takes as long as all else of a run
    *(f"{group}.strength=100" for group in ("ewc", "ewc_online", "si")),  # so short a base task leaves it steep
)
CE, KD, KL, TOTAL = range(len(TERMS))
FINE_TUNE, LWF = 0, 1  # columns of the default learners

Bits = dict[str, Tensor]
M = TypeVar("M")


def bits(network: nn.Module) -> Bits:
    return {name: value.detach().clone() for name, value in network.state_dict().items()}


def same_bits(first: Bits, second: Bits) -> bool:
    return first.keys() == second.keys() and all(torch.equal(first[name], second[name]) for name in first)


def momentum(learner: Learner, module: nn.Module) -> list[Tensor]:
    """Return the moments that an optimiser keeps of a part of a learner's network, those that there are."""
    moments = learner.optimizer.moments
    return [moment for parameter in module.parameters() for moment in moments.get(parameter, ())]


@dataclass(eq=False)
class Ran:
    """What a run told, and its learners."""

    control: Control = field(default_factory=Control)
    messages: list[Message] = field(default_factory=list)
    learners: dict[str, Learner] = field(default_factory=dict)
    start: dict[str, Bits] = field(default_factory=dict)
    """Parameters of every learner right after the head expansion."""

    def all(self, kind: type[M]) -> list[M]:
        return [message for message in self.messages if isinstance(message, kind)]

    def one(self, kind: type[M]) -> M:
        (message,) = self.all(kind)
        return message

    def losses(self, phase: Phase = "incremental") -> NDArray[np.float32]:
        return np.concatenate([block.losses for block in self.all(Steps) if block.phase == phase])

    def probes(self, phase: Phase = "incremental") -> dict[int, Probe]:
        return {probe.step: probe for probe in self.all(Probe) if probe.phase == phase}

    def started(self, phase: Phase) -> PhaseStarted:
        (message,) = [message for message in self.all(PhaseStarted) if message.phase == phase]
        return message

    @property
    def summary(self) -> dict[str, Any]:
        return dict(self.one(Finished).summary)

    def lwf(self) -> Learner:
        return self.learners["lwf"]

    def teacher(self) -> Network:
        teacher = self.lwf().teacher
        assert teacher is not None
        return teacher.network


Hook = Callable[[Ran, Message], None]


class Lab:
    """Does tiny runs on the digits, with one runner."""

    def __init__(self) -> None:
        self.runner = Runner()

    def run(self, *changes: str, hook: Hook | None = None, control: Control | None = None) -> Ran:
        """Run with changes to `TINY`; ``hook`` sees every message at the moment when it is told."""
        return self.run_recipe(compose("digits", [*TINY, *changes]), hook, control)

    def run_recipe(self, recipe: Recipe, hook: Hook | None = None, control: Control | None = None) -> Ran:
        return self.do(Job(1, recipe, control=control or Control()), hook)

    def fork(self, fork: Fork, *changes: str, hook: Hook | None = None, run_id: int = 2) -> Ran:
        """Continue a run with changes to `TINY`."""
        return self.do(Job(run_id, compose("digits", [*TINY, *changes]), fork=fork), hook)

    def do(self, job: Job, hook: Hook | None = None) -> Ran:
        ran = Ran(job.control)
        seat = Trainer._seat

        def watched_seat(trainer: Trainer, learners: Sequence[Learner]) -> None:
            seat(trainer, learners)
            if trainer._phase == "incremental":
                ran.learners = {learner.name: learner for learner in learners}
                if not trainer.step:
                    ran.start = {learner.name: bits(learner.network) for learner in learners}

        def emit(message: Message) -> None:
            ran.messages.append(message)
            if hook:
                hook(ran, message)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Trainer, "_seat", watched_seat)
            outcome = self.runner.run(job, emit)
        assert outcome is ran.messages[-1]
        assert len([m for m in ran.messages if isinstance(m, Outcome)]) == 1
        return ran


def told_at(probe: Probe) -> NDArray[np.float16]:
    """Return the teacher's answers of a probe of task 2."""
    assert probe.teacher is not None
    return probe.teacher


def at(step: int, act: Callable[[Ran], None], phase: Phase = "incremental") -> Hook:
    """Return a hook that acts once that many steps of a phase are done; a probe must come there."""

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, Probe) and (message.phase, message.step) == (phase, step):
            act(ran)

    return hook


def lost(learner: str) -> Callable[[Ran], None]:
    """Return what lets a learner diverge: weights that are no numbers."""

    def act(ran: Ran) -> None:
        with torch.no_grad():
            next(ran.learners[learner].network.parameters()).fill_(torch.nan)

    return act


def both(*hooks: Hook) -> Hook:
    def hook(ran: Ran, message: Message) -> None:
        for each in hooks:
            each(ran, message)

    return hook
