"""The steps that the plots show: the wheel alone changes nothing, and there is always a way back to the whole run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.panels.curves import Plot
from lwf_gui.gui.window import Window
from lwf_gui.runs.selection import nearest_stop
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic

CTRL, NONE = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.NoModifier


def opened(open_window: OpenWindow) -> Window:
    window = open_window(engine=ScriptedEngine(), record=synthetic.record()).window
    window.show_panel("losses")
    QTest.qWait(50)
    return window


def turn(plot: Plot, modifiers: Qt.KeyboardModifier) -> None:
    """Turn the wheel over the middle of a plot."""
    port = plot.view.viewport()
    at = QPointF(port.rect().center())
    where = QPointF(port.mapToGlobal(at))
    buttons, phase = Qt.MouseButton.NoButton, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, where, QPoint(), QPoint(0, 240), buttons, modifiers, phase, False)
    QApplication.sendEvent(port, event)
    QTest.qWait(10)


def steps(plot: Plot) -> tuple[float, float]:
    low, high = plot.plot.vb.viewRange()[0]
    return low, high


def both(window: Window) -> tuple[Plot, Plot]:
    return window.plots.accuracy, window.plots.loss


def test_the_wheel_alone_leaves_the_steps_of_a_plot(open_window: OpenWindow) -> None:
    window = opened(open_window)
    for plot in both(window):
        before = steps(plot)
        turn(plot, NONE)
        assert steps(plot) == before


def test_ctrl_and_wheel_zoom_both_plots(open_window: OpenWindow) -> None:
    window = opened(open_window)
    for plot in both(window):
        low, high = steps(plot)
        turn(plot, CTRL)
        zoomed = steps(plot)
        assert zoomed[1] - zoomed[0] < high - low
        assert [steps(each) for each in both(window)] == [pytest.approx(zoomed)] * 2


def test_a_double_click_shows_the_whole_run_again_and_looks_at_no_other_step(open_window: OpenWindow) -> None:
    window = opened(open_window)
    for plot in both(window):
        before, selection = steps(plot), window.selection
        turn(plot, CTRL)
        assert steps(plot) != before
        port = plot.view.viewport()
        for act in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):  # as a mouse does it
            act(port, Qt.MouseButton.LeftButton, NONE, port.rect().center())
        QTest.qWait(10)
        assert [steps(each) for each in both(window)] == [pytest.approx(before)] * 2
        assert window.selection == selection


def test_a_key_shows_the_whole_run_again(open_window: OpenWindow) -> None:
    window = opened(open_window)
    plot = window.plots.accuracy
    before = steps(plot)
    turn(plot, CTRL)
    QTest.keyClick(window, Qt.Key.Key_0)
    assert steps(plot) == pytest.approx(before)


def test_plot_and_list_of_keys_say_how_to_zoom_and_how_to_come_back(open_window: OpenWindow) -> None:
    window = opened(open_window)
    for plot in both(window):
        assert "Ctrl+wheel" in plot.view.toolTip()
        assert "double-click" in plot.view.toolTip()
    (spec,) = [spec for spec in ACTIONS if spec.id == "whole_run"]
    assert "double-click" in spec.help
    assert spec.shortcuts == ("0",)


def point(plot: Plot, step: float) -> None:
    """Put the mouse on a step."""
    plot.view.scene().sigMouseMoved.emit(plot.plot.vb.mapViewToScene(QPointF(step, 50)))


def test_another_range_tells_the_step_that_is_under_the_mouse_now(open_window: OpenWindow) -> None:
    window = opened(open_window)
    for plot in both(window):
        plot.view.forget()
        window.plots.accuracy.ranged.emit(0.0, 30.0)
        point(plot, 22)
        assert plot.readout.text().startswith(f"Step {nearest_stop(plot.record, 22)}:")
        window.plots.accuracy.ranged.emit(-20.0, 20.0)
        stop = nearest_stop(plot.record, 22 / 30 * 40 - 20)
        assert {each.readout.text().partition(":")[0] for each in both(window)} == {f"Step {stop}"}


def test_a_mouse_that_was_left_on_a_plot_points_at_nothing(open_window: OpenWindow) -> None:
    window = opened(open_window)
    plot = window.plots.accuracy
    assert plot.readout.isHidden()
    latest = window.plots.loss.readout.text()
    point(plot, 10)
    assert plot.readout.isVisible()
    assert plot.readout.text().startswith("Step 10:")
    plot.view._still.timeout.emit()
    assert [each.lines.cursor.isVisible() for each in both(window)] == [False, False]
    assert plot.readout.isHidden()
    assert window.plots.loss.readout.text() == latest
    point(plot, 10)
    window.look_at(step=15)
    assert plot.readout.isHidden(), "the timeline went elsewhere"
    assert window.plots.loss.readout.text().startswith("Step 15:")
    point(plot, 10)
    assert plot.readout.isVisible()
    window.plots.accuracy.show_record(window.session.record)
    assert plot.readout.isHidden()


def test_the_step_that_is_looked_at_is_told_by_the_cards_alone(open_window: OpenWindow) -> None:
    window = opened(open_window)
    plot, below = window.plots.accuracy, window.plots.accuracy.view.geometry()
    window.look_at(step=10)
    point(plot, 10)
    assert plot.readout.isHidden()
    point(plot, 15)
    assert plot.readout.isVisible()
    assert plot.readout.text().startswith("Step 15:")
    assert plot.view.geometry() == below, "curves keep their place"
    assert not plot.readout.geometry().intersects(below)
    assert plot.childAt(plot.readout.geometry().center()) is not plot.readout, "the mouse is the plot's"
    above = plot.children()
    assert above.index(plot.readout) > max(above.index(part) for part in (plot.title, plot.strip)), "it is on top"


def test_what_a_plot_says_of_the_mouse_stands_above_its_axis(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[QPoint] = []
    monkeypatch.setattr(QToolTip, "showText", lambda place, *_: told.append(place))
    plot = opened(open_window).plots.accuracy
    port = plot.view.viewport()
    for y in (1, port.height() // 2, port.height() - 2):
        QApplication.sendEvent(port, QHelpEvent(QEvent.Type.ToolTip, QPoint(40, y), port.mapToGlobal(QPoint(40, y))))
    assert len(told) == 3
    assert max(place.y() for place in told) <= port.mapToGlobal(QPoint(0, 0)).y()
