"""The commands about image data: list, check and fetch."""

from __future__ import annotations

from typing import Annotated

import typer

from lwf_gui.complaints import EXIT_FAILED

data_app = typer.Typer(help="Look for, check and download image data.", rich_markup_mode=None, no_args_is_help=True)


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
