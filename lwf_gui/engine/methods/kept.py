"""Features and targets that a head keeps for a while: until it has learnt, or tried, or summed them."""

from __future__ import annotations

import torch
from torch import Tensor

from lwf_gui.engine.methods.base import State


class Kept:
    """Mini-batches of features, shape (N, D), and targets, shape (N,), in the order in which they came."""

    def __init__(self) -> None:
        self._pairs: list[tuple[Tensor, Tensor]] = []

    @classmethod
    def of(cls, state: State, name: str) -> Kept:
        """Return what a state of that name tells."""
        kept = cls()
        features, targets = state.get(f"{name}.features"), state.get(f"{name}.targets")
        if isinstance(features, Tensor) and isinstance(targets, Tensor):
            kept.add(features, targets)
        return kept

    def __len__(self) -> int:
        """Return how many images there are."""
        return sum(len(targets) for _, targets in self._pairs)

    def add(self, features: Tensor, targets: Tensor) -> None:
        """Keep a mini-batch."""
        self._pairs.append((features, targets))

    def take(self) -> tuple[Tensor, Tensor]:
        """Return all of it, and keep it no longer."""
        whole = self._whole()
        self._pairs = []
        return whole

    def state(self, name: str) -> dict[str, Tensor]:
        """Return it under a name, for `of`."""
        if not self._pairs:
            return {}
        features, targets = self._whole()
        return {f"{name}.features": features, f"{name}.targets": targets}

    def _whole(self) -> tuple[Tensor, Tensor]:
        features, targets = (torch.cat(parts) for parts in zip(*self._pairs, strict=True))
        return features, targets

    @property
    def nbytes(self) -> int:
        """Bytes of what is kept."""
        return sum(part.nbytes for pair in self._pairs for part in pair)
