"""Weight averaging: a network whose weights are mixed of two others', which train along for it, step by step.

    w = (1 - share) x w_start + share x w_end

for every weight, after every step: at any moment it is the network that stands a share of the straight way between the
two (see `lwf_gui.engine.interpolation`). Rows of the head of classes that an end has not yet met are zeros there.

Source: Wortsman et al. 2022, "Robust fine-tuning of zero-shot models" (2109.01903), for a network before and after its
fine-tuning; Izmailov et al. 2018 (1803.05407) for averages of weights at all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, Protocol, TypeVar

import torch
from torch import Tensor

from lwf_gui.engine.networks import Network


class End(Protocol):
    """Who trains a network: a learner."""

    network: Network


E = TypeVar("E", bound=End)


@dataclass(frozen=True, eq=False)
class Mixture(Generic[E]):
    """What a learner's weights are mixed of.

    Attributes
    ----------
    old : the network as the first head has just grown, which never trains
    start, end : the learners that train along; None: it is the old network
    share : of the way from start to end, 0 to 1
    """

    old: Network
    start: E | None
    end: E | None
    share: float

    @property
    def ends(self) -> tuple[E, ...]:
        """The learners that train along."""
        return tuple(end for end in (self.start, self.end) if end is not None)

    def copied(self, copy: Callable[[E], E]) -> Mixture[E]:
        """Return a mixture of copies."""
        start, end = (None if each is None else copy(each) for each in (self.start, self.end))
        return replace(self, start=start, end=end)

    @torch.no_grad()
    def mix_into(self, network: Network) -> None:
        """Give a network the mixed weights."""
        first, last = (self.old if end is None else end.network for end in (self.start, self.end))
        for mine, start, end in zip(network.parameters(), first.parameters(), last.parameters(), strict=True):
            mine.copy_(torch.lerp(_as_long(start, len(mine)), _as_long(end, len(mine)), self.share))


def _as_long(values: Tensor, rows: int) -> Tensor:
    """Return a parameter with so many rows: zeros for classes that came later."""
    missing = rows - len(values)
    return torch.cat([values, values.new_zeros(missing, *values.shape[1:])]) if missing else values
