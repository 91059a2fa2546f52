"""What the window's tests share: a window on a real or a scripted engine, and a check that nothing is left behind."""

from __future__ import annotations

import copy
import gc
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")  # read when the QApplication is made

import pytest
import shiboken6
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSettings, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QToolButton,
    QWidget,
)
from pytestqt.logging import Record as QtLogRecord
from pytestqt.qtbot import QtBot

from lwf_gui import paths, settings_file
from lwf_gui.documents import files
from lwf_gui.engine.thread import EngineThread
from lwf_gui.gui import app
from lwf_gui.gui.session import Engine, Session, State
from lwf_gui.gui.widgets.controls import SettingControl
from lwf_gui.gui.widgets.fields import NumberField
from lwf_gui.gui.widgets.fold import Fold
from lwf_gui.gui.window import Window
from lwf_gui.recipe import Recipe, compose
from lwf_gui.runs.record import Record
from tests.gui.scripted import ScriptedEngine

PATIENCE_MS = 20_000
"""How long a wait may take on a busy machine before it fails; every wait ends as soon as it can."""

BUNDLED = paths.resources() / app.BUNDLED_RUN

MACHINE = ("engine.threads=1", "engine.device=cpu", "model.hidden=32", "train.probe_images=50")
QUICK = compose("digits", [*MACHINE, "task1.epochs=2", "task2.epochs=2"])
"""Done in a fraction of a second."""
ENDLESS = compose("digits", [*MACHINE, "task1.epochs=1", "task2.epochs=1000", "data.train_images=64"])
"""Four steps of task 1, then thousands of task 2: to be paused, changed and stopped."""


class Lab:
    """A window with the hands and eyes of a user."""

    def __init__(self, window: Window, engine: Engine, qtbot: QtBot) -> None:
        self.window = window
        self.engine = engine
        self.qtbot = qtbot

    @property
    def session(self) -> Session:
        return self.window.session

    @property
    def record(self) -> Record:
        return self.window.session.record

    def wait(self, condition: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE_MS)

    def wait_for(self, *states: State) -> None:
        self.wait(lambda: self.session.state in states)

    def wait_for_page(self) -> None:
        """Wait until the lesson's page has what it waits for."""
        driver = self.window.teaching.driver
        assert driver is not None
        self.wait(lambda: not driver.waiting)

    def see(self, panel: str) -> None:
        """Bring a panel to the front, and wait until it is there."""
        self.window.show_panel(panel)
        dock = self.window.docks.by_key[panel]
        self.wait(lambda: dock in self.window.docks.seen() and dock.panel is not None)

    def press(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
        QTest.keyClick(self.window, key, modifier)

    def click(self, button: QWidget) -> None:
        assert button.isVisible()
        assert button.isEnabled()
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)

    def button(self, text: str) -> QAbstractButton:
        """Return the visible button with that text."""
        (found,) = [b for b in self.window.findChildren(QAbstractButton) if b.isVisible() and b.text() == text]
        return found

    def tool(self, action: str) -> QToolButton:
        """Return the action bar's button of an action."""
        (found,) = [
            b
            for b in self.window.findChildren(QToolButton)
            if b.defaultAction() is self.window.actions_by_id[action] and b.isVisible()
        ]
        return found

    def steps(self) -> int:
        """Return the recorded steps of task 2."""
        return self.record.incremental.steps if self.record.incremental else 0

    def start(self) -> None:
        """Begin a run with the space key."""
        self.press(Qt.Key.Key_Space)
        assert self.session.state is State.RUNNING
        assert not self.record.tracks

    def run_to_the_end(self) -> None:
        self.start()
        self.wait_for(State.FINISHED)

    def pause_in_task2(self) -> int:
        """Run at a slow pace into task 2 and pause there; return the step."""
        self.session.set_pace(100)
        self.start()
        self.wait(lambda: self.steps() >= 2)
        self.press(Qt.Key.Key_Space)
        self.wait_for(State.PAUSED)
        return self.steps()

    def step_once(self) -> None:
        """Train one step while paused."""
        before = self.steps()
        self.press(Qt.Key.Key_Period)
        self.wait(lambda: self.steps() > before and self.session.state is State.PAUSED)


OpenWindow = Callable[..., Lab]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the offscreen platform say what it cannot do: it has no window manager and no keyboard to grab."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.qt_log_ignore("^This plugin does not support "))


@pytest.fixture(scope="session")
def bundled() -> Record:
    """Return the bundled run as its file tells it: to be copied, for a window adds to the record that it shows."""
    return files.load(BUNDLED)


@pytest.fixture(autouse=True)
def bundled_run_is_read_once(bundled: Record, monkeypatch: pytest.MonkeyPatch) -> None:
    """Give a copy of the bundled run where its file would be read: each of a thousand windows shows it first."""
    load = files.load
    monkeypatch.setattr(files, "load", lambda path: copy.deepcopy(bundled) if path == BUNDLED else load(path))


