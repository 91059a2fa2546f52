"""Buttons that turn something on say what is so now, however often they are clicked: switch, playback and the log."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic

CTRL = Qt.KeyboardModifier.ControlModifier


def test_the_button_of_playback_says_what_it_does_now_and_keeps_its_place(open_window: OpenWindow) -> None:
    window = open_window(engine=ScriptedEngine(), record=synthetic.record()).window
    timeline, action = window.timeline, window.actions_by_id["play"]
    rate = timeline.rate.x()
    QTest.keyClick(window, Qt.Key.Key_K)
    QTest.qWait(10)
    assert timeline.playing
    assert action.text() == "Halt"
    assert timeline.rate.x() == rate
    QTest.keyClick(window, Qt.Key.Key_K)
    QTest.qWait(10)
    assert not timeline.playing
    assert action.text() == "Play back"
    assert timeline.rate.x() == rate


def test_the_log_comes_to_the_front_and_goes_with_the_same_key(open_window: OpenWindow) -> None:
    window = open_window(engine=ScriptedEngine()).window

    def press() -> bool:
        QTest.keyClick(window, Qt.Key.Key_L, CTRL)
        QTest.qWait(50)
        return not window.log.visibleRegion().isEmpty()

    assert press(), "in front of the other tabs"
    window.show_panel("losses")
    QTest.qWait(50)
    assert window.log.visibleRegion().isEmpty()
    assert press(), "it comes back from behind"
    assert not press()
    assert window.sides.log.isHidden()


def test_a_click_on_the_protocol_that_is_on_turns_nothing_off(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine(), record=synthetic.record())
    window, bar = lab.window, lab.window.bar
    for _ in range(2):
        for protocol, button in bar.protocols.items():
            for click in (QTest.mouseClick, QTest.mouseClick, QTest.mouseDClick):
                click(button, Qt.MouseButton.LeftButton)
                assert window.selection.protocol == protocol
                assert {name: one.isChecked() for name, one in bar.protocols.items()}[protocol]
                assert sum(one.isChecked() for one in bar.protocols.values()) == 1
        lab.press(Qt.Key.Key_F11)  # the switch stays there while presenting


def test_a_click_on_live_where_it_is_on_leaves_it_on(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine())
    live = lab.window.actions_by_id["live"]
    lab.start()
    assert live.isChecked()
    for _ in range(2):
        live.trigger()
        assert live.isChecked()
