"""How often the window repaints: as often as looks live, as seldom as training needs.

Knows durations, not what is painted.
"""

from __future__ import annotations

SHORTEST_MS, LONGEST_MS = 75, 1000
"""Pauses between two pictures: 13 a second look smooth; with every panel open one still sees one a second, for training
would else lose a third of its speed to them where it has two cores."""

SHARE = 0.12
"""Part of one core's time that painting may take: training wants the same cores."""

MEMORY = 0.9
"""Weight of the past in the smoothed cost of a picture: one slow picture changes little."""

STEP_MS = 8
"""Changes of the pause below this are not worth setting a timer anew."""


class FrameBudget:
    """Says how long to pause so that pictures of the cost seen so far take no more than their share."""

    def __init__(self) -> None:
        self.cost_ms = 0.0
        self.pause_ms = SHORTEST_MS

    def spend(self, milliseconds: float) -> bool:
        """Take in a picture's processor time, from messages to pixels; return whether the pause changed."""
        self.cost_ms = MEMORY * self.cost_ms + (1 - MEMORY) * milliseconds
        wanted = round(min(max(self.cost_ms / SHARE, SHORTEST_MS), LONGEST_MS))
        if abs(wanted - self.pause_ms) < STEP_MS:
            return False
        self.pause_ms = wanted
        return True
