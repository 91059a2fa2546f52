"""Writing ahead whatever run is under way: one journal, of the record that takes in what an engine tells.

Window and terminal do it alike. A busy window may take in late what an engine tells: its messages are heard where they
are put, in the engine's thread, but for those of a learner that trains beside recorded ones, which the window joins
with theirs. Knows nothing of either, and no engine.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from lwf_gui.documents.journal import Journal
from lwf_gui.messages import DataReady, Message
from lwf_gui.runs.record import Record


@dataclass(frozen=True, slots=True, eq=False)
class _Expected:
    """A run that is to begin: what it goes on from is there already."""

    run_id: int
    record: Record
    title: str
    before: list[Message]


class Ahead:
    """Writes ahead one run at a time; the next one takes its place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = threading.RLock()
        self._record: Record | None = None
        self._journal: Journal | None = None
        self._expected: _Expected | None = None
        self._heard = 0
        """Id of the run whose messages are heard; 0 where they are followed."""
        self._told = False

    def expect(self, run_id: int, record: Record, title: str) -> None:
        """Write ahead what is heard of a run from when its data are there; ``record`` is what takes it in."""
        with self._lock:
            self._expected = _Expected(run_id, record, title, list(record.messages()))

    def expect_none(self) -> None:
        """Hear of no other run than the one that is written ahead."""
        with self._lock:
            self._expected = None

    def hear(self, message: Message) -> None:
        """Take in what an engine tells, in any thread."""
        with self._lock:
            wanted = self._expected
            if wanted is not None and message.run_id == wanted.run_id and isinstance(message, DataReady):
                self._begin(wanted.record, wanted.title, wanted.before or [message])
                self._heard = wanted.run_id
            elif message.run_id == self._heard and self._journal is not None and not isinstance(message, DataReady):
                self._journal.add((message,))

    def follow(self, record: Record, message: Message, title: str) -> None:
        """Write ahead what a record has just taken in, unless it is heard; of another one than before, all of it."""
        with self._lock:
            if self._expected is not None and self._expected.record is record:
                return
            if record is not self._record:
                self.begin(record, title)
            elif self._journal is not None and not self._heard and not isinstance(message, DataReady):
                self._journal.add((message,))  # a fork tells its data once more

    def begin(self, record: Record, title: str) -> None:
        """Write ahead a record as it is, once its data are there; what was written of another one goes."""
        with self._lock:
            if record.data is not None:
                self._begin(record, title, list(record.messages()))

    def has(self, record: Record) -> bool:
        """Whether this is the record that is written ahead."""
        return self._record is record

    @property
    def written(self) -> bool:
        """Whether what was told is on a disk."""
        return self._journal is not None and self._journal.there and not self._journal.problem

    def problem(self) -> str:
        """Return once, as a sentence, that a run cannot be written ahead, and why; else nothing."""
        problem = "" if self._journal is None or self._told else self._journal.problem
        if not problem:
            return ""
        self._told = True
        lost = "if the program ends before, it is lost"
        return f"The run goes on, but is on no disk until it has ended ({problem}): {lost}."

    def close(self) -> bool:
        """Leave what was written to be offered at the next start; return whether there is anything."""
        if self._journal is None:
            return False
        self._journal.close()
        return self._journal.there

    def drop(self) -> None:
        """Remove what was written: it is in a file of the user's, or in the last run's, or nobody wants it."""
        with self._lock:
            if self._journal is not None:
                self._journal.discard()
            self._record = self._journal = self._expected = None
            self._heard = 0

    def _begin(self, record: Record, title: str, messages: list[Message]) -> None:
        self.drop()
        self._record, self._journal = record, Journal(self._folder, title)
        self._journal.add(messages)
