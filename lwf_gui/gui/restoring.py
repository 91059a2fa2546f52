"""Marks of a start that is putting a remembered layout back: one that dies in it is followed by one that leaves it out.

A mark is a file of its process, so that two windows that start at once have two; it is no setting.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lwf_gui import crash, paths, untrusted
from lwf_gui.atomic import make_folder


@contextmanager
def restoring(what: str) -> Iterator[None]:
    """Mark for the next start, while it lasts, that ``what`` is being put back."""
    mark = _mark(str(os.getpid()))
    with contextlib.suppress(OSError):  # a folder that cannot be written is no reason not to start
        make_folder(mark.parent)
        mark.write_text(what, "utf-8")
    yield
    with contextlib.suppress(OSError):
        mark.unlink(missing_ok=True)


def died_restoring() -> list[str]:
    """Take the marks of starts away that have died; return what these were putting back."""
    found = []
    for mark in sorted(paths.state_dir().glob(_mark("*").name)):
        pid = mark.stem.removeprefix("restoring-")
        if pid != str(os.getpid()) and crash.is_running(pid):  # another window, which is at it just now
            continue
        with contextlib.suppress(OSError, untrusted.Unsound):
            found.append(untrusted.read_text(mark))
        with contextlib.suppress(OSError):
            mark.unlink(missing_ok=True)
    return found


def _mark(pid: str) -> Path:
    return paths.state_dir() / f"restoring-{pid}.txt"
