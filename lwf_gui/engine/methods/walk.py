"""The way that training goes through the weights, and what each weight contributed to the fall of the loss on it.

    omega_i = sum over steps of -g_i * delta_i

g is the gradient of the task's own loss before a step and delta what the step changed: the path integral of the
gradient (Zenke et al. 2017, eq. 3). In the limit of small steps the sum of all omega is by how much the loss fell.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lwf_gui.engine.methods.importance import Weights, pieces
from lwf_gui.engine.networks import Network


@dataclass(frozen=True, eq=False)
class Way:
    """A way: ``omega`` by weight, and the weights at its ``start``."""

    omega: Weights
    start: Weights


class Walk:
    """Adds up a way while it is gone; ``known`` are weights that need no copy, for those that begin as they are."""

    def __init__(self, known: Weights | None = None) -> None:
        self._known = known or {}
        self.omega: dict[str, Tensor] = {}
        self.start: dict[str, Tensor] = {}
        self._before: dict[str, tuple[Tensor, Tensor]] = {}

    def before(self, network: Network) -> None:
        """Take note of weights and gradients, of the task's own loss alone, before a step."""
        weights = {name: weight.detach() for name, weight in network.named_parameters()}
        if not self.start:
            self.start = {name: self._begin(name, weight) for name, weight in weights.items()}
            self.omega = {name: torch.zeros_like(weight) for name, weight in weights.items()}
        gradients = {name: weight.grad for name, weight in network.named_parameters()}
        self._before = {name: (g, weights[name].clone()) for name, g in gradients.items() if g is not None}

    @torch.no_grad()
    def after(self, network: Network) -> None:
        """Add what the step did."""
        for name, weight in network.named_parameters():
            if name in self._before:
                gradient, was = self._before[name]
                for omega, now, then, g in pieces(self.omega[name], weight.detach(), was, gradient):
                    omega.addcmul_(now - then, g, value=-1)
        self._before = {}

    @property
    def way(self) -> Way:
        """The way so far: a copy, which stays as it is."""
        return Way({name: omega.clone() for name, omega in self.omega.items()}, dict(self.start))

    def go_on(self, way: Way) -> None:
        """Go on after a way, which stays as it is."""
        self.omega, self.start = {name: omega.clone() for name, omega in way.omega.items()}, dict(way.start)

    def _begin(self, name: str, weight: Tensor) -> Tensor:
        known = self._known.get(name)
        return known if known is not None and torch.equal(known, weight) else weight.clone()
