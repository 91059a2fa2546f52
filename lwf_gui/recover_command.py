"""The command about runs that were interrupted: list what is kept of them, or write the newest as a run file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from lwf_gui import InputError, faults, paths, untrusted
from lwf_gui.complaints import EXIT_DONE
from lwf_gui.reasons import reason


def recover(
    ctx: typer.Context,
    to: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the newest there, as a run file.")] = None,
) -> None:
    """List what interrupted runs left, the newest first, or write the newest as a run file."""
    ctx.with_resource(faults.logged(verbose=False))
    if to is None:
        _list()
    else:
        _write(to)
    raise typer.Exit(EXIT_DONE)


def _list() -> None:
    """Say of each what run it was and how far it came."""
    from lwf_gui.documents.recovery import left_behind
    from lwf_gui.runs.interrupted import description

    count = 0
    for left in left_behind(paths.interrupted_dir()):
        try:
            record = left.read()
        except InputError as error:
            typer.echo(f"lwf-gui: {error}", err=True)
            count += 1
            continue
        finally:
            left.let_go()
        if record is not None:
            count += 1
            typer.echo(description(record, left.begun, left.title))
    if not count:
        typer.echo("No run was interrupted, or all are in files or in an open window.")


def _write(to: Path) -> None:
    """Write the newest that can be read; it is then in a file, and its journal goes."""
    from lwf_gui.documents import files
    from lwf_gui.documents.recovery import left_behind
    from lwf_gui.runs.interrupted import description

    for left in left_behind(paths.interrupted_dir()):
        try:
            record = left.read()
        except InputError as error:
            typer.echo(f"lwf-gui: {error}", err=True)
            record = None
        if record is None:
            left.let_go()
            continue
        try:
            files.save(record, to)
        except (OSError, ValueError) as error:  # ValueError: no path at all
            left.let_go()
            raise InputError(f"--to {untrusted.printable(str(to))}: it cannot be written ({reason(error)}).") from error
        left.discard()
        typer.echo(f"{description(record, left.begun, left.title)} Written to {untrusted.printable(str(to))}.")
        return
    raise InputError("There is no interrupted run to write: none was, or all are in files or in an open window.")
