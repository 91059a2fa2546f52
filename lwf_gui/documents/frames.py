"""Frames of a journal: pieces that are appended one by one, each with its length and a checksum.

A write that was cut short, by a kill or a power cut, leaves a torn tail: whoever reads stops before it. Knows nothing
of what the pieces hold.
"""

from __future__ import annotations

import contextlib
import errno
import os
import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, BinaryIO

from lwf_gui import locks
from lwf_gui.untrusted import Unsound

VERSION = 1
"""Of the framing."""

HEADER = b"LwF-Lab journal\n" + struct.pack("<I", VERSION)

_FRAME = struct.Struct("<II")
"""Bytes of a piece, and its CRC-32, which begins with that of the piece before: none is left out, doubled or moved."""


def pieces(file: BinaryIO, size: int) -> Iterator[bytes]:
    """Yield the whole pieces of a journal of so many bytes, in order, up to its end or its torn tail.

    No piece takes more memory than the file has bytes.

    Raises
    ------
    Unsound
        If it is no journal, or one of another version of the framing.
    """
    header = file.read(len(HEADER))
    if len(header) < len(HEADER) and HEADER.startswith(header):
        return  # it had just been begun
    if header != HEADER:
        same = len(header) == len(HEADER) and header[:-4] == HEADER[:-4]
        raise Unsound("it was written by another version of this program" if same else "it begins as none does")
    left, checksum = size - len(HEADER), zlib.crc32(HEADER)
    while left >= _FRAME.size:
        head = file.read(_FRAME.size)
        if len(head) < _FRAME.size:
            return
        length, told = _FRAME.unpack(head)
        left -= _FRAME.size + length
        if left < 0:
            return
        piece = file.read(length)
        checksum = zlib.crc32(piece, checksum)
        if len(piece) < length or checksum != told:
            return
        yield piece


class Appender:
    """A new journal, held by this process: pieces are appended whole, or not at all.

    Raises
    ------
    OSError
        If the file cannot be made or locked; FileExistsError where there is one.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[bytes] = path.open("xb", buffering=0)
        self.end, self._checksum = 0, zlib.crc32(HEADER)
        try:
            if not locks.hold(self._file):
                raise OSError(errno.EBUSY, os.strerror(errno.EBUSY), str(path))
            self._write(HEADER)
        except OSError:
            self.close()
            self.path.unlink(missing_ok=True)
            raise

    def append(self, piece: bytes) -> None:
        """Append a piece.

        Raises
        ------
        OSError
            If that cannot be; the file then is as it was, or ends in a torn tail.
        """
        checksum = zlib.crc32(piece, self._checksum)
        self._write(_FRAME.pack(len(piece), checksum) + piece)
        self._checksum = checksum

    def sync(self) -> None:
        """Wait until all is on the disk.

        Raises
        ------
        OSError
            If it is not, or the file has been removed.
        """
        os.fsync(self._file.fileno())
        if not os.fstat(self._file.fileno()).st_nlink:
            raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(self.path))

    def close(self) -> None:
        """Let go of the file: others may read it."""
        self._file.close()

    def _write(self, content: bytes) -> None:
        rest = memoryview(content)
        try:
            while rest:  # a disk that is nearly full takes a part
                rest = rest[self._file.write(rest) or 0 :]
        except OSError:
            with contextlib.suppress(OSError):
                self._file.truncate(self.end)
                self._file.seek(self.end)
            raise
        self.end += len(content)
