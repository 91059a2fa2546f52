"""Probes: every learner's answers on the probe images, and what training does to its layers, between two steps.

A probe looks and never touches: a run trains the same bits with and without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lwf_gui.branches import branch_number
from lwf_gui.control import Control
from lwf_gui.engine.answers import Answers, answers_on
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.workers import Workers
from lwf_gui.engine.gradients import Layers, probe_of
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.tasks import Split
from lwf_gui.messages import LayerProbe, Phase, Probe
from lwf_gui.methods import METHODS

EARLY_PROBES = frozenset({0, 1, 2, 4, 8, 16})
"""Forgetting is fastest in the first steps: the probe looks more often there."""


@dataclass(frozen=True, eq=False)
class ProbeImages:
    """What is classified at a probe, when, and into how many classes of all tasks.

    Attributes
    ----------
    images : of all tasks, the probe set
    classes : output units of all tasks, those that no head has yet included
    every : steps between two probes, after the first steps
    """

    images: Split
    classes: int
    every: int

    def due(self, step: int, steps_per_epoch: int) -> bool:
        """Whether a probe follows a step, counted from the task's first: so does one on every test after an epoch."""
        return step in EARLY_PROBES or step % self.every == 0 or step % steps_per_epoch == 0


class Prober:
    """Takes probes of learners."""

    def __init__(
        self, looked_at: ProbeImages, compute: ComputeConfig, workers: Workers, control: Control, layers: Layers | None
    ) -> None:
        self._looked_at, self._compute, self._workers, self._control = looked_at, compute, workers, control
        self._layers = layers

    def answers(self, run_id: int, phase: Phase, step: int, learners: Sequence[Learner]) -> Probe:
        """Return what every learner answers, and the teacher of the one that is shown."""
        shown = shown_of(learners)
        images, classes = self._looked_at.images, self._looked_at.classes

        def answers(learner: Learner) -> Answers:
            return answers_on(learner, images, self._compute, self._control, teacher=learner is shown)

        logits = np.full((len(learners), len(images), classes), -np.inf, np.float16)
        soft = None
        for row, found in zip(logits, self._workers.each(answers, learners), strict=True):
            row[:, : found.own.shape[1]] = _half(found.own)
            if found.teacher is not None:
                soft = np.full(logits.shape[1:], -np.inf, np.float16)
                soft[:, : found.teacher.shape[1]] = _half(found.teacher)
        return Probe(run_id, phase, step, logits, soft)

    def layers(self, run_id: int, step: int, learners: Sequence[Learner], products: Tensor) -> LayerProbe | None:
        """Return how the layers moved and what pulls at them, of `Stepper.products`, which are taken; None without."""
        looked = self._layers
        if looked is None:
            return None
        states = self._workers.each(lambda learner: looked.state(learner.network), learners)
        told = probe_of(run_id, step, products, states)
        products.fill_(torch.nan)
        return told


def shown_of(learners: Sequence[Learner]) -> Learner:
    """Return the learner whose teacher and log lines are shown: the last that distils, else the last; no branch."""
    own = [learner for learner in learners if not branch_number(learner.name)] or learners
    distilling = [learner for learner in own if learner.method.name and METHODS[learner.method.name].distils]
    return (distilling or own)[-1]


def _half(logits: Tensor) -> NDArray[np.float16]:
    half: NDArray[np.float16] = logits.clamp(-65504, 65504).cpu().numpy().astype(np.float16)
    return half
