"""The folder of journals: which there are, in order, and how many are kept. They are numbered."""

from __future__ import annotations

import contextlib
from pathlib import Path

from lwf_gui import locks
from lwf_gui.atomic import make_folder
from lwf_gui.documents import numbered
from lwf_gui.documents.container import MAX_BYTES
from lwf_gui.documents.frames import Appender

SUFFIX = ".lwfjournal"

MOST = 5
"""Journals that are kept of runs that were interrupted; of more the oldest go."""

LARGEST = MAX_BYTES // 4
"""Bytes of a journal at most: a GiB. What a run tells after that is not written ahead."""

MOST_BYTES = 2 * LARGEST
"""Of all that are kept."""

_TRIES = 3


def journals(folder: Path) -> list[Path]:
    """Return the journals of a folder, the newest first; none where it cannot be listed."""
    return numbered.newest_first(folder, SUFFIX)


def new(folder: Path) -> Appender:
    """Return a new journal, after all others; of these the oldest go where there are too many.

    Raises
    ------
    OSError
        If there can be none.
    """
    make_folder(folder)
    _prune(folder)
    number = numbered.following(folder, SUFFIX)
    for _ in range(_TRIES - 1):
        with contextlib.suppress(OSError):
            out = Appender(numbered.named(folder, number, SUFFIX))
            if out.path.exists():
                return out
            out.close()  # a program that starts at the same moment took it for one that was left
    return Appender(numbered.named(folder, number, SUFFIX))


def _prune(folder: Path) -> None:
    """Remove the oldest of the journals that no process holds beyond the limits."""
    kept = total = 0
    for path in free(folder):
        with contextlib.suppress(OSError):  # gone meanwhile
            kept, total = kept + 1, total + path.stat().st_size
            if kept >= MOST or total > MOST_BYTES:
                path.unlink()


def free(folder: Path) -> list[Path]:
    """Return the journals that no process holds, the newest first."""
    found = []
    for path in journals(folder):
        with contextlib.suppress(OSError), path.open("r+b") as file:
            if locks.hold(file):
                found.append(path)
    return found
