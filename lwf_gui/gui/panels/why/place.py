"""What a spot of the panel Why is about."""

from __future__ import annotations

from typing import Literal, NamedTuple


class Place(NamedTuple):
    """A part of the panel.

    ``kind`` is a bar, what is answered in a cell, whose row it is, the picture of a side, the arrow between the sides,
    or a key: to another image, to the mean and back, to scores or probabilities, to other learners, to the other side.
    ``side`` is 0 for new images and 1 for old ones; ``number`` an output unit, or which way a key goes.
    """

    kind: Literal["bar", "answer", "learner", "picture", "image", "mean", "view", "page", "turn", "reach"]
    side: int = 0
    learner: str = ""
    moment: int = 0
    number: int = 0
