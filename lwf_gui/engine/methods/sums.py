"""Sums that grow image by image: of all statistics of a data set, what comes together from its parts in any order."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor
from torch.nn import functional


class Sums:
    """Tensors by name, added to in place, until somebody else holds them: then the next addition makes a copy.

    So a state that was handed out never changes, and a matrix of hundreds of MB is not copied at every step.
    """

    def __init__(self) -> None:
        self._tensors: dict[str, Tensor] = {}
        self._held: set[str] = set()

    def __getitem__(self, name: str) -> Tensor:
        """Return a sum, to be read."""
        return self._tensors[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is such a sum."""
        return name in self._tensors

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._tensors)

    def mine(self, name: str, shape: tuple[int, ...], dtype: torch.dtype, device: torch.device) -> Tensor:
        """Return a sum that may be changed in place: with rows of zeros more, where ``shape`` has more rows."""
        there = self._tensors.get(name)
        if there is None:
            there = torch.zeros(shape, dtype=dtype, device=device)
        elif len(there) < shape[0]:
            there = torch.cat((there, there.new_zeros(shape[0] - len(there), *shape[1:])))
        elif name in self._held:
            there = there.clone()
        self._held.discard(name)
        self._tensors[name] = there
        return there

    def drop(self, name: str) -> None:
        """Keep a sum no longer, if it is there: it has no more to say."""
        self._tensors.pop(name, None)
        self._held.discard(name)

    def hand_out(self) -> dict[str, Tensor]:
        """Return all sums, for somebody who keeps them."""
        self._held = set(self._tensors)
        return dict(self._tensors)

    def take(self, tensors: Mapping[str, Tensor]) -> None:
        """Go on from sums that somebody else holds, too."""
        self._tensors, self._held = dict(tensors), set(tensors)

    @property
    def nbytes(self) -> int:
        """Bytes of all sums."""
        return sum(tensor.nbytes for tensor in self._tensors.values())


def one_hot(targets: Tensor, classes: int, dtype: torch.dtype) -> Tensor:
    """Return shape (N, classes): 1 at each image's own class. A product with it sums by class in a fixed order."""
    return functional.one_hot(targets, classes).to(dtype)
