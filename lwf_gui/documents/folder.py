"""A set of runs as a folder: a run file for each seed, opened together."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from lwf_gui.documents import files
from lwf_gui.runs.record import Record

MOST = 200
"""Run files of a folder that are read: the first ones by name."""


def with_folders_open(paths: Iterable[Path]) -> list[Path]:
    """Return these files, in place of a folder the run files in it; one without any stays, to be refused by name."""
    return [file for path in paths for file in (runs_in(path) or [path])]


def runs_in(path: Path) -> list[Path]:
    """Return the run files in a folder, by name, numbers in them by their value; none where it is no folder."""
    if not os.path.isdir(path):  # unlike Path's own, answers for what is no name at all
        return []
    found = (Path(entry.path) for entry in _entries(path) if entry.name.lower().endswith(files.SUFFIX))
    return sorted(found, key=lambda file: (len(file.name), file.name))[:MOST]


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as there:
            yield from (entry for entry in there if entry.is_file())
    except OSError:  # it may not be looked into: it is refused by name
        return


def new_folder(parent: Path, name: str) -> Path:
    """Return a folder of a name that is not there yet: "digits, 10 seeds", "digits, 10 seeds (2)"."""
    names = itertools.chain([name], (f"{name} ({number})" for number in itertools.count(2)))
    return next(parent / each for each in names if not os.path.lexists(parent / each))


def save(runs: Mapping[int, Record], folder: Path) -> Sequence[Path]:
    """Write runs by their seeds into a new folder; return the files.

    Raises
    ------
    OSError
        If it cannot be written; what was written by then is taken away.
    """
    folder.mkdir()
    written = list[Path]()
    try:
        for seed, record in runs.items():
            written.append(folder / f"seed-{seed}{files.SUFFIX}")
            files.save(record, written[-1])
    except OSError:
        for file in written:
            file.unlink(missing_ok=True)
        folder.rmdir()
        raise
    return written
