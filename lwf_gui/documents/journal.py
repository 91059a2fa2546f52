"""The journal of a run: what a record takes in is written ahead, by a thread of its own, while the run goes on.

Training and the window never wait for a disk: they only hand messages over. Whatever ends the process, what was handed
over more than `INTERVAL` before is in the file, as messages that are encoded as in a run file.
"""

from __future__ import annotations

import atexit
import logging
import threading
import time
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from weakref import WeakSet

import numpy as np
from safetensors.numpy import save

from lwf_gui.documents import blocks, files, kept
from lwf_gui.documents.decoding import KINDS
from lwf_gui.documents.frames import Appender
from lwf_gui.messages import Message
from lwf_gui.reasons import reason

INTERVAL = 0.25
"""Seconds between two writes; the engine tells losses every twentieth of a second."""

AGAIN = 10.0
"""Seconds after a write that failed until the next one: there may be room on the disk again."""

PIECE = 8 * 2**20
"""Bytes of arrays after which a new piece is begun."""

PATIENCE = 5.0
"""Seconds at most that the end of the program waits for a disk."""

_KINDS = tuple(KINDS.values())
_removing = WeakSet[threading.Thread]()
"""Those that remove a journal: a program that ends at once would leave a run as interrupted that is over."""


@atexit.register
def _wait_for_removals() -> None:
    for thread in list(_removing):
        thread.join(PATIENCE)


_log = logging.getLogger(__name__)


class Journal:
    """The journal of one run, in a file of its own; nothing waits for a disk but `close`.

    Attributes
    ----------
    problem : why it cannot be written, as a clause; empty where it can
    """

    def __init__(self, folder: Path, title: str) -> None:
        self.problem = ""
        self._folder, self._title = folder, title
        self._handed = deque[Message]()
        self._pending: list[Message] = []
        self._out: Appender | None = None
        self._not_before = 0.0
        self._keep = True
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._work, name="lwf-gui journal", daemon=True)
        self._thread.start()

    def add(self, messages: Iterable[Message]) -> None:
        """Hand messages over; those that are of the moment stand in no file."""
        self._handed.extend(message for message in messages if isinstance(message, _KINDS))

    def close(self) -> None:
        """Write what was handed over, wait for it, and leave the file."""
        self._ends.set()
        self._thread.join(PATIENCE)

    @property
    def there(self) -> bool:
        """Whether there is a file."""
        return self._out is not None and self._out.path.exists()

    def discard(self) -> None:
        """Remove the file, as soon as that can be."""
        self._keep = False
        _removing.add(self._thread)
        if self._ends.is_set():  # it was closed, and is left
            self._thread.join(PATIENCE)
            self._remove()
        self._ends.set()

    # In its own thread

    def _work(self) -> None:
        while not self._ends.wait(INTERVAL):
            self._write()
        if self._keep:
            self._not_before = 0.0
            self._write()
        if self._out is not None:
            self._out.close()
        if not self._keep:
            self._remove()

    def _write(self) -> None:
        """Write what waits, to a file that is begun with the first of it; what cannot be written waits on."""
        while self._handed:
            self._pending += blocks.cut(self._handed.popleft(), PIECE)
        if not self._pending or time.monotonic() < self._not_before:
            return
        try:
            self._out = self._out or self._begin()
            while self._pending:
                del self._pending[: self._append_some(self._out, _first_piece(self._pending))]
            self._out.sync()
            self.problem = ""
        except OSError as error:
            self.problem = reason(error)
            self._not_before = time.monotonic() + AGAIN
            _log.info("A run is not written ahead: %s", error)

    def _begin(self) -> Appender:
        """Return a new file that says what it is of."""
        out = kept.new(self._folder)
        try:
            self._append(out, [], {"begun": str(int(time.time())), "title": self._title})
        except OSError:
            out.close()
            out.path.unlink(missing_ok=True)
            raise
        return out

    def _append_some(self, out: Appender, piece: Sequence[Message]) -> int:
        """Write a piece, or as much of it as has arrays of one shape by name; return how many messages that are."""
        while True:
            try:
                self._append(out, piece, {})
            except ValueError:  # of other learners, or a block that does not follow: they go into a piece of their own
                if len(piece) == 1:
                    raise
                piece = piece[: len(piece) // 2]
            else:
                return len(piece)

    def _append(self, out: Appender, messages: Sequence[Message], about: Mapping[str, str]) -> None:
        if out.end > kept.LARGEST:
            raise OSError(f"it has more than {kept.LARGEST:,} bytes")
        arrays, texts = files.packed(blocks.joined(messages))
        out.append(save(arrays, {**texts, **about}))

    def _remove(self) -> None:
        if self._out is not None:
            try:
                self._out.path.unlink(missing_ok=True)
            except OSError as error:
                _log.info("A journal was not removed: %s", error)


def _first_piece(messages: Sequence[Message]) -> list[Message]:
    """Return the first of some messages whose arrays together are not much larger than `PIECE`."""
    piece: list[Message] = []
    size = 0
    for message in messages:
        if size > PIECE:
            break
        piece.append(message)
        arrays = (getattr(message, item.name) for item in fields(message))
        size += sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))
    return piece
