"""Frozen backbone: the head alone trains, on the features that the base task has learnt.

    total = CE of the new task's classes (ce_scope = new), or of all classes so far (all)

With "new" the old rows of the head stay as they are, and only the new ones train: "feature extraction", a bound for
methods whose backbone goes on learning. With "all" the old rows train too, and the head alone forgets. Published
setting: the new layer alone trains, with its own softmax.

Source: feature extraction in Li & Hoiem 2016, "Learning without Forgetting" (1606.09282), section 2 and table 1.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from lwf_gui.engine.losses import cross_entropy
from lwf_gui.engine.methods.base import Context, Method, Terms, Trains
from lwf_gui.groups import Group
from lwf_gui.method_rows.statistics import Frozen as Settings


class Frozen(Method):
    """Minimises the cross-entropy by the head alone."""

    terms: ClassVar[tuple[str, ...]] = ("ce", "total")
    trains: ClassVar[Trains] = "head"

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self._scope = settings.ce_scope
        self._old: tuple[Tensor, Tensor] | None = None
        """The old rows of weight and bias, before the step."""

    def losses(self, context: Context) -> Terms:
        """Return CE, which is the total."""
        ce = cross_entropy(context.logits.float(), context.targets, context.task.earlier, self._scope)
        return {"ce": ce, "total": ce}

    def after_backward(self, context: Context) -> None:
        """Keep the old rows: they have no gradient, but weight decay would shrink them."""
        if self._scope == "new":
            earlier = context.task.earlier
            head = context.network.classifier
            self._old = head.weight.detach()[:earlier].clone(), head.bias.detach()[:earlier].clone()

    @torch.no_grad()
    def after_step(self, context: Context) -> None:
        """Put the old rows back."""
        if self._old is not None:
            for parameter, old in zip(context.network.classifier.parameters(), self._old, strict=True):
                parameter[: len(old)] = old
            self._old = None
