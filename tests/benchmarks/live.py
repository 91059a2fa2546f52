"""Run the window on real data, watch it, and print one JSON object: frames, lateness, speed, memory, what is left.

    python -m tests.benchmarks.live --preset classroom [--minutes 30] [--panels none|first|all] [--set KEY=VALUE]...
                                    [--seeds N]

With ``--minutes`` the run is begun again whenever it ends, until the time is over; with ``--seeds`` it is repeated with
more seeds behind the window meanwhile.
"""

from __future__ import annotations

import argparse
import atexit
import json
import os
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication

from lwf_gui.engine.thread import EngineThread
from lwf_gui.gui import app
from lwf_gui.messages import Finished
from lwf_gui.recipe import compose

TICK_MS = 10
"""A timer of this period should fire; how late it does is how sluggish the window is."""

SAMPLE_MS = 5000


class Watch:
    """Collects what the window does while task 2 trains."""

    def __init__(self, window: Any, minutes: float) -> None:
        self.window, self.session = window, window.session
        self.frames: list[float] = []
        self.late: list[float] = []
        self.memory: list[tuple[float, float]] = []
        self.rates: list[float] = []
        self.spans: list[tuple[float, int]] = []
        self.runs = 0
        self._start = time.monotonic()
        self._until = self._start + 60 * minutes
        self._last = 0.0
        self._run: list[float] = []
        self._timers = [self._timer(TICK_MS, self._tick), self._timer(SAMPLE_MS, self._sample)]
        self.session.framePainted.connect(self._frame)
        self.session.after_run = self._ended

    def _timer(self, milliseconds: int, slot: Any) -> QTimer:
        timer = QTimer(self.window)
        timer.timeout.connect(slot)
        timer.start(milliseconds)
        return timer

    def _training(self) -> bool:
        track = self.session.record.incremental
        return track is not None and track.steps > 0 and self.session.record.outcome is None

    def _frame(self, milliseconds: float) -> None:
        if self._training():
            self.frames.append(milliseconds)
            self._run.append(time.monotonic())

    def _tick(self) -> None:
        now = time.perf_counter()
        if self._last and self._training():
            self.late.append(max(0.0, 1000 * (now - self._last) - TICK_MS))
        self._last = now

    def _sample(self) -> None:
        self.memory.append((time.monotonic() - self._start, resident()))

    def _ended(self) -> None:
        assert isinstance(self.session.record.outcome, Finished), self.session.record.outcome
        self.runs += 1
        self.rates.append(self.session.record.outcome.summary["samples_per_second"])
        if len(self._run) > 1:
            self.spans.append((self._run[-1] - self._run[0], len(self._run) - 1))
        self._run = []
        if time.monotonic() < self._until:
            QTimer.singleShot(200, self.session.run_or_pause)
        else:
            QTimer.singleShot(0, self._close)

    def _close(self) -> None:
        for timer in self._timers:
            timer.stop()
        self.window.close()
        QGuiApplication.quit()

    def result(self) -> dict[str, Any]:
        """Return what was seen; milliseconds, MiB, samples a second."""
        thirds = np.array_split([mebibytes for _, mebibytes in self.memory] or [resident()], 3)
        seconds, pictures = (sum(values) for values in zip(*self.spans, strict=True))
        return {
            "runs": self.runs,
            "device": self.session.record.data.device,
            "samples_per_second": float(np.median(self.rates)),
            "frames_per_second": pictures / seconds,
            "frame_ms": percentiles(self.frames),
            "late_ms": percentiles(self.late),
            "memory_mib": [float(np.median(third)) for third in thirds if len(third)],
            "threads": sorted(thread.name for thread in threading.enumerate() if thread is not threading.main_thread()),
            "timers": sum(timer.isActive() for timer in self.window.findChildren(QTimer)),
        }


def forget_preferences() -> None:
    """Open windows as at the first start, and leave the user's own layout alone."""
    folder = tempfile.mkdtemp()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    os.environ["XDG_CONFIG_HOME"] = folder
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, folder)  # what earlier versions left


def side_by_side(window: Any) -> None:
    """Put all panels beside each other, three in a row, none behind another."""
    docks = list(window.docks.by_key.values())
    for dock in docks:
        window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, dock)
        dock.show()
    for row in range(0, len(docks), 3):
        for left, right in zip(docks[row : row + 2], docks[row + 1 : row + 3], strict=False):
            window.splitDockWidget(left, right, Qt.Orientation.Horizontal)


def percentiles(values: list[float]) -> dict[str, float]:
    """Return median, p95, p99 and the greatest of some values."""
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    return {"p50": float(p50), "p95": float(p95), "p99": float(p99), "max": float(max(values))}


def resident() -> float:
    """Return the memory that this process holds, in MiB."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--preset", default="classroom")
    parser.add_argument("--set", action="append", default=[], dest="changes")
    parser.add_argument("--minutes", type=float, default=0.0)
    parser.add_argument("--panels", choices=("none", "first", "all"), default="first")
    parser.add_argument("--seeds", type=int, default=1)
    asked = parser.parse_args()
    sys.setswitchinterval(app.SWITCH_SECONDS)
    application = app._application()
    forget_preferences()
    recipe = compose(asked.preset, asked.changes, data="" if asked.preset == "digits" else "fashion-mnist")
    window = app.make_window(EngineThread(), recipe, app.Options(asked.preset, autorun=True, size=(1280, 720)))
    watch = Watch(window, asked.minutes)

    def begin() -> None:
        if asked.panels == "all":
            side_by_side(window)
        elif asked.panels == "none":
            for dock in window.docks.by_key.values():
                dock.close()
        window.complete()
        window.session.start_engine()
        if asked.seeds > 1:
            window.seeds.await_run(asked.seeds - 1, shown=False)
        window.session.run_or_pause()

    window.resize(*((1920, 1080) if asked.panels == "all" else (1280, 720)))
    window.painted.connect(begin)
    window.show()
    application.exec()
    sys.stdout.write(json.dumps(watch.result()) + "\n")


if __name__ == "__main__":
    main()
