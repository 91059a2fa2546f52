"""What the command line says when something is wrong: one sentence on stderr, and an exit code."""

from __future__ import annotations

import sys
from typing import Any

import typer

from lwf_gui import faults, untrusted
from lwf_gui.methods import PROBLEMS
from lwf_gui.options import WINDOW_COMMAND

EXIT_DONE, EXIT_FAILED, EXIT_BAD_INPUT = 0, 1, 2


def tell(sentence: str) -> None:
    """Say something beside what a command prints."""
    typer.echo(f"lwf-gui: {untrusted.printable(sentence)}", err=True)


def complain(sentence: str) -> int:
    """Say what is wrong with what was asked for; return the exit code."""
    tell(sentence)
    return EXIT_BAD_INPUT


def complain_of_words(message: str, ctx: Any) -> int:
    """Say what is wrong with the words of the command line; a command that was named without more gets its help."""
    if "\n" in message:
        typer.echo(message, err=True)
        return EXIT_BAD_INPUT
    command = ctx.command_path if ctx is not None and not ctx.command_path.endswith(WINDOW_COMMAND) else "lwf-gui"
    return complain(f"{message.rstrip('.')}; `{command} --help` lists what there is.")


def tell_fault(error: Exception) -> int:
    """Log a fault of the program that nobody expected, and say where."""
    with faults.logged(verbose="--verbose" in sys.argv):
        faults.log.error("A fault ended the program", exc_info=error)
    typer.echo(
        f"lwf-gui: the program has a fault ({faults.clause(error)}) and ends; {faults.log_file()} has the details.",
        err=True,
    )
    return EXIT_FAILED


def tell_what_is_left_out() -> None:
    """Name the methods of other packages that cannot be used, and why."""
    for problem in PROBLEMS:
        typer.echo(f"lwf-gui: {problem}", err=True)
