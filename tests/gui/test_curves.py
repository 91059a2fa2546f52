"""The curves over steps: what is drawn is what the record says, at every probe."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF, QImage, QPainter
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.panels.curves import LOSS_CEILING, AccuracyPlot, LossPlot, Plot
from lwf_gui.gui.panels.line import Line
from lwf_gui.gui.panels.plot_panels import LossPanel
from lwf_gui.gui.panels.text import DOTS
from lwf_gui.gui.window import Window
from lwf_gui.messages import TEACHER, Branch, Evaluated, LearnerScore, PhaseStarted, Probe, Steps
from lwf_gui.runs import shown
from lwf_gui.runs.captions import probe_counts
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.series import MAX_PROBES
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle
from tests.gui.shown import scale_type, shown_panel
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
    if counts[1] > MAX_PROBES:  # of more than there is room for, those of a part that one zooms to
        plot.set_x_range(100, 150)
    low, high = plot.view.span
    for learner, task in [(TEACHER, "old"), *((name, task) for name in synthetic.LEARNERS for task in ("old", "new"))]:
        places, y = plot.curves[learner, task].getData()
        x = plot.scale.step(places).round(6)
        track = record.base if learner == TEACHER else record.incremental
        assert track is not None
        fractions = track.accuracies("task_aware")[:, track.index(learner), ("old", "new").index(task)]
        steps = track.probe_steps.values - (counts[0] - 1 if learner == TEACHER else 0)
        seen = (steps >= low) & (steps <= high)
        np.testing.assert_array_equal(y[np.isin(x, steps[seen])][: seen.sum()], 100 * fractions[seen])
        assert learner == TEACHER or seen.sum() > 4
    assert record.data is not None
    old = probe_counts(record.data, 1)[0]
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
    open_window: OpenWindow, engine: ScriptedEngine, qtbot: QtBot, size: tuple[int, int]
) -> None:
    window = three_learners(open_window, engine)
    window.resize(*size)
    settle()
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
    settle()
    axis, label = plot.plot.getAxis("bottom"), plot.guessing.after
    assert axis.label.boundingRect().width() <= plot.view.viewport().width()
    assert axis.labelText in ("steps since head expansion (375 steps = 1 epoch)", "steps since head expansion", "steps")
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


def shown_plot(kind: type[AccuracyPlot] | type[LossPlot], qtbot: QtBot, record: Record, size: tuple[int, int]) -> Plot:
    plot = kind()
    qtbot.addWidget(plot)
    plot.resize(*size)
    plot.set_theme(theme.LIGHT)
    plot.show_record(record)
    plot.show()
    plot.repaint_curves()
    settle()
    plot.repaint_curves()
    return plot


def forked(count: int) -> Record:
    """Return a run with so many learners, all but two of them branches, with one full test at its end."""
    branches = tuple(
        Branch(f"lwf+{number}@2:alpha={number}", "lwf", 2, {"alpha": float(number)}) for number in range(1, count - 1)
    )
    names = (*synthetic.LEARNERS, *(branch.learner for branch in branches))
    made = synthetic.record([*synthetic.task1()])
    made.apply(PhaseStarted(1, "incremental", names, 1125, (1125,), branches=branches))
    made.apply(Steps(1, "incremental", 1, synthetic.losses(1125, count), 1.0, 1125 * 48))
    for step in (0, 1000, 1125):
        made.apply(Probe(1, "incremental", step, synthetic.logits(count, step), synthetic.teacher(7)))
    scores = {name: LearnerScore((180 + at, 70), (170, 60), (9,)) for at, name in enumerate(names)}
    made.apply(Evaluated(1, 1, 1, 1125, scores))
    return made


@pytest.mark.parametrize("scale", [1.0, 2.0, 3.0])
@pytest.mark.parametrize("count", [2, 3, 10])
@pytest.mark.parametrize("kind", [AccuracyPlot, LossPlot])
def test_a_read_out_tells_whole_learners_and_whole_numbers_and_how_many_it_leaves_out(
    qtbot: QtBot, kind: type[AccuracyPlot] | type[LossPlot], count: int, scale: float
) -> None:
    scale_type(scale)
    plot = shown_plot(kind, qtbot, forked(count), (620, 300))
    plot.point_at(1000)
    told = plot.readout.shown
    assert DOTS not in told
    (more,) = re.findall(r"and (\d+) more", told) or ["0"]
    assert len(re.findall("old|KL", told)) + int(more) == count
    figure = r"(?:◆|old|new) [\d.,]+ %|(?:KL|CE) [\d.e-]+"
    ways = tuple(plot.ways_at(1000))
    whole = {found for way in ways for found in re.findall(figure, "".join(text for text, _ in way))}
    assert set(re.findall(figure, told)) <= whole


@pytest.mark.parametrize("width", [900, 620, 400, 300, 200])
def test_where_a_full_test_is_told_without_the_probe_it_has_its_sign(qtbot: QtBot, width: int) -> None:
    plot = shown_plot(AccuracyPlot, qtbot, forked(2), (width, 300))
    plot.selection = Selection(step=1000)
    plot.point_at(1125)
    probes = re.findall(r"old (\d+ %)(?! \()", plot.readout.shown)
    assert not probes, "a card tells the full test"
    assert "◆" in plot.readout.shown
    title = plot.title.shown
    assert "probe images" in title
    assert "task-aware" in title
    assert DOTS not in title


def test_a_title_names_its_images_before_what_its_lines_are(qtbot: QtBot) -> None:
    scale_type(2.0)
    plot = shown_plot(AccuracyPlot, qtbot, forked(2), (620, 300))
    for width in range(700, 320, -20):
        plot.title.resize(width, 40)
        assert "probe images" in plot.title.shown
        assert "task-aware" in plot.title.shown


def test_a_loss_that_ends_below_the_axis_is_marked_there(qtbot: QtBot) -> None:
    plot = shown_plot(LossPlot, qtbot, of_losses(2.0, 1e-5), (500, 300))
    assert isinstance(plot, LossPlot)
    assert plot.goes_below
    assert not plot.goes_beyond
    panel = shown_panel("losses", qtbot, plot.record, (500, 300))
    assert isinstance(panel, LossPanel)
    panel.make()
    panel.refresh(Selection())
    assert "▼" in panel.captions()[0]
    plot.show_record(of_losses(2.0))
    plot.repaint_curves()
    assert not plot.goes_below


def of_losses(*values: float) -> Record:
    """Return a run of ten steps a value, whose losses have these values."""
    steps = 10 * len(values)
    made = synthetic.record([*synthetic.task1()])
    made.apply(PhaseStarted(1, "incremental", synthetic.LEARNERS, steps, (steps,)))
    losses = synthetic.losses(steps, 2)
    losses[:] = np.repeat(np.array(values, np.float32), 10)[:, None, None]
    made.apply(Steps(1, "incremental", 1, losses, 1.0, steps * 48))
    for step in (0, steps):
        made.apply(Probe(1, "incremental", step, synthetic.logits(2, step), synthetic.teacher(7)))
    return made


def test_one_run_has_one_axis_of_losses_whatever_was_shown_before(qtbot: QtBot) -> None:
    plot = shown_plot(LossPlot, qtbot, of_losses(2.0), (500, 300))
    before = plot.plot.vb.viewRange()[1]
    plot.show_record(of_losses(2.0, 3e6))
    plot.repaint_curves()
    assert plot.plot.vb.viewRange()[1][1] == pytest.approx(LOSS_CEILING)
    plot.show_record(of_losses(2.0))
    plot.repaint_curves()
    assert plot.plot.vb.viewRange()[1] == pytest.approx(before)


@pytest.mark.parametrize("most", [3e6, np.inf])
def test_a_loss_above_the_axis_is_marked_and_its_curve_stays_in_the_plot(qtbot: QtBot, most: float) -> None:
    plot = shown_plot(LossPlot, qtbot, of_losses(2.0, 900.0, most, 2.0), (500, 300))
    assert isinstance(plot, LossPlot)
    low, high = plot.plot.vb.viewRange()[1]
    for curve in plot.curves.values():
        _, y = curve.getData()
        assert len(y) == 0 or (y.min() >= low and y.max() <= high)
    assert set(plot.goes_beyond) == {21.0}, "the first step above"
    panel = shown_panel("losses", qtbot, plot.record, (500, 300))
    assert isinstance(panel, LossPanel)
    panel.make()
    panel.refresh(Selection())
    assert "▲" in panel.captions()[0]
    assert {f"{10.0**tick:g}" for tick in range(-3, LOSS_CEILING + 1)} <= {
        text for _, text in plot.plot.getAxis("left")._tickLevels[0]
    }
    plot.show_record(of_losses(2.0))
    plot.repaint_curves()
    assert not plot.goes_beyond


def of_steps(count: int) -> Record:
    """Return a run of so many steps of the new task, with a probe at both ends."""
    made = synthetic.record([*synthetic.task1()])
    made.apply(PhaseStarted(1, "incremental", synthetic.LEARNERS, count, (count // 3,)))
    made.apply(Steps(1, "incremental", 1, synthetic.losses(count, 2), 1.0, count * 48))
    for step in (0, count):
        made.apply(Probe(1, "incremental", step, synthetic.logits(2, step), synthetic.teacher(7)))
    return made


def labels(plot: Plot, side: str) -> list[tuple[QRectF, str]]:
    """Return the labels of an axis as they are painted, with their places in it."""
    axis, image = plot.plot.getAxis(side), QImage(10, 10, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        painter.setFont(theme.font(0.9))
        return [(rect, text) for rect, _, text in axis.generateDrawSpecs(painter)[2]]


@pytest.mark.parametrize("size", [(620, 275), (420, 150), (620, 110)])
@pytest.mark.parametrize("kind", [AccuracyPlot, LossPlot])
def test_a_low_plot_too_labels_both_ends_of_its_heights(
    qtbot: QtBot, kind: type[AccuracyPlot] | type[LossPlot], size: tuple[int, int]
) -> None:
    plot = shown_plot(kind, qtbot, of_steps(96), size)
    axis, told = plot.plot.getAxis("left"), labels(plot, "left")
    ends = {"100 %", "0 %"} if kind is AccuracyPlot else {"10", "0.001"}
    assert ends <= {text for _, text in told}
    for at, (rect, _) in enumerate(told):
        assert rect.top() >= 0
        assert rect.bottom() <= axis.size().height()
        assert not any(rect.intersects(other) for other, _ in told[:at])


@pytest.mark.parametrize("count", [96, 1125])
@pytest.mark.parametrize("width", [420, 620, 900])
def test_steps_are_labelled_as_far_as_the_run_goes_and_none_is_cut(qtbot: QtBot, width: int, count: int) -> None:
    panel = shown_panel("losses", qtbot, of_steps(count), (width, 275))
    assert isinstance(panel, LossPanel)
    panel.make()
    panel.refresh(Selection())
    for span in (panel.plot.view.span, (0.0, 0.57 * count), (0.0, 0.8 * count + 0.5)):
        panel.plot.set_x_range(*span)
        told = labels(panel.plot, "bottom")
        assert max(int(text.replace(",", "")) for _, text in told) <= count
        assert max(rect.right() for rect, _ in told) <= panel.plot.plot.getAxis("bottom").size().width()
