"""What learners answer to the probe images, as short texts: of each image, the class and for how many moments it stays.

Most answers stay from probe to probe, so a run of 1,500 images, 200 probes and four learners takes some 500 kB.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
"""Digits of a class in a code; a number beside it is how many moments it is answered, where that is more than one."""

NOBODY = "-"
"""In place of these where there is no answer."""

BETWEEN = ","
"""Between two images."""


def width(classes: int) -> int:
    """Return how many letters a class takes."""
    return 1 if classes <= len(LETTERS) else 2


def encoded(taken: NDArray[np.integer[Any]], classes: int) -> str:
    """Return the code of answers, shape (moments, images): output units, or `metrics.NO_ANSWER`, which is -1.

    >>> encoded(np.array([[0, 3], [0, 3], [2, -1]]), 10)
    'A2C,D2-'
    """
    names = _names(classes)
    columns = np.ascontiguousarray(taken.T)  # an image in each row
    begins = np.ones(columns.shape, np.bool_)
    begins[:, 1:] = columns[:, 1:] != columns[:, :-1]
    images = range(len(columns))
    return BETWEEN.join(_image(columns[image][begins[image]], begins[image], names) for image in images)


def _names(classes: int) -> list[str]:
    """Return the letters of every class; those of no answer come last, so that -1 finds them."""
    letters = width(classes)
    if letters == 1:
        return [*LETTERS[:classes], NOBODY]
    high, low = (LETTERS, LETTERS)
    return [*(high[unit // len(LETTERS)] + low[unit % len(LETTERS)] for unit in range(classes)), NOBODY * 2]


def _image(units: NDArray[np.integer[Any]], begins: NDArray[np.bool_], names: list[str]) -> str:
    """Return the code of the answers to one image: output units, and at which moments each begins."""
    places = [*begins.nonzero()[0].tolist(), len(begins)]
    lengths = (end - begin for begin, end in pairwise(places))
    return "".join(
        names[unit] + (str(length) if length > 1 else "") for unit, length in zip(units.tolist(), lengths, strict=True)
    )
