"""What leaves the window of a whole run: page, script, tables, folder; they are written beside the window's thread."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from queue import Empty, SimpleQueue

from PySide6.QtCore import QObject, QTimer

from lwf_gui import InputError, untrusted
from lwf_gui.exports.kinds import KINDS, Kind
from lwf_gui.gui.session import Session
from lwf_gui.gui.widgets.banner import Banner, Cause
from lwf_gui.gui.widgets.dialogs import FileDialogs
from lwf_gui.reasons import reason
from lwf_gui.runs.record import Record

POLL_MS = 50
"""Between two looks at whether it is written."""


class RunExports(QObject):
    """Exports the run that is shown.

    Parameters
    ----------
    done : says for a moment what was done
    """

    def __init__(self, session: Session, dialogs: FileDialogs, banner: Banner, done: Callable[[str], object]) -> None:
        super().__init__(banner)
        self._session, self._dialogs, self._banner, self._done = session, dialogs, banner, done
        self._ended = SimpleQueue[tuple[str, str]]()
        """Of what was written: its name, and why it was not, if so."""
        self._writing = 0
        self._timer = QTimer(self)
        self._timer.setInterval(POLL_MS)
        self._timer.timeout.connect(self._take)

    def export(self, name: str) -> None:
        """Ask for a file or a folder, and write the run there as a kind."""
        kind, record = KINDS[name], self._session.record
        title = kind.title.rstrip(".")
        ending = kind.ending
        path = self._dialogs.ask_save(title, f"run{ending}" if ending else f"run-{name}", ending, title)
        if path is None:
            return
        if self._session.busy:  # the record grows meanwhile, on this thread
            self._ended.put(_write(kind, record, path))
            self._writing += 1
            self._take()
            return
        self._writing += 1
        self._done(f"Writing {untrusted.printable(path.name)} ...")
        work = threading.Thread(target=lambda: self._ended.put(_write(kind, record, path)), name="lwf-gui export")
        work.start()
        self._timer.start()

    def _take(self) -> None:
        """Say what was written, or why not."""
        try:
            name, problem = self._ended.get_nowait()
        except Empty:
            return
        self._writing -= 1
        if not self._writing:
            self._timer.stop()
        if problem:
            self._banner.say(problem, error=True, cause=Cause.FILE)
        else:
            self._banner.settle(Cause.FILE)
            self._done(f"Saved {name}")


def _write(kind: Kind, record: Record, path: Path) -> tuple[str, str]:
    """Write a run; return its printable name, and a sentence on why it was not written."""
    name = untrusted.printable(str(path))
    try:
        kind.write(record, path)
    except InputError as error:
        return name, str(error)
    except OSError as error:
        return name, f"{name} was not written: {reason(error)}."
    return name, ""
