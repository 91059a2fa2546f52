"""Buttons that turn something on say what they do now: playback and the log."""

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
    assert action.text() == "Play"
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
