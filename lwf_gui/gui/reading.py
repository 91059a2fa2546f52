"""Reading of run files for the window: small ones at once, large ones beside its thread, in the order of their names.

Of several files those that cannot be read are left out, and why is said.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QTimer

from lwf_gui import InputError, untrusted
from lwf_gui.documents import files
from lwf_gui.runs.record import Record

SMALL = 8 * 2**20
"""Bytes of files that are read at once, in about 0.1 s; more are read beside the window's thread."""

POLL_MS = 30

MOST_PROBLEMS = 2
"""Files that cannot be opened of which each is said why, of several."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Read:
    """Runs with the files that they are from, and a sentence for each file that is none."""

    runs: tuple[tuple[Path, Record], ...]
    problems: tuple[str, ...]


Take = Callable[[Read], object]


class Reader(QObject):
    """Reads one set of files at a time; a later one takes the place of one that is still read."""

    def __init__(self, parent: QObject, say: Callable[[str], object]) -> None:
        super().__init__(parent)
        self._say = say
        self._answers = SimpleQueue[tuple[int, Read]]()
        self._asked = 0
        self._take: Take = lambda _read: None
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._look)

    def read(self, paths: Sequence[Path], take: Take) -> None:
        """Read files, then hand them over: at once if they are small."""
        self.stop()
        if sum(map(_size, paths)) <= SMALL:
            take(read_all(paths))
            return
        self._take = take
        self._say(f"Opening {', '.join(path.name for path in paths)}...")
        thread = threading.Thread(
            target=lambda number: self._answers.put((number, read_all(paths))),
            args=(self._asked,),
            name="lwf-gui reader",
            daemon=True,
        )
        thread.start()
        self._timer.start()

    def stop(self) -> None:
        """Take nothing any more of what is still read."""
        self._asked += 1
        self._timer.stop()

    def _look(self) -> None:
        try:
            number, read = self._answers.get_nowait()
        except Empty:
            return
        if number == self._asked:
            self._timer.stop()
            self._say("")
            self._take(read)


def read_all(paths: Sequence[Path]) -> Read:
    """Read run files."""
    runs, problems = list[tuple[Path, Record]](), list[str]()
    for path in paths:
        try:
            runs.append((path, files.load(path)))
        except InputError as error:
            problems.append(str(error))
        except Exception:  # noqa: BLE001 - whatever it was: who waits for the file is told, and goes on
            _log.exception("a run file was not read")
            problems.append(
                f"{untrusted.printable(str(path))} cannot be opened: the program failed at it; the log says how."
            )
    return Read(tuple(runs), tuple(problems))


def told(problems: Sequence[str], said: str) -> str:
    """Return why files are left out, of several the first ones, with what else is ``said``; empty for nothing."""
    more = len(problems) - MOST_PROBLEMS
    rest = f"{more} more files cannot be opened." if more > 0 else ""
    return " ".join(filter(None, (*problems[:MOST_PROBLEMS], rest, said)))


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except (OSError, ValueError):  # what is wrong is said where it is read
        return 0
