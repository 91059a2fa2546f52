"""What the window keeps of its runs: each is written ahead while it trains, and the last is there at the next start.

A finished run is the last run, shown at the next start. One that was left before its end is offered there. A lesson's
run is none of the user's, and is not kept.
"""

from __future__ import annotations

from collections.abc import Callable
from weakref import WeakSet

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.documents.ahead import Ahead
from lwf_gui.gui import choice
from lwf_gui.gui.beside import beside
from lwf_gui.gui.session import Session, State
from lwf_gui.messages import Finished, Message
from lwf_gui.reasons import reason
from lwf_gui.runs.interrupted import has_trained
from lwf_gui.runs.record import Record

LAST_RUN = "last.lwfrun"
"""File of the run that finished last, in the user's state folder."""


class Keeper:
    """Keeps the runs of a session; ``teaches`` says whether a lesson is on."""

    def __init__(self, session: Session, teaches: Callable[[], bool]) -> None:
        self._session, self._teaches = session, teaches
        self._ahead = Ahead(paths.interrupted_dir())
        self._safe = WeakSet[Record]()
        """Those that are in a file as they are, or in the journal that they came from."""
        self._last = session.record
        self._refused: Record | None = None
        """The one of which it was said that it cannot be kept."""
        session.link.listen(self._ahead.hear)
        session.before_run, session.followed = self._expect, self._follow
        session.closed = self._ahead.close

    def know(self, record: Record) -> None:
        """Take note that a run is in a file of the user's, or is still offered: what was written ahead of it goes."""
        self._safe.add(record)
        if self._ahead.has(record):
            self._ahead.drop()

    def remember(self, record: Record) -> None:
        """Keep a finished run for the next start; without room for it the next start shows another."""
        self._remember(record, lambda write: beside(write, lambda: None))

    def _remember(self, record: Record, do: Callable[[Callable[[], object]], object]) -> None:
        if record is self._last:
            return
        try:
            do(lambda: files.save(record, paths.state_dir() / LAST_RUN))
        except OSError as error:
            if record is not self._refused:  # it is tried again as the window closes, and said once
                self._session.noticed.emit(f"The run was not kept for the next start: {reason(error)}.")
            self._refused = record
        else:
            self._last = record
            self.know(record)

    def end(self) -> None:
        """Keep the run that the window was closed with: the last run if it has ended, else to be offered."""
        session, record = self._session, self._session.record
        if isinstance(record.outcome, Finished) and record is not self._last:
            self._remember(record, lambda write: write())  # closed at once, or an undo has brought back another one
        if session.state is not State.RECORDED:  # to look at another run is not to give this one up
            if record in self._safe or not has_trained(record):
                self._ahead.drop()
            elif not self._ahead.has(record):  # an undo has brought it back
                self._ahead.begin(record, self._title())
        self._ahead.close()

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
