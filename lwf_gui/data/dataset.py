"""A data set in memory: labelled grey images, split for training and testing.

Knows nothing of files, tasks or tensors.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled images, split for training and testing. The arrays are read-only; all images have one size.

    Attributes
    ----------
    name : "fashion-mnist", "fashion-mnist-part", "digits", or the directory's name for other IDX data
    source : where it came from, for people
    classes : names by label; of some there may be no image
    train_images, test_images : shape (N, H, W)
    train_labels, test_labels : shape (N,), values below ``len(classes)``
    peak : the grey value that becomes 1: 255, or the largest training pixel where the images use half of that at most
    fingerprint : SHA-256 in hex that identifies the content
    note : what one should know of it: sentences on why it is these data, or how their grey values are read
    """

    name: str
    source: str
    classes: tuple[str, ...]
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.uint8]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.uint8]
    peak: int
    fingerprint: str
    note: str = ""

    def labels(self) -> list[int]:
        """Return the labels of which there are images, in order."""
        found = np.union1d(self.train_labels, self.test_labels)
        return [int(label) for label in found]

    def names(self) -> str:
        """Return the names of the classes of which there are images; where they are only numbered, in short."""
        labels = self.labels()
        numbered = all(self.classes[label] == str(label) for label in labels)
        return spans(labels) if numbered else ", ".join(self.classes[label] for label in labels)

    def describe(self) -> str:
        """Return what it holds, as part of a sentence."""
        (train, height, width), test = self.train_images.shape, len(self.test_images)
        low, high = int(self.train_images.min()), int(self.train_images.max())
        return (
            f"{train:,} training and {test:,} test images of {height}x{width} pixels, grey values {low} to {high}, "
            f"{self._per_class()}"
        )

    def _per_class(self) -> str:
        """Say how many images there are of a class."""
        labels, said = self.labels(), []
        for part, own in (("training", self.train_labels), ("test", self.test_labels)):
            counts = np.bincount(own, minlength=len(self.classes))[labels]
            least, most = int(counts.min()), int(counts.max())
            said.append(f"{least:,} {part}" if least == most else f"{least:,} to {most:,} {part}")
        classes = "class" if len(labels) == 1 else "classes"
        return f"{len(labels)} {classes} with {' and '.join(said)} images each"


def combined_fingerprint(digests: list[str]) -> str:
    """Return one SHA-256 in hex for the parts of a data set, in order, from the SHA-256 of each."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def spans(labels: list[int]) -> str:
    """Return labels in order as people write them: 0 to 3, 7."""
    runs: list[list[int]] = []
    for label in labels:
        if runs and label == runs[-1][-1] + 1:
            runs[-1].append(label)
        else:
            runs.append([label])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