@pytest.fixture(autouse=True)
def nothing_left_behind(
    qapp: QApplication,
    caplog: pytest.LogCaptureFixture,
    qtlog: object,
    isolated_dirs: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[None]:
    """Fail a test that leaves windows, timers or threads, or in which anything was logged as a warning."""
    QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, str(isolated_dirs / "config"))
    font, palette, sheet, interval = qapp.font(), qapp.palette(), qapp.styleSheet(), sys.getswitchinterval()
    gc.freeze()  # torch's many objects need not be looked through after every test
    threads, windows = set(threading.enumerate()), set(_top_levels())
    held: list[QWidget] = []
    monkeypatch.setattr(QtBot, "addWidget", _holding(held))
    yield
    for _ in range(3):  # what is deleted may let go of more
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        held.clear()
        gc.collect()
        left = set(_top_levels()) - windows
        if not left:
            break
    timers = [timer for timer in _timers(qapp) if timer.isActive()]
    started = [thread for thread in threading.enumerate() if thread not in threads]
    qapp.setFont(font)
    qapp.setPalette(palette)
    qapp.setStyleSheet(sheet)
    sys.setswitchinterval(interval)
    assert not left, f"windows left behind: {left}"
    assert not timers, f"running timers left behind: {timers}"
    assert not [t for t in started if not t.daemon or t.name == "lwf-gui engine"], f"threads left behind: {started}"
    warned = [r for when in ("setup", "call", "teardown") for r in caplog.get_records(when) if r.levelno >= 30]
    assert not [r.getMessage() for r in warned if r.levelno >= logging.WARNING]
    qt_records: list[QtLogRecord] = getattr(qtlog, "records", [])
    assert not [
        r.message
        for r in qt_records
        if r.log_type_name in ("QtWarningMsg", "QtCriticalMsg", "QtFatalMsg") and not r.ignored
    ]


def _holding(held: list[QWidget]) -> Callable[..., None]:
    """Return ``QtBot.addWidget`` that also holds what it is given until Qt has deleted it.

    Python's collector takes a plot apart in any order, Qt in its own: the former crashes now and then.
    """
    add = QtBot.addWidget

    def add_and_hold(qtbot: QtBot, widget: QWidget, **options: Any) -> None:
        held.append(widget)
        add(qtbot, widget, **options)

    return add_and_hold


@pytest.fixture
def open_window(qapp: QApplication, qtbot: QtBot, nothing_left_behind: None) -> Iterator[OpenWindow]:
    """Open windows as the program does; they are closed after the test."""
    labs: list[Lab] = []

    def open_one(
        recipe: Recipe = QUICK,
        *,
        preset: str = "digits",
        engine: Engine | None = None,
        show: bool = True,
        **options: object,
    ) -> Lab:
        if not labs:  # once a test: with a window on the screen it dresses everything anew
            app._application()
        engine = EngineThread() if engine is None else engine
        window = app.make_window(engine, recipe, app.Options(preset, **options))  # type: ignore[arg-type]
        lab = Lab(window, engine, qtbot)
        labs.append(lab)
        if show:
            with qtbot.waitActive(window, timeout=PATIENCE_MS):
                window.show()
                window.activateWindow()
            window.complete()
            window.session.start_engine()
        return lab

    yield open_one
    for lab in labs:
        lab.window.library.asks = False  # nobody is there to answer
        lab.window.close()
        lab.window.deleteLater()
        vars(
            lab
        ).clear()  # pytest still holds it, and with it would hold the menus that pyqtgraph makes without a parent
    labs.clear()


@pytest.fixture
def lab(open_window: OpenWindow) -> Lab:
    """Return a window on a real engine, with a recipe that is done in a moment."""
    return open_window()


@pytest.fixture
def engine() -> ScriptedEngine:
    """Return an engine that only takes notes."""
    return ScriptedEngine()


@pytest.fixture
def quiet_lab(open_window: OpenWindow, engine: ScriptedEngine) -> Lab:
    """Return a window on a scripted engine: no training, no threads."""
    return open_window(engine=engine)


def remember(**values: object) -> None:
    """Write settings of the window, as an earlier start would have."""
    settings_file.change(paths.settings_file(), {f"window.{name}": value for name, value in values.items()})


def type_into(control: SettingControl, text: str) -> None:
    """Replace what a control's field holds, as with keyboard and Enter; its section is unfolded first."""
    unfold(control)
    field = control.field
    assert isinstance(field, QWidget)
    field.setFocus()
    for part in (field, *field.findChildren(QLineEdit)):
        if isinstance(part, QLineEdit | QAbstractSpinBox):
            part.selectAll()
    if isinstance(field, NumberField):
        paste(field, text)  # which may be no number: letters that are typed go to the window
    else:
        QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)


def paste(field: QWidget, text: str) -> None:
    """Put a text where the cursor is, in place of what is selected."""
    QGuiApplication.clipboard().setText(text)
    QTest.keyClick(field, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def toggle(control: SettingControl) -> None:
    """Turn a switch over with a click."""
    unfold(control)
    switch = control.field
    assert isinstance(switch, QWidget)
    assert switch.isVisible()
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton)


def choose(box: QComboBox, text: str) -> None:
    """Choose an entry of a box as a user does: only that emits `activated`."""
    index = box.findText(text)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def unfold(widget: QWidget) -> None:
    """Open the section that a widget is in."""
    parent: QObject | None = widget
    while parent is not None:
        if isinstance(parent, Fold):
            parent.button.setChecked(True)
        parent = parent.parent()


def _top_levels() -> list[QWidget]:
    return [widget for widget in QApplication.topLevelWidgets() if shiboken6.isValid(widget)]


def _timers(root: QObject) -> list[QTimer]:
    return root.findChildren(QTimer) + [o for o in gc.get_objects() if type(o) is QTimer and shiboken6.isValid(o)]


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the texts that are painted from now on."""
    texts: list[str] = []
    draw = QPainter.drawText

    def note(painter: QPainter, *args: Any) -> Any:
        texts.extend(arg for arg in args if isinstance(arg, str))
        return draw(painter, *args)

    monkeypatch.setattr(QPainter, "drawText", note)
    return texts
