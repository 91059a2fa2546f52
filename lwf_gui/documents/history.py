"""The history: the last runs of this user, each in a file of its own with a small text beside it; the oldest go.

Files are numbered, so two windows never write one. Knows nothing of what the texts say.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from lwf_gui import paths, untrusted
from lwf_gui.atomic import make_folder
from lwf_gui.documents import files, numbered
from lwf_gui.runs.record import Record

MOST = 20
"""Runs that are kept."""

MOST_BYTES = 400 * 10**6
"""Of all of them; the newest one stays in any case."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A run of the history; ``about`` is the text that stands beside it, empty where there is none that can be read."""

    path: Path
    about: str


def entries(folder: Path) -> list[Entry]:
    """Return all runs, the newest first; none where the folder cannot be listed."""
    return [Entry(path, _about(path)) for path in _paths(folder)]


def newest(folder: Path) -> Path | None:
    """Return the file of the newest run; None where there is none."""
    return next(iter(_paths(folder)), None)


def keep(folder: Path, record: Record, about: str) -> Path:
    """Write a run as the newest; of all others the oldest go where there are too many.

    Raises
    ------
    OSError
        If it cannot be written.
    """
    make_folder(folder)
    path = numbered.named(folder, numbered.following(folder, files.SUFFIX), files.SUFFIX)
    try:
        write(path, record, about)
    except OSError:
        with contextlib.suppress(OSError):
            remove(path)  # half of an entry is none
        raise
    _prune(folder)
    return path


def write(path: Path, record: Record, about: str) -> None:
    """Write a run of the history anew, with its text.

    Raises
    ------
    OSError
        If it cannot be written; what was there stays.
    """
    paths.write_text_atomically(_beside(path), about)
    files.save(record, path, own=True)


def remove(path: Path) -> None:
    """Remove a run.

    Raises
    ------
    OSError
        If it cannot be removed.
    """
    path.unlink(missing_ok=True)
    _beside(path).unlink(missing_ok=True)


def _paths(folder: Path) -> list[Path]:
    return numbered.newest_first(folder, files.SUFFIX)


def _beside(path: Path) -> Path:
    return path.with_suffix(".json")


def _about(path: Path) -> str:
    try:
        return untrusted.read_text(_beside(path))
    except (OSError, untrusted.Unsound):
        return ""


def _prune(folder: Path) -> None:
    total = 0
    for place, path in enumerate(_paths(folder)):
        with contextlib.suppress(OSError):  # gone meanwhile
            total += path.stat().st_size
            if place and (place >= MOST or total > MOST_BYTES):
                remove(path)
