"""A whole run in the terminal: trained, shown, left in a folder; also instead of a window that cannot open."""

from __future__ import annotations

import json as json_module
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from lwf_gui import InputError, faults, paths, untrusted
from lwf_gui.complaints import EXIT_BAD_INPUT, EXIT_DONE, EXIT_FAILED
from lwf_gui.reasons import reason
from lwf_gui.recipe import Recipe

if TYPE_CHECKING:
    from lwf_gui.runs.record import Record

REPORT_FOLDER = "lwf-lab-report"
"""Where the terminal run that stands in for the window leaves its report, in the current folder."""


def instead_of_window(why: str, recipe: Recipe, preset: str, record: Record | None) -> int:
    """Do in the terminal what the window was asked for: show a recorded run's results, or train."""
    if record is not None:
        from lwf_gui.console import TerminalView

        typer.echo(f"lwf-gui: {why}; these are the results of the run.", err=True)
        TerminalView(quiet=False, json=False, record=record).show_results()
        return EXIT_DONE
    typer.echo(f"lwf-gui: {why}; running {preset} in the terminal instead.", err=True)
    out = Path(REPORT_FOLDER)
    try:
        paths.require_writable(out, option="report")
    except InputError:  # the current folder cannot be written: nobody asked for it by name
        out = paths.state_dir() / REPORT_FOLDER
    return train(recipe, preset, out=out, json=False, quiet=False, traceback=False)


def train(recipe: Recipe, preset: str, *, out: Path | None, json: bool, quiet: bool, traceback: bool) -> int:
    """Do a run in this thread; return the exit code."""
    from lwf_gui.console import TerminalView, stop_on_interrupt
    from lwf_gui.engine.runner import Job, Runner
    from lwf_gui.exports import report
    from lwf_gui.messages import Failed, Finished

    if out is not None:
        paths.require_writable(out, option="--out")
    job = Job(1, recipe)
    stop_on_interrupt(job.control)
    with TerminalView(quiet=quiet or json, json=json) as view:
        outcome = Runner(forks=False).run(job, view.show)
    match outcome:
        case Finished():
            if json:
                typer.echo(json_module.dumps(report.result(view.record)))
                _tell_diverged(report.diverged(view.record))
            view.show_results()
            if out is not None:
                try:
                    report.write(view.record, out)
                except OSError as error:  # it could be written before the run: a full disk, say
                    typer.echo(f"lwf-gui: the report was not written to {out}: {reason(error)}.", err=True)
                    return EXIT_FAILED
                if not (json or quiet):
                    typer.echo(f"Report: {untrusted.printable(str(out / report.REPORT))}")
            return EXIT_DONE
        case Failed():
            faults.log.info("The run failed: %s\n%s", outcome.cause, outcome.traceback)
            typer.echo(f"lwf-gui: {outcome.cause}", err=True)
            if traceback:
                typer.echo(outcome.traceback, err=True)
            return EXIT_BAD_INPUT if outcome.bad_input else EXIT_FAILED
        case _:
            typer.echo("lwf-gui: stopped; nothing was written.", err=True)
            return EXIT_FAILED


def _tell_diverged(steps: Mapping[str, int | None]) -> None:
    """Say in one line which learners diverged: their figures are null, and whoever reads only those must know why."""
    from lwf_gui.runs.views import label_of

    said = [f"{label_of(learner)} diverged at step {step:,}" for learner, step in steps.items() if step is not None]
    if said:
        typer.echo(f"lwf-gui: {'; '.join(said)} of task 2: figures from there on are null.", err=True)
