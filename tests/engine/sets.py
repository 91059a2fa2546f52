"""Small data sets in IDX files for tests: sound ones, and the sentences that unsound ones are refused with."""

from __future__ import annotations

import gzip
import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from lwf_gui import InputError
from lwf_gui.data import sources
from tests.conftest import FASHION_MNIST_DIRECTORY

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
TRAIN_IMAGES, TRAIN_LABELS, TEST_IMAGES, TEST_LABELS = FILES


def idx(array: NDArray[np.uint8]) -> bytes:
    sizes = np.array(array.shape, ">u4").tobytes()
    return bytes((0, 0, 8, array.ndim)) + sizes + array.tobytes()


def small_arrays() -> dict[str, NDArray[np.uint8]]:
    rng = np.random.default_rng(0)
    return {
        TRAIN_IMAGES: rng.integers(0, 256, (20, 5, 4), np.uint8),
        TRAIN_LABELS: (np.arange(20) % 3).astype(np.uint8),
        TEST_IMAGES: rng.integers(0, 256, (6, 5, 4), np.uint8),
        TEST_LABELS: (np.arange(6) % 4).astype(np.uint8),
    }


def write_set(directory: Path, *, compressed: bool = False, **replaced: NDArray[np.uint8]) -> Path:
    """Write a small sound set; ``replaced`` gives other arrays for train_images and so on."""
    keys = dict(zip(("train_images", "train_labels", "test_images", "test_labels"), FILES, strict=True))
    arrays = small_arrays() | {keys[key]: array for key, array in replaced.items()}
    directory.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        write_file(directory / f"{name}.gz" if compressed else directory / name, idx(array))
    return directory


def write_file(path: Path, content: bytes) -> Path:
    path.write_bytes(gzip.compress(content, 1) if path.suffix == ".gz" else content)
    return path


def copy_package(directory: Path) -> Path:
    return Path(shutil.copytree(FASHION_MNIST_DIRECTORY, directory))


def refusal(spec: str | Path) -> str:
    """Load what must be refused; give the sentence, having checked that it is one."""
    with pytest.raises(InputError) as caught:
        sources.load(str(spec))
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert ". " not in sentence
    assert "\n" not in sentence
    return sentence
