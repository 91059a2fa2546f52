"""Grey values: which one becomes 1, and images that are refused because there is nothing to see in them."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lwf_gui import InputError

BYTE = 255
APART = 4
"""Training and test images whose largest values differ by more than this factor are not on one scale."""


def scale(train: NDArray[np.uint8], test: NDArray[np.uint8], where: str) -> tuple[int, str]:
    """Return the grey value that becomes 1, and a sentence on it, empty where it is the usual 255.

    Images that use the upper half of a byte's range are ordinary ones, scaled by 255 as everywhere; others (pixels 0
    and 1, or 0 to 16) by their own largest value, else the network would see almost nothing.

    Raises
    ------
    InputError
        If all images of a part are the same, or training and test images are not on one scale.
    """
    for part, images in (("training", train), ("test", test)):
        if _all_the_same(images) or not images.any():
            raise InputError(f"{where} cannot be learnt from: all of its {len(images):,} {part} images are the same.")
    high, other = int(train.max()), int(test.max())
    if max(high, other) > APART * min(high, other):
        raise InputError(
            f"{where} holds training images with grey values up to {high} but test images up to {other}: "
            "both must be on one scale."
        )
    if high > BYTE // 2:
        return BYTE, ""
    return high, f"The grey values of {where} reach {high}, not {BYTE}: the images are scaled by that."


def _all_the_same(images: NDArray[np.uint8]) -> bool:
    """Whether no image differs from the first one; a single image is the same as itself if it is blank."""
    if len(images) == 1:
        return bool(images.min() == images.max() and images.size > 1)
    return not any((image != images[0]).any() for image in images[1:])
