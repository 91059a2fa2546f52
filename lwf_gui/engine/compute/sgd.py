"""Stochastic gradient descent with momentum."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from lwf_gui.engine.compute.optimizer import Optimizer


class Sgd(Optimizer):
    """``torch.optim.SGD``, number for number, for the parameters that have a gradient.

    With gradient g of the weights w, velocity v, momentum m and weight decay d:

        v <- m v + (g + d w)
        w <- w - lr v

    With a ``max_step`` no step is longer than that, and the velocity adds up at most 1 / (1 - m) such steps. A frozen
    parameter is passed over: for a gradient of zero, weight decay and velocity would still move it.
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
        super().__init__(parameters, lr=lr, weight_decay=weight_decay, max_step=max_step)
        self.momentum = momentum

    def like(self, parameters: Iterable[nn.Parameter]) -> Sgd:
        """Return an optimiser of the same settings for other parameters, which never moved."""
        decay, longest = self.weight_decay, self.max_step
        return Sgd(parameters, lr=self.lr, momentum=self.momentum, weight_decay=decay, max_step=longest)

    def _move(self, moved: list[Tensor], gradients: list[Tensor], lr: float) -> None:
        if self.momentum:
            for parameter in moved:
                if parameter not in self.moments:
                    self.moments[parameter] = (torch.zeros_like(parameter),)
        torch._fused_sgd_(
            moved,
            gradients,
            [self.moments[parameter][0] for parameter in moved] if self.momentum else [],
            lr=lr,
            momentum=self.momentum,
            weight_decay=self.weight_decay,
            dampening=0.0,
            nesterov=False,
            maximize=False,
            is_first_step=False,  # from a velocity of zero, m v + g is g: the first step needs no case of its own
        )
