"""Safetensors files, written array by array: header first, then their bytes, none of which is copied.

What a disk does not take is an `OSError`, as of any other file: safetensors' own writer has an error of its own for
it, which says no number by which a full disk could be told from one that can only be read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Rows = Sequence[NDArray[Any]]
"""Arrays of one shape and type, which are one array in the file, with an axis before theirs."""

Whole = tuple[Rows, list[int]]
"""An array by its rows, and the shape of the whole."""

KINDS = {"float16": "F16", "float32": "F32", "float64": "F64", "int32": "I32", "int64": "I64", "uint8": "U8"}
"""What safetensors calls numpy's types."""

_LENGTH, _ALIGNED = 8, 8
"""Bytes that tell the header's length; and that this is a multiple of, for the arrays follow it."""


DIGEST = "digest"
"""The text that holds a file's checksum."""


def checksum(arrays: Mapping[str, Whole], text: str) -> str:
    """Return the SHA-256 of names, types, shapes and values of arrays, and of a text, in hex."""
    found = hashlib.sha256(text.encode())
    for name in sorted(arrays):
        rows, shape = arrays[name]
        found.update(f"{name} {rows[0].dtype.str} {tuple(shape)}".encode())
        for row in rows:
            found.update(_bytes(row))
    return found.hexdigest()


def checksum_of(arrays: Mapping[str, NDArray[Any]], text: str) -> str:
    """Return `checksum` of arrays that are whole."""
    return checksum({name: ([array], list(array.shape)) for name, array in arrays.items()}, text)


def told(about: Mapping[str, str]) -> str:
    """Return all texts of a file but its checksum as the one that is part of it."""
    return json.dumps({name: about[name] for name in sorted(about) if name != DIGEST})


def write(path: Path, arrays: Mapping[str, Rows], about: Mapping[str, str]) -> None:
    """Write arrays, each given by its rows, and texts, with a checksum of all of it.

    Raises
    ------
    OSError
        If the file cannot be written.
    ValueError
        If rows of one array differ in shape or type.
    """
    whole = {name: (rows, [len(rows), *rows[0].shape]) for name, rows in arrays.items()}
    _write(path, whole, {**about, DIGEST: checksum(whole, told(about))})


def write_arrays(path: Path, arrays: Mapping[str, NDArray[Any]], about: Mapping[str, str]) -> None:
    """Write arrays, each whole, and texts; raises as `write` does."""
    _write(path, {name: ([array], list(array.shape)) for name, array in arrays.items()}, about)


def _write(path: Path, arrays: Mapping[str, Whole], about: Mapping[str, str]) -> None:
    """Write arrays, each as its rows with the shape of the whole.

    The widest types come first, so all begin where a number of their type may lie in memory.
    """
    names = sorted(arrays, key=lambda name: (-arrays[name][0][0].itemsize, name))
    with path.open("wb") as file:
        file.write(_header({name: arrays[name] for name in names}, about))
        for name in names:
            for row in arrays[name][0]:
                file.write(_bytes(row))


def _bytes(row: NDArray[Any]) -> memoryview:
    """Return the bytes of an array as they stand in the file."""
    return np.ascontiguousarray(_little(row)).reshape(-1).view(np.uint8).data


def _header(arrays: Mapping[str, Whole], about: Mapping[str, str]) -> bytes:
    told: dict[str, Any] = {"__metadata__": dict(about)}
    end = 0
    for name, (rows, shape) in arrays.items():
        first = rows[0]
        if any(row.shape != first.shape or row.dtype != first.dtype for row in rows):
            raise ValueError(f"the rows of {name} are not of one shape and type")
        begin, end = end, end + len(rows) * first.nbytes
        told[name] = {"dtype": KINDS[first.dtype.name], "shape": shape, "data_offsets": [begin, end]}
    text = json.dumps(told, separators=(",", ":")).encode()
    text += b" " * (-len(text) % _ALIGNED)
    return len(text).to_bytes(_LENGTH, "little") + text


def _little(row: NDArray[Any]) -> NDArray[Any]:
    """Return an array with the byte order of the file, which is that of all machines but a few."""
    return row.astype(row.dtype.newbyteorder("<"), copy=False)
