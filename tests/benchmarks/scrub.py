"""Scrubbing a long run: milliseconds from a step on the timeline to the last pixel of everything visible.

    python -m tests.benchmarks.scrub STEPS       # prints one JSON object

Each panel in turn stands in front of its place, and last all of them are side by side.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QElapsedTimer

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import app
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.run.link import AFTER_PAINTING, Painted
from lwf_gui.messages import LayerProbe, PhaseStarted, Probe, Steps
from lwf_gui.recipe import load_preset
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import stops
from tests.benchmarks.live import forget_preferences, percentiles, side_by_side
from tests.gui.scripted import ScriptedEngine

PICTURES = 60
PROBE_EVERY = 20


def long_record(steps: int) -> Record:
    """Return a record of so many steps, with a probe of 600 images every 20: the bundled run's, disturbed anew."""
    random, record = np.random.default_rng(0), Record()
    told = list(files.load(paths.resources() / app.BUNDLED_RUN).messages())
    started = next(m for m in told if isinstance(m, PhaseStarted) and m.phase == "incremental")
    block = next(m for m in told if isinstance(m, Steps) and m.phase == "incremental")
    probes = [m for m in told if isinstance(m, Probe) and m.phase == "incremental"]
    layers = [m for m in told if isinstance(m, LayerProbe)]
    for message in told[: told.index(started)]:
        record.apply(message)
    record.apply(replace(started, steps=steps))
    losses = np.resize(block.losses, (steps, *block.losses.shape[1:]))
    record.apply(replace(block, losses=losses * np.exp(0.1 * random.normal(size=losses.shape)).astype(np.float32)))
    for number, step in enumerate(range(0, steps + 1, PROBE_EVERY)):
        probe, layer = probes[number % len(probes)], layers[number % len(layers)]
        logits = probe.logits + random.normal(size=probe.logits.shape).astype(np.float16)
        record.apply(replace(probe, step=step, logits=logits))
        record.apply(replace(layer, step=step))
    return record


def main() -> None:
    """Show the record and go to and fro in it."""
    steps = int(sys.argv[1])
    application = app._application()
    forget_preferences()
    preset, record = load_preset("classroom"), long_record(steps)
    window = app.make_window(
        ScriptedEngine(), preset.recipe, app.Options("classroom", record=record, size=(1920, 1080))
    )
    window.show()
    window.complete()
    session, where = window.session, stops(record)[stops(record) >= 0]
    random = np.random.default_rng(1)

    def paint() -> tuple[float, float]:
        """Go to some probe and return the milliseconds until it is painted: by the clock, and of processor time."""
        costs: list[float] = []
        connection = session.framePainted.connect(costs.append)
        start, worked = time.perf_counter(), time.thread_time()
        QCoreApplication.postEvent(session.link, Painted((start, worked)), AFTER_PAINTING)
        window.look_at(step=int(random.choice(where)))
        patience = QElapsedTimer()
        patience.start()
        while not costs and patience.elapsed() < 60_000:
            application.processEvents()
        session.framePainted.disconnect(connection)
        return costs[0], 1000 * (time.thread_time() - worked)

    def measured() -> dict[str, dict[str, float]]:
        for _ in range(8):  # what is made at first use is made
            paint()
        clock, work = zip(*(paint() for _ in range(PICTURES)), strict=True)
        return {"frame_ms": percentiles(list(clock)), "work_ms": percentiles(list(work))}

    found = {}
    for spec in PANELS:
        window.docks.bring(spec.key)
        found[spec.title] = measured()
    window.resize(2400, 1800)
    side_by_side(window)
    application.processEvents()
    assert len(window.docks.seen()) == len(PANELS)
    found["all side by side"] = measured()
    window.close()
    sys.stdout.write(json.dumps({"steps": steps, "panels": found}) + "\n")


if __name__ == "__main__":
    main()
