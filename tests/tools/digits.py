"""Writes the 8x8 digits that come with the program, from scikit-learn's: ``python -m tests.tools.digits``."""

from __future__ import annotations

import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split

from lwf_gui.data.digits import DIRECTORY
from lwf_gui.data.fashion_mnist import FILES


def parts() -> list[NDArray[np.uint8]]:
    """Return training images and labels, then those for testing: a quarter of each class."""
    digits = load_digits()
    images, labels = digits.images.astype(np.uint8), digits.target.astype(np.uint8)
    found = train_test_split(images, labels, test_size=0.25, stratify=labels, random_state=0)
    train_images, test_images, train_labels, test_labels = found
    return [train_images, train_labels, test_images, test_labels]


def idx(array: NDArray[np.uint8]) -> bytes:
    """Return an array as the content of an IDX file of bytes."""
    return struct.pack(f">HBB{array.ndim}I", 0, 8, array.ndim, *array.shape) + array.tobytes()


def write(directory: Path) -> None:
    """Write the four files."""
    for name, part in zip(FILES, parts(), strict=True):
        (directory / f"{name}.gz").write_bytes(gzip.compress(idx(part), 9, mtime=0))


if __name__ == "__main__":
    write(DIRECTORY)
