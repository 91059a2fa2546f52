"""A long run of many learners as a document: seconds to save, to open and to show it, its size, and what it holds up.

    python -m tests.benchmarks.documents [STEPS [LEARNERS]]       # prints one JSON object

It has a probe of 600 images every 1,500 steps and in a task's first steps: what a run file weighs hangs on its probes,
of which each takes 37 kB a learner, the first layer's filters included.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QElapsedTimer, QTimer

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import app
from lwf_gui.gui.window import Window
from lwf_gui.messages import DataReady, LayerProbe, PhaseStarted, Probe, Steps
from lwf_gui.recipe import load_preset
from lwf_gui.runs.record import Record
from tests.benchmarks.live import forget_preferences
from tests.gui.scripted import ScriptedEngine

METHODS = ("fine-tune", "lwf", "lwf-labels", "ewc", "si", "replay", "der++", "joint")
EARLY, EVERY = (0, 1, 2, 4, 8, 16), 1500
TICK_MS = 5


def long_record(steps: int, learners: int) -> Record:
    """Return a record of so many steps and learners: the bundled run's probes and losses, disturbed anew."""
    random, record = np.random.default_rng(0), Record()
    told = list(files.load(paths.resources() / app.BUNDLED_RUN).messages())
    started = next(m for m in told if isinstance(m, PhaseStarted) and m.phase == "incremental")
    block = next(m for m in told if isinstance(m, Steps) and m.phase == "incremental")
    probe = next(m for m in told if isinstance(m, Probe) and m.phase == "incremental" and m.step == 200)
    layer = next(m for m in told if isinstance(m, LayerProbe) and m.step > 0)
    rows = [number % 2 for number in range(learners)]
    for message in told[: told.index(started)]:
        if isinstance(message, DataReady):
            message = replace(message, recipe=message.recipe.with_settings({"learners": list(METHODS[:learners])}))
        record.apply(message)
    record.apply(replace(started, steps=steps, learners=METHODS[:learners], epoch_steps=(steps // 3,)))
    losses = np.resize(block.losses[:, rows], (steps, learners, block.losses.shape[-1]))
    losses = losses * np.exp(0.1 * random.normal(size=losses.shape)).astype(np.float32)
    record.apply(replace(block, losses=losses, seconds=600.0, images=steps * 64 * learners))
    for step in (*EARLY, *range(EVERY, steps + 1, EVERY)):
        noise = random.normal(size=probe.logits[rows].shape).astype(np.float16)
        record.apply(replace(probe, step=step, logits=probe.logits[rows] + noise))
        filters = layer.filters[rows] + random.normal(size=layer.filters[rows].shape).astype(np.float16)
        record.apply(LayerProbe(1, step, layer.forces[rows], layer.moved[rows], filters))
    return record


class Ticks:
    """Notes for how long at most a window does nothing else."""

    def __init__(self) -> None:
        self.worst = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer()
        self._timer.timeout.connect(self._tick)
        self._timer.start(TICK_MS)

    def taken(self) -> float:
        """Return the longest time since this was asked, in milliseconds."""
        self._tick()
        worst, self.worst = self.worst, 0.0
        return 1000 * worst

    def _tick(self) -> None:
        now = time.perf_counter()
        self.worst, self._last = max(self.worst, now - self._last), now


def main() -> None:
    """Measure, and print what was measured."""
    steps, learners = (int(word) for word in (*sys.argv[1:], "100000", "8")[:2])
    application = app._application()
    forget_preferences()
    record = long_record(steps, learners)
    folder = tempfile.TemporaryDirectory(dir=Path.home())  # on a disk: the one for temporary files may be none
    path = Path(folder.name) / "long.lwfrun"
    found: dict[str, Any] = {"steps": steps, "learners": learners, "probes": len(record.incremental.probes)}  # type: ignore[union-attr]
    found["save_s"] = _seconds(lambda: files.save(record, path))
    found["megabytes"] = path.stat().st_size / 1e6
    found["load_s"] = _seconds(lambda: files.load(path))
    recipe, options = load_preset("classroom").recipe, app.Options("classroom", size=(1280, 720))
    window = app.make_window(ScriptedEngine(), recipe, options)
    window.show()
    window.complete()
    wait_until(application, lambda: False, 1.0)
    ticks = Ticks()
    found["open_and_paint_s"] = _seconds(lambda: _opened(application, window, path))
    found["open_held_up_ms"] = ticks.taken()
    wait_until(application, lambda: False, 1.0)
    ticks.taken()
    found["save_in_window_s"] = _seconds(lambda: _saved(window, Path(folder.name) / "again.lwfrun"))
    found["save_held_up_ms"] = ticks.taken()
    window.close()
    folder.cleanup()
    sys.stdout.write(json.dumps(found) + "\n")


def _seconds(work: Callable[[], object]) -> dict[str, float]:
    """Return how long work takes by the clock, and of the processor: others may share the machine."""
    before, worked = time.perf_counter(), time.process_time()
    work()
    return {"clock": time.perf_counter() - before, "processor": time.process_time() - worked}


def wait_until(application: Any, holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Let the window work until something holds."""
    patience = QElapsedTimer()
    patience.start()
    while not holds() and patience.elapsed() < 1000 * seconds:
        application.processEvents()


def _opened(application: Any, window: Window, path: Path) -> None:
    before = window.session.record
    window.files.open(path)
    wait_until(application, lambda: window.session.record is not before)
    window.grab()


def _saved(window: Window, path: Path) -> None:
    window.files._saving.save(path, lambda: files.save(window.session.record, path), "Saving")
    assert path.exists()


if __name__ == "__main__":
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    main()
