"""Five tasks on the accuracy plot: ticks where tasks begin, the old network's name, no test of a head just grown."""

from __future__ import annotations

import numpy as np

from lwf_gui.axis import StepAxis
from lwf_gui.gui.panels.curves import AccuracyPlot
from lwf_gui.gui.panels.curves.step_ticks import StepAxisItem
from lwf_gui.messages import TEACHER
from lwf_gui.runs.step_scale import stretched
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import five


def plotted(open_window: OpenWindow) -> AccuracyPlot:
    lab = open_window(engine=ScriptedEngine(), record=five.record(), size=(1280, 720))
    lab.wait(lambda: bool(lab.window.plots.accuracy.ends.items))
    return lab.window.plots.accuracy


def test_ticks_stand_where_tasks_begin_and_at_the_end(qtbot: object) -> None:
    axis = StepAxisItem()
    axis.rescale(stretched(StepAxis(1, 2256, (188,) * 4, (0, 564, 1128, 1692))))
    [(_, places)] = axis.tickValues(-100.0, 2700.0, 600.0)
    assert axis.tickStrings(places, 1.0, 1.0) == ["0", "564", "1,128", "1,692", "2,256"]
    [(_, near)] = axis.tickValues(0.0, 500.0, 600.0)
    assert len(axis.tickStrings(near, 1.0, 1.0)) > 5, "of one task in sight the steps are round ones"
    [(_, few)] = axis.tickValues(-100.0, 2700.0, 120.0)
    assert len(few) < len(places), "no label lies on another"


def test_the_first_teachers_line_ends_where_each_learner_gets_its_own(open_window: OpenWindow) -> None:
    plot = plotted(open_window)
    x, _ = plot.curves[TEACHER, "old"].getData()
    assert plot.scale.step(float(np.nanmax(x))) < five.BOUNDARIES[1]
    assert "teacher" not in plot.title.text()


def test_no_diamond_tells_of_a_head_that_has_just_grown(open_window: OpenWindow) -> None:
    plot = plotted(open_window)
    steps = {round(step) for step, _ in plot.tests.points}
    assert five.STEPS in steps
    for begin in five.BOUNDARIES[1:]:
        at = [percent for step, percent in plot.tests.points if round(step) == begin]
        assert len(at) == 2 * len(plot.record.evaluations[-1].scores), "those of the task's end alone"


def test_of_many_tasks_each_has_the_diamonds_of_its_end_alone(open_window: OpenWindow) -> None:
    plot = plotted(open_window)
    steps = {round(step) for step, _ in plot.tests.points}
    last = {test.task: test.step for test in plot.record.evaluations}
    assert len({test.step for test in plot.record.evaluations}) > len(steps), "there were others"
    assert steps <= set(last.values())
