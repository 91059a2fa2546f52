"""The documents of a sweep: one run file for each run, by its id, and a sentence for each run that failed.

A run is done when its file is there and whole, and holds that run: so no run can be counted twice, whoever wrote it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path

from lwf_gui import InputError, paths, untrusted
from lwf_gui.documents import files
from lwf_gui.messages import Finished
from lwf_gui.recipe import DATA_SETS, Recipe, canonical
from lwf_gui.runs.record import Record
from lwf_gui.sweeps.folder import RUNS as RUNS
from lwf_gui.sweeps.plan import DATA, Unit
from lwf_gui.sweeps.versions import difference

FAILED = ".failed.txt"


class Shelf:
    """Where the documents of a sweep's runs are; ``versions`` must have made them."""

    def __init__(self, folder: Path, versions: Mapping[str, str]) -> None:
        self.folder, self._versions = folder / RUNS, versions

    def path(self, unit: Unit) -> Path:
        """Return where a run's document is, or will be."""
        return self.folder / f"{unit.id}{files.SUFFIX}"

    def record(self, unit: Unit) -> Record | None:
        """Return a run that is done; None if it is not there.

        Raises
        ------
        InputError
            If a file has its name that is not whole, not of this run, or made with other versions.
        """
        path = self.path(unit)
        return self._checked(path, path, unit) if path.exists() else None

    def add(self, unit: Unit, document: bytes) -> Record:
        """Keep the document of a run that was done elsewhere, once it is found sound; return its record.

        Raises
        ------
        InputError
            If it is not sound, or of another run.
        OSError
            If it cannot be written.
        """
        path, found = self.path(unit), list[Record]()

        def write(part: Path) -> None:
            part.write_bytes(document)
            found.append(self._checked(part, path, unit))

        paths.write_atomically(path, write)
        with contextlib.suppress(OSError):
            self._failure(unit).unlink(missing_ok=True)
        return found[0]

    def fail(self, unit: Unit, sentence: str) -> None:
        """Keep why a run failed, until it is tried again."""
        paths.write_text_atomically(self._failure(unit), f"{untrusted.printable(sentence)}\n")

    def failure(self, unit: Unit) -> str:
        """Return why a run failed; empty if nothing is known."""
        try:
            return untrusted.shortened(untrusted.read_text(self._failure(unit)).strip(), 500)
        except (OSError, untrusted.Unsound):
            return ""

    def _failure(self, unit: Unit) -> Path:
        return self.folder / f"{unit.id}{FAILED}"

    def _checked(self, file: Path, path: Path, unit: Unit) -> Record:
        record, name = files.load(file), untrusted.printable(str(path))
        if record.data is None or not isinstance(record.outcome, Finished):
            raise InputError(f"{name} holds a run that did not come to its end.")
        if canonical(_handed_on(unit.recipe)) != canonical(_handed_on(record.data.recipe)):
            raise InputError(f"{name} holds another run than its name says.")
        told = record.provenance.versions if record.provenance is not None else {}
        if other := difference(told, self._versions):
            raise InputError(f"{name} was made with {other}.")
        return record


def _handed_on(recipe: Recipe) -> Recipe:
    """Return a recipe as run files have it, which name no folder."""
    return recipe if recipe.data.dataset in DATA_SETS else recipe.with_settings({DATA: "auto"})
