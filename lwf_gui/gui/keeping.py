"""What the window keeps of its runs: each is written ahead while it trains, and those that have ended are the history.

The newest of the history is shown at the next start. A run that was left before its end is offered there. A lesson's
run is none of the user's, and is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakSet

from lwf_gui import paths
from lwf_gui.documents.ahead import Ahead
from lwf_gui.gui import choice
from lwf_gui.gui.history import History, is_worth_keeping
from lwf_gui.gui.session import Session, State
from lwf_gui.messages import Message, Notes
from lwf_gui.runs.interrupted import has_trained
from lwf_gui.runs.record import Record

LAST_RUN = "last.lwfrun"
"""File of the run that finished last, in the user's state folder, where earlier versions left it."""


class Keeper:
    """Keeps the runs of a session; ``teaches`` says whether a lesson is on."""

    def __init__(self, session: Session, teaches: Callable[[], bool]) -> None:
        self._session, self._teaches = session, teaches
        self._ahead = Ahead(paths.interrupted_dir())
        self.history = History(session, paths.history_dir(), self._take)
        self._safe = WeakSet[Record]()
        """Those that are in a file as they are, or in the journal that they came from."""
        self._asked = WeakSet[Record]()
        """Those that were handed to the history."""
        self._failed = WeakSet[Record]()
        """Of these, those that it could not write."""
        session.link.listen(self._ahead.hear)
        session.before_run, session.followed = self._expect, self._follow
        session.closed = self._ahead.close

    def know(self, record: Record) -> None:
        """Take note that a run is in a file of the user's, or is still offered: what was written ahead of it goes."""
        self._safe.add(record)
        self._failed.discard(record)
        if self._ahead.has(record):
            self._ahead.drop()

    def remember(self, record: Record) -> None:
        """Keep a run that has ended in the history, whose newest is shown at the next start."""
        if record not in self._asked and record not in self._safe and is_worth_keeping(record):
            self._asked.add(record)
            self.history.keep(record)

    def note(self, text: str) -> None:
        """Note something on the run that is shown; what is kept of it has the note, too."""
        record = self._session.record
        record.apply(Notes(0, text))
        if self._ahead.has(record):
            self._ahead.follow(record, Notes(0, text), self._title())
        if self.history.has(record):
            self.history.keep(record)

    def would_be_lost(self, record: Record) -> bool:
        """Whether a run is nowhere: it could not be written to the history, nor be written ahead."""
        return record in self._failed and not (self._ahead.has(record) and self._ahead.written)

    def end(self) -> None:
        """Keep the run that the window was closed with: in the history if it has ended, else to be offered."""
        session, record = self._session, self._session.record
        left = session.state is not State.RECORDED  # to look at another run is not to give this one up
        if left and record not in self._asked:  # closed at once, or an undo has brought it back
            self.remember(record)
        self.history.end()
        if left:
            if record in self._safe or not has_trained(record):
                self._ahead.drop()
            elif not self._ahead.has(record):  # an undo has brought it back
                self._ahead.begin(record, self._title())
        self._ahead.close()

    def _take(self, record: Record, problem: str) -> None:
        """Take note that the history has a run, or say why not."""
        if problem:
            self._asked.discard(record)
            if record not in self._failed:  # it is tried again as the window closes, and said once
                self._session.noticed.emit(f"The run was not kept in the history: {problem}.")
            self._failed.add(record)
        else:
            self.know(record)

    def _expect(self) -> None:
        shown = self._session.shown
        if self._teaches() or shown.alone:  # what trains beside recorded learners is joined with them first
            self._ahead.expect_none()
        else:
            self._ahead.expect(shown.origin, shown.record, self._title())

    def _follow(self, message: Message) -> None:
        if self._teaches():
            return
        self._ahead.follow(self._session.record, message, self._title())
        problem = self._ahead.problem()
        if problem:
            self._session.noticed.emit(problem)

    def _title(self) -> str:
        session, data = self._session, self._session.record.data
        return choice.preset_text(session.shown.preset, session.recipe if data is None else data.recipe)
