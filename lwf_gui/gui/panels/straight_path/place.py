"""What a spot of the panel of straight paths is about."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Place(NamedTuple):
    """An end of the path (to choose another one), the switch to the loss, a point, or the key that averages the two.

    ``name`` is the end that a click leads to; ``number`` the point, or of an end -1 for the one before, 1 for the next,
    0 for its name.
    """

    kind: Literal["from", "to", "switch", "point", "average"]
    name: str = ""
    number: int = 0
