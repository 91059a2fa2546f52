"""Pictures of a long run: milliseconds from a message to the last pixel after so many recorded steps.

python -m tests.benchmarks.repaint STEPS       # prints one JSON object
"""

from __future__ import annotations

import json
import sys
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QElapsedTimer

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import app
from lwf_gui.messages import PhaseStarted, Probe, Steps
from lwf_gui.recipe import load_preset
from tests.benchmarks.live import forget_preferences, percentiles
from tests.gui.scripted import ScriptedEngine

PICTURES = 60
BLOCK, PROBE_EVERY = 20, 20


def main() -> None:
    """Fill a record with steps and probes, then paint pictures of it while it grows."""
    steps = int(sys.argv[1])
    application = app._application()
    forget_preferences()
    engine = ScriptedEngine()
    preset = load_preset("classroom")
    window = app.make_window(engine, preset.recipe, app.Options("classroom", autorun=True, size=(1280, 720)))
    window.show()
    window.complete()
    session = window.session
    session.run_or_pause()
    told = [replace(m, run_id=session.link.run_id) for m in files.load(paths.resources() / app.BUNDLED_RUN).messages()]
    started, probe, block = (
        next(m for m in told if isinstance(m, kind) and getattr(m, "phase", "") == "incremental")
        for kind in (PhaseStarted, Probe, Steps)
    )
    assert isinstance(started, PhaseStarted)
    assert isinstance(probe, Probe)
    assert isinstance(block, Steps)
    for message in told[: told.index(started)]:
        engine.outbox.put(message)
    engine.outbox.put(replace(started, steps=steps + PICTURES * BLOCK))
    random = np.random.default_rng(0)

    def grow(first: int, count: int) -> None:
        losses = np.exp(random.normal(size=(count, *block.losses.shape[1:])) * 0.3).astype(np.float32)
        engine.outbox.put(replace(block, first=first, losses=losses, seconds=first / 100, images=first * 128))
        for step in range(first, first + count):
            if step % PROBE_EVERY == 0:
                logits = random.normal(size=probe.logits.shape).astype(np.float16)
                engine.outbox.put(replace(probe, step=step, logits=logits))

    costs: list[float] = []
    session.framePainted.connect(costs.append)

    def paint() -> None:
        before = len(costs)
        session.drain()
        patience = QElapsedTimer()
        patience.start()
        while len(costs) == before and patience.elapsed() < 60_000:
            application.processEvents()

    for first in range(1, steps + 1, 1000):
        grow(first, min(1000, steps + 1 - first))
        paint()
    costs.clear()
    for picture in range(PICTURES):
        grow(steps + 1 + picture * BLOCK, BLOCK)
        paint()
    window.close()
    sys.stdout.write(json.dumps({"steps": steps, "frame_ms": percentiles(costs)}) + "\n")


if __name__ == "__main__":
    main()
