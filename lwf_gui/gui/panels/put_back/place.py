"""What a spot of the panel of layers put back is about."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Place(NamedTuple):
    """A learner (to choose), a layer (to put back), a combination (to put back just it), the images, or a task's bar.

    ``name`` is the learner's or the layer's; ``number`` the combination, or the task: 0 is the old one, 1 the new one.
    """

    kind: Literal["learner", "layer", "images", "bar", "combination"]
    name: str = ""
    number: int = 0
