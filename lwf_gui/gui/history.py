"""The history of a window's runs: each that has ended is written there, beside the window's thread.

Lessons' runs are none of the user's. A run is kept once; what changes in its notes is written to the same file.
"""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue
from weakref import WeakKeyDictionary

from PySide6.QtCore import QObject, QTimer

from lwf_gui.documents import history
from lwf_gui.gui import choice
from lwf_gui.messages import Finished, Stopped
from lwf_gui.reasons import reason
from lwf_gui.runs.record import Record

_log = logging.getLogger(__name__)

FEW = 10
"""Steps of the later tasks up to which a run is not worth keeping."""

POLL_MS = 50
PATIENCE = 30.0
"""Seconds at most that the end of the program waits for a disk."""

Told = Callable[[Record, str], object]


def is_worth_keeping(record: Record) -> bool:
    """Whether a run has ended, by itself or by the user, after more than a few steps."""
    track, outcome = record.incremental, record.outcome
    ended = isinstance(outcome, Finished) or (isinstance(outcome, Stopped) and not outcome.interrupted)
    return ended and track is not None and track.steps > FEW


class History(QObject):
    """Writes runs to the history, one after another.

    Parameters
    ----------
    told : is told each run that was written, with nothing, or with why it was not
    """

    def __init__(self, parent: QObject, folder: Path, told: Told) -> None:
        super().__init__(parent)
        self.folder, self._told = folder, told
        self._places = WeakKeyDictionary[Record, Path]()
        self._waiting = 0
        self._jobs = deque[Record]()
        self._lock = threading.Lock()
        """Of the jobs, and of whether there is a thread."""
        self._answers = SimpleQueue[tuple[Record, Path | None, str]]()
        self._thread: threading.Thread | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._take)

    def has(self, record: Record) -> bool:
        """Whether a run is in the history."""
        return record in self._places

    def know(self, record: Record, path: Path) -> None:
        """Take note that a run was read from the history."""
        self._places[record] = path

    def forget(self, path: Path) -> None:
        """Take note that a run is in the history no more."""
        for record, place in list(self._places.items()):
            if place == path:
                del self._places[record]

    def keep(self, record: Record) -> None:
        """Write a run that has ended: anew where it is there already."""
        self._waiting += 1
        with self._lock:
            self._jobs.append(record)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="lwf-gui history", daemon=True)
                self._thread.start()
        self._timer.start()

    def settle(self) -> None:
        """Wait until all is written."""
        while self._waiting:
            try:
                self._answer(*self._answers.get(timeout=PATIENCE))
            except Empty:
                return

    def end(self) -> None:
        """Wait until all is written, as long as a disk may take."""
        self.settle()
        self._timer.stop()

    def _take(self) -> None:
        try:
            self._answer(*self._answers.get_nowait())
        except Empty:
            return

    def _answer(self, record: Record, path: Path | None, problem: str) -> None:
        self._waiting -= 1
        if not self._waiting:
            self._timer.stop()
        if path is not None:
            self._places[record] = path
        self._told(record, problem)

    # In its own thread, which is there as long as there is something to write

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._jobs:
                    self._thread = None
                    return
                record = self._jobs.popleft()
            path, problem = self._places.get(record), ""
            try:
                path = self._write(record, path)
            except Exception as error:  # noqa: BLE001 - whatever it was: a run must not be lost in silence
                path, problem = None, reason(error) if isinstance(error, OSError) else str(error)
                if not isinstance(error, OSError):
                    _log.exception("a run was not written to the history")
            self._answers.put((record, path, problem))

    def _write(self, record: Record, path: Path | None) -> Path:
        from lwf_gui.exports import outline  # the first paint does not wait for it

        assert record.data is not None, "a run that is worth keeping has data"
        about = outline.text_of(outline.outline_of(record, choice.preset_of(record.data.recipe)))
        if path is None or not path.exists():
            return history.keep(self.folder, record, about)
        history.write(path, record, about)
        return path
