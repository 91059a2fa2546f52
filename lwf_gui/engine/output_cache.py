"""Output cache: answers of a frozen network, or features of a frozen backbone, are computed once an image.

Li & Hoiem 2016 record the old network's responses before training; here each is recorded when its image first comes
by, so that nothing waits. The recorded path and the live one are the same arithmetic on the same mini-batch.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock

import torch
from torch import Tensor

from lwf_gui.engine.tasks import Batch, Split


@dataclass(eq=False)
class _Memory:
    rows: Tensor
    known: Tensor


class OutputCache:
    """A network, or a part of one, whose parameters do not change for as long as this object is used."""

    def __init__(self, network: Callable[[Tensor], Tensor]) -> None:
        self._network = network
        self._memories: dict[Split, _Memory] = {}
        self._last: tuple[Batch, Tensor] | None = None
        self._lock = Lock()

    def of(self, batch: Batch) -> Tensor:
        """Return the network's outputs, shape (B, ...), without gradient; looked up where all are known."""
        with self._lock:  # learners that share a teacher ask one after another: the first one's answer is for all
            if self._last is None or self._last[0] is not batch:
                memory = self._memories.get(batch.split)
                if memory is not None and bool(memory.known[batch.numbers].all()):
                    rows = memory.rows[batch.indices]
                else:
                    rows = self._record(batch, memory)
                self._last = (batch, rows)
            return self._last[1]

    def take(self, batch: Batch, rows: Tensor) -> None:
        """Know the network's outputs, shape (B, ...), of a batch that another network with the same weights made."""
        with self._lock:
            self._keep(batch, rows, self._memories.get(batch.split))

    @property
    def memory(self) -> int:
        """Bytes that are kept."""
        return sum(memory.rows.nbytes + memory.known.nbytes for memory in self._memories.values())

    def copied(self, network: Callable[[Tensor], Tensor]) -> OutputCache:
        """Return a record that begins with what is known here, for a network that is equal now."""
        made = OutputCache(network)
        made._memories = {
            split: _Memory(memory.rows.clone(), memory.known.clone()) for split, memory in self._memories.items()
        }
        return made

    def forget(self) -> None:
        """Drop all that is known."""
        self._memories, self._last = {}, None

    def _record(self, batch: Batch, memory: _Memory | None) -> Tensor:
        with torch.no_grad():
            rows = self._network(batch.images)
        self._keep(batch, rows, memory)
        return rows

    def _keep(self, batch: Batch, rows: Tensor, memory: _Memory | None) -> None:
        if memory is None:
            images = len(batch.split)
            memory = _Memory(rows.new_empty(images, *rows.shape[1:]), torch.zeros(images, dtype=torch.bool))
            self._memories[batch.split] = memory
        memory.rows[batch.indices] = rows
        memory.known[batch.numbers] = True
