"""A whole run in the terminal: trained, shown, left in a folder; also instead of a window that cannot open."""

from __future__ import annotations

import json as json_module
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from lwf_gui import InputError, faults, paths, untrusted
from lwf_gui.complaints import EXIT_BAD_INPUT, EXIT_DONE, EXIT_FAILED
from lwf_gui.console import TerminalView, stop_on_interrupt
from lwf_gui.documents import files
from lwf_gui.documents.ahead import Ahead
from lwf_gui.exports import final, report
from lwf_gui.messages import Failed, Finished, Message, Notice, Outcome
from lwf_gui.reasons import reason
from lwf_gui.recipe import Recipe
from lwf_gui.runs import seeds as over
from lwf_gui.runs.interrupted import has_trained
from lwf_gui.runs.record import Record

if TYPE_CHECKING:
    from lwf_gui.engine.runner import Runner

REPORT_FOLDER = "lwf-lab-report"
"""Where the terminal run that stands in for the window leaves its report, in the current folder."""


def instead_of_window(why: str, recipe: Recipe, preset: str, record: Record | None) -> int:
    """Do in the terminal what the window was asked for: show a recorded run's results, or train."""
    if record is not None:
        typer.echo(f"lwf-gui: {why}; these are the results of the run.", err=True)
        TerminalView(quiet=False, json=False, record=record).show_results()
        return EXIT_DONE
    typer.echo(f"lwf-gui: {why}; running {preset} in the terminal instead.", err=True)
    out = Path(REPORT_FOLDER)
    try:
        paths.require_writable(out, option="report")
    except InputError:  # the current folder cannot be written: nobody asked for it by name
        out = paths.state_dir() / REPORT_FOLDER
    return train(recipe, preset, out=out)


@dataclass(frozen=True, slots=True)
class Telling:
    """What a run in the terminal prints, and whether what it told is kept if it is interrupted."""

    json: bool = False
    quiet: bool = False
    traceback: bool = False
    journal: bool = True


def train(recipe: Recipe, preset: str, *, out: Path | None, how: Telling = Telling()) -> int:
    """Do a run in this thread; return the exit code. ``out``: a folder for all it leaves, or a run file alone."""
    if out is not None:
        paths.require_writable(out.absolute().parent if _is_file(out) else out, option="--out")
    if not (how.json or how.quiet):
        _tell_what_is_left()
    ahead = Ahead(paths.interrupted_dir()) if how.journal else None
    quiet, title = how.quiet or how.json, Path(preset).stem
    view, outcome = run_shown(_runner(), recipe, quiet=quiet, json=how.json, ahead=ahead, title=title)
    if not isinstance(outcome, Finished):
        stopped = "stopped; nothing was written." if ahead is None else _stopped(view.record, ahead)
        return ended(outcome, traceback=how.traceback, stopped=stopped)
    code = _show(view, out, json=how.json, quiet=how.quiet)
    if ahead is not None and code == EXIT_DONE:
        ahead.drop()
    elif ahead is not None:
        ahead.close()  # a disk is full, say, on which it should have been left
    return code


def _show(view: TerminalView, out: Path | None, *, json: bool, quiet: bool) -> int:
    """Print the results of a run, and leave them in a folder; return the exit code."""
    if json:
        typer.echo(json_module.dumps(final.result(view.record)))
        _tell_diverged(final.diverged(view.record))
    view.show_results()
    if out is not None:
        if not _left(view.record, out):
            return EXIT_FAILED
        if not (json or quiet):
            left = f"Run file: {out}" if _is_file(out) else f"Report: {out / report.REPORT}"
            typer.echo(untrusted.printable(left))
    return EXIT_DONE


def _runner() -> Runner:
    from lwf_gui.engine.runner import Runner  # and torch with it

    return Runner(forks=False)


def run_shown(
    runner: Runner, recipe: Recipe, *, quiet: bool, json: bool, ahead: Ahead | None = None, title: str = ""
) -> tuple[TerminalView, Outcome]:
    """Do a run, shown in the terminal, and written ahead under a title if that is wanted."""
    from lwf_gui.engine.job import Job

    job = Job(1, recipe)
    stop_on_interrupt(job.control)
    with TerminalView(quiet=quiet, json=json) as view:

        def emit(message: Message) -> None:
            view.show(message)
            if ahead is not None:
                ahead.follow(view.record, message, title)
                problem = ahead.problem()
                if problem:
                    view.show(Notice(message.run_id, problem))

        return view, runner.run(job, emit)


