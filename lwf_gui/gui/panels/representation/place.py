"""What a spot of the panel of representations is about."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Place(NamedTuple):
    """A curve's end, a learner's plane, a class in it, a class in the key, or the key to further planes.

    ``number`` is a hidden layer's place, a class's output unit, or which way to turn: -1 is back, 1 is on.
    """

    kind: Literal["curve", "plane", "class", "key", "turn"]
    learner: str = ""
    number: int = 0
