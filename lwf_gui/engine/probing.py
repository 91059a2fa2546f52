"""Probes: every learner's answers on the probe images, and what training does to its layers, between two steps.

A probe looks and never touches: a run trains the same bits with and without it.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lwf_gui.branches import branch_number
from lwf_gui.control import Control
from lwf_gui.engine.answers import Answers, answers_on
from lwf_gui.engine.class_means import Looks, told
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.workers import Workers
from lwf_gui.engine.gradients import Layers, probe_of
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods.sums import Sums
from lwf_gui.engine.put_back import PuttingBack
from lwf_gui.engine.representation import Representations
from lwf_gui.engine.tasks import Split
from lwf_gui.messages import ClassMeans, LayerProbe, Phase, Probe, PutBack, Representation
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
    """Takes probes of learners; of the later tasks looks into ``layers`` and, with ``means``, at class means.

    ``put_back`` tells what they would know with layers of the first teacher, ``representations`` what became of what
    they make of old images.
    """

    def __init__(
        self,
        looked_at: ProbeImages,
        compute: ComputeConfig,
        workers: Workers,
        control: Control,
        layers: Layers | None,
        means: Looks | None,
        put_back: PuttingBack | None = None,
        representations: Representations | None = None,
    ) -> None:
        self._looked_at, self._compute, self._workers, self._control = looked_at, compute, workers, control
        self._layers, self._means, self._put_back = layers, means, put_back
        self._representations = representations

    def answers(
        self,
        run_id: int,
        phase: Phase,
        step: int,
        learners: Sequence[Learner],
        *,
        layers_back: bool = False,
        compared: bool = False,
    ) -> tuple[Probe, ClassMeans | None]:
        """Return what every learner answers, and the teacher of the one that is shown; and the class means they keep.

        These are looked at on the way, for the features of the probe images are the same; so are the learners with
        ``layers_back``, see `layers_put_back`, and who are ``compared`` with their teachers, see `representation`.
        """
        shown, looks = shown_of(learners), self._looks(layers_back=layers_back, compared=compared)
        if compared and self._representations is not None:
            self._representations.prepare(learners)
        found = self._workers.each(
            lambda learner: self._look(learner, teacher=learner is shown, beside=looks), learners
        )
        logits = np.full((len(learners), len(self._looked_at.images), self._looked_at.classes), -np.inf, np.float16)
        soft = None
        for row, (answers, _) in zip(logits, found, strict=True):
            row[:, : answers.own.shape[1]] = _half(answers.own)
            if answers.teacher is not None:
                soft = np.full(logits.shape[1:], -np.inf, np.float16)
                soft[:, : answers.teacher.shape[1]] = _half(answers.teacher)
        return Probe(run_id, phase, step, logits, soft), told(run_id, step, [means for _, means in found])

    def _looks(self, *, layers_back: bool, compared: bool = False) -> list[PuttingBack | Representations]:
        """Return who looks at learners on the way, of those that are wanted."""
        asked = ((self._put_back, layers_back), (self._representations, compared))
        return [each for each, wanted in asked if each is not None and wanted]

    @torch.inference_mode()
    def _look(
        self, learner: Learner, *, teacher: bool, beside: Sequence[PuttingBack | Representations]
    ) -> tuple[Answers, NDArray[np.float32] | None]:
        """Return a learner's answers, and what is told of its class means; ``beside`` look at it on the way."""
        images, sums, looks = self._looked_at.images, Sums(), self._means
        with ExitStack() as stack:
            listeners = [looks.listener(learner, sums) if looks else None]
            listeners += [stack.enter_context(each.beside(learner)) for each in beside]
            heard = [each for each in listeners if each is not None]
            found = answers_on(learner, images, self._compute, self._control, teacher=teacher, heard=heard)
        if looks is None:
            return found, None
        with self._compute.autocast():
            return found, looks.row(learner, sums)

    def layers_put_back(
        self, run_id: int, task: int, step: int, learners: Sequence[Learner], *, heard: bool
    ) -> PutBack | None:
        """Return what learners would know on the probe images with layers of the first teacher; None without a look.

        ``heard`` says that it was looked at beside their `answers`.
        """
        if self._put_back is None:
            return None
        if not heard:
            looks = self._looks(layers_back=True)
            self._workers.each(lambda learner: self._look(learner, teacher=False, beside=looks), learners)
        return self._put_back.told(run_id, task, step, learners, full=False)

    def representation(self, run_id: int, step: int, learners: Sequence[Learner]) -> Representation | None:
        """Return how learners' hidden layers compare with their teachers', as `answers` has seen; None without."""
        return None if self._representations is None else self._representations.told(run_id, step, learners)

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
