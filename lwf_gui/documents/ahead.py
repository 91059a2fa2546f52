"""Writing ahead whatever run is under way: one journal, of the record that takes in what an engine tells.

Window and terminal do it alike. Knows nothing of either, and no engine.
"""

from __future__ import annotations

from pathlib import Path

from lwf_gui.documents.journal import Journal
from lwf_gui.messages import DataReady, Message
from lwf_gui.runs.record import Record


class Ahead:
    """Writes ahead one run at a time; the next one takes its place."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._record: Record | None = None
        self._journal: Journal | None = None
        self._told = False

    def follow(self, record: Record, message: Message, title: str) -> None:
        """Write ahead what a record has just taken in; of another one than before, all that it holds."""
        if record is not self._record:
            self.begin(record, title)
        elif self._journal is not None and not isinstance(message, DataReady):  # a fork tells its data once more
            self._journal.add((message,))

    def begin(self, record: Record, title: str) -> None:
        """Write ahead a record as it is, once its data are there; what was written of another one goes."""
        if record.data is None:
            return
        self.drop()
        self._record, self._journal = record, Journal(self._folder, title)
        self._journal.add(list(record.messages()))

    def has(self, record: Record) -> bool:
        """Whether this is the record that is written ahead."""
        return self._record is record

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
        if self._journal is not None:
            self._journal.discard()
        self._record = self._journal = None
