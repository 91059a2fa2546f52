"""Finds image data: Fashion-MNIST where it may lie, other data in IDX files, or scikit-learn's digits.

Gives plain uint8 arrays; knows nothing of tasks, normalisation or tensors.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from lwf_gui import InputError, paths
from lwf_gui.engine.fetch import Cancelled, FetchError, ProgressCallback, fetch_fashion_mnist, never
from lwf_gui.engine.idx import (
    DIGITS,
    FASHION_MNIST,
    Dataset,
    combined_fingerprint,
    idx_files,
    read_directory,
    read_fashion_mnist,
    without_files,
)

__all__ = ["Cancelled", "Dataset", "Place", "ProgressCallback", "download_dir", "known_places", "load"]

DEBIAN_DIRECTORY = Path("/usr/share/datasets/fashion-mnist")


@dataclass(frozen=True)
class Place:
    """A place that `auto` looks at, and what is there; ``detail`` is a sentence."""

    name: str
    directory: Path | None
    state: Literal["present", "missing", "damaged"]
    detail: str


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
    if spec == DIGITS:
        return _digits()
    if spec in ("auto", FASHION_MNIST):
        return _find(spec, allow_download, progress, cancelled)
    directory = Path(os.path.abspath(os.path.expanduser(spec)))
    if not spec or not os.path.isdir(directory):  # unlike Path.is_dir, answers where it may not look
        raise InputError(
            f"Data {spec!r} is not known and no directory; it must be auto, fashion-mnist, digits, "
            "or a directory with IDX files."
        )
    return read_directory(directory, f"directory {directory}")


def known_places() -> list[Place]:
    """Return every place that `auto` looks at, in order, with what is there; what is there is read whole."""
    user = paths.user_data_dir()
    unset = f"None is set; the environment variable {paths.DATA_DIR_VARIABLE} names one."
    return [
        Place("your directory", None, "missing", unset)
        if user is None
        else _look(user.absolute(), "your directory", read_directory),
        *(_look(directory, source, read_fashion_mnist) for directory, source in _shared_places()),
        Place("built into scikit-learn", None, "present", "The 8x8 digits, 1,797 images, always there."),
    ]


def download_dir() -> Path:
    """Return the directory in the user's cache that downloaded Fashion-MNIST goes to."""
    return paths.cache_dir() / FASHION_MNIST


def _shared_places() -> list[tuple[Path, str]]:
    """Return (directory, source) of the places where Fashion-MNIST may lie without the user's doing."""
    return [
        (download_dir(), f"cache {download_dir()}"),
        (DEBIAN_DIRECTORY, f"Debian package {paths.DEBIAN_PACKAGE}"),
    ]


def _look(directory: Path, name: str, read: Callable[[Path, str], Dataset]) -> Place:
    try:
        if not idx_files(directory):
            return Place(name, directory, "missing", f"{directory} {without_files(directory)}.")
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
        return _read_chosen(user.absolute(), read_directory if spec == "auto" else read_fashion_mnist)
    problems = []
    for directory, source in _shared_places():
        try:
            if idx_files(directory):
                return read_fashion_mnist(directory, source)
            problems.append(f"{directory} {without_files(directory)}")
        except InputError as error:
            problems.append(_clause(error))
    try:
        if allow_download:
            fetch_fashion_mnist(download_dir(), progress, cancelled)
            return read_fashion_mnist(*_shared_places()[0])
        problems.append("downloading was not allowed")
    except (FetchError, InputError) as error:
        problems.append(_clause(error))
    found = "; ".join(problems)
    if spec == "auto":
        return _digits(f"The built-in 8x8 digits stand in for Fashion-MNIST, which was not found: {found}.")
    raise InputError(
        f"Fashion-MNIST was not found: {found}; install the Debian package {paths.DEBIAN_PACKAGE}, "
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
        name=DIGITS,
        source="built into scikit-learn",
        classes=tuple(str(label) for label in range(10)),
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        peak=16,
        fingerprint=combined_fingerprint([hashlib.sha256(part.tobytes()).hexdigest() for part in parts]),
        note=note,
    )


def _read_chosen(directory: Path, read: Callable[[Path, str], Dataset]) -> Dataset:
    """Read the directory that the user set; where that fails, the sentence says where it was set."""
    try:
        return read(directory, f"directory {directory}")
    except InputError as error:
        origin = paths.DATA_DIR_VARIABLE if os.environ.get(paths.DATA_DIR_VARIABLE) else "the settings"
        raise InputError(f"{_clause(error)} (your data directory is set in {origin}).") from error


def _clause(error: Exception) -> str:
    """Return the sentence of ``error`` without its full stop, to go into a longer one."""
    return str(error).removesuffix(".")
