"""The curves over steps: what is drawn is what the record says, at every probe."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtGui import QFontMetricsF
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curves import AccuracyPlot
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.text import DOTS
from lwf_gui.gui.window import Window
from lwf_gui.messages import TEACHER, Branch, PhaseStarted, Probe, Steps
from lwf_gui.runs import shown, views
from lwf_gui.runs.record import Record
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic


def probed_often(task1: int, task2: int) -> Record:
    """Return a run with so many probes of each task, one a step, each with answers of its own."""
    data, *_, ready = synthetic.task1()
    made = synthetic.record([data, PhaseStarted(1, "base", (TEACHER,), task1 - 1, (task1 - 1,))])
    made.apply(Steps(1, "base", 1, synthetic.losses(task1 - 1, 1), 1.0, task1))
    for step in range(task1):
        made.apply(Probe(1, "base", step, synthetic.logits(1, step, synthetic.OLD)))
    made.apply(ready)
    made.apply(PhaseStarted(1, "incremental", synthetic.LEARNERS, task2 - 1, (task2 - 1,)))
    made.apply(Steps(1, "incremental", 1, synthetic.losses(task2 - 1, 2), 1.0, task2))
    teacher = synthetic.teacher(7)
    for step in range(task2):
        made.apply(Probe(1, "incremental", step, synthetic.logits(2, 1000 + step), teacher))
    return made


@pytest.mark.parametrize("counts", [(93, 71), (161, 5), (5, 400)])
def test_every_curve_runs_through_every_probe_and_what_the_read_out_says_of_it(
    open_window: OpenWindow, engine: ScriptedEngine, counts: tuple[int, int]
) -> None:
    record = probed_often(*counts)
    plot = open_window(engine=engine, record=record).window.plots.accuracy
    if counts[1] > views.MAX_PROBES:  # of more than there is room for, those of a part that one zooms to
        plot.set_x_range(100, 150)
    low, high = plot.plot.vb.viewRange()[0]
    for learner, task in [(TEACHER, "old"), *((name, task) for name in synthetic.LEARNERS for task in ("old", "new"))]:
        x, y = plot.curves[learner, task].getData()
        track = record.base if learner == TEACHER else record.incremental
        assert track is not None
        fractions = track.accuracies("task_aware")[:, track.index(learner), ("old", "new").index(task)]
        steps = track.probe_steps.values - (counts[0] - 1 if learner == TEACHER else 0)
        seen = (steps >= low) & (steps <= high)
        np.testing.assert_array_equal(y[np.isin(x, steps[seen])][: seen.sum()], 100 * fractions[seen])
        assert learner == TEACHER or seen.sum() > 4
    assert record.data is not None
    old = views.probe_counts(record.data, 1)[0]
    plot.set_x_range(-60, -1)  # the teacher's own training
    x, y = plot.curves[TEACHER, "old"].getData()
    assert len(x) >= min(60, counts[0])
    for step, percent in ((step, percent) for step, percent in zip(x, y, strict=True) if step < 0):
        plot.point_at(step)
        assert f"Teacher old {shown.percent(percent, old)}" in plot.readout.text()


def three_learners(open_window: OpenWindow, engine: ScriptedEngine) -> Window:
    """Return a window on a run with a branch whose losses are tiny and long to say."""
    branch = Branch("lwf+1@2", "lwf", 2, {"alpha": 2.0})
    names = (*synthetic.LEARNERS, branch.learner)
    made = synthetic.record([*synthetic.task1()])
    made.apply(PhaseStarted(1, "incremental", names, 1125, (375,), branches=(branch,)))
    made.apply(Steps(1, "incremental", 1, synthetic.losses(1125, 3) * np.float32(0.00789), 1.0, 1125 * 48))
    for step in (0, 1125):
        teacher = synthetic.teacher(7)
        made.apply(Probe(1, "incremental", step, synthetic.logits(3, 1000 + step), teacher))
    window = open_window(engine=engine, record=made).window
    window.show_panel("losses")
    return window


@pytest.mark.parametrize("size", [(800, 600), (1024, 768), (1280, 720)])
def test_the_losses_of_three_learners_are_all_told_with_step_and_both_terms(
    open_window: OpenWindow, engine: ScriptedEngine, size: tuple[int, int]
) -> None:
    window = three_learners(open_window, engine)
    window.resize(*size)
    QTest.qWait(50)
    line = window.plots.loss.readout
    told = line.shown
    assert told.startswith("Step 1,125:")
    assert told.count("KL") == told.count("CE") == 3
    assert DOTS not in told


def test_a_line_that_is_too_narrow_never_shows_a_part_of_a_number(qtbot: QtBot) -> None:
    line = Line(theme.font(1.0), "#000000")
    qtbot.addWidget(line)
    line.set_segments((("Step 1,125:  ", ""), ("Fine-tuning", "#ff0000"), (" KL 0.005678, CE 12,345.6   ", "")))
    metrics = QFontMetricsF(line.font())
    for width in range(10, int(metrics.horizontalAdvance(line.text())) + 40):
        line.resize(width, 20)
        assert set(re.findall(r"[\d.,]+", line.shown)) <= {"1,125", "0.005678,", "12,345.6"}


@pytest.mark.parametrize("width", [120, 200, 320, 500, 900])
def test_the_steps_axis_has_a_whole_name_and_guessing_a_whole_number(
    open_window: OpenWindow, engine: ScriptedEngine, width: int
) -> None:
    plot = AccuracyPlot()
    plot.set_theme(theme.LIGHT)
    plot.resize(width, 240)
    plot.record = synthetic.record()
    plot.show()
    plot.name_steps(375)
    plot.set_x_range(-4, 31)
    plot.repaint_curves()
    QTest.qWait(50)
    axis, label = plot.plot.getAxis("bottom"), plot.guessing.after
    assert axis.label.boundingRect().width() <= plot.view.viewport().width()
    assert axis.labelText in ("steps since surgery (375 steps = 1 epoch)", "steps since surgery", "steps")
    place = label.mapRectToScene(label.boundingRect())
    box = plot.plot.vb.sceneBoundingRect()
    assert not label.isVisible() or box.left() <= place.left()
    assert label.isVisible() or width < 200
    plot.close()


def test_the_heading_says_how_many_images_of_each_task_a_line_rests_on(
    open_window: OpenWindow, engine: ScriptedEngine
) -> None:
    plot = open_window(engine=engine, record=synthetic.record()).window.plots.accuracy
    assert "on 24 old and 16 new probe images" in plot.title.text()
    assert "40" not in plot.title.text()
