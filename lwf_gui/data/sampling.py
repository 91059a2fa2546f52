"""Stratified samples of the training images: which of them a smaller training set has.

Knows nothing of pixels.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lwf_gui import InputError


def sample(labels: NDArray[np.uint8], classes: Sequence[int], limit: int, stream: Sequence[int]) -> NDArray[np.intp]:
    """Choose at most ``limit`` training images of a task, the same number of each class as far as there are so many.

    A smaller sample is part of a larger one of the same stream, and no class's images hang on the other classes.

    Parameters
    ----------
    labels : shape (N,), of all training images
    classes : labels of the task's classes
    stream : numbers that say which random stream to draw from

    Returns
    -------
    Shape (at most ``limit``,), numbers of the images, in order.

    Raises
    ------
    InputError
        If ``limit`` is below the number of classes.
    """
    if limit < len(classes):
        raise InputError(
            f"data.train_images = {limit} is too few for a task of {len(classes)} classes: "
            f"it must be 0, for all, or at least {len(classes)}."
        )
    members = [np.flatnonzero(labels == label) for label in classes]
    shares = _shares([len(own) for own in members], limit)
    chosen = [
        np.random.default_rng([*stream, label]).permutation(own)[:share]
        for label, own, share in zip(classes, members, shares, strict=True)
    ]
    return np.sort(np.concatenate(chosen))


def _shares(available: list[int], limit: int) -> list[int]:
    """Share ``limit`` out as evenly as there is of each: all up to one level, and one more for the first that can."""
    levels = range(max(available) + 1)
    level = bisect_right(levels, limit, key=lambda level: sum(min(own, level) for own in available)) - 1
    shares = [min(own, level) for own in available]
    more = [index for index, own in enumerate(available) if own > level][: limit - sum(shares)]
    return [share + (index in more) for index, share in enumerate(shares)]
