"""Runs that were interrupted, offered at the start: opened, saved or discarded, one after another, the newest first.

What nobody has decided on is offered again at the next start. They are read beside the window's own thread: a run of an
hour takes two seconds.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QTimer

from lwf_gui import InputError
from lwf_gui.documents.recovery import Left, left_behind
from lwf_gui.gui.files import BUSY, Files
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.runs.interrupted import description
from lwf_gui.runs.record import Record

_log = logging.getLogger(__name__)

POLL_MS = 50
"""Between two looks at whether one has been read."""


class Offers(QObject):
    """Offers on a window's banner what interrupted runs left.

    Parameters
    ----------
    opened : is told each run that is shown: it is still in its journal
    """

    def __init__(self, session: Session, banner: Banner, files: Files, opened: Callable[[Record], object]) -> None:
        super().__init__(banner)
        self._session, self._banner, self._files, self._opened = session, banner, files, opened
        self._waiting: list[Left] = []
        self._shown: dict[Record, Left] = {}
        """Of runs that were opened."""
        self._read = SimpleQueue[tuple[Left, Record | None, str]]()
        """What was read: a record, or why there is none."""
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._take)

    def make(self, folder: Path) -> None:
        """Offer what is in a folder; from now on no other window does."""
        self._waiting = list(left_behind(folder))
        self._offer()

    def saved(self, record: Record) -> None:
        """Take note that a run is in a file of the user's: it need not be offered again."""
        left = self._shown.pop(record, None)
        if left is not None:
            left.discard()

    def end(self) -> None:
        """Let go of what is left, for the next start."""
        self._timer.stop()
        for left in (*self._waiting, *self._shown.values()):
            left.let_go()

    def _offer(self) -> None:
        """Offer the newest, once it is read."""
        self._banner.settle(Cause.LEFT)
        if self._waiting:
            read = (self._waiting[0], self._read)
            threading.Thread(target=_read, args=read, name="lwf-gui journal reader", daemon=True).start()
            self._timer.start()

    def _take(self) -> None:
        """Say what was read; a run in which nothing was trained is no loss."""
        try:
            left, record, problem = self._read.get_nowait()
        except Empty:
            return
        self._timer.stop()
        if record is not None:
            self._say(f"{description(record, left.begun, left.title)} It is in no file yet.", left, record)
        elif problem:
            self._say(f"What an interrupted run left cannot be opened: {problem}", left, None)
        else:
            self._discard(left)

    def _say(self, sentence: str, left: Left, record: Record | None) -> None:
        more = len(self._waiting) - 1
        after = f" {more} more {'is' if more == 1 else 'are'} kept." if more else ""
        discard = ("Discard", lambda: self._discard(left))
        if record is None:
            choices = [discard]
        else:
            choices = [("Open it", lambda: self._open(left, record)), ("Save...", lambda: self._save(left, record))]
            choices.append(discard)
        self._banner.say(sentence + after, choices, closes=False, cause=Cause.LEFT)

    def _open(self, left: Left, record: Record) -> None:
        if self._session.busy:
            self._banner.say(BUSY)
            return
        self._waiting.remove(left)
        self._shown[record] = left
        self._opened(record)
        self._session.show_record(record)
        self._offer()

    def _save(self, left: Left, record: Record) -> None:
        if self._files.save_record(record):
            self._discard(left)

    def _discard(self, left: Left) -> None:
        self._waiting.remove(left)
        left.discard()
        self._offer()


def _read(left: Left, answers: SimpleQueue[tuple[Left, Record | None, str]]) -> None:
    record, problem = None, "it was not read to its end."
    try:
        record, problem = left.read(), ""
    except InputError as error:
        problem = str(error)
    except Exception:  # noqa: BLE001 - whatever it was: the run is offered again, and the log says what was wrong
        _log.exception("what an interrupted run left was not read")
        problem = "the program failed at it; the log says how."
    finally:
        answers.put((left, record, problem))
