"""Options of the command line that several commands have, and how their values are read."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from lwf_gui import InputError, __version__, untrusted
from lwf_gui.recipe import DATA_SETS, preset_names

WINDOW_COMMAND = "window"
MOST_SEEDS = 1000
"""Runs that one command does at most."""

MOST_PIXELS = 19_999
"""Largest side of a window that can be asked for."""


class WindowByDefault(TyperGroup):
    """``lwf-gui`` without a command opens the window, with all of the window's options."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the window's command in front where none is named."""
        if not args or (args[0] not in self.commands and args[0] not in ("--help", "--version")):
            args = [WINDOW_COMMAND, *args]
        return super().parse_args(ctx, args)


def commands_of(ctx: typer.Context) -> tuple[str, ...]:
    """Return the names of all commands of the program that a command belongs to."""
    group: Any = ctx.find_root().command  # its class has no public name
    return tuple(group.commands)


PresetOption = Annotated[
    str,
    typer.Option(
        "--preset",
        metavar="NAME|FILE",
        help=f"A preset ({', '.join(preset_names())}), a TOML file, or a copied recipe, lwf:...",
    ),
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


def whole(text: str) -> int:
    """Read a whole number as typed after an option."""
    number = untrusted.whole_number(str(text))
    if number is None:
        raise typer.BadParameter(f"{untrusted.shortened(str(text), 40)!r} is no whole number of at most 18 digits.")
    return number


SeedOption = Annotated[
    int | None, typer.Option("--seed", metavar="N", parser=whole, help="Seed of weights, batches and probes.")
]


VerboseOption = Annotated[
    bool, typer.Option("--verbose", help="Write the log to stderr too, and when the window was painted and ready.")
]


def print_version(wanted: bool) -> None:
    """Print the version and end, if that is wanted."""
    if wanted:
        typer.echo(f"lwf-gui {__version__}")
        raise typer.Exit


def require_seeds(count: int) -> None:
    """Raise `InputError` for a number of seeds that cannot be asked for with ``--seeds``."""
    if not 1 <= count <= MOST_SEEDS:
        raise InputError(f"--seeds {count} is not allowed: it must be a whole number of 1 to {MOST_SEEDS:,}.")


def pixels_of(size: str) -> tuple[int, int] | None:
    """Return the width and height that ``--size`` says; None without it."""
    if not size:
        return None
    width, height = (untrusted.whole_number(side) or 0 for side in size.partition("x")[::2])
    if not (0 < width <= MOST_PIXELS and 0 < height <= MOST_PIXELS):
        raise InputError(
            f"--size {untrusted.shortened(size)}: write it as WIDTHxHEIGHT in pixels, for example 1280x720; "
            f"neither may be more than {MOST_PIXELS:,}."
        )
    return width, height
