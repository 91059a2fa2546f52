"""Faults in a window: Python's and Qt's, from whatever thread, end in its banner.

What happens before there is a window waits for it.
"""

from __future__ import annotations

import logging
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from PySide6.QtCore import QMessageLogContext, QObject, Qt, QtMsgType, Signal, qInstallMessageHandler

from lwf_gui import faults

MISUSE = re.compile(r"Q\w+::\w+")
"""How Qt begins what it says where a program uses it wrongly; other warnings are about the desktop, and logged only."""

_log = logging.getLogger("lwf_gui.qt")


class Faults(QObject):
    """Takes faults in every thread; tells each once, in the window's thread."""

    _happened = Signal(str, str)

    def __init__(self) -> None:
        super().__init__()
        self._told: set[str] = set()
        self._waiting: list[tuple[str, str]] = []
        self._show: Callable[[str, str], None] | None = None
        self._lock = threading.Lock()
        self._happened.connect(self._tell, Qt.ConnectionType.QueuedConnection)

    def take(self, sentence: str, details: str) -> None:
        """Take a fault; one that repeats, as while painting, is told once."""
        with self._lock:
            if sentence in self._told:
                return
            self._told.add(sentence)
        self._happened.emit(sentence, details)

    def show_in(self, show: Callable[[str, str], None] | None) -> None:
        """Tell all of them there from now on, those that wait first; None: there is nobody any more."""
        self._show = show
        waiting, self._waiting = self._waiting, []
        for fault in waiting:
            self._tell(*fault)

    def _tell(self, sentence: str, details: str) -> None:
        if self._show is None:
            self._waiting.append((sentence, details))
        else:
            self._show(sentence, details)

    def take_from_qt(self, kind: QtMsgType, context: QMessageLogContext, text: str) -> None:
        """Log what Qt says, and take it as a fault where it is one."""
        serious = kind in (QtMsgType.QtCriticalMsg, QtMsgType.QtFatalMsg)
        misuse = kind is QtMsgType.QtWarningMsg and context.category == "default" and MISUSE.match(text)
        _log.log(logging.ERROR if serious or misuse else logging.INFO, "%s: %s", context.category, text)
        if serious or misuse:
            self.take(f"The window has a fault ({text.rstrip('.')}); what you see may not be right from now on.", text)


@contextmanager
def caught() -> Iterator[Faults]:
    """Take all faults while it lasts."""
    taken = Faults()
    before = qInstallMessageHandler(taken.take_from_qt)
    try:
        with faults.caught(taken.take):
            yield taken
    finally:
        qInstallMessageHandler(before)
