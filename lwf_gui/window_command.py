"""The command that opens the window, and what it does before: settings forgotten, a run file read, torch before Qt."""

from __future__ import annotations

import contextlib
import difflib
import os
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from lwf_gui import InputError, crash, display, faults, paths, untrusted
from lwf_gui.complaints import tell_what_is_left_out
from lwf_gui.options import (
    DataOption,
    PresetOption,
    SeedOption,
    SetOption,
    VerboseOption,
    commands_of,
    pixels_of,
    require_seeds,
    whole,
)
from lwf_gui.reasons import reason
from lwf_gui.recipe import DEFAULT_PRESET, called, compose

if TYPE_CHECKING:
    from lwf_gui.runs.record import Record

_THEMES = f"{', '.join(display.THEMES[:-1])} or {display.THEMES[-1]}"


def window(
    ctx: typer.Context,
    run_files: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[RUN_FILE]...",
            help="A recorded run to show; others are pinned beside it. Or the folder of a sweep.",
            readable=False,
        ),
    ] = None,
    preset: PresetOption = "",
    data: DataOption = "",
    assignments: SetOption = None,
    seed: SeedOption = None,
    seeds: Annotated[
        int,
        typer.Option(
            metavar="N", parser=whole, help="Repeat the first run behind the window, for N seeds in all: bands."
        ),
    ] = 1,
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
    require_seeds(seeds)
    chosen = bool(preset or data or assignments or seed is not None)
    preset = preset or DEFAULT_PRESET
    tell_what_is_left_out()
    recipe, preset = compose(preset, assignments or (), data=data, seed=seed), called(preset)
    if screenshot is not None:
        paths.require_writable(screenshot.parent, option="--screenshot")
    pixels = pixels_of(size)
    if theme and theme not in display.THEMES:
        raise InputError(f"--theme {untrusted.shortened(theme)}: there is no such theme; it must be {_THEMES}.")
    from lwf_gui.documents.folder import with_folders_open

    sweep, run_files = _sweep_among(run_files or ())
    runs, problems = _load_runs(with_folders_open(run_files), commands_of(ctx))
    record = runs[0][1] if runs else None
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
        run_file=runs[0][0] if runs else "",
        others=tuple(runs[1:]),
        sweep=sweep,
        problems=problems,
        more_seeds=seeds - 1,
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


def _sweep_among(names: Iterable[Path]) -> tuple[Path | None, list[Path]]:
    """Return the folder of a sweep among what was named, made whole, and the others.

    Raises
    ------
    InputError
        If there are several sweeps.
    """
    from lwf_gui.sweeps.folder import is_sweep

    sweeps, others = list[Path](), list[Path]()
    for each in names:
        (sweeps if is_sweep(each) else others).append(each)
    if len(sweeps) > 1:
        raise InputError("The window shows one sweep: name one folder.")
    return (Path(os.path.abspath(sweeps[0])) if sweeps else None), others


def _load_runs(run_files: Iterable[Path], commands: Iterable[str]) -> tuple[list[tuple[str, Record]], tuple[str, ...]]:
    """Return the runs that can be read, and why others cannot, which is said at once, too.

    Raises
    ------
    InputError
        If none can be read: the reason of the first.
    """
    runs, problems = list[tuple[str, "Record"]](), list[InputError]()
    for each in run_files:
        try:
            runs.append(_load_run(each, commands))
        except InputError as error:
            problems.append(error)
    if problems and not runs:
        raise problems[0]
    for problem in problems:
        typer.echo(f"lwf-gui: {problem}", err=True)
    return runs, tuple(map(str, problems))


def _load_run(run_file: Path, commands: Iterable[str]) -> tuple[str, Record]:
    """Return the whole name and the record of a run file, with or without its ending.

    A word near a command's name is said to be none.
    """
    from lwf_gui.documents import files

    if os.path.lexists(run_file):  # unlike Path's own, answers where a name is too long, or no name at all
        return os.path.abspath(run_file), files.load(run_file)
    if os.path.isfile(f"{run_file}{files.SUFFIX}"):
        found = Path(f"{run_file}{files.SUFFIX}")
        return os.path.abspath(found), files.load(found)
    near = difflib.get_close_matches(str(run_file), commands, n=1)
    if near:
        word = untrusted.shortened(str(run_file))
        raise InputError(f"{word} is no command, and no run file of that name is here; did you mean {near[0]}?")
    return str(run_file), files.load(run_file)


def _load_torch_first(platform: str = sys.platform) -> None:
    """Import torch before Qt where it is reported not to load after it: its c10.dll, on Windows, from torch 2.9 on."""
    if platform == "win32":
        with contextlib.suppress(Exception):  # the engine's start says what is wrong with it
            import torch  # noqa: F401


def _process_start() -> float:
    """Return when this process began, in seconds since the epoch; where the system does not tell, now."""
    try:
        ticks = int(Path("/proc/self/stat").read_text("ascii").rpartition(")")[2].split()[19])
        uptime = float(Path("/proc/uptime").read_text("ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return time.time()
    return time.time() - (uptime - ticks / 100)
