"""The commands; with the window's own, `lwf_gui.window_command`, the only place that joins engine and window.

Bad input becomes one sentence on stderr and exit code 2. torch, Qt and pyqtgraph are imported by the commands that
need them, never by ``lwf-gui --help``.
"""

from __future__ import annotations

import io
import logging
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from lwf_gui import InputError, faults, untrusted
from lwf_gui.claim_commands import claims
from lwf_gui.complaints import (
    EXIT_DONE,
    EXIT_FAILED,
    complain,
    complain_of_words,
    tell_fault,
    tell_what_is_left_out,
)
from lwf_gui.data_commands import data_app
from lwf_gui.export_command import export
from lwf_gui.options import (
    WINDOW_COMMAND,
    DataOption,
    PresetOption,
    SeedOption,
    SetOption,
    WindowByDefault,
    print_version,
    require_seeds,
    whole,
)
from lwf_gui.recipe import DEFAULT_PRESET, compose
from lwf_gui.recover_command import recover
from lwf_gui.sweep_command import sweep
from lwf_gui.window_command import window

app = typer.Typer(
    cls=WindowByDefault,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="LwF Lab shows catastrophic forgetting and Learning without Forgetting, live and side by side. "
    "Without a command it opens the window; `lwf-gui window --help` lists its options, and `lwf-gui settings` all that "
    "--set can change.",
)
app.command(WINDOW_COMMAND)(window)
app.add_typer(data_app, name="data")


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=print_version, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command()
def run(
    ctx: typer.Context,
    preset: PresetOption = DEFAULT_PRESET,
    data: DataOption = "",
    assignments: SetOption = None,
    seed: SeedOption = None,
    seeds: Annotated[
        int,
        typer.Option(metavar="N", parser=whole, help="N runs, with this seed and the next ones: mean, interval."),
    ] = 1,
    out: Annotated[
        Path | None,
        typer.Option(metavar="DIR|FILE", help="Leave report, run file and result there; NAME.lwfrun: that file alone."),
    ] = None,
    json: Annotated[bool, typer.Option("--json", help="Print the results as one JSON object, and only that.")] = False,
    quiet: Annotated[
        bool, typer.Option("--quiet", help="No progress and no table: only what makes the run fail.")
    ] = False,
    no_journal: Annotated[
        bool, typer.Option("--no-journal", help="If the run is interrupted, keep nothing of it to be recovered.")
    ] = False,
    traceback: Annotated[bool, typer.Option("--traceback", help="If the run fails, show where.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", help="Write the log to stderr too.")] = False,
) -> None:
    """Do a run in the terminal."""
    ctx.with_resource(faults.logged(verbose=verbose))
    require_seeds(seeds)
    recipe = compose(preset, assignments or (), data=data, seed=seed)
    if not quiet:
        tell_what_is_left_out()
    from lwf_gui import terminal

    if seeds > 1:
        raise typer.Exit(terminal.train_seeds(recipe, seeds, out=out, json=json, quiet=quiet))
    how = terminal.Telling(json=json, quiet=quiet, traceback=traceback, journal=not no_journal)
    raise typer.Exit(terminal.train(recipe, preset, out=out, how=how))


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
        has = ", ".join(row.may_own().values())
        typer.echo(f"{row.name:12} {row.label}. {row.help}{f' Settings: {has}.' if has else ''}")
    tell_what_is_left_out()


app.command()(claims)
app.command()(export)
app.command()(recover)
app.command()(sweep)


@app.command()
def doctor(
    install_desktop: Annotated[
        bool, typer.Option("--install-desktop", help="Add menu entry, icon and the kind of run files to your desktop.")
    ] = False,
    remove_desktop: Annotated[bool, typer.Option("--remove-desktop", help="Take them away again.")] = False,
) -> None:
    """Check this machine: libraries, display, data, cache; or put the program among its desktop's applications."""
    if install_desktop or remove_desktop:
        raise typer.Exit(_change_desktop(install=install_desktop, remove=remove_desktop))
    from lwf_gui.doctor import checks

    worst = EXIT_DONE
    for check in checks():
        typer.echo(f"{'ok  ' if check.fine else 'FAIL' if check.needed else 'note'} {check.name}: {check.detail}")
        if check.needed and not check.fine:
            worst = EXIT_FAILED
    raise typer.Exit(worst)


def _change_desktop(*, install: bool, remove: bool) -> int:
    """Add the program to the user's desktop, or take it away; return the exit code."""
    from lwf_gui import desktop

    if install and remove:
        raise InputError("--install-desktop and --remove-desktop: only one of them can be done.")
    changed = desktop.install() if install else desktop.remove()
    for path in changed:
        typer.echo(f"{'written' if install else 'removed'}: {untrusted.printable(str(path))}")
    if not changed:
        typer.echo("Nothing was there to be removed.")
    return EXIT_DONE


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
