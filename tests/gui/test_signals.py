"""Ctrl+C at any moment of a start closes the window: before there is one, before it is shown, and while it is."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from lwf_gui.gui.app import _Signals


@pytest.fixture
def signals(qapp: QApplication) -> Iterator[_Signals]:
    """Return handlers of a terminal's signals, taken away after the test."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal
    taken = _Signals(qapp)
    with taken:
        yield taken
    taken._tick.deleteLater()
    signal.signal(signal.SIGINT, before)


def press(signals: _Signals, window: QWidget) -> None:
    signal.raise_signal(signal.SIGINT)


@pytest.mark.parametrize(
    "moments",
    [
        (press, _Signals.close, lambda _, window: window.show()),
        (_Signals.close, press, lambda _, window: window.show()),
        (_Signals.close, lambda _, window: window.show(), press),
    ],
    ids=["before there is a window", "before it is shown", "while it is shown"],
)
def test_ctrl_c_closes_the_window_at_any_moment(
    signals: _Signals, qtbot: QtBot, moments: tuple[Callable[[_Signals, QWidget], None], ...]
) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    for moment in moments:
        moment(signals, window)
    qtbot.waitUntil(lambda: not window.isVisible(), timeout=2000)
    assert signals.came == signal.SIGINT
