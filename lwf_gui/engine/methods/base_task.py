"""The base task's objective: plain cross-entropy, for there is nothing to remember yet."""

from __future__ import annotations

from typing import ClassVar

import torch

from lwf_gui.engine.losses import LossTerms, cross_entropy
from lwf_gui.engine.methods.base import Context, Method, Terms


class BaseTask(Method):
    """Trains the first teacher. It keeps the columns of LwF, whose KD is 0 here."""

    terms: ClassVar[tuple[str, ...]] = LossTerms._fields

    def losses(self, context: Context) -> Terms:
        """Return total = CE."""
        ce = cross_entropy(context.logits.float(), context.targets, 0, "all")
        return LossTerms(ce, zero := torch.zeros_like(ce), zero, ce)._asdict()
