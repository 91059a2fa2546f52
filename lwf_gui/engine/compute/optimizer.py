"""What all optimisers share: parameters, live settings, and moments by parameter, which snapshots and forks copy.

torch's fused kernels do the work, without torch.optim: its first use imports torch's compiler with all of sympy, 1.4 s
and 100 MB that a run never needs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Self

import torch
from torch import Tensor, nn


class Optimizer:
    """Moves parameters along their gradients; one without gradient, a frozen one, is passed over whole.

    ``lr`` may be changed between steps; the moments stay. With a ``max_step`` above 0 a gradient is first cut back
    where lr times its L2 length, of all parameters taken as one vector, is above it: to ``max_step`` / lr, by the
    formula of ``torch.nn.utils.clip_grad_norm_`` (Pascanu et al. 2013).
    """

    def __init__(
        self, parameters: Iterable[nn.Parameter], *, lr: float, weight_decay: float, max_step: float = 0.0
    ) -> None:
        self.lr, self.weight_decay, self.max_step = lr, weight_decay, max_step
        self.parameters = list(parameters)
        self.moments: dict[Tensor, tuple[Tensor, ...]] = {}
        """By parameter, what past gradients left; those that never moved have none."""

    def like(self, parameters: Iterable[nn.Parameter]) -> Self:
        """Return an optimiser of the same settings for other parameters, which never moved."""
        raise NotImplementedError

    def copied(self, parameters: Iterable[nn.Parameter]) -> Self:
        """Return an optimiser of the same settings and moments for other parameters, in the same order."""
        made = self.like(parameters)
        for ours, theirs in zip(self.parameters, made.parameters, strict=True):
            if ours in self.moments:
                made.moments[theirs] = tuple(moment.clone() for moment in self.moments[ours])
        return made

    @torch.no_grad()
    def step(self, shares: Mapping[Tensor, float] = {}) -> None:
        """Move the parameters along their gradients, then drop these.

        Parameters
        ----------
        shares : of ``lr``, by parameter, where that is not all of it
        """
        moved = [parameter for parameter in self.parameters if parameter.grad is not None]
        gradients = [parameter.grad for parameter in moved if parameter.grad is not None]
        for parameter in moved:
            parameter.grad = None
        if not moved:
            return
        if self.max_step:
            shorten(gradients, self.max_step / self.lr)
        groups: dict[float, tuple[list[Tensor], list[Tensor]]] = {}
        for parameter, gradient in zip(moved, gradients, strict=True):
            own = groups.setdefault(shares.get(parameter, 1.0), ([], []))
            own[0].append(parameter)
            own[1].append(gradient)
        for share, own in groups.items():
            self._move(*own, share * self.lr)

    def _move(self, moved: list[Tensor], gradients: list[Tensor], lr: float) -> None:
        """Change parameters by their gradients."""
        raise NotImplementedError


def shorten(gradients: list[Tensor], limit: float) -> None:
    """Scale gradients, in place, so that their common L2 length is ``limit`` at most; shorter ones keep every bit."""
    flat = [gradient.flatten() for gradient in gradients]
    length = float(torch.stack([part.dot(part) for part in flat]).sum().sqrt())  # a norm of torch's takes twice as long
    if length > limit:
        torch._foreach_mul_(gradients, limit / (length + 1e-6))
