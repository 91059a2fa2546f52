"""The program's log, and where its faults end: in the log, and with whoever listens.

The log is a rotating file in the user's state folder. Nobody needs to catch what nobody expects: an exception that
reaches the interpreter, in whatever thread, is logged here, and a window that listens shows it.
"""

from __future__ import annotations

import logging
import logging.handlers
import platform
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType

from lwf_gui import __version__, paths

LOG = "log.txt"
LARGEST, KEPT = 1_000_000, 3
"""Bytes after which a new log is begun, and how many old ones are kept."""

_FORMAT = "%(asctime)s %(process)d %(levelname)s %(name)s (%(threadName)s): %(message)s"

Listener = Callable[[str, str], None]
"""Gets one sentence about a fault, and details for those who can mend it; in the thread where it happened."""

log = logging.getLogger("lwf_gui")


def log_file() -> Path:
    """Return where the log is."""
    return paths.state_dir() / LOG


@contextmanager
def logged(*, verbose: bool) -> Iterator[None]:
    """Write a log while it lasts, to standard error too if ``verbose``; warnings of libraries go there alone."""
    root = logging.getLogger()
    handlers = [handler for handler in (_to_file(), _to_stderr() if verbose else None) if handler is not None]
    level = root.level
    root.setLevel(logging.INFO)
    for handler in handlers or [logging.NullHandler()]:  # without any, Python writes warnings to standard error
        handler.setFormatter(logging.Formatter(_FORMAT))
        root.addHandler(handler)
        handlers = handlers or [handler]
    logging.captureWarnings(True)
    log.info("LwF Lab %s, Python %s, %s", __version__, platform.python_version(), platform.platform())
    try:
        yield
    finally:
        logging.captureWarnings(False)
        root.setLevel(level)
        for handler in handlers:
            root.removeHandler(handler)
            handler.close()


@contextmanager
def caught(listener: Listener) -> Iterator[None]:
    """Log what reaches the interpreter while it lasts, in any thread or destructor, and tell it to the listener."""

    def tell(error: BaseException | None, where: str) -> None:
        if error is None or isinstance(error, KeyboardInterrupt | SystemExit):
            return
        details = "".join(traceback.format_exception(error))
        log.error("A fault %s\n%s", where, details)
        listener(f"The program has a fault ({clause(error)}); what you see may not be right from now on.", details)

    def everywhere(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
        tell(error, "in the main thread")

    def in_thread(args: threading.ExceptHookArgs) -> None:
        tell(args.exc_value, f"in the thread {args.thread.name if args.thread else 'that has ended'}")

    def unraisable(args: sys.UnraisableHookArgs) -> None:
        tell(args.exc_value, args.err_msg or "while something was let go of")

    with ExitStack() as back:
        for place, name, hook in (
            (sys, "excepthook", everywhere),
            (threading, "excepthook", in_thread),
            (sys, "unraisablehook", unraisable),
        ):
            back.callback(setattr, place, name, getattr(place, name))
            setattr(place, name, hook)
        yield


def clause(error: BaseException) -> str:
    """Return what an exception says, in one line without a full stop."""
    text = str(error).strip().split("\n")[0].rstrip(".")
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


class _RotatingFile(logging.handlers.RotatingFileHandler):
    """A log that never gets in the way: what cannot be written is not written."""

    def doRollover(self) -> None:  # noqa: N802 - logging's name
        """Begin a new file; where another process holds the old one, go on with it."""
        with suppress(OSError):
            super().doRollover()

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """Do without: the disk is full, say."""


def _to_file() -> logging.Handler | None:
    try:
        log_file().parent.mkdir(parents=True, exist_ok=True)
        return _RotatingFile(log_file(), maxBytes=LARGEST, backupCount=KEPT, encoding="utf-8", errors="replace")
    except OSError:
        return None


def _to_stderr() -> logging.Handler:
    return logging.StreamHandler()
