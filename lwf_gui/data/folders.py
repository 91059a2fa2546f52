"""The four IDX files of a data set in a folder, under the names that are in use; unsound sets are refused.

Knows nothing of where such folders lie or which one is wanted.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from lwf_gui import InputError
from lwf_gui.data.dataset import Dataset, combined_fingerprint
from lwf_gui.data.fashion_mnist import CLASSES, CONTENTS, FASHION_MNIST, FASHION_MNIST_PART, FILES
from lwf_gui.data.grey import scale
from lwf_gui.data.idx import IdxFile, parse, read_file
from lwf_gui.reasons import reason

LARGEST_LABEL = 99

LABELS = {FASHION_MNIST: "Fashion-MNIST", FASHION_MNIST_PART: "the part of Fashion-MNIST"}

_NAME = re.compile(
    r"(?P<set>.*?)(?P<part>train|t10k|test)-(?P<kind>images|labels)(?P<dot>[-.])idx[13]-ubyte(?P<gz>\.gz)?"
)
"""train-images-idx3-ubyte; unpacked by some tools, train-images.idx3-ubyte; EMNIST's emnist-letters-train-images-...;
each plain or as .gz."""

Stat = tuple[str, int, int, int]


def read_folder(directory: Path, source: str) -> Dataset:
    """Read the four IDX files of ``directory``; raise InputError unless they are sound and one set."""
    found = idx_files(directory)
    if not found:
        raise InputError(f"{directory} {without_files(directory)}; expected {', '.join(FILES)}, plain or as .gz.")
    for name in FILES:
        if name not in found:
            raise InputError(f"{directory} holds {len(found)} of the four IDX files but no {name} or {name}.gz.")
    with ThreadPoolExecutor(len(FILES)) as pool:  # zlib and hashlib let other threads run
        files = dict(zip(FILES, pool.map(read_file, (found[name] for name in FILES)), strict=True))
    _refuse_swapped(files)
    arrays = [parse(file, images="images" in name) for name, file in files.items()]
    known = _known(files)
    _refuse_mismatched([file.path for file in files.values()], arrays)
    train_images, train_labels, test_images, test_labels = arrays
    name = known or _own_name(found[FILES[0]].parent)
    peak, note = scale(train_images, test_images, name)
    return Dataset(
        name=name,
        source=source,
        classes=CLASSES if known else _numbered(train_labels, test_labels),
        train_images=train_images,
        train_labels=train_labels,
        test_images=test_images,
        test_labels=test_labels,
        peak=peak,
        fingerprint=combined_fingerprint([file.sha256 for file in files.values()]),
        note=note,
    )


def read_known(directory: Path, source: str, name: str = FASHION_MNIST) -> Dataset:
    """Read ``directory`` as `read_folder` does; raise InputError unless it holds that known data set."""
    data = read_folder(directory, source)
    if data.name != name:
        raise InputError(
            f"{directory} holds other data than {LABELS[name]}: the files' SHA-256 are not the known ones."
        )
    return data


def idx_files(directory: Path) -> dict[str, Path]:
    """Return those of the four files that are there, by the name that Fashion-MNIST gives them.

    They lie in ``directory`` itself or, as torchvision leaves them, in ``raw`` or ``NAME/raw`` below it.

    Raises
    ------
    InputError
        If it cannot be read, or holds the files of several data sets.
    """
    try:
        own = _sets(directory)
        below = [] if own else [place for place in _raw_folders(directory) if _sets(place)]
        if len(below) > 1:
            names = ", ".join(str(place.relative_to(directory)) for place in below)
            raise InputError(f"{directory} holds several data sets ({names}): choose one of these folders.")
        sets = _sets(below[0]) if below else own
    except OSError as error:
        raise InputError(f"{directory} cannot be read ({reason(error)}).") from error
    whole = [files for files in sets.values() if len(files) == len(FILES)]
    if "" in sets:
        return sets[""]
    if len(sets) > 1 and len(whole) != 1:
        names = ", ".join(sorted(prefix.rstrip("-_. ") for prefix in sets))
        raise InputError(f"{directory} holds the files of several data sets ({names}): keep one of them in a folder.")
    return next(iter(whole or sets.values()), {})


def without_files(directory: Path) -> str:
    """Say, after the directory's name, why `idx_files` finds nothing there."""
    return (
        "holds no IDX files" if directory.is_dir() else "is not a directory" if directory.exists() else "does not exist"
    )


