"""Finds image data: Fashion-MNIST where it may lie or the part that comes along, other IDX data, or the digits.

Gives plain uint8 arrays; knows nothing of tasks, normalisation or tensors.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Literal

from lwf_gui import InputError, paths
from lwf_gui.data.dataset import Dataset
from lwf_gui.data.digits import DIGITS, read_digits
from lwf_gui.data.digits import DIRECTORY as DIGITS_DIRECTORY
from lwf_gui.data.fashion_mnist import DEBIAN_DIRECTORY, DOWNLOAD_MB, FASHION_MNIST, FASHION_MNIST_PART, PART_DIRECTORY
from lwf_gui.data.folders import Stat, idx_files, read_folder, read_known, stamp, without_files
from lwf_gui.recipe import DATA_SETS

__all__ = ["DEBIAN_DIRECTORY", "Dataset", "Place", "download_dir", "known_places", "load", "stamps"]

PART_SOURCE = "comes with LwF Lab"
PART_NOTE = (
    "These 12,000 images of Fashion-MNIST come with the program; "
    f"all 70,000: `lwf-gui data fetch` ({DOWNLOAD_MB} MB) or Debian's {paths.DEBIAN_PACKAGE}."
)


@dataclass(frozen=True)
class Place:
    """A place that `auto` looks at, and what is there; ``detail`` is a sentence."""

    name: str
    directory: Path | None
    state: Literal["present", "missing", "damaged"]
    detail: str


def load(spec: str) -> Dataset:
    """Read the data that ``spec`` names; nothing is downloaded.

    Parameters
    ----------
    spec : one of `recipe.DATA_SETS`, or a directory with the four IDX files, plain or as .gz

    Raises
    ------
    InputError
        If the data are not there or not sound, or do not stand still. "auto" passes over a directory of the user that
        cannot be used, and takes the part that comes along where the full set is not at hand; ``note`` says so.
    """
    for _ in range(2):
        before = stamps(spec)
        data = _load(spec)
        if stamps(spec) == before:  # else some of it may be older than the rest
            return data
    raise InputError(f"The files of {data.name} ({data.source}) change while they are read; run again once they rest.")


def stamps(spec: str) -> tuple[Stat, ...]:
    """Return what changes when any file changes that ``spec`` may lead to, without reading one."""
    directories = [PART_DIRECTORY]
    if spec in ("auto", FASHION_MNIST):
        user = paths.user_data_dir()
        directories += [*([user] if user else []), *(directory for directory, _ in _shared_places())]
    elif spec not in DATA_SETS:
        directories = [Path(os.path.expanduser(spec))]
    return tuple(each for directory in directories for each in stamp(directory))


def known_places() -> list[Place]:
    """Return every place that data are looked for, in order, with what is there; what is there is read whole."""
    user = paths.user_data_dir()
    unset = f"None is set; the environment variable {paths.DATA_DIR_VARIABLE} names one."
    return [
        Place("your directory", None, "missing", unset)
        if user is None
        else _selection(user.absolute(), "your directory", read_folder),
        *(_selection(directory, source, read_known) for directory, source in _shared_places()),
        _selection(PART_DIRECTORY, PART_SOURCE, _read_part),
        _selection(DIGITS_DIRECTORY, PART_SOURCE, read_digits),
    ]


def download_dir() -> Path:
    """Return the directory in the user's cache that downloaded Fashion-MNIST goes to."""
    return paths.cache_dir() / FASHION_MNIST


def _load(spec: str) -> Dataset:
    readers: dict[str, Callable[[], Dataset]] = {
        "auto": _best,
        FASHION_MNIST: _full,
        FASHION_MNIST_PART: _part,
        DIGITS: partial(read_digits, DIGITS_DIRECTORY, PART_SOURCE),
    }
    if spec in readers:
        return readers[spec]()
    directory = Path(os.path.abspath(os.path.expanduser(spec)))
    if not spec or not os.path.isdir(directory):  # unlike Path.is_dir, answers where it may not look
        raise InputError(
            f"Data {spec!r} is not known and no directory; it must be {', '.join(DATA_SETS)}, "
            "or a directory with IDX files."
        )
    return read_folder(directory, f"directory {directory}")


def _best() -> Dataset:
    """Return the user's own data where they can be used, else the full Fashion-MNIST, else the part of it."""
    passed = ""
    user = paths.user_data_dir()
    if user is not None:
        try:
            return read_folder(user.absolute(), f"directory {user.absolute()}")
        except InputError as error:
            passed = f"Your data directory, set in {_origin()}, is passed over: {_clause(error)}."
    found, _, faults = _look_for_full()
    data = found or replace(_part(), note=PART_NOTE)
    damaged = "" if found else " ".join(f"The copy that is here cannot be used: {fault}." for fault in faults)
    return replace(data, note=" ".join(filter(None, (passed, data.note, damaged))))


def _full() -> Dataset:
    """Return Fashion-MNIST whole, from wherever it is."""
    user = paths.user_data_dir()
    own = [] if user is None else [(user.absolute(), f"directory {user.absolute()}")]
    found, absent, faults = _look_for_full(own)
    if found is not None:
        return found
    raise InputError(
        f"The full Fashion-MNIST is not on this machine ({'; '.join([*faults, *absent])}): install the Debian package "
        f"{paths.DEBIAN_PACKAGE}, run `lwf-gui data fetch` (a download of {DOWNLOAD_MB} MB), or name a directory that "
        f"holds it with --data DIR; --data {FASHION_MNIST_PART} takes the part that comes with the program."
    )


def _look_for_full(own: Sequence[tuple[Path, str]] = ()) -> tuple[Dataset | None, list[str], list[str]]:
    """Return the first sound copy of Fashion-MNIST, which places are empty, and what is wrong with others."""
    absent, faults = list[str](), list[str]()
    for directory, source in (*own, *_shared_places()):
        try:
            if idx_files(directory):
                return read_known(directory, source), absent, faults
            absent.append(f"{directory} {without_files(directory)}")
        except InputError as error:
            faults.append(_clause(error))
    return None, absent, faults


def _shared_places() -> list[tuple[Path, str]]:
    """Return (directory, source) of the places where Fashion-MNIST may lie without the user's doing."""
    return [
        (download_dir(), f"cache {download_dir()}"),
        (DEBIAN_DIRECTORY, f"Debian package {paths.DEBIAN_PACKAGE}"),
    ]


def _part() -> Dataset:
    return _read_part(PART_DIRECTORY, PART_SOURCE)


def _read_part(directory: Path, source: str) -> Dataset:
    try:
        return read_known(directory, source, FASHION_MNIST_PART)
    except InputError as error:
        raise InputError(
            f"The part of Fashion-MNIST that comes with the program is damaged ({_clause(error)}): install it again."
        ) from error


def _selection(directory: Path, name: str, read: Callable[[Path, str], Dataset]) -> Place:
    try:
        if not idx_files(directory):
            return Place(name, directory, "missing", f"{directory} {without_files(directory)}.")
        data = read(directory, name)
    except InputError as error:
        return Place(name, directory, "damaged", str(error))
    return Place(name, directory, "present", f"{directory} holds {data.name}: {data.describe()}.")


def _origin() -> str:
    """Say where the user's directory was set."""
    return paths.DATA_DIR_VARIABLE if os.environ.get(paths.DATA_DIR_VARIABLE) else "the settings"


def _clause(error: Exception) -> str:
    """Return the sentence of ``error`` without its full stop, to go into a longer one."""
    return str(error).removesuffix(".")
