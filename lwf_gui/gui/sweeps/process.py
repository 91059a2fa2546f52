"""The process that does a sweep for the window: at low priority, on a leash, ended in order; what is done stays."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Signal

from lwf_gui import untrusted

NICE = 10
"""How much it steps back behind the window and its run, on systems that know such a number."""

END_MS = 8000
"""How long it has to end in order once its leash is let go, as the window closes."""

MOST_SAID = 8192
"""Characters of its complaints that are kept: the last ones."""


class SweepProcess(QObject):
    """At most one at a time."""

    ended = Signal(str)
    """It is over: why it did not come to its end, as a sentence; empty where it did, or was cancelled."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.folder: Path | None = None
        """Of the sweep that it does; None while it does none."""
        self._process: QProcess | None = None
        self._said, self._cancelled = "", False

    @property
    def cancelled(self) -> bool:
        """Whether it is ending because it was cancelled."""
        return self._cancelled

    def start(self, words: Sequence[str], folder: Path) -> None:
        """Do a sweep with this command line."""
        process = QProcess(self)
        self._process, self.folder, self._said, self._cancelled = process, folder, "", False
        process.setStandardOutputFile(QProcess.nullDevice())
        process.readyReadStandardError.connect(self._listen)
        process.started.connect(self._step_back)
        process.finished.connect(self._end)
        process.errorOccurred.connect(self._fail)
        process.start(words[0], list(words[1:]))

    def cancel(self) -> None:
        """Let go of the leash: it ends as by Ctrl+C, and writes its table."""
        if self._process is not None and not self._cancelled:
            self._cancelled = True
            self._process.closeWriteChannel()

    def rest(self) -> None:
        """Cancel it, and wait for its end: the window closes."""
        process, self._process = self._process, None
        if process is None:
            return
        process.closeWriteChannel()
        if not process.waitForFinished(END_MS):
            process.kill()
            process.waitForFinished()

    def _step_back(self) -> None:
        if self._process is not None and hasattr(os, "setpriority"):
            with contextlib.suppress(OSError):  # it ended already
                os.setpriority(os.PRIO_PROCESS, self._process.processId(), NICE)

    def _listen(self) -> None:
        if self._process is not None:
            told = self._process.readAllStandardError().data()
            self._said = (self._said + bytes(told).decode("utf-8", errors="replace"))[-MOST_SAID:]

    def _fail(self, error: QProcess.ProcessError) -> None:
        if error is QProcess.ProcessError.FailedToStart:
            self._over("The sweep's process could not be started.")

    def _end(self, code: int, status: QProcess.ExitStatus) -> None:
        self._listen()
        if code == 0 or self._cancelled:
            self._over("")
        elif status is QProcess.ExitStatus.CrashExit:
            self._over("The sweep's process was killed. Its runs that are done stay, and Go on does the others.")
        else:
            self._over(sentence_of(self._said))

    def _over(self, sentence: str) -> None:
        process, self._process, self.folder = self._process, None, None
        if process is not None:
            process.deleteLater()
            self.ended.emit(sentence)


def sentence_of(said: str) -> str:
    """Return the last thing that the program said for people, of all that a process wrote."""
    lines = [line for line in said.splitlines() if line.startswith("lwf-gui: ")]
    told = untrusted.shortened(lines[-1].removeprefix("lwf-gui: "), 400) if lines else "it ended without a word."
    return f"The sweep did not come to its end: {told}"
