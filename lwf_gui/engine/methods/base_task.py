"""The base task's objective: plain cross-entropy, for there is nothing to remember yet."""

from __future__ import annotations

from typing import ClassVar

import torch

from lwf_gui.engine.losses import LossTerms, cross_entropy
from lwf_gui.engine.methods.base import Context, Method, Terms
from lwf_gui.engine.methods.walk import Walk
from lwf_gui.groups import Group


class BaseTask(Method):
    """Trains the first teacher. It keeps the columns of LwF, whose KD is 0 here."""

    terms: ClassVar[tuple[str, ...]] = LossTerms._fields

    def losses(self, context: Context) -> Terms:
        """Return total = CE."""
        ce = cross_entropy(context.logits.float(), context.targets, 0, "all")
        return LossTerms(ce, zero := torch.zeros_like(ce), zero, ce)._asdict()


class WalkedBaseTask(BaseTask):
    """The same, and its way through the weights is kept: training is the same to the last bit."""

    wants_path: ClassVar[bool] = True

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        self.walk = Walk()

    def after_backward(self, context: Context) -> None:
        """Take note of the gradient."""
        self.walk.before(context.network)

    def after_step(self, context: Context) -> None:
        """Walk on."""
        self.walk.after(context.network)
