"""The clock of training: seconds without pauses, and when the next block of losses is due."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

work_clock = time.perf_counter if sys.platform == "win32" else time.thread_time
"""Seconds that this thread has worked: what it waits for a core, or another learner, is no part of what a method costs.

Windows counts these in steps of 16 ms, several mini-batches long: there it is the wall clock.
"""

SECONDS_PER_BLOCK = 0.05
"""How often losses are sent: often enough to look live, seldom enough to cost nothing."""


class Clock:
    """Counts the seconds of training; it stands in a pause and outside epochs."""

    def __init__(self) -> None:
        self._counted = 0.0
        self._since: float | None = None
        self._next_block = 0.0

    def go(self) -> None:
        """Count from now on."""
        self._since = time.perf_counter()

    def stand(self) -> None:
        """Count no more until `go`."""
        self._counted, self._since = self.seconds, None

    @contextmanager
    def standing(self) -> Iterator[None]:
        """Count nothing meanwhile, and go on only if it went before."""
        went = self._since is not None
        self.stand()
        yield
        if went:
            self.go()

    def reset(self) -> None:
        """Stand at zero."""
        self._counted, self._since = 0.0, None

    @property
    def seconds(self) -> float:
        """Seconds of training so far."""
        return self._counted + (time.perf_counter() - self._since if self._since is not None else 0.0)

    @property
    def block_due(self) -> bool:
        """Whether the losses should be sent."""
        return self.seconds > self._next_block

    def block_sent(self) -> None:
        """Let the next block be due a little later."""
        self._next_block = self.seconds + SECONDS_PER_BLOCK
