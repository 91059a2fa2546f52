"""Pinning runs in the window: by key, through runs, undo and lessons; their curves, names and values in the plot."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from lwf_gui import lessons
from lwf_gui.documents import files
from lwf_gui.gui import theme
from lwf_gui.gui.panels.curves import AccuracyPlot
from lwf_gui.gui.panels.pin_lines import LINES
from lwf_gui.gui.pinning import PANEL
from lwf_gui.gui.teaching.prediction import Prediction
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.full_tests import full_tests
from lwf_gui.runs.pins import pinned
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.test_runs_kept import finish, undo_key
from tests.runs import five, synthetic
from tests.runs.test_pins import run


@pytest.fixture
def recorded(open_window: OpenWindow, engine: ScriptedEngine) -> Lab:
    """Return a window on a recorded run."""
    return open_window(engine=engine, record=run())


def letters(lab: Lab) -> str:
    return "".join(pin.letter for pin in lab.window.selection.pins)


def pin(lab: Lab, record: Record) -> None:
    """Show another run and pin it."""
    lab.session.show_record(record)
    lab.press(Qt.Key.Key_I)


def said(lab: Lab) -> str:
    return lab.window.status.activity.text()


def ends(lab: Lab) -> set[str]:
    QTest.qWait(20)
    return {item.toPlainText() for item in lab.window.plots.accuracy.ends.items}


def test_a_key_pins_the_shown_run_and_takes_it_away_again(recorded: Lab) -> None:
    action = recorded.window.actions_by_id["pin"]
    recorded.press(Qt.Key.Key_I)
    assert letters(recorded) == "A"
    assert said(recorded).startswith("Pinned as A")
    assert action.text() == "Unpin run A"
    recorded.press(Qt.Key.Key_I)
    assert letters(recorded) == ""
    assert action.text() == "Pin run"


def test_the_first_pin_brings_its_panel_and_a_later_one_does_not(recorded: Lab) -> None:
    dock = recorded.window.docks.by_key[PANEL]
    assert dock.isHidden()
    recorded.press(Qt.Key.Key_I)
    assert not dock.isHidden()
    dock.close()
    pin(recorded, run(seed=1))
    assert letters(recorded) == "AB"
    assert dock.isHidden(), "the user has closed it"


def test_a_fourth_pin_takes_the_place_of_the_oldest_and_says_so(recorded: Lab) -> None:
    for seed in range(4):
        pin(recorded, run(seed=seed))
    assert letters(recorded) == "BCA"
    assert "in place of the one that was A before" in said(recorded)
    recorded.window.actions_by_id["unpin_all"].trigger()
    assert letters(recorded) == ""
    assert said(recorded) == "Pinned no more: A, B and C"
    assert not recorded.window.actions_by_id["unpin_all"].isEnabled()


def test_a_run_under_way_cannot_be_pinned_and_says_why(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    action = quiet_lab.window.actions_by_id["pin"]
    quiet_lab.start()
    assert not action.isEnabled()
    quiet_lab.press(Qt.Key.Key_I)
    assert said(quiet_lab) == "Pin run cannot be done now: pin a run when it has ended."
    finish(quiet_lab, engine)
    assert action.isEnabled()
    quiet_lab.press(Qt.Key.Key_I)
    assert letters(quiet_lab) == "A"


def test_a_run_that_has_not_begun_its_second_task_cannot_be_pinned(recorded: Lab) -> None:
    recorded.session.show_record(synthetic.record(synthetic.task1()))
    assert not recorded.window.actions_by_id["pin"].isEnabled()


def test_pins_survive_new_runs_forks_opened_files_and_undo(
    quiet_lab: Lab, engine: ScriptedEngine, tmp_path: Path
) -> None:
    quiet_lab.start()
    first = finish(quiet_lab, engine)
    quiet_lab.press(Qt.Key.Key_I)
    kept = len(list(first.messages()))
    quiet_lab.press(Qt.Key.Key_Space)
    finish(quiet_lab, engine)
    files.save(run(), tmp_path / "other.lwfrun")
    quiet_lab.session.fork(15, {"alpha": 3.0}, "lwf")
    undo_key(quiet_lab)
    quiet_lab.window.files.open(tmp_path / "other.lwfrun")
    (kept_pin,) = quiet_lab.window.selection.pins
    assert kept_pin.record is first
    assert len(list(first.messages())) == kept, "it stays as it was"


def test_a_lesson_has_no_pins_and_gives_them_back(recorded: Lab) -> None:
    pin(recorded, run(seed=1))
    recorded.window.teaching.begin(next(iter(lessons.available()[0].values())))
    assert letters(recorded) == ""
    assert not recorded.window.actions_by_id["pin"].isEnabled()
    recorded.window.teaching.leave()
    assert letters(recorded) == "A"


def test_pinned_curves_are_drawn_on_the_shown_runs_axis_in_other_lines(recorded: Lab) -> None:
    other = run("lwf.alpha=5")
    pin(recorded, other)
    recorded.session.show_record(run())
    plot = recorded.window.plots.accuracy
    x, y = plot.curves["lwf", "A"].getData()
    steps, shares = accuracy_series(other, "lwf", "old", "task_aware")
    np.testing.assert_allclose(plot.scale.step(x), steps)
    np.testing.assert_array_equal(y, shares)
    mine, theirs = (plot.curves["lwf", kind].opts["pen"] for kind in ("old", "A"))
    assert theirs.style() is not mine.style()
    assert theirs.color().alpha() < mine.color().alpha()
    assert theirs.color().name() == mine.color().name()
    assert {"A ■ Fine-tuning", "A ● LwF"} <= ends(recorded) or {"A ■", "A ●"} <= ends(recorded)
    recorded.window.actions_by_id["unpin_all"].trigger()
    assert ("lwf", "A") not in plot.curves
    assert not [text for text in ends(recorded) if text.startswith("A")]


def test_a_run_that_is_longer_is_cut_where_the_shown_one_ends(recorded: Lab) -> None:
    pin(recorded, run())
    recorded.session.show_record(five.record())
    shown = recorded.record.incremental
    assert shown is not None
    plot = recorded.window.plots.accuracy
    end = plot.scale.step(plot.curves["lwf", "A"].getData()[0][-1])
    assert end <= shown.started.steps + 1e-6


def test_the_plot_says_what_differs_and_what_pinned_runs_know_at_the_step(recorded: Lab) -> None:
    pin(recorded, run("lwf.alpha=5"))
    plot = recorded.window.plots.accuracy
    assert not plot.pinned.isVisible(), "the shown run is no other run"
    recorded.session.show_record(run())
    assert plot.pinned.isVisible()
    recorded.window.look_at(step=15)
    assert plot.pinned.text().startswith(f"A {LINES['A']} alpha 5:")
    share = accuracy_series(recorded.window.selection.pins[0].record, "lwf", "old", "task_aware")[1][2]
    assert f"LwF old {share:.0f} %" in plot.pinned.text()
    plot.describe()
    assert "alpha 5" in plot.view.accessibleDescription()
    plot.point_at(10.0)
    test = full_tests(recorded.window.selection.pins[0].record, "lwf", "task_aware")
    assert f"LwF old ◆ {next(each.old for each in test if each.step == 10):.1f} %" in plot.pinned.text()


def test_pins_do_not_give_away_what_shall_be_guessed(recorded: Lab) -> None:
    pin(recorded, run(seed=1))
    recorded.session.show_record(run())
    plot = recorded.window.plots.accuracy
    prediction = Prediction(plot, "lwf")
    assert not plot.pinned.isVisible()
    assert ("lwf", "A") not in plot.curves
    prediction.close_sketch()
    assert plot.pinned.isVisible()
    assert ("lwf", "A") in plot.curves


def test_a_pinned_run_that_was_forked_is_drawn_once(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.start()
    finish(quiet_lab, engine)
    quiet_lab.press(Qt.Key.Key_I)
    quiet_lab.session.fork(15, {"alpha": 3.0}, "")
    curves = quiet_lab.window.plots.accuracy.curves
    assert ("lwf", "A") in curves
    assert ("lwf", "ghost") not in curves
    quiet_lab.window.actions_by_id["unpin_all"].trigger()
    assert ("lwf", "A") not in curves
    assert ("lwf", "ghost") in curves


def test_the_cross_in_the_table_takes_a_pin_out_of_the_window(recorded: Lab) -> None:
    recorded.press(Qt.Key.Key_I)
    pin(recorded, run(seed=1))
    recorded.session.show_record(synthetic.record())
    panel = recorded.window.docks.panel(PANEL)
    panel.asked.emit({"pins": recorded.window.selection.pins[1:]})
    assert letters(recorded) == "B"


def test_a_run_under_way_is_named_where_it_is_and_a_pinned_one_at_its_end(qtbot: QtBot) -> None:
    plot = AccuracyPlot()
    qtbot.addWidget(plot)
    plot.set_theme(theme.LIGHT)
    plot.resize(900, 400)
    plot.show()
    plot.record, plot.selection = synthetic.up_to_step(10), Selection(pins=pinned((), run()))
    plot.set_x_range(-4, 45)
    plot.repaint_curves()
    QTest.qWait(50)
    places = {item.toPlainText(): item.pos().x() for item in plot.ends.items}
    end = plot.curves["lwf", "A"].getData()[0][-1]
    assert places["A ● LwF"] >= end
    assert places["● LwF"] < 0.7 * end
