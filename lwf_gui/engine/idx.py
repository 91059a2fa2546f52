"""Reads a directory with the four IDX files of a data set, as Fashion-MNIST comes in, and refuses unsound ones.

Knows nothing of where such directories lie or which one is wanted.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lwf_gui import InputError

FASHION_MNIST = "fashion-mnist"
DIGITS = "digits"
"""Names of known data: other data never gets them."""

_FASHION_MNIST_CLASSES = (
    *("T-shirt/top", "Trouser", "Pullover", "Dress", "Coat"),
    *("Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot"),
)
_FASHION_MNIST_SHA256 = {  # of the content: Debian packed the archives anew, so their own sums differ
    "train-images-idx3-ubyte": "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    "train-labels-idx1-ubyte": "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    "t10k-images-idx3-ubyte": "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    "t10k-labels-idx1-ubyte": "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
}
_FILES = tuple(_FASHION_MNIST_SHA256)
_LARGEST_LABEL = 9


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled images, split for training and testing. The arrays are read-only; all images have one size.

    Attributes
    ----------
    name : "fashion-mnist", "digits", or the directory's name for other IDX data
    source : where it came from, for people
    classes : names by label
    train_images, test_images : shape (N, H, W)
    train_labels, test_labels : shape (N,), values below ``len(classes)``
    peak : the largest possible pixel value, 255 or (digits) 16
    fingerprint : SHA-256 in hex that identifies the content
    note : one sentence on which data this is and why, if it stands in for the data that `auto` looked for
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


@dataclass(frozen=True, eq=False)
class _File:
    path: Path
    content: bytes  # decompressed
    sha256: str


def read_directory(directory: Path, source: str) -> Dataset:
    """Read the four IDX files of ``directory``; raise InputError unless they are sound and one set."""
    found = idx_files(directory)
    if not found:
        raise InputError(f"{directory} {without_files(directory)}; expected {', '.join(_FILES)}, plain or as .gz.")
    for name in _FILES:
        if name not in found:
            raise InputError(f"{directory} holds {len(found)} of the four IDX files but no {name} or {name}.gz.")
    with ThreadPoolExecutor(len(_FILES)) as pool:  # zlib and hashlib let other threads run
        files = dict(zip(_FILES, pool.map(_read_file, (found[name] for name in _FILES)), strict=True))
    _refuse_swapped(files)
    arrays = [_parse(file, images="images" in name) for name, file in files.items()]
    genuine = _is_fashion_mnist(files)
    _refuse_mismatched([file.path for file in files.values()], arrays)
    train_images, train_labels, test_images, test_labels = arrays
    seen = max(int(train_labels.max()), int(test_labels.max())) + 1
    return Dataset(
        name=FASHION_MNIST if genuine else _own_name(directory),
        source=source,
        classes=_FASHION_MNIST_CLASSES if genuine else tuple(str(label) for label in range(seen)),
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        peak=255,
        fingerprint=combined_fingerprint([file.sha256 for file in files.values()]),
    )


def read_fashion_mnist(directory: Path, source: str) -> Dataset:
    """Read ``directory`` as `read_directory` does; raise InputError unless it holds Fashion-MNIST."""
    data = read_directory(directory, source)
    if data.name != FASHION_MNIST:
        raise InputError(f"{directory} holds other data than Fashion-MNIST: the files' SHA-256 are not the known ones.")
    return data


def idx_files(directory: Path) -> dict[str, Path]:
    """Return those of the four files that are there; a plain one goes before its .gz, as in torchvision."""
    try:
        return {
            name: path
            for name in _FILES
            for path in (directory / f"{name}.gz", directory / name)  # of two, the later one stays
            if path.is_file()
        }
    except OSError as error:
        raise InputError(f"{directory} cannot be read ({_reason(error)}).") from error


def without_files(directory: Path) -> str:
    """Say, after the directory's name, why `idx_files` finds nothing there."""
    return (
        "holds no IDX files" if directory.is_dir() else "is not a directory" if directory.exists() else "does not exist"
    )


