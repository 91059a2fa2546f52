"""Finds, checks and reads image data: Fashion-MNIST, other data in IDX files, or scikit-learn's digits.

Gives plain uint8 arrays; knows nothing of tasks, normalisation or tensors.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import os
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lwf_gui import InputError, paths
from lwf_gui.engine.fetch import Cancelled, FetchError, ProgressCallback, fetch_fashion_mnist, never

__all__ = ["Cancelled", "Dataset", "Place", "ProgressCallback", "download_dir", "known_places", "load"]

DEBIAN_PACKAGE = "dataset-fashion-mnist"
DEBIAN_DIRECTORY = Path("/usr/share/datasets/fashion-mnist")

_FASHION_MNIST = "fashion-mnist"
_DIGITS = "digits"
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


@dataclass(frozen=True)
class Place:
    """A place that `auto` looks at, and what is there; ``detail`` is a sentence."""

    name: str
    directory: Path | None
    state: Literal["present", "missing", "damaged"]
    detail: str


@dataclass(frozen=True, eq=False)
class _File:
    path: Path
    content: bytes  # decompressed
    sha256: str


def load(
    spec: str,
    *,
    allow_download: bool = True,
    progress: ProgressCallback | None = None,
    cancelled: Callable[[], bool] = never,
) -> Dataset:
    """Read the data that ``spec`` names.

    Parameters
    ----------
    spec : "auto", "fashion-mnist", "digits", or a directory with the four IDX files, plain or as .gz
    allow_download : whether Fashion-MNIST may be downloaded if no place has it
    progress, cancelled : of the download, see `fetch_fashion_mnist`

    Raises
    ------
    InputError
        If the data is not there or not sound. "auto" gives the digits instead, and says so in ``note``,
        unless the user has set a directory: that one is used or refused.
    Cancelled
        If ``cancelled`` returned True during the download.
    """
    if spec == _DIGITS:
        return _digits()
    if spec in ("auto", _FASHION_MNIST):
        return _find(spec, allow_download, progress, cancelled)
    directory = Path(os.path.abspath(os.path.expanduser(spec)))
    if not spec or not os.path.isdir(directory):  # unlike Path.is_dir, answers where it may not look
        raise InputError(
            f"Data {spec!r} is not known and no directory; it must be auto, fashion-mnist, digits, "
            "or a directory with IDX files."
        )
    return _read_directory(directory, f"directory {directory}")


def known_places() -> list[Place]:
    """Return every place that `auto` looks at, in order, with what is there; what is there is read whole."""
    user = paths.user_data_dir()
    unset = f"None is set; the environment variable {paths.DATA_DIR_VARIABLE} names one."
    return [
        Place("your directory", None, "missing", unset)
        if user is None
        else _look(user.absolute(), "your directory", _read_directory),
        *(_look(directory, source, _read_fashion_mnist) for directory, source in _shared_places()),
        Place("built into scikit-learn", None, "present", "The 8x8 digits, 1,797 images, always there."),
    ]


def download_dir() -> Path:
    """Return the directory in the user's cache that downloaded Fashion-MNIST goes to."""
    return paths.cache_dir() / _FASHION_MNIST


def _shared_places() -> list[tuple[Path, str]]:
    """Return (directory, source) of the places where Fashion-MNIST may lie without the user's doing."""
    return [
        (download_dir(), f"cache {download_dir()}"),
        (DEBIAN_DIRECTORY, f"Debian package {DEBIAN_PACKAGE}"),
    ]


def _look(directory: Path, name: str, read: Callable[[Path, str], Dataset]) -> Place:
    try:
        if not _idx_files(directory):
            return Place(name, directory, "missing", f"{directory} {_without_files(directory)}.")
        data = read(directory, name)
    except InputError as error:
        return Place(name, directory, "damaged", str(error))
    (train, height, width), test = data.train_images.shape, len(data.test_images)
    held = f"{data.name}, {train:,} training and {test:,} test images of {height}x{width} pixels"
    return Place(name, directory, "present", f"{directory} holds {held}.")


