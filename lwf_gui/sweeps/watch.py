"""A sweep's folder as it is looked at again and again: names and sizes first, and of documents only those that are new.

Everything there is untrusted: a damaged document is a run of which that is known. Knows no window and no thread.
"""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from lwf_gui import InputError, untrusted
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.sweep_view import QUANTITIES, Curve, Done, News, SweepRun, SweepView, Undone
from lwf_gui.sweeps import plan as plans
from lwf_gui.sweeps.plan import Plan, Unit
from lwf_gui.sweeps.results import rows_of
from lwf_gui.sweeps.shelf import FAILED, Shelf
from lwf_gui.sweeps.work_mark import is_held

MOST_POINTS = 160
"""Points of a curve that are kept: a small plot shows no more."""

Sizes = dict[str, tuple[int, int]]
"""Bytes and time of writing, in nanoseconds, of files by name."""


class Watch:
    """Looks at one folder.

    Raises
    ------
    InputError
        If there is no sweep in it, or its plan is damaged: a sentence.
    """

    def __init__(self, folder: Path) -> None:
        try:
            self.plan = plans.read(folder)
        except InputError as error:
            raise InputError(str(error).removeprefix("--out ")) from error
        self.folder = folder
        self._shelf = Shelf(folder, self.plan.versions)
        self._units = {unit.id: unit for unit in self.plan.units}
        self._seen: Sizes = {}
        self._stamp = _size(folder / plans.FILE)

    def view(self) -> SweepView:
        """Return the sweep with nothing known of its runs."""
        runs = (SweepRun(unit.id, unit.settings) for unit in self.plan.units)
        return SweepView(untrusted.printable(self.folder.name), self.plan.keys, runs, self.plan.recipe.names)

    @property
    def replaced(self) -> bool:
        """Whether the folder holds another plan by now."""
        return _size(self.folder / plans.FILE) != self._stamp

    @property
    def running(self) -> bool:
        """Whether a process is at work on it."""
        return is_held(self.folder)

    def path(self, run: str) -> Path:
        """Return where a run's document is, or will be."""
        return self._shelf.path(self._units[run])

    def look(self, seconds: float = float("inf")) -> tuple[list[News], bool]:
        """Return what is new, and whether there is more than could be read in so many seconds."""
        began, there = time.monotonic(), dict(_files(self._shelf.folder))
        names = [name for name in there if there[name] != self._seen.get(name)]
        gone = [name for name in self._seen if name not in there]
        news: list[News] = []
        for name in gone:
            del self._seen[name]
            news += self._of(name, there)
        for name in names:
            if time.monotonic() - began > seconds:
                return news, True
            self._seen[name] = there[name]
            news += self._of(name, there)
        return news, False

    def _of(self, name: str, there: Sizes) -> list[News]:
        """Return what a file that came, changed or went says of its run."""
        unit = self._units.get(name.partition(".")[0])
        if unit is None:
            return []
        document, failed = self._shelf.path(unit).name, f"{unit.id}{FAILED}"
        if document in there:
            return [(unit.id, self._read(unit, there[document][1]))] if name == document else []
        if failed in there:
            return [(unit.id, Undone(self._shelf.failure(unit) or "It failed without a word."))]
        return [(unit.id, None)]

    def _read(self, unit: Unit, written: int) -> Done | Undone:
        try:
            record = self._shelf.record(unit)
        except InputError as error:
            return Undone(str(error), damaged=True)
        if record is None:  # it went meanwhile
            return Undone("Its document is gone.", damaged=True)
        return done_of(self.plan, unit, record, written / 1e9)


def done_of(plan: Plan, unit: Unit, record: Record, ended: float) -> Done:
    """Return what a finished run's document says: the figures that the sweep's table has, in percent, and curves."""
    assert record.data is not None
    figures, curves, seconds = {}, {}, 0.0
    for row in rows_of(plan, unit, record):
        seconds = float(row["seconds"])
        for protocol in PROTOCOLS:
            told = {quantity: row[f"{protocol}.{quantity}"] for quantity in QUANTITIES}
            known = {quantity: 100 * float(value) for quantity, value in told.items() if value is not None}
            if not row["error"] and all(map(np.isfinite, known.values())):
                figures[row["learner"], protocol] = known
            curves[row["learner"], protocol] = _curve(record, row["learner"], protocol)
    return Done(figures, curves, record.data.dataset, ended, seconds)


def _curve(record: Record, learner: str, protocol: ProtocolName) -> Curve:
    """Return a learner's curves at the same few steps in runs of any seed, so that a mean of them has points."""
    old, new = (accuracy_series(record, learner, task, protocol) for task in ("old", "new"))
    common = np.intersect1d(old[0], new[0])
    few = common[np.unique(np.linspace(0, len(common) - 1, MOST_POINTS).round().astype(int))] if len(common) else common
    return Curve(few, *(y[np.isin(x, few)] for x, y in (old, new)))


def _files(folder: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    """Yield the files of a folder; nothing where it is not there (yet, or any more)."""
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):  # it went meanwhile
                told = entry.stat()
                yield entry.name, (told.st_size, told.st_mtime_ns)


def _size(file: Path) -> tuple[int, int]:
    try:
        told = file.stat()
    except OSError:
        return 0, 0
    return told.st_size, told.st_mtime_ns
