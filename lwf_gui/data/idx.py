"""One IDX file, plain or as .gz: its header first, then as much content as the header announces, never more.

Knows nothing of which files belong together or what is in them.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import math
import os
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from lwf_gui import InputError
from lwf_gui.reasons import reason

LARGEST = 2**31
"""Bytes of content that are read at most: the largest set that is common (EMNIST, by class) has a quarter of that."""

_CHUNK = 2**20

UNQUESTIONED, TIGHTEST = 2**26, 200
"""Bytes that a packed file may always announce; and how many times its own size, beyond that. Images of clothes and
digits have six times the size that they are packed in; a file of 2 MB that unpacks to gigabytes is no images.
"""


@dataclass(frozen=True, eq=False)
class IdxFile:
    """What a file holds, unpacked, and the SHA-256 of that in hex.

    ``content`` is no more than the header and one byte more than it announces; ``size`` is that of the whole
    content, or None where it is not known because not all was unpacked.
    """

    path: Path
    content: bytes | bytearray
    size: int | None
    sha256: str


def read_file(path: Path) -> IdxFile:
    """Read a file; raise InputError, naming it, if it cannot be read or unpacked."""
    try:
        with path.open("rb") as raw:
            size = None if path.suffix == ".gz" else os.fstat(raw.fileno()).st_size
            own = os.fstat(raw.fileno()).st_size
            most = LARGEST if size is not None else max(UNQUESTIONED, TIGHTEST * own)
            content, whole = _bounded(_unpacked(raw, path), size, most)
    except EOFError as error:
        raise InputError(f"{path} is truncated: it ends before its gzip data does; get a whole copy.") from error
    except _TooTight as error:
        raise InputError(f"{path} announces {error} bytes, far more than images are packed into {own:,}.") from error
    except (gzip.BadGzipFile, zlib.error) as error:
        raise InputError(f"{path} is damaged: its gzip data cannot be decompressed; get a whole copy.") from error
    except OSError as error:
        raise InputError(f"{path} cannot be read ({reason(error)}).") from error
    return IdxFile(path, content, whole, hashlib.sha256(content).hexdigest())


def parse(file: IdxFile, *, images: bool) -> NDArray[np.uint8]:
    """Return the file's array, shape (N, H, W) or, for labels, (N,); a read-only view of its content."""
    content, dims, what = file.content, 3 if images else 1, "images" if images else "labels"
    magic, header = bytes((0, 0, 8, dims)), 4 + 4 * dims
    if not content.startswith(magic) or len(content) < header:
        has = "" if file.size is None else f" and has {file.size:,} bytes"
        raise InputError(
            f"{file.path} is no IDX file of {what}: it {_beginning(content)}{has}, "
            f"expected {magic.hex(' ')} (unsigned bytes, dimensions: {dims}) and over {header} bytes."
        )
    shape = _shape(content)
    announced = math.prod(shape)
    sizes = "x".join(str(size) for size in shape)
    if announced > LARGEST:
        raise InputError(f"{file.path} announces {announced:,} bytes for {sizes}; at most {LARGEST:,} are read.")
    found = len(content) - header if file.size is None else file.size - header
    if announced != found or not found:
        more = "over " if file.size is None and found > announced else ""
        held = announced if more else found
        raise InputError(f"{file.path} holds {more}{held:,} bytes of data, expected {announced or 'some'} for {sizes}.")
    array = np.frombuffer(content, np.uint8, offset=header).reshape(shape)
    array.setflags(write=False)
    return array


def _unpacked(raw: BinaryIO, path: Path) -> BinaryIO:
    """Return the stream of a file's content."""
    if path.suffix != ".gz":
        return raw
    magic = raw.read(2)
    if magic != b"\x1f\x8b":
        raise InputError(f"{path} is not a gzip file: it {_beginning(magic + raw.read(2))}, expected 1f 8b.")
    raw.seek(0)
    return io.BufferedReader(gzip.GzipFile(fileobj=raw))


class _TooTight(Exception):  # noqa: N818 - the file's name is missing
    """More is announced than a file of that size has ever held."""


def _bounded(file: BinaryIO, size: int | None, most: int) -> tuple[bytes | bytearray, int | None]:
    """Read the header and what it announces; return it, and the size of the whole content where that is known.

    One byte more is asked for: it shows what is too long, and makes gzip check its own sum at the end.
    """
    head = file.read(4)
    dims = head[3] if head[:3] == b"\0\0\x08" and len(head) == 4 else 0
    if dims not in (1, 2, 3):
        return head, size
    content = bytearray(head + file.read(4 * dims))
    header = 4 + 4 * dims
    if len(content) < header:
        return content, len(content)
    end = header + math.prod(_shape(content)) + 1
    if end > header + LARGEST + 1 or (size is not None and size != end - 1):
        return content, size
    if end - header - 1 > most:  # unpacking it would take seconds, and all memory
        raise _TooTight(f"{end - header - 1:,}")
    while len(content) < end and (chunk := file.read(min(_CHUNK, end - len(content)))):
        content += chunk
    return content, len(content) if size is None and len(content) < end else size


def _shape(content: bytes | bytearray) -> list[int]:
    """Return the sizes that a whole header announces."""
    return [int(size) for size in np.frombuffer(bytes(content[4 : 4 + 4 * content[3]]), ">u4")]


def _beginning(content: bytes | bytearray) -> str:
    return f"begins with {bytes(content[:4]).hex(' ')}" if content else "is empty"
