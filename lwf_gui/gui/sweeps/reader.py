"""Reading of a sweep's folder beside the window's thread, again and again: a sweep that is trained meanwhile fills in.

The thread reads and decodes; the window's thread takes in what is new, a few times a second.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QTimer, Signal

from lwf_gui import InputError
from lwf_gui.runs import sweep_progress
from lwf_gui.runs.sweep_view import News, SweepView
from lwf_gui.sweeps.folder import is_sweep

EVERY = 1.0
"""Seconds between two looks at the folder."""

AT_ONCE, BREATH = 0.3, 0.05
"""Seconds of reading after which what was read is handed over, and of rest before the next."""

POLL_MS = 100

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Look:
    """What a look found."""

    news: tuple[News, ...]
    running: bool
    more: bool


class SweepReader(QObject):
    """Looks at one folder at a time."""

    opened = Signal(object)
    """A `SweepView` is there; nothing is known of its runs yet."""
    refused = Signal(str)
    """The folder holds no sound sweep (any more): why."""
    looked = Signal()
    """What a look found is taken in."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.view: SweepView | None = None
        self.folder: Path | None = None
        self._answers = SimpleQueue[SweepView | _Look | str]()
        self._stop = threading.Event()
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._drain)

    def open(self, folder: Path, *, begins: bool = False) -> None:
        """Look at another folder; one in which a sweep only begins is waited for."""
        self.rest()
        self.folder, self._stop, self._answers = folder, threading.Event(), SimpleQueue()
        thread = threading.Thread(
            target=_watch, args=(folder, self._answers, self._stop, begins), name="lwf-gui sweep", daemon=True
        )
        thread.start()
        self._timer.start()

    def rest(self) -> None:
        """Look at nothing any more."""
        self._stop.set()
        self._timer.stop()
        self.view = self.folder = None

    def _drain(self) -> None:
        """Take in what was read."""
        looked = False
        while self._timer.isActive():
            try:
                answer = self._answers.get_nowait()
            except Empty:
                break
            match answer:
                case SweepView():
                    self.view = answer
                    answer.read(more=True)
                    self.opened.emit(answer)
                case _Look() if self.view is not None:
                    self._take(self.view, answer)
                    looked = True
                case str():
                    self.rest()
                    self.refused.emit(answer)
        if looked:
            self.looked.emit()

    def _take(self, view: SweepView, look: _Look) -> None:
        view.take(look.news)
        view.read(more=look.more)
        view.work(running=look.running, own=view.own, left=view.left)
        seconds = sweep_progress.of_view(view, time.time())
        view.work(running=look.running, own=view.own, left="" if seconds is None else sweep_progress.duration(seconds))


def _watch(folder: Path, answers: SimpleQueue[SweepView | _Look | str], stop: threading.Event, begins: bool) -> None:
    """Look at a folder until that is stopped."""
    while begins and not is_sweep(folder) and not stop.wait(BREATH):
        pass
    try:
        from lwf_gui.sweeps.watch import Watch  # which takes a moment to load

        watch, wait = None, 0.0
        while not stop.wait(wait):
            if watch is None or watch.replaced:
                watch = Watch(folder)
                answers.put(watch.view())
            news, more = watch.look(AT_ONCE)
            answers.put(_Look(tuple(news), watch.running, more))
            wait = BREATH if more else EVERY
    except InputError as error:
        answers.put(str(error))
    except Exception:  # noqa: BLE001 - whatever it was: who waits for the sweep is told
        _log.exception("a sweep was not read")
        answers.put("The sweep cannot be shown: the program failed at it; the log says how.")
