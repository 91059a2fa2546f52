"""Workers: learners side by side, one thread each. What they share is read or cached, never trained.

Two learners on two cores finish sooner each on its own core than one after the other on both: no thread waits for
another within a step.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import torch

A = TypeVar("A")
B = TypeVar("B")


class Workers:
    """Threads to do the same to several learners. ``threads`` are the processor threads of one worker.

    The caller's thread is the first worker; with one worker there is no other.
    """

    def __init__(self, workers: int, threads: int) -> None:
        torch.set_num_threads(threads)
        self._pool = (
            ThreadPoolExecutor(workers - 1, "lwf-gui worker", initializer=torch.set_num_threads, initargs=(threads,))
            if workers > 1
            else None
        )

    def each(self, act: Callable[[A], B], items: Sequence[A]) -> list[B]:
        """Return what ``act`` returns for every item, in their order, once all are done."""
        if self._pool is None:
            return [act(item) for item in items]
        later = [self._pool.submit(act, item) for item in items[1:]]
        first = act(items[0])
        return [first, *(future.result() for future in later)]

    def __enter__(self) -> Workers:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown()
