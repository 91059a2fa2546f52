"""What the spots of the panel of sweeps are about."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Place(NamedTuple):
    """A cell of the heat map, a point of old against new, the curves, a key to a view, or one that does something.

    Attributes
    ----------
    name : the learner of a point or key, the figure of a key, "across" or "up" of an axis, or an action's id
    across, up : place of a cell; of a point, its number is ``across``
    """

    kind: Literal["cell", "point", "curves", "scale", "learner", "quantity", "axis", "action"]
    name: str = ""
    across: int = 0
    up: int = 0
