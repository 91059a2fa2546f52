"""Stochastic gradient descent with momentum: torch's fused kernel, without torch.optim.

The first use of torch.optim imports torch's compiler with all of sympy: 1.4 s and 100 MB that a run never needs.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn


class Sgd:
    """``torch.optim.SGD``, number for number, for the parameters that have a gradient.

    With gradient g of the weights w, velocity v, momentum m and weight decay d:

        v <- m v + (g + d w)
        w <- w - lr v

    With a ``max_step`` above 0 no step is longer than that: where lr times the L2 length of g, of all parameters taken
    as one vector, is above it, g is first cut back to ``max_step`` / lr, by the formula of
    ``torch.nn.utils.clip_grad_norm_`` (Pascanu et al. 2013). The velocity adds up at most 1 / (1 - m) such steps.

    A parameter without gradient, a frozen one, is passed over whole: for a gradient of zero, weight decay and
    velocity would still move it. ``lr`` may be changed between steps; the velocity stays.
    """

    def __init__(
        self,
        parameters: Iterable[nn.Parameter],
        *,
        lr: float,
        momentum: float,
        weight_decay: float,
        max_step: float = 0.0,
    ) -> None:
        self.lr, self.momentum, self.weight_decay, self.max_step = lr, momentum, weight_decay, max_step
        self.parameters = list(parameters)
        self.velocity: dict[Tensor, Tensor] = {}
        """By parameter, of its shape; those that never moved have none, and without momentum there is none."""

    def copied(self, parameters: Iterable[nn.Parameter]) -> Sgd:
        """Return an optimiser of the same settings and velocity for other parameters, in the same order."""
        made = Sgd(
            parameters,
            lr=self.lr,
            momentum=self.momentum,
            weight_decay=self.weight_decay,
            max_step=self.max_step,
        )
        for ours, theirs in zip(self.parameters, made.parameters, strict=True):
            if ours in self.velocity:
                made.velocity[theirs] = self.velocity[ours].clone()
        return made

    @torch.no_grad()
    def step(self) -> None:
        """Move the parameters along their gradients, then drop these."""
        moved: list[Tensor] = []
        gradients: list[Tensor] = []
        for parameter in self.parameters:
            if parameter.grad is not None:
                moved.append(parameter)
                gradients.append(parameter.grad)
                if self.momentum and parameter not in self.velocity:
                    self.velocity[parameter] = torch.zeros_like(parameter)
                parameter.grad = None
        if not moved:
            return
        if self.max_step:
            shorten(gradients, self.max_step / self.lr)
        torch._fused_sgd_(
            moved,
            gradients,
            [self.velocity[parameter] for parameter in moved] if self.momentum else [],
            lr=self.lr,
            momentum=self.momentum,
            weight_decay=self.weight_decay,
            dampening=0.0,
            nesterov=False,
            maximize=False,
            is_first_step=False,  # from a velocity of zero, m v + g is g: the first step needs no case of its own
        )


def shorten(gradients: list[Tensor], limit: float) -> None:
    """Scale gradients, in place, so that their common L2 length is ``limit`` at most; shorter ones keep every bit."""
    flat = [gradient.flatten() for gradient in gradients]
    length = float(torch.stack([part.dot(part) for part in flat]).sum().sqrt())  # a norm of torch's takes twice as long
    if length > limit:
        torch._foreach_mul_(gradients, limit / (length + 1e-6))