def combined_fingerprint(digests: list[str]) -> str:
    """Return one SHA-256 in hex for the parts of a data set, in order, from the SHA-256 of each."""
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _own_name(directory: Path) -> str:
    """Return the directory's name, kept apart from the names that promise known data."""
    name = directory.resolve().name or "data"
    return f"other {name}" if name in (FASHION_MNIST, DIGITS) else name


def _read_file(path: Path) -> _File:
    try:
        content = path.read_bytes()
        if path.suffix == ".gz":
            if not content.startswith(b"\x1f\x8b"):
                raise InputError(f"{path} is not a gzip file: it {_beginning(content)}, expected 1f 8b.")
            content = gzip.decompress(content)
    except EOFError as error:
        raise InputError(f"{path} is truncated: it ends before its gzip data does; get a whole copy.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path} is damaged: its gzip data cannot be decompressed ({error}).") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({_reason(error)}).") from error
    return _File(path, content, hashlib.sha256(content).hexdigest())


def _parse(file: _File, *, images: bool) -> NDArray[np.uint8]:
    """Return the file's array, shape (N, H, W) or, for labels, (N,); a read-only view of its content."""
    content, dims, what = file.content, 3 if images else 1, "images" if images else "labels"
    magic, header = bytes((0, 0, 8, dims)), 4 + 4 * dims
    if not content.startswith(magic) or len(content) < header:
        raise InputError(
            f"{file.path} is no IDX file of {what}: it {_beginning(content)} and has {len(content):,} bytes, "
            f"expected {magic.hex(' ')} (unsigned bytes, dimensions: {dims}) and over {header} bytes."
        )
    shape = [int(size) for size in np.frombuffer(content, ">u4", dims, offset=4)]
    announced, found = math.prod(shape), len(content) - header
    if announced != found or not found:
        sizes = "x".join(str(size) for size in shape)
        raise InputError(f"{file.path} holds {found:,} bytes of data, expected {announced or 'some'} for {sizes}.")
    return np.frombuffer(content, np.uint8, offset=header).reshape(shape)


def _refuse_swapped(files: dict[str, _File]) -> None:
    names = {sha256: name for name, sha256 in _FASHION_MNIST_SHA256.items()}
    for name, file in files.items():
        actual = names.get(file.sha256, name)
        if actual != name:
            raise InputError(f"{file.path} holds Fashion-MNIST's {actual}, expected {name}: the files are swapped.")


def _is_fashion_mnist(files: dict[str, _File]) -> bool:
    """Return whether all files are Fashion-MNIST's; raise InputError if some are and some are not."""
    strange = [name for name, file in files.items() if file.sha256 != _FASHION_MNIST_SHA256[name]]
    if 0 < len(strange) < len(files):
        file, expected = files[strange[0]], _FASHION_MNIST_SHA256[strange[0]]
        raise InputError(
            f"{file.path} is not Fashion-MNIST's, though {len(files) - len(strange)} of the four files are: "
            f"the SHA-256 of its content is {file.sha256}, expected {expected}."
        )
    return not strange


def _refuse_mismatched(files: list[Path], arrays: list[NDArray[np.uint8]]) -> None:
    """Raise InputError unless images and labels pair up, all images have one size and labels are in range."""
    for images, labels in ((0, 1), (2, 3)):
        count, largest = len(arrays[images]), int(arrays[labels].max())
        if len(arrays[labels]) != count:
            found = len(arrays[labels])
            raise InputError(f"{files[labels]} holds {found:,} labels for {count:,} images in {files[images]}.")
        if largest > _LARGEST_LABEL:
            raise InputError(f"{files[labels]} holds the label {largest}, expected 0 to {_LARGEST_LABEL}.")
    train, test = ("x".join(str(size) for size in arrays[part].shape[1:]) for part in (0, 2))
    if train != test:
        raise InputError(f"{files[2]} holds images of {test} pixels, expected {train} as in {files[0]}.")


def _beginning(content: bytes) -> str:
    return f"begins with {content[:4].hex(' ')}" if content else "is empty"


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
