"""A run as a folder to publish or hand in: run file, page and tables, and RO-Crate metadata that say what is what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from lwf_gui import InputError
from lwf_gui.documents import files
from lwf_gui.exports import crate, every_step, numbers
from lwf_gui.exports.folders import write_folder
from lwf_gui.exports.kinds import KINDS, Kind
from lwf_gui.runs.record import Record


@dataclass(frozen=True, slots=True)
class Part:
    """A file of the folder.

    Attributes
    ----------
    name : of the file
    what : it is, in one sentence
    form : its media type
    write : writes it, or raises `InputError` where a run cannot give it; then the folder goes without
    """

    name: str
    what: str
    form: str
    write: Callable[[Record, Path], object]


def _part(name: str, kind: Kind) -> Part:
    return Part(name, kind.what, kind.form, kind.write)


PARTS = (
    Part(
        f"run{files.SUFFIX}",
        "The whole run, as LwF Lab opens it: arrays and JSON in the safetensors format.",
        "application/octet-stream",
        files.save,
    ),
    _part("report.html", KINDS["html"]),
    _part("steps.csv", KINDS["csv"]),
    _part("steps.jsonl", KINDS["jsonl"]),
    Part(
        "figures.csv",
        "The accuracy matrices on the full test sets and what follows from them, a row a figure.",
        "text/csv",
        numbers.write_csv,
    ),
    _part("script.py", KINDS["script"]),
    _part("results.md", KINDS["md"]),
    _part("results.tex", KINDS["latex"]),
)
"""What an exported folder holds beside its metadata."""


def write(record: Record, path: Path) -> None:
    """Write a folder with all parts that the run can give, and its metadata: whole, or not at all.

    Raises
    ------
    InputError
        If there is nothing to write yet, or there is a folder with other files.
    OSError
        If it cannot be written; what was there stays.
    """
    every_step.columns_of(record)  # raises where there is nothing

    def fill(folder: Path) -> None:
        there = [part for part in PARTS if _given(part, record, folder)]
        entries = [crate.entry(folder / part.name, part.what, part.form) for part in there]
        crate.write(record, entries, folder / crate.FILE)

    write_folder(path, fill, is_ours)


def is_ours(folder: Path) -> bool:
    """Whether a folder is an earlier export, and holds nothing else."""
    found = {file.name for file in folder.iterdir()}
    return crate.FILE in found and found <= {crate.FILE, *(part.name for part in PARTS)}


def _given(part: Part, record: Record, folder: Path) -> bool:
    try:
        part.write(record, folder / part.name)
    except InputError:  # of a run that has not come so far
        return False
    return True
