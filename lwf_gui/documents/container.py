"""The safetensors container of a run file: header first, every size computed from it, at most that much read.

Knows nothing of what the arrays and texts mean. What is wrong is said by `Unsound`, as a clause.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from lwf_gui.documents.writing import DIGEST, checksum_of, told
from lwf_gui.untrusted import Unsound, check_tree

MAX_BYTES = 4 * 2**30
"""The largest run file: a thousand epochs of everything that is recorded take about half of that."""

MAX_HEADER = 32 * 2**20
"""Bytes of the header, where the messages are: at most so many, for they are read at once."""

MAX_VALUES = 1_000_000
"""Numbers, texts and lists in the messages."""

MAX_CHARACTERS = 200_000
"""Characters of one text: a trace has a few thousand."""

DTYPES: dict[str, np.dtype[Any]] = {
    "F16": np.dtype("<f2"),
    "F32": np.dtype("<f4"),
    "I32": np.dtype("<i4"),
    "U8": np.dtype("u1"),
}
_LENGTH = 8  # bytes that tell the header's

Arrays = Mapping[str, NDArray[Any]]


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an array lies, in bytes after the header, and what it is."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    begin: int

    @property
    def bytes(self) -> int:
        return math.prod(self.shape) * self.dtype.itemsize


class Container:
    """An open file whose header was read and found sound.

    Parameters
    ----------
    size : bytes of the whole file

    Attributes
    ----------
    about : the texts in the header
    """

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        length = int.from_bytes(file.read(_LENGTH), "little")
        self._start = _LENGTH + length
        if size > MAX_BYTES:
            raise Unsound(f"it has {size:,} bytes, more than {MAX_BYTES:,}")
        if not 2 <= length <= min(MAX_HEADER, size - _LENGTH):
            raise Unsound("it is empty" if not size else "it begins as no run file does, or is cut short")
        header = _object(file.read(length))
        self.about = _texts(header.pop("__metadata__", {}))
        self._places = {name: _place(name, entry) for name, entry in header.items()}
        self._require_whole(size)

    def messages(self) -> Any:
        """Return what the text named "messages" holds, its size, depth and characters checked."""
        return _json(self.about.get("messages", ""), "its messages")

    def shapes(self) -> Arrays:
        """Return arrays of the shapes and types that the header tells, which take no memory and hold zeros."""
        return {name: np.broadcast_to(np.zeros((), at.dtype), at.shape) for name, at in self._places.items()}

    def arrays(self) -> Arrays:
        """Read all arrays; they are read-only."""
        self._file.seek(self._start)
        whole = sum(place.bytes for place in self._places.values())
        content = self._file.read(whole)
        if len(content) != whole:
            raise Unsound("it ends before its arrays do")
        found = {
            name: np.frombuffer(content, at.dtype, math.prod(at.shape), at.begin).reshape(at.shape)
            for name, at in self._places.items()
        }
        digest = self.about.get(DIGEST)  # files of earlier formats have none
        if digest is not None and digest != checksum_of(found, told(self.about)):
            raise Unsound("its checksum is of other contents: it was damaged or changed")
        return found

    def _require_whole(self, size: int) -> None:
        """Raise unless the arrays follow each other without gaps and end where the file does."""
        end = 0
        for name, place in sorted(self._places.items(), key=lambda item: item[1].begin):
            if place.begin != end:
                raise Unsound(f"its array {name!r} does not begin where the one before ends")
            end += place.bytes
        if self._start + end != size:
            raise Unsound(f"it has {size:,} bytes where its header tells {self._start + end:,}")


def _object(content: bytes) -> dict[str, Any]:
    try:
        header = _json(content.decode("utf-8"), "its header")
    except UnicodeDecodeError as error:
        raise Unsound("it begins as no run file does") from error
    if not isinstance(header, dict):
        raise Unsound("its header is no table")
    return header


def _json(text: str, what: str) -> Any:
    if text.count(",") + text.count("[") + text.count("{") > MAX_VALUES:  # before anything is made of it
        raise Unsound(f"{what} are more than {MAX_VALUES:,} values")
    try:
        tree = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise Unsound(f"{what} are not valid JSON") from error
    check_tree(tree, longest=MAX_HEADER if what == "its header" else MAX_CHARACTERS)
    return tree


def _texts(about: Any) -> dict[str, str]:
    if not isinstance(about, dict) or not all(isinstance(text, str) for text in about.values()):
        raise Unsound("its header has no texts")
    return about


def _place(name: str, entry: Any) -> _Place:
    """Return where an array lies, from its entry in the header."""
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise Unsound(f"its array {name!r} is not described")
    dtype, shape, offsets = DTYPES.get(str(entry["dtype"])), entry["shape"], entry["data_offsets"]
    if dtype is None or not _numbers(shape) or not _numbers(offsets) or len(offsets) != 2:
        raise Unsound(f"its array {name!r} is of an unknown kind")
    place = _Place(dtype, tuple(shape), offsets[0])
    if not 1 <= len(shape) <= 6 or min(shape) < 1 or offsets[1] - offsets[0] != place.bytes:
        raise Unsound(f"its array {name!r} has another size than its shape")
    return place


def _numbers(value: Any) -> bool:
    return isinstance(value, list) and all(type(number) is int and number >= 0 for number in value)
