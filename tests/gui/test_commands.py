"""Run and pause: what the user asked last counts, and a double-click is one click."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication, QToolButton

from lwf_gui.gui.session import State
from lwf_gui.messages import Paused, PhaseStarted, Resumed
from tests.gui.conftest import Lab
from tests.gui.scripted import ScriptedEngine

APART = 10_000
"""Milliseconds between two gestures."""


def press(button: QToolButton, at: int, kind: QEvent.Type = QEvent.Type.MouseButtonPress) -> None:
    """Press and release the mouse at a moment, in milliseconds of the window system."""
    place, left, none = QPointF(button.rect().center()), Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
    for what, held in ((kind, left), (QEvent.Type.MouseButtonRelease, none)):
        event = QMouseEvent(what, place, button.mapToGlobal(place), left, held, Qt.KeyboardModifier.NoModifier)
        event.setTimestamp(at)
        QApplication.sendEvent(button, event)


def test_a_double_click_on_run_starts_a_run_and_does_not_pause_it(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    run = quiet_lab.tool("run")
    press(run, APART)
    press(run, APART + 90, QEvent.Type.MouseButtonDblClick)
    assert len(engine.jobs) == 1
    assert not quiet_lab.session.link.control.paused


def test_presses_within_the_double_click_time_are_one_and_later_ones_are_not(quiet_lab: Lab) -> None:
    run, apart = quiet_lab.tool("run"), QGuiApplication.styleHints().mouseDoubleClickInterval()
    paused = []
    for at in (APART, APART + apart - 1, APART + 2 * apart - 2, APART + 3 * apart - 2, 3 * APART):
        press(run, at)
        paused.append(quiet_lab.session.link.control.paused)
    assert paused == [False, False, False, True, False]


def test_space_twice_pauses_and_goes_on_before_the_engine_has_answered(quiet_lab: Lab, engine: ScriptedEngine) -> None:
    quiet_lab.start()
    session, run_id = quiet_lab.session, engine.jobs[-1][0]
    engine.outbox.put(PhaseStarted(run_id, "incremental", ("fine-tune", "lwf"), 100, (10,)))
    session.drain()
    for paused in (True, False, True):
        quiet_lab.press(Qt.Key.Key_Space)
        assert session.state is State.RUNNING, "nothing is confirmed yet"
        assert session.link.control.paused is paused
    engine.outbox.put(Paused(run_id, "incremental", 0))
    session.drain()
    assert session.state is State.PAUSED
    quiet_lab.press(Qt.Key.Key_Space)
    assert not session.link.control.paused
    quiet_lab.press(Qt.Key.Key_Space)
    assert session.link.control.paused, "asked again before the engine went on"
    engine.outbox.put(Resumed(run_id))
    session.drain()
    quiet_lab.press(Qt.Key.Key_Space)
    assert not session.link.control.paused


def test_a_key_that_is_held_down_is_one_press(quiet_lab: Lab) -> None:
    for name in ("run", "stop", "reset", "fork", "present", "protocol"):
        assert not quiet_lab.window.actions_by_id[name].autoRepeat(), name
    for name in ("step", "back", "forward", "undo"):
        assert quiet_lab.window.actions_by_id[name].autoRepeat(), name
