"""A sweep under way in the terminal: what is there is read, what is missing is done, and the table is written."""

from __future__ import annotations

import signal
import time
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from lwf_gui import InputError, untrusted
from lwf_gui.complaints import EXIT_DONE, EXIT_FAILED, tell
from lwf_gui.numbers import counted
from lwf_gui.reasons import reason
from lwf_gui.sweeps import results, work_mark
from lwf_gui.sweeps.plan import Plan, Unit, text_of
from lwf_gui.sweeps.results import Row
from lwf_gui.sweeps.shelf import Shelf
from lwf_gui.sweeps.work import Done, task_of

if TYPE_CHECKING:
    from lwf_gui.sweeps.cluster import Workers

WRITE_EVERY = 5.0
"""Seconds between two writings of the table while runs end."""


class Sweep:
    """One sweep: its plan, its documents, and the rows of the runs that are done or have failed."""

    def __init__(self, plan: Plan, folder: Path, *, quiet: bool) -> None:
        self.plan, self._folder, self._quiet = plan, folder, quiet
        self._shelf = Shelf(folder, plan.versions)
        self._rows: dict[str, list[Row]] = {}
        self._failed: dict[str, Row] = {}
        self._written = time.monotonic()
        for unit in plan.units:
            self._look_for(unit)

    def _look_for(self, unit: Unit) -> None:
        """Take in a run that is there already; a file that is no whole run of this sweep does not count."""
        try:
            record = self._shelf.record(unit)
        except InputError as error:
            tell(f"{error} It is done again.")
            return
        if record is not None:
            self._rows[unit.id] = results.rows_of(self.plan, unit, record)

    def missing(self) -> list[Unit]:
        """Return the runs that are not there."""
        return [unit for unit in self.plan.units if unit.id not in self._rows]

    def gathered(self) -> int:
        """Write the table of what is there; return the exit code."""
        for unit in self.missing():
            if sentence := self._shelf.failure(unit):
                self._failed[unit.id] = results.failed_row(self.plan, unit, sentence)
        return self._ended("")

    def carried_out(self, scheduler: str, workers: int) -> int:
        """Have done what is missing; return the exit code."""
        missing = self.missing()
        if not missing:
            return self._ended("")
        from lwf_gui.sweeps.cluster import Misfit, SchedulerLost, Workers

        if signal.getsignal(signal.SIGINT) is not signal.SIG_IGN:  # nohup, "&"
            signal.signal(signal.SIGINT, signal.default_int_handler)  # Ctrl+C ends it in order
        try:
            with (
                work_mark.held(self._folder),
                Workers(scheduler, min(workers, len(missing))) as there,
                self._progress() as progress,
            ):
                there.require_fit(self.plan.versions, self.plan.data)
                self._tell_workers(there)
                units = {unit.id: unit for unit in missing}
                progress.advanced(len(self._rows))
                for done in there.done([task_of(self.plan, unit) for unit in missing]):
                    self._take(units[done.id], done)
                    progress.advanced(len(self._rows), len(self._failed))
        except SchedulerLost:
            return self._ended("the scheduler is gone")
        except Misfit as error:
            return self._ended(str(error).rstrip("."))
        except KeyboardInterrupt:
            return self._ended("stopped")
        except OSError as error:  # a disk is full, say
            return self._ended(f"a run could not be written ({reason(error)})")
        return self._ended("")

    def _take(self, unit: Unit, done: Done) -> None:
        """Keep what came of a run."""
        sentence = done.sentence
        if not sentence:
            try:
                record = self._shelf.add(unit, done.document)
            except InputError as error:
                sentence = str(error)
            else:
                self._rows[unit.id] = results.rows_of(self.plan, unit, record)
        if sentence:
            self._shelf.fail(unit, sentence)
            self._failed[unit.id] = results.failed_row(self.plan, unit, sentence)
            tell(f"Run {unit.id} ({text_of(unit.settings)}) failed: {sentence}")
        if time.monotonic() - self._written > WRITE_EVERY:
            self._write()

    @property
    def _table(self) -> dict[str, list[Row]]:
        """The rows of all runs that are done or have failed, by id."""
        return {**self._rows, **{name: [row] for name, row in self._failed.items()}}

    def _write(self) -> None:
        results.write(self.plan, self._table, self._folder)
        self._written = time.monotonic()

    def _ended(self, why: str) -> int:
        """Write the table, and say what is there; return the exit code."""
        try:
            self._write()
            results.write_parquet(self.plan, self._table, self._folder)
        except OSError as error:
            tell(f"The table was not written: {reason(error)}.")
            return EXIT_FAILED
        count, total = len(self._rows), len(self.plan.units)
        table = untrusted.printable(str(self._folder / results.CSV))
        if count == total:
            if not self._quiet:
                typer.echo(f"{total:,} runs: {table}")
            return EXIT_DONE
        failed = f", {len(self._failed):,} failed" if self._failed else ""
        begin = f"{why[0].upper()}{why[1:]}; " if why else ""
        tell(f"{begin}{count:,} of {total:,} runs are done{failed}: {table}; --resume does what is missing.")
        return EXIT_FAILED

    def _tell_workers(self, there: Workers) -> None:
        if self._quiet:
            return
        count = there.count
        tell(f"Scheduler: {there.address}, {counted(count, 'worker')}.")
        if not count:
            tell(f"It waits for workers: `dask worker {there.address} --nthreads 1` starts one.")
        if there.dashboard:
            tell(f"Dashboard: {there.dashboard}")

    def _progress(self) -> _Bar:
        return _Bar(len(self.plan.units), quiet=self._quiet)


class _Bar:
    """Progress on stderr, with the time that is left; use as a context."""

    def __init__(self, total: int, *, quiet: bool) -> None:
        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            TextColumn("{task.completed:.0f} of {task.total:.0f}{task.fields[failed]}"),
            TimeElapsedColumn(),
            TextColumn("left"),
            TimeRemainingColumn(),
            console=Console(stderr=True, highlight=False),
            disable=quiet,
        )
        self._task = self._progress.add_task("Runs", total=total, failed="", start=False)

    def __enter__(self) -> _Bar:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def advanced(self, done: int, failed: int = 0) -> None:
        """Show so many done; the first time is when the clock begins."""
        if not self._progress.tasks[0].started:
            self._progress.start_task(self._task)
        self._progress.update(self._task, completed=done, failed=f", {failed} failed" if failed else "")