def _find(spec: str, allow_download: bool, progress: ProgressCallback | None, cancelled: Callable[[], bool]) -> Dataset:
    """Return the first sound data of the known places; what the user chose is never passed over."""
    user = paths.user_data_dir()
    if user is not None:
        return _read_chosen(user.absolute(), _read_directory if spec == "auto" else _read_fashion_mnist)
    problems = []
    for directory, source in _shared_places():
        try:
            if _idx_files(directory):
                return _read_fashion_mnist(directory, source)
            problems.append(f"{directory} {_without_files(directory)}")
        except InputError as error:
            problems.append(_clause(error))
    try:
        if allow_download:
            fetch_fashion_mnist(download_dir(), progress, cancelled)
            return _read_fashion_mnist(*_shared_places()[0])
        problems.append("downloading was not allowed")
    except (FetchError, InputError) as error:
        problems.append(_clause(error))
    found = "; ".join(problems)
    if spec == "auto":
        return _digits(f"The built-in 8x8 digits stand in for Fashion-MNIST, which was not found: {found}.")
    raise InputError(
        f"Fashion-MNIST was not found: {found}; install the Debian package {DEBIAN_PACKAGE}, "
        "run `lwf-gui data fetch`, or name a directory with --data DIR."
    )


def _digits(note: str = "") -> Dataset:
    """Return scikit-learn's digits; a quarter of each class, always the same one, is for testing."""
    from sklearn.datasets import load_digits
    from sklearn.model_selection import train_test_split

    digits = load_digits()
    images, labels = digits.images.astype(np.uint8), digits.target.astype(np.uint8)
    parts = train_test_split(images, labels, test_size=0.25, stratify=labels, random_state=0)
    train_images, test_images, train_labels, test_labels = parts
    for part in parts:
        part.setflags(write=False)
    return Dataset(
        name=_DIGITS,
        source="built into scikit-learn",
        classes=tuple(str(label) for label in range(10)),
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        peak=16,
        fingerprint=_fingerprint([hashlib.sha256(part.tobytes()).hexdigest() for part in parts]),
        note=note,
    )


def _read_chosen(directory: Path, read: Callable[[Path, str], Dataset]) -> Dataset:
    """Read the directory that the user set; where that fails, the sentence says where it was set."""
    try:
        return read(directory, f"directory {directory}")
    except InputError as error:
        origin = paths.DATA_DIR_VARIABLE if os.environ.get(paths.DATA_DIR_VARIABLE) else "the settings"
        raise InputError(f"{_clause(error)} (your data directory is set in {origin}).") from error


def _read_fashion_mnist(directory: Path, source: str) -> Dataset:
    data = _read_directory(directory, source)
    if data.name != _FASHION_MNIST:
        raise InputError(f"{directory} holds other data than Fashion-MNIST: the files' SHA-256 are not the known ones.")
    return data


def _read_directory(directory: Path, source: str) -> Dataset:
    """Read the four IDX files of ``directory``; raise InputError unless they are sound and one set."""
    found = _idx_files(directory)
    if not found:
        raise InputError(f"{directory} {_without_files(directory)}; expected {', '.join(_FILES)}, plain or as .gz.")
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
        name=_FASHION_MNIST if genuine else _own_name(directory),
        source=source,
        classes=_FASHION_MNIST_CLASSES if genuine else tuple(str(label) for label in range(seen)),
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        peak=255,
        fingerprint=_fingerprint([file.sha256 for file in files.values()]),
    )


def _own_name(directory: Path) -> str:
    """Return the directory's name, kept apart from the names that promise known data."""
    name = directory.resolve().name or "data"
    return f"other {name}" if name in (_FASHION_MNIST, _DIGITS) else name


def _idx_files(directory: Path) -> dict[str, Path]:
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


def _without_files(directory: Path) -> str:
    return (
        "holds no IDX files" if directory.is_dir() else "is not a directory" if directory.exists() else "does not exist"
    )


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


def _fingerprint(digests: list[str]) -> str:
    return hashlib.sha256("".join(digests).encode()).hexdigest()


def _beginning(content: bytes) -> str:
    return f"begins with {content[:4].hex(' ')}" if content else "is empty"


def _clause(error: Exception) -> str:
    """Return the sentence of ``error`` without its full stop, to go into a longer one."""
    return str(error).removesuffix(".")


def _reason(error: OSError) -> str:
    return error.strerror or str(error)
