"""The commands: the only place that joins engine and window.

Bad input becomes one sentence on stderr and exit code 2. torch, Qt and pyqtgraph are imported by the commands that
need them, never by ``lwf-gui --help``.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import logging
import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from lwf_gui import InputError, crash, display, faults, paths, untrusted
from lwf_gui.claim_commands import claims
from lwf_gui.complaints import EXIT_DONE, EXIT_FAILED, complain, complain_of_words, tell_fault
from lwf_gui.data_commands import data_app
from lwf_gui.options import (
    WINDOW_COMMAND,
    DataOption,
    PresetOption,
    SeedOption,
    SetOption,
    VerboseOption,
    WindowByDefault,
    pixels_of,
    print_version,
)
from lwf_gui.reasons import reason
from lwf_gui.recipe import DEFAULT_PRESET, compose

if TYPE_CHECKING:
    from lwf_gui.runs.record import Record

MOST_SEEDS = 1000
"""Runs that one command does at most."""

_THEMES = f"{', '.join(display.THEMES[:-1])} or {display.THEMES[-1]}"


app = typer.Typer(
    cls=WindowByDefault,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="LwF Lab shows catastrophic forgetting and Learning without Forgetting, live and side by side. "
    "Without a command it opens the window; `lwf-gui window --help` lists its options, and `lwf-gui settings` all that "
    "--set can change.",
)
app.add_typer(data_app, name="data")


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=print_version, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(WINDOW_COMMAND)
def window(
    ctx: typer.Context,
    run_file: Annotated[
        Path | None, typer.Argument(metavar="[RUN_FILE]", help="A recorded run to show.", readable=False)
    ] = None,
    preset: PresetOption = "",
    data: DataOption = "",
    assignments: SetOption = None,
    seed: SeedOption = None,
    autorun: Annotated[bool, typer.Option("--autorun", help="Start training at once.")] = False,
    present: Annotated[bool, typer.Option("--present", help="Full screen; of the controls, only the run's.")] = False,
    screenshot: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Save a picture after the run, or at once without --autorun.")
    ] = None,
    exit_after_run: Annotated[bool, typer.Option("--exit-after-run", help="Close the window after the run.")] = False,
    theme: Annotated[str, typer.Option(metavar="NAME", help=f"{_THEMES}.")] = "",
    size: Annotated[str, typer.Option(metavar="WxH", help="Size of the window in pixels, such as 1280x720.")] = "",
    verbose: VerboseOption = False,
    reset_settings: Annotated[
        bool,
        typer.Option(
            "--reset-settings",
            help="Forget what the window remembers: its place and panels, theme and type. Alone it does only that.",
        ),
    ] = False,
) -> None:
    """Open the window: the default command."""
    crashed = ctx.with_resource(crash.traced())
    ctx.with_resource(faults.logged(verbose=verbose))
    if reset_settings:
        _reset_settings()
        if not _is_asked_for_more(ctx):
            return
    chosen = bool(preset or data or assignments or seed is not None)
    preset = preset or DEFAULT_PRESET
    _tell_what_is_left_out()
    recipe = compose(preset, assignments or (), data=data, seed=seed)
    if screenshot is not None:
        paths.require_writable(screenshot.parent, option="--screenshot")
    pixels = pixels_of(size)
    if theme and theme not in display.THEMES:
        raise InputError(f"--theme {untrusted.shortened(theme)}: there is no such theme; it must be {_THEMES}.")
    record = _load_run(run_file)
    _load_torch_first()
    no_display = display.problem()
    if no_display:
        from lwf_gui import terminal

        raise typer.Exit(terminal.instead_of_window(no_display, recipe, preset, record))
    from lwf_gui.engine.thread import EngineThread
    from lwf_gui.gui import app as gui

    options = gui.Options(
        preset=preset,
        chosen=chosen,
        record=record,
        run_file="" if run_file is None else run_file.name,
        autorun=autorun,
        present=present,
        screenshot=screenshot,
        exit_after_run=exit_after_run,
        theme=theme or None,
        size=pixels,
        started=_process_start() if verbose else 0.0,
        crashed=crashed,
    )
    raise typer.Exit(gui.run(EngineThread(), recipe, options))


@app.command()
def run(
    ctx: typer.Context,
    preset: PresetOption = DEFAULT_PRESET,
    data: DataOption = "",
    assignments: SetOption = None,
    seed: SeedOption = None,
    seeds: Annotated[
        int,
        typer.Option(metavar="N", help="N runs, with this seed and the next ones: mean, interval."),
    ] = 1,
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Leave report, run file and result there.")] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the results as one JSON object, and only that.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No progress and no table: only what makes the run fail.")
    ] = False,
    traceback: Annotated[bool, typer.Option("--traceback", help="If the run fails, show where.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Write the log to stderr too.")] = False,
) -> None:
    """Do a run in the terminal."""
    ctx.with_resource(faults.logged(verbose=verbose))
    if not 1 <= seeds <= MOST_SEEDS:
        raise InputError(f"--seeds {seeds} is not allowed: it must be a whole number of 1 to {MOST_SEEDS:,}.")
    recipe = compose(preset, assignments or (), data=data, seed=seed)
    if not quiet:
        _tell_what_is_left_out()
    from lwf_gui import terminal

    if seeds > 1:
        raise typer.Exit(terminal.train_seeds(recipe, seeds, out=out, json=json, quiet=quiet))
    raise typer.Exit(terminal.train(recipe, preset, out=out, json=json, quiet=quiet, traceback=traceback))


@app.command()
def settings(
    markdown: Annotated[bool, typer.Option("--markdown", help="As a Markdown table.")] = False,
) -> None:
    """List all settings: key, default, range, unit and help."""
    from rich.console import Console

    from lwf_gui import reference

    if markdown:
        typer.echo("\n".join(reference.markdown()))
        return
    console = Console(highlight=False)
    console.width = max(console.width, reference.LEAST_WIDTH)
    console.print(reference.table(console.width))
    for note in reference.NOTES:
        console.print(note, markup=False)


@app.command()
def methods() -> None:
    """List the methods that a learner can follow, with the settings that each has."""
    from lwf_gui.methods import METHODS

    for row in METHODS.values():
        has = ", ".join(f"{row.key}.{name}" for name in row.may_own())
        typer.echo(f"{row.name:12} {row.label}. {row.help}{f' Settings: {has}.' if has else ''}")
    _tell_what_is_left_out()


app.command()(claims)


@app.command()
def doctor() -> None:
    """Check this machine: libraries, display, data, cache."""
    from lwf_gui.doctor import checks

    worst = EXIT_DONE
    for check in checks():
        typer.echo(f"{'ok  ' if check.fine else 'FAIL' if check.needed else 'note'} {check.name}: {check.detail}")
        if check.needed and not check.fine:
            worst = EXIT_FAILED
    raise typer.Exit(worst)


def main() -> None:
    """Run the command line; exit codes: 0 done, 1 the run failed, 2 bad input."""
    logging.captureWarnings(True)  # torch's, and all others': for the log, never for a user's stderr
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a terminal that lacks a character of a name is no reason to end
            stream.reconfigure(errors="backslashreplace")
    try:
        code = typer.main.get_command(app)(standalone_mode=False, prog_name="lwf-gui")
        sys.stdout.flush()
    except InputError as error:
        code = complain(str(error))
    except BrokenPipeError:  # as with `| head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nor what is written at the end
        code = EXIT_FAILED
    except typer.Abort:
        code = EXIT_FAILED
    except Exception as error:  # noqa: BLE001 - click's own, or a fault that nobody expected
        if hasattr(error, "format_message"):  # click's own: an unknown option, a value of the wrong kind
            code = complain_of_words(error.format_message(), getattr(error, "ctx", None))
        else:
            code = tell_fault(error)
    sys.exit(code or EXIT_DONE)


def _tell_what_is_left_out() -> None:
    """Name the methods of other packages that cannot be used, and why."""
    from lwf_gui.methods import PROBLEMS

    for problem in PROBLEMS:
        typer.echo(f"lwf-gui: {problem}", err=True)


def _reset_settings() -> None:
    from lwf_gui.gui.preferences import Preferences

    try:
        Preferences.of_the_user().reset()
    except OSError as error:
        raise InputError(f"--reset-settings: {reason(error)}.") from error
    typer.echo("lwf-gui: the window and its settings are as they were at first.", err=True)


def _is_asked_for_more(ctx: typer.Context) -> bool:
    """Return whether the command line asks for anything but forgotten settings."""
    given = {name for name in ctx.params if getattr(ctx.get_parameter_source(name), "name", "") != "DEFAULT"}
    return bool(given - {"reset_settings", "verbose"})


def _load_torch_first(platform: str = sys.platform) -> None:
    """Import torch before Qt where it is reported not to load after it: its c10.dll, on Windows, from torch 2.9 on."""
    if platform == "win32":
        with contextlib.suppress(Exception):  # the engine's start says what is wrong with it
            import torch  # noqa: F401


def _load_run(run_file: Path | None) -> Record | None:
    if run_file is None:
        return None
    from lwf_gui.documents import files

    if os.path.lexists(run_file):  # unlike Path's own, answers where a name is too long, or no name at all
        return files.load(run_file)
    if os.path.isfile(f"{run_file}{files.SUFFIX}"):
        return files.load(Path(f"{run_file}{files.SUFFIX}"))
    group: Any = typer.main.get_command(app)  # its class has no public name
    near = difflib.get_close_matches(str(run_file), group.commands, n=1)
    if near:
        word = untrusted.shortened(str(run_file))
        raise InputError(f"{word} is no command, and no run file of that name is here; did you mean {near[0]}?")
    return files.load(run_file)


def _process_start() -> float:
    """Return when this process began, in seconds since the epoch; where the system does not tell, now."""
    try:
        ticks = int(Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return time.time()
    return time.time() - (uptime - ticks / 100)
