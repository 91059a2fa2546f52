"""The mark of a process that is at work on a sweep: a locked file in its folder, which is free as the process ends.

So two processes never do the runs of one sweep at once, and who only looks sees whether anybody works.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

from lwf_gui import InputError, locks, untrusted

FILE = ".at-work"

PATIENCE = 1.0
"""Seconds in which a mark that was only looked at is free again."""


@contextlib.contextmanager
def held(folder: Path) -> Iterator[None]:
    """Hold the mark; where there are no locks, as on some network drives, go on without.

    Raises
    ------
    InputError
        If another process holds it.
    """
    with contextlib.ExitStack() as stack:
        try:
            file = stack.enter_context((folder / FILE).open("ab"))
            began = time.monotonic()
            while not locks.hold(file):
                if time.monotonic() - began > PATIENCE:
                    where = untrusted.printable(str(folder))
                    raise InputError(f"Another process is at work on the sweep in {where}: wait for it, or end it.")
                time.sleep(PATIENCE / 10)
        except OSError:
            pass
        yield


def is_held(folder: Path) -> bool:
    """Return whether a process is at work on a sweep, as far as can be seen."""
    try:
        with (folder / FILE).open("rb") as file:
            return not locks.hold(file)
    except OSError:
        return False
