"""Importance of weights: a quadratic penalty that holds every weight near an anchor, as hard as the weight mattered.

    penalty = sum_i importance_i (theta_i - anchor_i)**2

What was not there at the anchor, rows of the head for new classes or an inserted layer, is free. Elastic Weight
Consolidation, Synaptic Intelligence and Memory Aware Synapses differ in what they call important.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from lwf_gui.engine.networks import Network

Weights = Mapping[str, Tensor]
"""A number for every weight of a network, by the name of its parameter."""

PIECE = 100_000
"""Weights that are worked on at a time on a processor: their intermediate results stay in its cache."""


class Pull(NamedTuple):
    """The penalty, a scalar, and half of its gradient, importance * (theta - anchor), for the weights it knows."""

    value: Tensor
    half: Weights


@dataclass(frozen=True, eq=False)
class Quadratic:
    """The penalty after some tasks; its tensors never change.

    ``rest`` is what several anchors add to it wherever the weights are, see `joined`.
    """

    importance: Weights
    anchor: Weights
    rest: float = 0.0

    def value(self, network: Network) -> Tensor:
        """Return the penalty, a scalar, with its graph."""
        now = dict(network.named_parameters())
        terms = [
            (importance * (now[name][: len(importance)] - self.anchor[name]).square()).sum()
            for name, importance in self.importance.items()
        ]
        return torch.stack(terms).sum() + self.rest

    @torch.no_grad()
    def pull(self, network: Network) -> Pull:
        """Return the penalty and half of its gradient: one pass over the weights, without a graph."""
        now, half, sums = dict(network.named_parameters()), dict[str, Tensor](), list[Tensor]()
        for name, importance in self.importance.items():
            weights = now[name].detach()[: len(importance)]
            half[name] = torch.empty_like(weights)
            for here, anchor, each, out in pieces(weights, self.anchor[name], importance, half[name]):
                away = here - anchor
                torch.mul(away, each, out=out)
                sums.append((away * out).sum() if away.ndim > 2 else torch.dot(away.flatten(), out.flatten()))
        return Pull(torch.stack(sums).sum() + self.rest, half)

    @property
    def state(self) -> dict[str, Tensor | float]:
        """Tensors and plain values by name."""
        named = {"importance": self.importance, "anchor": self.anchor}
        tensors = {f"{what}.{name}": tensor for what, each in named.items() for name, tensor in each.items()}
        return {**tensors, "rest": self.rest}


def from_state(state: Mapping[str, Tensor | int | float | str]) -> Quadratic | None:
    """Return the penalty of `Quadratic.state`, which may stand beside other entries; None where there is none."""
    importance, rest = group_of(state, "importance"), state.get("rest", 0.0)
    assert isinstance(rest, float)
    return Quadratic(importance, group_of(state, "anchor"), rest) if importance else None


def group_of(state: Mapping[str, Tensor | int | float | str], what: str) -> dict[str, Tensor]:
    """Return the tensors of a state whose names begin with ``what`` and a point, by the rest of their names."""
    begin = f"{what}."
    return {
        name.removeprefix(begin): value
        for name, value in state.items()
        if name.startswith(begin) and isinstance(value, Tensor)
    }


def held(before: Quadratic | None, importance: Weights, network: Network, keep: float = 1.0) -> Quadratic:
    """Return one penalty at the network's weights, of ``keep`` times the importance before and that of a new task."""
    total = {name: keep * old + new for name, old, new in _beside(before, importance)}
    return Quadratic(total, weights_of(network, importance))


def joined(before: Quadratic | None, importance: Weights, network: Network) -> Quadratic:
    """Return the sum of a penalty and a new task's own, with an anchor of its own at the network's weights.

    Two parabolas are one: with A, F the importances, c, a the anchors,

        A (x - c)**2 + F (x - a)**2 = (A + F) (x - m)**2 + A F / (A + F) (c - a)**2,    m = c + F / (A + F) (a - c)

    so that neither memory nor time grows with the number of tasks. A weight of no importance keeps its newest anchor.
    """
    anchors, new_anchor = {} if before is None else before.anchor, weights_of(network, importance)
    total, middle, rest = dict[str, Tensor](), dict[str, Tensor](), 0.0 if before is None else before.rest
    for name, old, new in _beside(before, importance):
        total[name] = old + new
        share = torch.where(total[name] > 0, new / total[name], 1.0)
        away = new_anchor[name] - _widened(anchors.get(name), new_anchor[name], new_anchor[name])
        middle[name] = new_anchor[name] - (1 - share) * away
        rest += float((old * share * away.square()).sum())
    return Quadratic(total, middle, rest)


def weights_of(network: Network, names: Weights | None = None) -> dict[str, Tensor]:
    """Return copies of a network's weights: of those of these names, or of all."""
    weights = network.named_parameters()
    return {name: weight.detach().clone() for name, weight in weights if names is None or name in names}


def pieces(*tensors: Tensor) -> Iterator[tuple[Tensor, ...]]:
    """Yield equal parts of tensors of one shape, small enough for a processor's cache; elsewhere all at once."""
    first = tensors[0]
    rows = max(1, PIECE * len(first) // max(1, first.numel()))
    if first.device.type != "cpu" or rows >= len(first):
        yield tensors
    else:
        yield from zip(*(torch.split(tensor, rows) for tensor in tensors), strict=True)


def _beside(before: Quadratic | None, importance: Weights) -> Iterator[tuple[str, Tensor, Tensor]]:
    """Yield name, importance so far and new importance, of one shape: what is new had none."""
    known = {} if before is None else before.importance
    for name, new in importance.items():
        yield name, _widened(known.get(name), new, torch.zeros_like(new)), new


def _widened(old: Tensor | None, like: Tensor, others: Tensor) -> Tensor:
    """Return ``old`` with as many rows as ``like``: those that it has not are the ``others``'."""
    if old is None:
        return others
    return old if len(old) == len(like) else torch.cat((old, others[len(old) :]))