def _stopped(record: Record, ahead: Ahead) -> str:
    """Leave what a run told that was stopped or has failed; return what to say of it."""
    if has_trained(record) and ahead.close():
        return "stopped; what it told so far is kept: `lwf-gui recover` lists it, with --to FILE it writes it."
    ahead.drop()
    return "stopped; nothing was written."


def _tell_what_is_left() -> None:
    """Say that runs were interrupted before, if there are any."""
    from lwf_gui.documents import kept

    if kept.free(paths.interrupted_dir()):
        typer.echo("lwf-gui: an earlier run was interrupted; `lwf-gui recover` lists what is kept of it.", err=True)


def ended(outcome: Outcome, *, traceback: bool = False, stopped: str) -> int:
    """Say why a run has no results; return the exit code."""
    if not isinstance(outcome, Failed):
        typer.echo(f"lwf-gui: {stopped}", err=True)
        return EXIT_FAILED
    faults.log.info("The run failed: %s\n%s", outcome.cause, outcome.traceback)
    typer.echo(f"lwf-gui: {outcome.cause}", err=True)
    if traceback:
        typer.echo(outcome.traceback, err=True)
    return EXIT_BAD_INPUT if outcome.bad_input else EXIT_FAILED


def _is_file(out: Path) -> bool:
    """Whether a run file alone is to be left, and no folder."""
    return out.suffix == files.SUFFIX and not out.is_dir()


def _left(record: Record, out: Path) -> bool:
    """Leave a run's report in a folder, or its run file; return whether that went well, and say why not."""
    try:
        if _is_file(out):
            files.save(record, out)
        else:
            report.write(record, out)
    except OSError as error:  # it could be written before the run: a full disk, say
        typer.echo(f"lwf-gui: the report was not written to {out}: {reason(error)}.", err=True)
        return False
    return True


def train_seeds(recipe: Recipe, seeds: int, *, out: Path | None, json: bool, quiet: bool) -> int:
    """Do a run for each of so many seeds, from the recipe's on, and say mean and 95 % interval; return the exit code.

    Each run is left in a folder of its own, ``seed-N`` in ``out``.
    """
    if out is not None and _is_file(out):
        raise InputError(f"--out {out}: several seeds leave a folder each, so name a folder.")
    if out is not None:
        paths.require_writable(out, option="--out")
    recipe.with_settings({"seed": recipe.seed + seeds - 1})  # the last one too must be a seed
    told: list[dict[str, Any]] = []
    runner = _runner()  # which reads the images once for all seeds
    for seed in range(recipe.seed, recipe.seed + seeds):
        if not (json or quiet):
            typer.echo(f"Seed {seed}, {len(told) + 1} of {seeds}", err=True)
        ahead, own = Ahead(paths.interrupted_dir()), recipe.with_settings({"seed": seed})
        view, outcome = run_shown(runner, own, quiet=quiet or json, json=json, ahead=ahead, title=f"seed {seed}")
        if not isinstance(outcome, Finished):
            typer.echo(f"lwf-gui: {len(told)} of {seeds} seeds were done.", err=True)
            return ended(outcome, stopped=_stopped(view.record, ahead))
        told.append(final.result(view.record))
        _tell_diverged(final.diverged(view.record))
        if out is not None and not _left(view.record, out / f"seed-{seed}"):
            ahead.close()
            return EXIT_FAILED
        ahead.drop()
    if json:
        typer.echo(json_module.dumps({"runs": told, "summary": over.summary(told)}))
    elif not quiet:
        view.show_seeds(told)
    return EXIT_DONE


def _tell_diverged(steps: Mapping[str, int | None]) -> None:
    """Say in one line which learners diverged: their figures are null, and whoever reads only those must know why."""
    from lwf_gui.runs.names import label_of

    said = [f"{label_of(learner)} diverged at step {step:,}" for learner, step in steps.items() if step is not None]
    if said:
        typer.echo(f"lwf-gui: {'; '.join(said)} of task 2: figures from there on are null.", err=True)
