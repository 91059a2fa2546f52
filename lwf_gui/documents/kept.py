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
    return Appender(folder / f"{number:06d}-{secrets.token_hex(4)}{SUFFIX}")


def _number(path: Path) -> int:
    return int(path.name.partition("-")[0])


def _prune(folder: Path) -> None:
    """Remove the oldest journals beyond the limits; those that a process holds stay, and count."""
    sizes: dict[Path, int] = {}
    for path in journals(folder):
        with contextlib.suppress(OSError):  # gone meanwhile
            sizes[path] = path.stat().st_size
    for path in reversed(list(sizes)):
        if len(sizes) < MOST and sum(sizes.values()) <= MOST_BYTES:
            return
        with contextlib.suppress(OSError):
            if remove(path):
                del sizes[path]


def remove(path: Path) -> bool:
    """Remove a journal that no process holds; return whether.

    Raises
    ------
    OSError
        If it is not there, or cannot be removed.
    """
    with path.open("r+b") as file:
        if not locks.hold(file):
            return False
    path.unlink()
    return True


def free(folder: Path) -> bool:
    """Whether there is a journal that no process holds."""
    for path in journals(folder):
        with contextlib.suppress(OSError), path.open("r+b") as file:
            if locks.hold(file):
                return True
    return False
