"""Faults in a window, of Python and of Qt, in whatever thread: told once in its banner, with details to copy."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QTimer, QtMsgType, qWarning
from PySide6.QtWidgets import QApplication

from lwf_gui.engine.thread import EngineThread
from lwf_gui.gui.faults import Faults, caught
from lwf_gui.gui.session import State
from lwf_gui.messages import Failed
from tests.engine.test_thread import Broken
from tests.gui.conftest import QUICK, Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine


@pytest.fixture
def faults(qapp: QApplication) -> Iterator[Faults]:
    """Catch faults as the program does."""
    with caught() as taken:
        yield taken
        taken.show_in(None)


def test_faults_of_every_thread_and_of_qt_are_told_in_the_banner(
    faults: Faults, open_window: OpenWindow, caplog: pytest.LogCaptureFixture
) -> None:
    lab = open_window(engine=ScriptedEngine(), show=False)

    def fail(text: str) -> None:
        raise ValueError(text)

    banner = lab.window.banner
    QTimer.singleShot(0, lambda: fail("before there is a window"))
    lab.wait(lambda: bool(faults._waiting))
    faults.show_in(lab.window.announcements.show_fault)
    assert "ValueError: before there is a window" in banner.text.text()
    QTimer.singleShot(0, lambda: fail("in a slot"))
    lab.wait(lambda: "ValueError: in a slot" in banner.text.text())
    thread = threading.Thread(target=fail, args=("in a thread",))
    thread.start()
    thread.join()
    lab.wait(lambda: "ValueError: in a thread" in banner.text.text())
    assert [button.text() for button in banner.buttons] == ["Details...", "Copy details"]
    banner.buttons[1].click()
    assert "in fail" in QApplication.clipboard().text()
    QApplication.clipboard().clear()
    qWarning("QPainter::begin: Paint device returned engine == 0")
    lab.wait(lambda: "QPainter::begin" in banner.text.text())
    assert [record.levelname for record in caplog.records] == ["ERROR"] * 4
    caplog.clear()  # these faults were wanted


def test_a_fault_that_repeats_is_told_once(faults: Faults, quiet_lab: Lab) -> None:
    told: list[str] = []
    faults.show_in(lambda sentence, _details: told.append(sentence))
    for number in range(30):
        faults.take(f"Fault {number % 3}.", "")
    quiet_lab.qtbot.wait(20)
    assert told == ["Fault 0.", "Fault 1.", "Fault 2."]


@pytest.mark.parametrize(
    ("kind", "category", "text", "told"),
    [
        (QtMsgType.QtWarningMsg, "default", "QObject::startTimer: Timers cannot be started", True),
        (QtMsgType.QtWarningMsg, "default", "This plugin does not support raise()", False),
        (QtMsgType.QtWarningMsg, "qt.qpa.window", "QWindow::setGeometry: Unable to set geometry", False),
        (QtMsgType.QtCriticalMsg, "qt.something", "It is broken", True),
        (QtMsgType.QtDebugMsg, "default", "QTimer::start", False),
    ],
)
def test_of_what_qt_says_faults_are_told_and_the_rest_is_logged(
    faults: Faults, caplog: pytest.LogCaptureFixture, kind: QtMsgType, category: str, text: str, told: bool
) -> None:
    shown: list[str] = []
    faults.show_in(lambda sentence, _details: shown.append(sentence))
    with caplog.at_level("INFO"):
        faults.take_from_qt(kind, _Context(category), text)  # type: ignore[arg-type]
    assert text in caplog.text
    QApplication.processEvents()
    assert [text in sentence for sentence in shown] == ([True] if told else [])
    caplog.clear()  # this fault was wanted


class _Context:
    def __init__(self, category: str) -> None:
        self.category = category


def test_a_run_that_waits_for_an_engine_that_cannot_start_fails(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_window(QUICK, engine=EngineThread(), show=False)
    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(OSError("c10.dll: not found")), *sys.meta_path])
    lab.window.session.run_or_pause()  # before the engine is there
    assert lab.session.state is State.RUNNING
    lab.session.start_engine()
    lab.wait_for(State.FAILED)
    assert isinstance(lab.record.outcome, Failed)
    assert lab.window.banner.text.text() == "The engine cannot start: OSError: c10.dll: not found."
    assert lab.session.progress is None
    lab.window.session.run_or_pause()
    lab.wait_for(State.FAILED)
