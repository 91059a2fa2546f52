"""A set of runs as a folder: a run file for each seed, opened together."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.runs.record import Record

SEED = "seed-"
"""The names of runs with other seeds begin so, and those of the folders that the terminal leaves."""

MOST, MOST_ENTRIES = 200, 10_000
"""Run files of a folder that are read, the first ones by name; and what is looked at in it."""


def with_folders_open(paths: Iterable[Path]) -> list[Path]:
    """Return these files, in place of a folder the run files in it; one without any stays, to be refused by name."""
    return [file for path in paths for file in (runs_in(path) or [path])]


def runs_in(path: Path) -> list[Path]:
    """Return the run files in a folder, by name, numbers in them by their value; none where it is no folder.

    Without any, those in the folders in it: ``lwf-gui run --seeds`` leaves a folder for each seed.
    """
    if not os.path.isdir(path):  # unlike Path's own, answers for what is no name at all
        return []
    there = list(itertools.islice(_entries(path), MOST_ENTRIES))
    folders = [Path(entry.path) for entry in there if entry.is_dir(follow_symlinks=False)]
    found = _runs(there) or [file for inner in sorted(folders, key=_order)[:MOST] for file in _runs(_entries(inner))]
    return found[:MOST]


def _runs(entries: Iterable[os.DirEntry[str]]) -> list[Path]:
    named = (entry for entry in entries if entry.name.lower().endswith(files.SUFFIX))
    return sorted((Path(entry.path) for entry in named if entry.is_file()), key=_order)


def _order(path: Path) -> tuple[bool, int, str]:
    """Return what puts runs of seeds first, in the order of their numbers: one of them is shown, not a stray file."""
    return not path.name.startswith(SEED), len(path.name), path.name


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as there:
            yield from there
    except OSError:  # it may not be looked into: it is refused by name
        return


def new_folder(parent: Path, name: str) -> Path:
    """Return a folder of a name that is not there yet: "digits, 10 seeds", "digits, 10 seeds (2)"."""
    names = itertools.chain([name], (f"{name} ({number})" for number in itertools.count(2)))
    return paths.first_free(parent / each for each in names)


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
            written.append(folder / f"{SEED}{seed}{files.SUFFIX}")
            files.save(record, written[-1])
    except OSError:
        for file in written:
            file.unlink(missing_ok=True)
        folder.rmdir()
        raise
    return written
