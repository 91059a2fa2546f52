"""Adam: every weight's step has about the length of the learning rate, whatever the size of its gradient."""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import Tensor, nn

from lwf_gui.engine.compute.optimizer import Optimizer

BETA1, BETA2, EPS = 0.9, 0.999, 1e-8
"""Kingma & Ba 2015, *Adam: A Method for Stochastic Optimization* (arXiv 1412.6980), algorithm 1."""


class Adam(Optimizer):
    """``torch.optim.Adam``, number for number, for the parameters that have a gradient.

    With gradient g of the weights w, weight decay d, and after t steps of a parameter:

        g <- g + d w
        m <- b1 m + (1 - b1) g
        v <- b2 v + (1 - b2) g**2
        w <- w - lr (m / (1 - b1**t)) / (sqrt(v / (1 - b2**t)) + eps)
    """

    def like(self, parameters: Iterable[nn.Parameter]) -> Adam:
        """Return an optimiser of the same settings for other parameters, which never moved."""
        return Adam(parameters, lr=self.lr, weight_decay=self.weight_decay, max_step=self.max_step)

    def _move(self, moved: list[Tensor], gradients: list[Tensor], lr: float) -> None:
        for parameter in moved:
            if parameter not in self.moments:
                steps = torch.zeros((), device=parameter.device)
                self.moments[parameter] = (torch.zeros_like(parameter), torch.zeros_like(parameter), steps)
        means, squares, steps_made = map(list, zip(*(self.moments[parameter] for parameter in moved), strict=True))
        torch._foreach_add_(steps_made, 1)
        torch._fused_adam_(
            moved,
            gradients,
            means,
            squares,
            [],
            steps_made,
            lr=lr,
            beta1=BETA1,
            beta2=BETA2,
            weight_decay=self.weight_decay,
            eps=EPS,
            amsgrad=False,
            maximize=False,
        )
