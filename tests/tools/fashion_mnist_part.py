"""Draws the part of Fashion-MNIST that comes with the program, from the full set.

    python -m tests.tools.fashion_mnist_part [DIRECTORY]

The draw rests on SHA-256 alone, so that no library's random numbers can change it: of every class those images are
taken whose number hashes lowest, 1,000 for training and 200 for testing. They keep their order.
"""

from __future__ import annotations

import gzip
import hashlib
import sys
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lwf_gui.data.dataset import Dataset
from lwf_gui.data.fashion_mnist import FILES, PART_DIRECTORY

SEED = 0
PER_CLASS = {"train": 1_000, "test": 200}


def part_of(full: Dataset) -> dict[str, bytes]:
    """Return the content of the part's four IDX files by their names."""
    train = chosen(full.train_labels, "train")
    test = chosen(full.test_labels, "test")
    arrays = (full.train_images[train], full.train_labels[train], full.test_images[test], full.test_labels[test])
    return {name: idx(array) for name, array in zip(FILES, arrays, strict=True)}


def chosen(labels: NDArray[np.uint8], part: str) -> NDArray[np.intp]:
    """Return the numbers of the images that are taken, in order."""

    def rank(number: int) -> bytes:
        return hashlib.sha256(f"{SEED} {part} {number}".encode()).digest()

    taken: list[int] = []
    for label in np.unique(labels):
        taken += sorted(map(int, np.flatnonzero(labels == label)), key=rank)[: PER_CLASS[part]]
    return np.array(sorted(taken), np.intp)


def idx(array: NDArray[np.uint8]) -> bytes:
    """Return an array of bytes as an IDX file."""
    return bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes() + array.tobytes()


def main(directory: Path) -> None:
    from lwf_gui.data import sources

    directory.mkdir(parents=True, exist_ok=True)
    for name, content in part_of(sources.load("fashion-mnist")).items():
        packed = gzip.compress(content, 9, mtime=0)
        (directory / f"{name}.gz").write_bytes(packed)
        print(f"{name}  {hashlib.sha256(content).hexdigest()}  {len(packed):,} bytes packed")  # noqa: T201


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else PART_DIRECTORY)
