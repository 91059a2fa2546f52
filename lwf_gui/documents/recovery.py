"""Runs that were interrupted: journals that no process holds any more, read as untrusted, as run files are."""

from __future__ import annotations

import contextlib
import datetime
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO

from lwf_gui import locks, untrusted
from lwf_gui.documents import blocks, files, frames, kept
from lwf_gui.documents.checks import FormCheck
from lwf_gui.documents.container import MAX_HEADER, Container
from lwf_gui.messages import DataReady, Message, Stopped
from lwf_gui.runs.interrupted import has_trained
from lwf_gui.runs.record import Record
from lwf_gui.untrusted import Unsound

MAX_CHARACTERS = 8 * MAX_HEADER
"""Characters of all messages: those of ten hours have half of that, for every piece tells its losses apart."""

MAX_TITLE = 80
"""Characters of what a run is called."""


class Left:
    """What a run left that was interrupted; held, so that no other process offers it, until it is let go.

    Attributes
    ----------
    begun : when its run began, by the clock of then; empty where that is not known
    title : the name of its preset, or empty
    """

    def __init__(self, path: Path, file: IO[bytes]) -> None:
        self.path = path
        self._file = file
        self.begun = self.title = ""

    def read(self) -> Record | None:
        """Return its record; None where nothing was trained yet.

        Raises
        ------
        InputError
            If it is damaged, of another kind, or of another version.
        """
        with files.told_in_a_sentence(self.path, "journal of a run"):
            self._file.seek(0)
            record = self._read(os.fstat(self._file.fileno()).st_size)
        return record if record is not None and has_trained(record) else None

    def let_go(self) -> None:
        """Keep it, for the next start or another process."""
        self._file.close()

    def discard(self) -> None:
        """Remove it; one that cannot be removed stays."""
        if os.name == "posix":
            with contextlib.suppress(OSError):
                self.path.unlink()  # while it is held: nobody else finds it
        self._file.close()
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)

    def _read(self, size: int) -> Record | None:
        if size > kept.LARGEST + kept.LARGEST:
            raise Unsound(f"it has {size:,} bytes, more than {2 * kept.LARGEST:,}")
        messages: list[Message] = []
        characters, written = 0, files.FORMAT
        for piece in frames.pieces(self._file, size):  # type: ignore[arg-type]
            container = Container(io.BytesIO(piece), len(piece))
            characters += len(container.about.get("messages", ""))
            if characters > MAX_CHARACTERS:
                raise Unsound(f"its messages have more than {MAX_CHARACTERS:,} characters")
            self._describe(container)
            written, told = files.messages_of(container)
            messages += told
        if not any(isinstance(message, DataReady) for message in messages):
            return None
        messages = blocks.joined(messages)
        FormCheck().run(messages)
        record = files.record_of(messages, written)
        if record.outcome is None:
            assert record.data is not None, "its form was checked"
            record.apply(Stopped(record.data.run_id, interrupted=True))
        return record

    def _describe(self, container: Container) -> None:
        begun = untrusted.whole_number(container.about.get("begun", ""))
        if begun is not None:
            with contextlib.suppress(OverflowError, OSError, ValueError):  # no time that a calendar has
                self.begun = f"{datetime.datetime.fromtimestamp(begun):%Y-%m-%d, %H:%M}"
            self.title = untrusted.shortened(container.about.get("title", ""), MAX_TITLE)


def left_behind(folder: Path) -> Iterator[Left]:
    """Yield what interrupted runs left, the newest first; each is held from then on."""
    for path in kept.journals(folder):
        try:
            file = path.open("r+b")
        except OSError:
            continue
        with contextlib.suppress(OSError):  # no locks there: nobody knows whether its run still goes on
            if locks.hold(file) and path.exists():
                yield Left(path, file)
                continue
        file.close()
