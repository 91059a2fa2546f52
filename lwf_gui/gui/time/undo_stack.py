"""Undo and redo of settings: the states before and after each change.

Changes of the same fields in quick succession are one. It knows nothing of what a state is.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Generic, TypeVar

S = TypeVar("S")

TOGETHER_SECONDS = 1.0
"""A slider that moves changes its setting many times: within this time it is one change."""

DEPTH = 200
"""Changes that can be taken back."""


class UndoStack(Generic[S]):
    """What was before, and what was taken back."""

    def __init__(self) -> None:
        self._before: list[tuple[S, Any]] = []
        self._after: list[tuple[S, Any]] = []
        self.what: Any = ()
        """What the change was of that was taken back, or made again, last."""
        self._last: tuple[object, float] = (None, 0.0)

    def note(self, state: S, what: object) -> None:
        """Keep the state before a change of ``what``; what was taken back is forgotten."""
        now = time.monotonic()
        together = self._last[0] == what and now - self._last[1] < TOGETHER_SECONDS
        self._last = (what, now)
        self.forget_after()
        if not together or not self._before:
            self._before = [*self._before[-DEPTH + 1 :], (state, what)]

    def forget_after(self) -> None:
        """Forget what was taken back."""
        self._after.clear()

    def drop(self, what: object) -> None:
        """Forget the state before a change of ``what``: there is nothing to take back any more."""
        self._before = [kept for kept in self._before if kept[1] != what]

    def keep(self, fit: Callable[[list[S]], bool]) -> None:
        """Forget the oldest states before the present one until what is kept may be."""
        while self._before and not fit([state for state, _ in self._before]):
            del self._before[0]

    def undo(self, now: S) -> S | None:
        """Return the state before the last change, given the present one; None where there is none."""
        return self._go(self._before, self._after, now)

    def redo(self, now: S) -> S | None:
        """Return the state that was taken back last; None where there is none."""
        return self._go(self._after, self._before, now)

    @property
    def can_undo(self) -> bool:
        """Whether there is a change to take back."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether there is a change to make again."""
        return bool(self._after)

    def _go(self, source: list[tuple[S, Any]], target: list[tuple[S, Any]], now: S) -> S | None:
        if not source:
            return None
        self._last = (None, 0.0)
        state, self.what = source.pop()
        target.append((now, self.what))
        return state
