"""Atomic, durable writes: all of a file or none of it, also through a crash or a power cut.

Knows nothing of what is written.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import secrets
import stat
import time
import zlib
from collections.abc import Callable
from pathlib import Path

_DAY = 24 * 3600.0


def write_atomically(target: Path, write: Callable[[Path], object]) -> None:
    """Let ``write`` fill a temporary file beside ``target``, then rename it: all of the file or none of it.

    A symbolic link stays one, and what it points to is written. A new file gets the mode that the umask leaves it, a
    file that was there keeps its own. What a write that was killed left for the same target is removed.

    Raises
    ------
    OSError
        If the folder cannot be made or written, or the target is protected or no file; it then is as it was.
    """
    target = Path(os.path.realpath(target))
    make_folder(target.parent)
    kept = _mode_of(target)
    _remove_stale(target)
    part = _new_part(target)
    try:
        mode = stat.S_IMODE(part.stat().st_mode) if kept is None else kept
        write(part)  # which may put another file in its place, with a mode of its own
        part.chmod(mode)
        _sync(part)
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # not every system can; the file itself is safe
        _sync(target.parent)


def write_text_atomically(target: Path, text: str) -> None:
    """Write a text as UTF-8, as `write_atomically` does.

    Raises
    ------
    OSError
        As there.
    """
    write_atomically(target, lambda part: part.write_text(text, "utf-8"))


def make_folder(folder: Path) -> None:
    """Make a folder with all above it, unless it is there.

    Raises
    ------
    OSError
        If it cannot be made; NotADirectoryError where a file has its name, which the system says only of those above.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except FileExistsError as error:
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error


def _mode_of(target: Path) -> int | None:
    """Return the permissions of a file that may be replaced; None where there is none yet."""
    try:
        found = target.lstat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(found):  # a device would be replaced by a file; a link here is one that goes in a circle
        code = errno.EISDIR if stat.S_ISDIR(found) else errno.ELOOP if stat.S_ISLNK(found) else errno.EINVAL
        raise OSError(code, "It is no ordinary file" if code == errno.EINVAL else os.strerror(code), str(target))
    if not os.access(target, os.W_OK):  # a rename would pass over the protection
        raise PermissionError(errno.EACCES, "It is write-protected", str(target))
    return stat.S_IMODE(found)


def _new_part(target: Path) -> Path:
    """Create the temporary file; its name tells for which target, on which machine and by which process."""
    part = target.parent / f"{_prefix(target)}{_compute()}-{os.getpid()}-{secrets.token_hex(4)}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0)
    os.close(os.open(part, flags, 0o666))  # the system takes the umask off
    return part


def _prefix(target: Path) -> str:
    return f".lwf-{zlib.crc32(os.fsencode(target.name)):08x}-"


def _compute() -> str:
    return f"{zlib.crc32(platform.node().encode()):08x}"


def _remove_stale(target: Path) -> None:
    """Remove what writes of the same target left that were killed; what may still be written stays."""
    with contextlib.suppress(OSError):  # a folder that cannot be listed
        for part in list(target.parent.glob(f"{_prefix(target)}*.part")):
            with contextlib.suppress(OSError, ValueError):  # gone meanwhile, or a name that is not ours
                compute, pid, _ = part.name.removeprefix(_prefix(target)).split("-")
                ended = compute == _compute() and not _runs(int(pid))
                if ended or time.time() - part.stat().st_mtime > _DAY:
                    part.unlink()


def _runs(pid: int) -> bool:
    """Whether a process of this machine is alive; assumed where asking would end it, as on Windows."""
    if os.name != "posix":
        return True
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True  # somebody else's
    return True


def _sync(path: Path) -> None:
    """Wait until a file, or a folder's list of names, is on the disk."""
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
