"""Runs that were interrupted, offered at the start: opened, saved or discarded, one after another, the newest first.

What nobody has decided on is offered again at the next start.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from lwf_gui import InputError
from lwf_gui.documents.recovery import Left, left_behind
from lwf_gui.gui.files import BUSY, Files
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.runs.interrupted import description
from lwf_gui.runs.record import Record


class Offers:
    """Offers on a window's banner what interrupted runs left.

    Parameters
    ----------
    opened : is told each run that is shown: it is still in its journal
    """

    def __init__(self, session: Session, banner: Banner, files: Files, opened: Callable[[Record], object]) -> None:
        self._session, self._banner, self._files, self._opened = session, banner, files, opened
        self._waiting: list[Left] = []
        self._shown: dict[Record, Left] = {}
        """Of runs that were opened."""

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
        for left in (*self._waiting, *self._shown.values()):
            left.let_go()

    def _offer(self) -> None:
        """Offer the newest; one in which nothing was trained is no loss."""
        self._banner.settle(Cause.LEFT)
        while self._waiting:
            left = self._waiting[0]
            try:
                record = left.read()
            except InputError as error:
                self._say(f"What an interrupted run left cannot be opened: {error}", left, None)
                return
            if record is not None:
                self._say(f"{description(record, left.begun, left.title)} It is in no file yet.", left, record)
                return
            self._waiting.pop(0).discard()

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
