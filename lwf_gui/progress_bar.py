"""A bar in the terminal for work that is counted, with the time that is left: on stderr, and in a terminal alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

Told = Callable[[int, int], bool]
"""Is told how much is done, and of how much; returns whether to go on."""


@contextmanager
def counted_work(what: str) -> Iterator[Told]:
    """Show how far work is while this context lasts."""
    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %"))
    with Progress(
        *columns, TextColumn("left"), TimeRemainingColumn(), console=console, disable=not console.is_terminal
    ) as bar:
        task = bar.add_task(what, total=None)

        def told(done: int, of: int) -> bool:
            bar.update(task, completed=done, total=of)
            return True

        yield told
