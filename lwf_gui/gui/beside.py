"""Work on a disk beside the window's thread: what takes longer than a moment leaves the window painting.

A run's curves go on meanwhile; keys and clicks wait until it is done, so that nothing changes what is being written.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtGui import QGuiApplication

MOMENT = 0.1
"""Seconds that nobody notices."""

POLL_MS = 10


def beside(work: Callable[[], object], begins: Callable[[], object]) -> None:
    """Do work in a thread of its own and return when it is done; ``begins`` is called if that takes longer.

    Raises
    ------
    Exception
        Whatever ``work`` raised.
    """
    raised: list[BaseException] = []

    def run() -> None:
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - it is raised again below, in the window's thread
            raised.append(error)

    worker = threading.Thread(target=run, name="lwf-gui files", daemon=True)
    worker.start()
    worker.join(MOMENT)
    if worker.is_alive():
        begins()
        _paint_until_done(worker)
    if raised:
        error = raised.pop()
        try:
            raise error
        finally:
            del error  # it knows this frame: together they would be collected late, with the window


def _paint_until_done(worker: threading.Thread) -> None:
    loop, timer = QEventLoop(), QTimer()
    timer.timeout.connect(lambda: None if worker.is_alive() else loop.quit())
    timer.start(POLL_MS)
    QGuiApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
    try:
        loop.exec(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
    finally:
        timer.stop()
        QGuiApplication.restoreOverrideCursor()
    worker.join()  # where the program ends meanwhile, the loop does too; what is begun is written
