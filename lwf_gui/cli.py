"""The commands: the only place that joins engine and window.

Bad input becomes one sentence on stderr and exit code 2. torch, Qt and pyqtgraph are imported by the commands that
need them, never by ``lwf-gui --help``.
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json as json_module
import logging
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from lwf_gui import InputError, __version__, crash, display, faults, paths, untrusted
from lwf_gui.reasons import reason
from lwf_gui.recipe import DATA_SETS, DEFAULT_PRESET, Recipe, compose, preset_names

if TYPE_CHECKING:
    from lwf_gui.runs.record import Record

EXIT_DONE, EXIT_FAILED, EXIT_BAD_INPUT = 0, 1, 2
WINDOW_COMMAND = "window"
REPORT_FOLDER = "lwf-lab-report"
"""Where the terminal run that stands in for the window leaves its report, in the current folder."""
MOST_PIXELS = 19_999
"""Largest side of a window that can be asked for."""

_THEMES = f"{', '.join(display.THEMES[:-1])} or {display.THEMES[-1]}"


class _WindowByDefault(TyperGroup):
    """``lwf-gui`` without a command opens the window, with all of the window's options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the window's command in front where none is named."""
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "--version")):
            args = [WINDOW_COMMAND, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=_WindowByDefault,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="LwF Lab shows catastrophic forgetting and Learning without Forgetting, live and side by side. "
    "Without a command it opens the window; `lwf-gui window --help` lists its options, and `lwf-gui settings` all that "
    "--set can change.",
)
data_app = typer.Typer(help="Look for, check and download image data.", rich_markup_mode=None, no_args_is_help=True)
app.add_typer(data_app, name="data")

PresetOption = Annotated[
    str, typer.Option("--preset", metavar="NAME|FILE", help=f"A preset ({', '.join(preset_names())}) or a TOML file.")
]
DataOption = Annotated[
    str, typer.Option("--data", metavar="SPEC", help=f"{', '.join(DATA_SETS)}, or a directory with IDX files.")
]
SetOption = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="KEY=VALUE",
        help="Change a setting, for example lwf.alpha=2; may be given often. `lwf-gui settings` lists all keys.",
    ),
]


def _seed(text: str) -> int:
    number = untrusted.whole_number(text)
    if number is None:
        raise typer.BadParameter(f"{untrusted.shortened(text, 40)!r} is no whole number of at most 18 digits.")
    return number


SeedOption = Annotated[
    int | None, typer.Option("--seed", metavar="N", parser=_seed, help="Seed of weights, batches and probes.")
]


VerboseOption = Annotated[
    bool, typer.Option("--verbose", help="Write the log to stderr too, and when the window was painted and ready.")
]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lwf-gui {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", is_eager=True, callback=_print_version, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(WINDOW_COMMAND)
def window(
    ctx: typer.Context,
    run_file: Annotated[Path | None, typer.Argument(metavar="[RUN_FILE]", help="A recorded run to show.")] = None,
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
    pixels = _pixels(size)
    if theme and theme not in display.THEMES:
        raise InputError(f"--theme {untrusted.shortened(theme)}: there is no such theme; it must be {_THEMES}.")
    record = _load_run(run_file)
    _load_torch_first()
    no_display = display.problem()
    if no_display:
        raise typer.Exit(_without_window(no_display, recipe, preset, record))
    from lwf_gui.engine.thread import EngineThread
    from lwf_gui.gui import app as gui

    options = gui.Options(
        preset=preset,
        chosen=chosen,
        record=record,
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
    recipe = compose(preset, assignments or (), data=data, seed=seed)
    if not quiet:
        _tell_what_is_left_out()
    raise typer.Exit(_train(recipe, preset, out=out, json=json, quiet=quiet, traceback=traceback))


@data_app.command("list")
def data_list() -> None:
    """List every place that data are looked for, in order, with what is there."""
    from lwf_gui.data import sources

    for place in sources.known_places():
        typer.echo(f"{place.state:8} {place.name}: {place.detail}")
    best = sources.load("auto")
    typer.echo(f"{'auto':8} takes {best.name} ({best.source}).")


@data_app.command("check")
def data_check(
    spec: Annotated[str, typer.Argument(metavar="[SPEC]", help="As for --data.")] = "auto",
) -> None:
    """Read data whole and check them; downloads nothing."""
    from lwf_gui.data import sources

    found = sources.load(spec)
    if found.note:
        typer.echo(found.note)
    typer.echo(f"{found.name} ({found.source}) is sound: {found.describe()}: {found.names()}.")


@data_app.command("fetch")
def data_fetch() -> None:
    """Download Fashion-MNIST, four files of 31 MB in all, over https into the cache."""
    from lwf_gui.console import TerminalView, stop_on_interrupt
    from lwf_gui.control import Control
    from lwf_gui.engine.runner import fetch
    from lwf_gui.messages import Failed, Finished

    control = Control()
    stop_on_interrupt(control)
    with TerminalView(quiet=False, json=False) as view:
        outcome = fetch(0, control, view.show)
    match outcome:
        case Finished():
            typer.echo(f"Fashion-MNIST is in {outcome.summary['folder']}.")
        case Failed():
            typer.echo(f"lwf-gui: {outcome.cause}", err=True)
            raise typer.Exit(EXIT_FAILED)
        case _:
            typer.echo("lwf-gui: stopped; the next download goes on from there.", err=True)
            raise typer.Exit(EXIT_FAILED)


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
        code = _complain(str(error))
    except BrokenPipeError:  # as with `| head`: nobody reads on
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nor what is written at the end
        code = EXIT_FAILED
    except typer.Abort:
        code = EXIT_FAILED
    except Exception as error:  # noqa: BLE001 - click's own, or a fault that nobody expected
        if hasattr(error, "format_message"):  # click's own: an unknown option, a value of the wrong kind
            code = _complain_of_words(error.format_message(), getattr(error, "ctx", None))
        else:
            code = _tell_fault(error)
    sys.exit(code or EXIT_DONE)


def _tell_what_is_left_out() -> None:
    """Name the methods of other packages that cannot be used, and why."""
    from lwf_gui.methods import PROBLEMS

    for problem in PROBLEMS:
        typer.echo(f"lwf-gui: {problem}", err=True)


def _tell_fault(error: Exception) -> int:
    """Log a fault of the program that nobody expected, and say where."""
    with faults.logged(verbose="--verbose" in sys.argv):
        faults.log.error("A fault ended the program", exc_info=error)
    typer.echo(
        f"lwf-gui: the program has a fault ({faults.clause(error)}) and ends; {faults.log_file()} has the details.",
        err=True,
    )
    return EXIT_FAILED


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


def _complain_of_words(message: str, ctx: Any) -> int:
    """Say what is wrong with the words of the command line; a command that was named without more gets its help."""
    if "\n" in message:
        typer.echo(message, err=True)
        return EXIT_BAD_INPUT
    command = ctx.command_path if ctx is not None and not ctx.command_path.endswith(WINDOW_COMMAND) else "lwf-gui"
    return _complain(f"{message.rstrip('.')}; `{command} --help` lists what there is.")


def _complain(sentence: str) -> int:
    typer.echo(f"lwf-gui: {untrusted.printable(sentence)}", err=True)
    return EXIT_BAD_INPUT


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


def _load_torch_first(platform: str = sys.platform) -> None:
    """Import torch before Qt where it is reported not to load after it: its c10.dll, on Windows, from torch 2.9 on."""
    if platform == "win32":
        with contextlib.suppress(Exception):  # the engine's start says what is wrong with it
            import torch  # noqa: F401


def _without_window(why: str, recipe: Recipe, preset: str, record: Record | None) -> int:
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
    return _train(recipe, preset, out=out, json=False, quiet=False, traceback=False)


def _train(recipe: Recipe, preset: str, *, out: Path | None, json: bool, quiet: bool, traceback: bool) -> int:
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


def _pixels(size: str) -> tuple[int, int] | None:
    if not size:
        return None
    width, height = (untrusted.whole_number(side) or 0 for side in size.partition("x")[::2])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise InputError(
            f"--size {untrusted.shortened(size)}: write it as WIDTHxHEIGHT in pixels, for example 1280x720; "
            f"neither may be more than {MOST_PIXELS:,}."
        )
    return width, height


def _process_start() -> float:
    """Return when this process began, in seconds since the epoch; where the system does not tell, now."""
    try:
        ticks = int(Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return time.time()
    return time.time() - (uptime - ticks / 100)
