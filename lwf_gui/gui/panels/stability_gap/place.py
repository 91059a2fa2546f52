"""What a spot of the panel of the stability gap is about."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Place(NamedTuple):
    """A learner's curve, its lowest point or its row; where all stood before; or the key to another task.

    ``name`` is the learner's; ``number`` says, of a key, which way it goes: -1 is the task before, 1 the one after.
    """

    kind: Literal["curve", "lowest", "row", "before", "task"]
    name: str = ""
    number: int = 0
