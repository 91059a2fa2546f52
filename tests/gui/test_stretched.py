"""The stretched axis as one sees and uses it: ticks, marks, the mouse, predictions; and the names at curves' ends."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QFontMetricsF, QPen
from PySide6.QtTest import QTest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.panels.curve import Curve
from lwf_gui.gui.panels.curves import AccuracyPlot
from lwf_gui.gui.panels.curves.end_labels import SIZE, Kind
from lwf_gui.gui.panels.curves.step_ticks import StepAxisItem
from lwf_gui.gui.panels.step_range import close_range
from lwf_gui.gui.teaching.prediction import Prediction
from lwf_gui.gui.window import Window
from lwf_gui.runs.record import Record
from lwf_gui.runs.step_scale import FIRST, StepScale
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.shown import scale_type


@pytest.fixture(scope="module")
def classroom() -> Record:
    return files.load(paths.resources() / "runs" / "classroom.lwfrun")


def shown(open_window: OpenWindow, record: Record) -> AccuracyPlot:
    """Return the plot of a window of usual size that shows a record."""
    return sized(open_window, record, (1280, 720))


def sized(open_window: OpenWindow, record: Record, size: tuple[int, int]) -> AccuracyPlot:
    """Return the plot of a window that begins with a size and shows a record."""
    lab = open_window(engine=ScriptedEngine(), record=record, size=size)
    lab.wait(lambda: bool(lab.window.plots.accuracy.ends.items))
    return lab.window.plots.accuracy


def at(plot: AccuracyPlot, step: float, percent: float) -> QPointF:
    """Return the pixel of a step, from the ends of the axes and the scale that the design asks for."""
    box, ((left, right), (bottom, top)) = plot.plot.vb.sceneBoundingRect(), plot.plot.vb.viewRange()
    place = step * 375 / 40 if step <= 40 else 375 + (step - 40) * 750 / 1085
    x = box.left() + box.width() * (place - left) / (right - left)
    return QPointF(x, box.bottom() - box.height() * (percent - bottom) / (top - bottom))


@pytest.mark.parametrize("scale", [1.0, 1.5])
def test_ticks_are_true_and_do_not_touch(open_window: OpenWindow, classroom: Record, scale: float) -> None:
    scale_type(scale)
    plot = shown(open_window, classroom)
    axis = plot.view.steps
    (low, high), size = plot.plot.vb.viewRange()[0], plot.plot.vb.width()
    [(_, places)] = axis.tickValues(low, high, size)
    texts = axis.tickStrings(places, 1.0, 1.0)
    assert [float(text.replace(",", "")) for text in texts] == pytest.approx([plot.scale.step(x) for x in places])
    assert {"0", str(FIRST)} <= set(texts)
    metrics = QFontMetricsF(theme.font(0.9))
    halves = [metrics.horizontalAdvance(text) / 2 for text in texts]
    for (x, half), (later, other) in pairwise(zip(places, halves, strict=True)):
        assert (later - x) * size / (high - low) > half + other
    assert max(float(text.replace(",", "")) for text in texts) <= 1125


def test_the_mouse_points_at_the_step_that_stands_there(open_window: OpenWindow, classroom: Record) -> None:
    plot = shown(open_window, classroom)
    for step in (8.0, 40.0, 760.0):
        plot.view._on_mouse(at(plot, step, 50))
        assert plot.lines.cursor.value() == pytest.approx(plot.scale.place(step))
        assert plot.readout.text().startswith(f"Step {step:,.0f}:")


def test_marks_full_tests_and_curves_stand_on_one_scale(open_window: OpenWindow, classroom: Record) -> None:
    plot = shown(open_window, classroom)
    assert {round(step, 6) for step, _ in plot.tests.points} == {375, 750, 1125}
    diamonds, _ = plot.tests._points.getData()
    lines = {line.value() for line in plot.lines.marks}
    x, _ = plot.curves["lwf", "old"].getData()
    for place in {float(each) for each in diamonds}:
        assert min(abs(place - each) for each in lines) < 1e-6
        assert np.abs(x - place).min() < 1e-6


def test_what_is_in_sight_stays_when_first_steps_are_stretched_no_more(
    open_window: OpenWindow, classroom: Record
) -> None:
    plot = shown(open_window, classroom)
    plot.set_x_range(0, 60)
    plot.rescale(StepScale())
    assert plot.view.span == pytest.approx((0, 60))
    assert not plot.view.steps.steps.bands
    assert isinstance(plot.view.steps, StepAxisItem)


def test_a_stroke_is_taken_at_the_steps_that_it_is_drawn_over(open_window: OpenWindow, classroom: Record) -> None:
    plot = shown(open_window, classroom)
    prediction = Prediction(plot, "fine-tune", "old")
    places = [at(plot, step, percent).toPoint() for step, percent in ((4, 80), (40, 20))]
    QTest.mousePress(prediction, Qt.MouseButton.LeftButton, pos=places[0])
    QTest.mouseMove(prediction, places[1])
    QTest.mouseRelease(prediction, Qt.MouseButton.LeftButton, pos=places[1])
    assert prediction.sketch.at([4, 22, 40]) == pytest.approx([80, 50, 20], abs=4)
    handles, _ = prediction.handles()
    assert handles == pytest.approx([0, 30, 311.25, 718.125, 1125])  # as far apart on the screen
    prediction.close_sketch()


def test_curves_are_named_at_their_ends_by_sign_and_name(open_window: OpenWindow, classroom: Record) -> None:
    plot = shown(open_window, classroom)
    told = {item.toPlainText(): item for item in plot.ends.items}
    assert set(told) == {"■ Fine-tuning", "● LwF", "■ ● new"}
    _, y = plot.curves["fine-tune", "old"].getData()
    assert told["■ Fine-tuning"].pos().y() == pytest.approx(y[-1], abs=1)
    line = QFontMetricsF(theme.font(SIZE, bold=True)).height() * 109 / plot.plot.vb.height()
    heights = sorted(item.pos().y() for item in plot.ends.items)
    assert min(b - a for a, b in pairwise(heights)) >= 0.99 * line


def test_no_name_is_struck_through_by_what_guessing_gets(open_window: OpenWindow, classroom: Record) -> None:
    plot = shown(open_window, classroom)
    (name,) = [item for item in plot.ends.items if item.toPlainText() == "■ Fine-tuning"]
    guessing = plot.guessing._line
    assert abs(name.pos().y() - guessing.getData()[1][-1]) < 3, "the name stands on the dotted line"
    assert name.zValue() > guessing.zValue()
    assert name.fill.color().alpha() == 255
    assert name.fill.color().name() == plot.theme.surface


def test_what_is_to_be_guessed_is_not_named(open_window: OpenWindow, classroom: Record) -> None:
    plot = shown(open_window, classroom)
    plot.hidden = {("lwf", "old"), ("lwf", "new")}
    plot.repaint_curves()
    assert {item.toPlainText() for item in plot.ends.items} == {"■ Fine-tuning", "■ new"}


@pytest.mark.parametrize("scale", [1.0, 1.5])
@pytest.mark.parametrize("size", [(1024, 768), (1280, 720), (1920, 1080)])
def test_names_at_ends_stand_beside_the_curves_and_within_the_plot(
    open_window: OpenWindow, classroom: Record, size: tuple[int, int], scale: float
) -> None:
    scale_type(scale)
    plot = sized(open_window, classroom, size)
    (_, high), end = plot.plot.vb.viewRange()[0], plot.curves["lwf", "old"].getData()[0][-1]
    assert plot.ends.items
    for item in plot.ends.items:
        wide = item.boundingRect().width() * (high - plot.plot.vb.viewRange()[0][0]) / plot.plot.vb.width()
        assert item.pos().x() >= end
        assert item.pos().x() + wide <= high + 1e-6


def test_a_name_that_gave_way_to_others_is_led_to_from_its_curves_end(
    open_window: OpenWindow, classroom: Record
) -> None:
    plot = shown(open_window, classroom)
    curves = {}
    for name, height in (("fine-tune", 20.0), ("lwf", 90.0), ("replay", 90.5), ("joint", 91.0)):
        curves[name] = Curve()
        plot.plot.addItem(curves[name])
        curves[name].draw(np.array([0.0, 1125.0]), np.array([50.0, height]), QPen())
    plot.ends.show((Kind("", curves),), plot.theme)
    x, y = (values.reshape(-1, 3)[:, :2] for values in plot.ends.leads.getData())
    places = {item.toPlainText(): item.pos().y() for item in plot.ends.items}
    assert 20.0 not in y[:, 0], "who stands at its curve's end needs none"
    for (begin, end), (there, here) in zip(x, y, strict=True):
        assert begin == 1125.0 < end
        assert there in (90.0, 90.5, 91.0)
        assert min(abs(here - place) for place in places.values()) < 1e-6
        assert abs(here - there) > 1
    assert len(x) >= 1


def test_while_first_steps_are_trained_slowly_they_have_most_of_the_plot(
    open_window: OpenWindow, classroom: Record
) -> None:
    plot = shown(open_window, classroom)
    window = plot.window()
    assert isinstance(window, Window)
    whole = plot.view.span
    window.plots.look_close(True)
    window.showing.refresh()
    low, high = plot.view.span
    assert low < 0
    assert FIRST < high < 400
    (left, right), _ = plot.plot.vb.viewRange()
    assert (plot.scale.place(FIRST) - plot.scale.place(0)) / (right - left) > 0.6
    window.look_at(step=500)
    assert plot.view.span == pytest.approx(whole, abs=1), "where one looks elsewhere all is in sight"
    window.look_at(step=None)
    window.plots.look_close(False)
    window.showing.refresh()
    assert plot.view.span == pytest.approx(whole, abs=1)


def test_runs_without_stretched_steps_are_never_looked_at_closely() -> None:
    assert close_range(StepScale()) is None
    assert close_range(StepScale((0.0, 40.0, 1000.0), (0.0, 300.0, 1000.0))) == pytest.approx(
        (-30, 40 + 120 * 960 / 700), abs=0.1
    )


def test_curves_of_the_new_task_stand_back(open_window: OpenWindow, classroom: Record) -> None:
    plot = shown(open_window, classroom)
    pens = {task: plot.curves["fine-tune", task].opts["pen"] for task in ("old", "new")}
    assert pens["old"].color().alphaF() == 1 > pens["new"].color().alphaF()
    assert pens["old"].widthF() > 1.5 * pens["new"].widthF()