def stamp(directory: Path) -> tuple[Stat, ...]:
    """Return what changes when the files of ``directory`` do: their paths, times, sizes and numbers on disk."""
    try:
        stats = [(path, path.stat()) for path in idx_files(directory).values()]
    except (OSError, InputError):
        return ((str(directory), 0, 0, 0),)
    return tuple((str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino) for path, stat in stats)


def _sets(directory: Path) -> dict[str, dict[str, Path]]:
    """Return the IDX files in a folder by what stands before their names, and then by Fashion-MNIST's names."""
    sets: dict[str, dict[str, tuple[bool, bool, Path]]] = {}
    for path in sorted(directory.iterdir()) if directory.is_dir() else ():
        match = _NAME.fullmatch(path.name)
        if match and not path.name.startswith(".") and path.is_file():  # a dot: what other systems leave
            part = "train" if match["part"] == "train" else "t10k"
            name = f"{part}-{match['kind']}-idx{3 if match['kind'] == 'images' else 1}-ubyte"
            rank = (bool(match["gz"]), match["dot"] == ".", path)  # a plain file goes before its .gz, as in torchvision
            files = sets.setdefault(match["set"], {})
            files[name] = min(files.get(name, rank), rank)
    return {
        prefix: {name: files[name][-1] for name in FILES if name in files} for prefix, files in sorted(sets.items())
    }


def _raw_folders(directory: Path) -> list[Path]:
    if not directory.is_dir():
        return []
    return [directory / "raw", *sorted(path / "raw" for path in directory.iterdir() if path.is_dir())]


def _own_name(directory: Path) -> str:
    """Return the directory's name, kept apart from the names that promise known data."""
    directory = directory.resolve()
    if directory.name == "raw":  # torchvision's, below the name of the data
        directory = directory.parent
    name = directory.name or "data"
    plain = re.sub(r"[^a-z]", "", name.lower())
    return f"other {name}" if plain in ("fashionmnist", "fashionmnistpart", "digits") else name


def _numbered(*labels: NDArray[np.uint8]) -> tuple[str, ...]:
    return tuple(str(label) for label in range(max(int(part.max()) for part in labels) + 1))


def _refuse_swapped(files: dict[str, IdxFile]) -> None:
    names = {
        sha256: (LABELS[known], name)
        for known, sums in CONTENTS.items()
        for name, sha256 in zip(FILES, sums, strict=True)
    }
    for name, file in files.items():
        known, actual = names.get(file.sha256, ("", name))
        if actual != name:
            raise InputError(f"{file.path} holds {known}'s {actual}, expected {name}: the files are swapped.")


def _known(files: dict[str, IdxFile]) -> str:
    """Return the name of the known data set that the files are, or nothing; raise InputError if only some are."""
    for known, sums in CONTENTS.items():
        strange = [(file, sha256) for file, sha256 in zip(files.values(), sums, strict=True) if file.sha256 != sha256]
        if not strange:
            return known
        if len(strange) < len(files):
            file, expected = strange[0]
            raise InputError(
                f"{file.path} is not {LABELS[known]}'s, though {len(files) - len(strange)} of the four files are: "
                f"the SHA-256 of its content is {file.sha256}, expected {expected}."
            )
    return ""


def _refuse_mismatched(files: list[Path], arrays: list[NDArray[np.uint8]]) -> None:
    """Raise InputError unless images and labels pair up, all images have one size and labels are in range."""
    for images, labels in ((0, 1), (2, 3)):
        count, largest = len(arrays[images]), int(arrays[labels].max())
        if len(arrays[labels]) != count:
            found = len(arrays[labels])
            raise InputError(f"{files[labels]} holds {found:,} labels for {count:,} images in {files[images]}.")
        if largest > LARGEST_LABEL:
            raise InputError(f"{files[labels]} holds the label {largest}, expected 0 to {LARGEST_LABEL}.")
    train, test = ("x".join(str(size) for size in arrays[part].shape[1:]) for part in (0, 2))
    if train != test:
        raise InputError(f"{files[2]} holds images of {test} pixels, expected {train} as in {files[0]}.")
