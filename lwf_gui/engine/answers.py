"""What a learner and its teacher answer on a whole split, without gradient: for probes and for the test sets."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from lwf_gui.control import Control
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.tasks import Batch, Split

EVALUATION_BATCH = 250
"""Images per forward pass without gradient: activations of more of them leave the processor's cache."""


Listener = Callable[[Batch, Tensor], object]
"""Takes a batch and its features, shape (N, ...)."""


class Answers(NamedTuple):
    """Logits, float32, on the images of a split: the learner's, shape (N, outputs), and its teacher's, (N, K_old)."""

    own: Tensor
    teacher: Tensor | None


@torch.inference_mode()
def answers_on(
    learner: Learner,
    split: Split,
    compute: ComputeConfig,
    control: Control,
    *,
    teacher: bool = False,
    heard: Sequence[Listener] = (),
) -> Answers:
    """Return what a learner answers on a whole split, and if asked for what its teacher does.

    Each of ``heard`` is told every batch with its features on the way.

    Raises
    ------
    StopRequested
        If the user asked to stop meanwhile.
    """
    own, soft = [], []
    learner.network.eval()
    with compute.autocast():
        for batch in split.batches(EVALUATION_BATCH):
            control.check()
            features = learner.features((batch,))
            for listener in heard:
                listener(batch, features)
            own.append(learner.method.answers(learner.network, features).float())
            if teacher and learner.teacher is not None:
                soft.append(learner.soft((batch,), features).float())
    learner.network.train()
    return Answers(torch.cat(own), torch.cat(soft) if soft else None)
