"""The curves over steps: what is drawn is what the record says, at every probe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.protocol import TEACHER, Probe, Steps
from lwf_gui.runs import shown, views
from lwf_gui.runs.record import Record
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic


def probed_often(task1: int, task2: int) -> Record:
    """Return a run with so many probes of each task, one a step, each with answers of its own."""
    data, begun, *_, ready = synthetic.task1()
    second, *_ = synthetic.task2()
    made = synthetic.record([data, replace(begun, steps=task1 - 1, steps_per_epoch=task1 - 1)])  # type: ignore[type-var]
    made.apply(Steps(1, "task1", 1, synthetic.losses(task1 - 1, 1), 1.0, task1))
    for step in range(task1):
        made.apply(Probe(1, "task1", step, synthetic.logits(1, step, synthetic.OLD)))
    made.apply(ready)
    made.apply(replace(second, steps=task2 - 1, steps_per_epoch=task2 - 1))  # type: ignore[type-var]
    made.apply(Steps(1, "task2", 1, synthetic.losses(task2 - 1, 2), 1.0, task2))
    teacher = synthetic.logits(1, 7)[0, :, : synthetic.OLD]
    for step in range(task2):
        made.apply(Probe(1, "task2", step, synthetic.logits(2, 1000 + step), teacher))
    return made


@pytest.mark.parametrize("counts", [(93, 71), (161, 5), (5, 400)])
def test_every_curve_runs_through_every_probe_and_what_the_read_out_says_of_it(
    open_window: OpenWindow, engine: ScriptedEngine, counts: tuple[int, int]
) -> None:
    record = probed_often(*counts)
    plot = open_window(engine=engine, record=record).window.plots.accuracy
    for learner, task in [(TEACHER, "old"), *((name, task) for name in synthetic.LEARNERS for task in ("old", "new"))]:
        x, y = plot.curves[learner, task].getData()
        track = record.task1 if learner == TEACHER else record.task2
        assert track is not None
        fractions = track.accuracies["task_aware"].values[:, track.index(learner), ("old", "new").index(task)]
        np.testing.assert_array_equal(y[: len(fractions)], 100 * fractions)
        assert len(x) == (sum(counts) if learner == TEACHER else counts[1])
    assert record.data is not None
    old = views.probe_counts(record.data)[0]
    x, y = plot.curves[TEACHER, "old"].getData()
    for step, percent in list(zip(x, y, strict=True))[: counts[0] - 1]:
        plot.point_at(step)
        assert f"Teacher old {shown.percent(percent, old)}" in plot.readout.text()
