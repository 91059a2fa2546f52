"""Crash traces: a file for each process that gets the stack if it dies, and what earlier ones left there.

A process holds its file locked for as long as it lives: two windows neither read nor delete each other's.
"""

from __future__ import annotations

import faulthandler
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from lwf_gui import locks, paths


@contextmanager
def traced() -> Iterator[str]:
    """Let the stack be written to a file if this process dies; give what earlier ones left, "" if they ended well.

    Without a place for a file the trace goes to the terminal as usual.
    """
    earlier = "\n\n".join(_left_behind())
    try:
        file = _own_file()
    except OSError:
        yield earlier
        return
    was_enabled = faulthandler.is_enabled()
    faulthandler.enable(file)
    try:
        yield earlier
    finally:  # the program ends well
        faulthandler.disable()
        if was_enabled and sys.__stderr__ is not None:
            faulthandler.enable(sys.__stderr__)
        file.close()
        Path(file.name).unlink(missing_ok=True)


def is_running(pid: str) -> bool:
    """Return whether a process of that number holds its file, so is one of this program's, and alive."""
    for path in _folder().glob(f"crash-{pid}-*.txt") if pid.isdecimal() else ():
        try:
            with path.open("r+", encoding="utf-8") as file:
                if not _locked(file):
                    return True
        except OSError:
            return True  # where locks are of the open file itself
    return False


def _folder() -> Path:
    return paths.state_dir()


def _own_file() -> IO[str]:
    """Return a new file, locked."""
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    while True:
        handle, name = tempfile.mkstemp(prefix=f"crash-{os.getpid()}-", suffix=".txt", dir=folder)
        os.close(handle)
        file = Path(name).open("w", encoding="utf-8")  # noqa: SIM115 - open as long as the process lives
        if _locked(file) and Path(name).exists():
            return file
        file.close()  # a window that starts at the same moment took it for a dead process's


def _left_behind() -> Iterator[str]:
    """Take away the files of processes that are gone; give what is in them."""
    for path in sorted(_folder().glob("crash-*-*.txt")):
        try:
            with path.open("r+", encoding="utf-8", errors="replace") as file:
                if not _locked(file) or not path.exists():
                    continue
                text = file.read().strip()
                if sys.platform != "win32":
                    path.unlink()  # while it is locked: nobody else reads it, too
            path.unlink(missing_ok=True)
        except OSError:
            continue
        if text:
            yield text


def _locked(file: IO[str]) -> bool:
    """Lock an open file; return whether nobody else holds it. Windows lets nobody delete an open file in any case."""
    if sys.platform == "win32":
        return True
    try:
        return locks.hold(file)
    except OSError:
        return False
