"""What the methods share that hold weights: cross-entropy and a penalty on leaving the weights of earlier tasks."""

from __future__ import annotations

from typing import ClassVar

import torch

from lwf_gui.engine.losses import cross_entropy
from lwf_gui.engine.methods.base import Context, Method, Pulls, State, Terms, tensor_bytes
from lwf_gui.engine.methods.importance import Pull, Quadratic, from_state
from lwf_gui.groups import Group
from lwf_gui.method_rows.regularisation import Regularisation


class Regulariser(Method):
    """Minimises total = CE + factor * strength * sum_i importance_i (theta_i - anchor_i)**2.

    The gradient of the penalty is added by hand, after that of CE: the formula is short, and the graph of it would be
    several more passes over all weights. A subclass says at the end of a task what was important.
    """

    terms: ClassVar[tuple[str, ...]] = ("ce", "penalty", "total")
    """The penalty as it is minimised, with its strength, in nats per image as CE is."""
    factor: ClassVar[float] = 1.0

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Regularisation)
        self.memory: Quadratic | None = None
        """What is known of earlier tasks; None before the first one is learnt."""
        self.scope = "all"
        """The softmax of CE in the last step: over all classes, or over the "new" task's."""
        self._weight = self.factor * settings.strength
        self._pull: Pull | None = None

    def losses(self, context: Context) -> Terms:
        """Return CE, the penalty and their sum; the penalty has no graph."""
        self.scope = context.live.ce_scope
        ce = cross_entropy(context.logits.float(), context.targets, context.task.earlier, self.scope)
        self._pull = self.memory.pull(context.network) if self.memory and self._weight else None
        if self._pull is None:
            return {"ce": ce, "penalty": torch.zeros_like(ce), "total": ce}
        penalty = self._weight * self._pull.value
        return {"ce": ce, "penalty": penalty, "total": ce + penalty}

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return CE and the penalty, with its graph."""
        if self._pull is None or self.memory is None:
            return Pulls(None, None)
        return Pulls(terms["ce"], self._weight * self.memory.value(context.network))

    def after_backward(self, context: Context) -> None:
        """Add the gradient of the penalty; that of CE itself stays as it is, for whoever has kept it."""
        half = {} if self._pull is None else self._pull.half
        for name, parameter in context.network.named_parameters():
            if parameter.grad is None or name not in half:
                continue
            rows = len(half[name])
            if rows == len(parameter):
                parameter.grad = torch.add(parameter.grad, half[name], alpha=2 * self._weight, out=half[name])
            else:
                parameter.grad = parameter.grad.clone()
                parameter.grad[:rows].add_(half[name], alpha=2 * self._weight)
        self._pull = None

    def state(self) -> State:
        """Return importance and anchors."""
        return {"scope": self.scope, **(self.memory.state if self.memory else {})}

    def load_state(self, state: State) -> None:
        """Take importance and anchors."""
        self.scope, self.memory = str(state["scope"]), from_state(state)

    @property
    def stored_bytes(self) -> int:
        """Return the bytes of importance and anchors."""
        return tensor_bytes(self.state())
