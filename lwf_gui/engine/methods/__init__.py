"""The methods' objectives: one file each, registered in ``lwf_gui.methods``.

An objective gets one mini-batch's logits, shape (N, K_old + K_new), its targets, shape (N,), the teacher's logits on
the same images, shape (N, K_old), and the live settings; it returns the loss to minimise with its parts.
"""

from __future__ import annotations

import importlib
from typing import Protocol

from torch import Tensor

from lwf_gui.engine.losses import LossTerms
from lwf_gui.methods import method_of
from lwf_gui.recipe import LiveSettings


class Objective(Protocol):
    """What a learner minimises."""

    def __call__(self, logits: Tensor, targets: Tensor, teacher: Tensor, live_settings: LiveSettings) -> LossTerms:
        """Return the loss of one mini-batch."""
        ...


def objective_of(learner: str) -> Objective:
    """Return the registered objective of a method, or of a branch's method.

    Raises
    ------
    KeyError
        For a name that follows no method.
    """
    method = method_of(learner)
    if method is None:
        raise KeyError(learner)
    module, _, name = method.objective.partition(":")
    objective: Objective = getattr(importlib.import_module(module), name)
    return objective
