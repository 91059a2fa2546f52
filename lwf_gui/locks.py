"""File locks between processes: who holds an open file is alive, for the system lets go when a process ends.

Knows nothing of what is in the file. Reading and writing it hinders nobody.
"""

from __future__ import annotations

import os
import sys
from typing import IO, Any

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

_FAR = 2**62
"""Where the byte lies that is locked on Windows, which lets nobody read a locked part: behind every content."""


def hold(file: IO[Any]) -> bool:
    """Lock an open file for as long as it is open; return whether nobody else holds it.

    Raises
    ------
    OSError
        If there are no locks in this place, as on some network drives.
    """
    try:
        if sys.platform == "win32":
            place = file.seek(0, os.SEEK_CUR)
            file.seek(_FAR)
            try:
                msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
            finally:
                file.seek(place)
        else:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):  # the latter is how Windows says it
        return False
    return True
