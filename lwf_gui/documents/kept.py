"""The folder of journals: which there are, in order, and how many are kept.

They are numbered, and no clock decides which is the newest: one may be set back.
"""

from __future__ import annotations

import contextlib
import re
import secrets
from pathlib import Path

from lwf_gui import locks
from lwf_gui.atomic import make_folder
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

_NAME = re.compile(rf"(\d{{6,9}})-[0-9a-f]{{8}}{re.escape(SUFFIX)}")


def journals(folder: Path) -> list[Path]:
    """Return the journals of a folder, the newest first; none where it cannot be listed."""
    try:
        found = [path for path in folder.iterdir() if _NAME.fullmatch(path.name) and path.is_file()]
    except OSError:
        return []
    return sorted(found, key=lambda path: (_number(path), path.name), reverse=True)


def new(folder: Path) -> Appender:
    """Return a new journal, after all others; of these the oldest go where there are too many.

    Raises
    ------
    OSError
        If there can be none.
    """
    make_folder(folder)
    _prune(folder)
    number = max(map(_number, journals(folder)), default=0) + 1
    for _ in range(_TRIES - 1):
        with contextlib.suppress(OSError):
            out = Appender(folder / f"{number:06d}-{secrets.token_hex(4)}{SUFFIX}")
            if out.path.exists():
                return out
            out.close()  # a program that starts at the same moment took it for one that was left
    return Appender(folder / f"{number:06d}-{secrets.token_hex(4)}{SUFFIX}")


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


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
