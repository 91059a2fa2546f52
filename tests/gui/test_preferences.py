"""What is remembered between starts: checked, adapted to the window of now, and never a reason not to start."""

from __future__ import annotations

import base64
import errno
import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray, QDataStream, QSettings, Qt
from PySide6.QtWidgets import QApplication, QMainWindow, QMessageBox

from lwf_gui import paths
from lwf_gui.gui.layout.kept import FORMER_NAMES, Layout, layout_from, layout_text
from lwf_gui.gui.preferences import Preferences
from tests.gui.conftest import Lab, OpenWindow, remember
from tests.gui.scripted import ScriptedEngine

LAYOUT = Layout(b"state", (1280, 720), {"classes": (300, 400)})


def open_again(open_window: OpenWindow, **options: object) -> Lab:
    return open_window(engine=ScriptedEngine(), **options)


@pytest.mark.parametrize("state", [Qt.WindowState.WindowMaximized, Qt.WindowState.WindowFullScreen])
def test_a_window_closed_while_it_filled_the_screen_starts_again(
    open_window: OpenWindow, state: Qt.WindowState
) -> None:
    first = open_again(open_window)
    first.window.setWindowState(state)
    first.wait(lambda: bool(first.window.windowState() & state))
    first.window.close()
    second = open_again(open_window)
    assert second.window.isVisible()
    assert second.window.windowState() & state


def test_a_maximised_window_that_was_closed_while_presenting_comes_back_maximised(open_window: OpenWindow) -> None:
    first = open_again(open_window)
    first.window.showMaximized()
    first.press(Qt.Key.Key_F11)
    assert first.window.isFullScreen()
    first.window.close()
    second = open_again(open_window).window
    assert second.isMaximized()
    assert not second.isFullScreen()


def test_every_tasks_curve_is_shown_again_at_the_next_start_until_the_window_is_reset(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_window(engine=ScriptedEngine())
    lab.press(Qt.Key.Key_E)
    lab.window.close()
    again = open_again(open_window)
    assert again.window.plots.by_task
    assert again.window.actions_by_id["every_task"].isChecked()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Reset)
    again.window.commands.view.reset_window()
    assert not again.window.plots.by_task
    assert not again.window.actions_by_id["every_task"].isChecked()


def test_first_steps_stay_as_wide_as_others_at_the_next_start_until_the_window_is_reset(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_window(engine=ScriptedEngine())
    assert lab.window.plots.stretches
    lab.press(Qt.Key.Key_X)
    lab.window.close()
    again = open_again(open_window)
    assert not again.window.plots.stretches
    assert not again.window.actions_by_id["stretch"].isChecked()
    monkeypatch.setattr(QMessageBox, "question", lambda *_: QMessageBox.StandardButton.Reset)
    again.window.commands.view.reset_window()
    assert again.window.plots.stretches
    assert again.window.actions_by_id["stretch"].isChecked()


def test_a_size_that_is_asked_for_holds_whatever_the_window_was(open_window: OpenWindow) -> None:
    first = open_again(open_window)
    first.window.showMaximized()
    first.window.close()
    second = open_again(open_window, size=(900, 620))
    assert not second.window.isMaximized()
    assert (second.window.width(), second.window.height()) == (900, 620)
    second.window.close()
    third = open_again(open_window, size=(900, 620))
    third.window.showMaximized()
    third.window.showNormal()
    third.window.close()
    assert not open_again(open_window).window.isMaximized(), "as it was left"


UNSOUND = ["", "nan", 10**400, "-inf", "much", "1,5", True, {}, ["1", "2"], None]


REMEMBERED = ("scale", "theme", "geometry", "layout.window", "layout.present")


@pytest.mark.parametrize("first", range(len(UNSOUND)))
def test_unsound_remembered_values_give_way_to_the_defaults(
    open_window: OpenWindow, qapp: QApplication, first: int
) -> None:
    """All keys are unsound at once, in ten windows each key in each of the ten ways."""
    before = qapp.font().pointSizeF()
    values = {f"window.{key}": UNSOUND[(first + later) % len(UNSOUND)] for later, key in enumerate(REMEMBERED)}
    paths.settings_file().parent.mkdir(parents=True)
    paths.settings_file().write_text(json.dumps(values), "utf-8")
    lab = open_again(open_window, show=False)
    assert lab.window.appearance.theme_name == "system"
    assert qapp.font().pointSizeF() == pytest.approx(before)
    lab.window.actions_by_id["present"].trigger()
    assert Preferences.of_the_user().layout("window") is not None


@pytest.mark.parametrize(("kept", "read"), [(1.25, 1.25), (17, 2.0), (0, 0.7), (-3, 0.7)])
def test_remembered_scale_stays_within_its_limits(kept: float, read: float) -> None:
    remember(scale=kept)
    assert Preferences.of_the_user().scale == read


def test_layout_of_which_a_byte_has_changed_is_none() -> None:
    kept = base64.b64decode(layout_text(LAYOUT))
    assert layout_from(layout_text(LAYOUT)) == LAYOUT
    for at in range(len(kept)):
        for bit in (1, 8, 128):
            changed = bytearray(kept)
            changed[at] ^= bit
            assert layout_from(base64.b64encode(bytes(changed)).decode()) is None, (at, bit)
    for length in range(len(kept)):
        assert layout_from(base64.b64encode(kept[:length]).decode()) is None, length


def test_a_layout_that_is_nested_too_deep_is_none_whatever_its_checksum() -> None:
    text = b"[" * 100_000
    assert layout_from(base64.b64encode(b"%08x %s" % (zlib.crc32(text), text)).decode()) is None


def streamed(name: str) -> bytes:
    """Return a dock's name as Qt writes it into a layout."""
    written = QByteArray()
    QDataStream(written, QDataStream.OpenModeFlag.WriteOnly).writeQString(name)
    return bytes(written.data())


def test_a_layout_with_the_docks_former_names_is_taken_as_it_was_left(open_window: OpenWindow) -> None:
    first = open_again(open_window).window
    docks = first.docks.by_key
    docks["trade_off"].show()
    docks["trade_off"].setFloating(True)
    docks["gradient_conflict"].close()
    first.addDockWidget(Qt.DockWidgetArea.LeftDockWidgetArea, docks["image_grid"])
    first.tabifyDockWidget(docks["losses"], docks["soft_targets"])
    first.close()
    preferences = Preferences.of_the_user()
    kept = preferences.layout("window")
    assert kept is not None
    state, sizes = kept.state, dict(kept.docks)
    for former, name in FORMER_NAMES.items():
        assert state.count(streamed(name)) == 1
        state = state.replace(streamed(name), streamed(former))
        sizes = {former if each == name else each: size for each, size in sizes.items()}
    preferences.keep_layout("window", replace(kept, state=state, docks=sizes))
    assert Preferences.of_the_user().layout("window") == kept
    again = open_again(open_window).window
    docks = again.docks.by_key
    assert docks["trade_off"].isFloating()
    assert docks["gradient_conflict"].isHidden()
    assert again.dockWidgetArea(docks["image_grid"]) is Qt.DockWidgetArea.LeftDockWidgetArea
    assert docks["soft_targets"] in again.tabifiedDockWidgets(docks["losses"])


def test_layouts_of_the_two_modes_are_two() -> None:
    preferences = Preferences.of_the_user()
    preferences.keep_layout("present", LAYOUT)
    assert preferences.layout("window") is None
    assert preferences.layout("present") == LAYOUT


def dead_process() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def leave_mark(pid: int, what: str) -> None:
    paths.state_dir().mkdir(parents=True, exist_ok=True)
    (paths.state_dir() / f"restoring-{pid}.txt").write_text(what)


@pytest.mark.parametrize("what", ["layout.window", "geometry"])
def test_start_that_died_while_it_put_the_layout_back_is_not_repeated(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    first = open_again(open_window)
    first.window.close()
    leave_mark(dead_process(), what)
    put_back: list[str] = []

    def watched(name: str, real: Callable[..., bool]) -> Callable[..., bool]:
        def restore(*given: object) -> bool:
            put_back.append(name)
            return real(*given)

        return restore

    for name in ("restoreState", "restoreGeometry"):
        monkeypatch.setattr(QMainWindow, name, watched(name, getattr(QMainWindow, name)))
    second = open_again(open_window)
    assert put_back == ["restoreGeometry" if what == "layout.window" else "restoreState"]
    assert "ended" in second.window.banner.text.text()
    assert second.window.banner.isVisible()
    second.window.close()
    third = open_again(open_window)
    assert len(put_back) == 3
    assert not third.window.banner.isVisible()


def test_mark_of_another_window_that_is_starting_is_left_alone(running_process: int) -> None:
    Preferences.of_the_user().keep_layout("window", LAYOUT)
    leave_mark(running_process, "layout.window")
    preferences = Preferences.of_the_user()
    assert not preferences.died_restoring
    assert preferences.layout("window") == LAYOUT


@pytest.fixture
def running_process(isolated_dirs: Path) -> Iterator[int]:
    """Return the number of another process of the program."""
    code = "import sys; from lwf_gui import crash\nwith crash.traced(): print(1, flush=True); sys.stdin.read()"
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, env=dict(os.environ)) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        process.stdout.readline()
        yield process.pid
        process.stdin.close()
        process.wait()


def test_mark_stands_on_the_disk_exactly_while_the_layout_is_put_back(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = open_again(open_window)
    first.window.close()
    marks: list[tuple[str, str]] = []
    real = QMainWindow.restoreState

    def restore(*given: object) -> bool:
        marks.extend((mark.name, mark.read_text("utf-8")) for mark in paths.state_dir().glob("restoring-*"))
        return real(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(QMainWindow, "restoreState", restore)
    open_again(open_window)
    assert marks == [(f"restoring-{os.getpid()}.txt", "layout.window")]
    assert not list(paths.state_dir().glob("restoring-*"))


def test_settings_too_large_to_be_any_are_set_aside_and_that_is_said(open_window: OpenWindow) -> None:
    file = paths.settings_file()
    file.parent.mkdir(parents=True)
    file.write_bytes(b'{"junk": "' + b"x" * 1_100_000 + b'"}')
    lab = open_again(open_window)
    assert "it has more than 1,000,000 bytes" in lab.window.banner.text.text()
    assert str(file.with_name("settings.json.damaged-1")) in lab.window.banner.text.text()
    assert lab.window.banner.isVisible()
    lab.window.close()
    assert file.with_name("settings.json.damaged-1").stat().st_size > 1_000_000
    assert file.stat().st_size < 100_000, "it does not come back"
    assert not open_again(open_window).window.banner.isVisible()


@pytest.fixture
def earlier(isolated_dirs: Path) -> QSettings:
    """Return the settings of a window of an earlier version, in a file of Qt's."""
    store = QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "lwf-gui", "window")
    for key, value in (
        ("scale", 1.25),
        ("theme", "dark"),
        ("toured", True),
        ("stretch", "no"),
        ("folder", "/x, y=[ü]"),
    ):
        store.setValue(key, value)
    store.setValue("layout/present", layout_text(LAYOUT))
    store.sync()
    return store


def test_what_an_earlier_version_remembered_is_taken_over_once(earlier: QSettings) -> None:
    paths.settings_file().parent.mkdir(parents=True, exist_ok=True)
    paths.settings_file().write_text('{"data_dir": "/mine"}')
    first = Preferences.of_the_user()
    assert (first.scale, first.theme, first.toured, first.stretch) == (1.25, "dark", True, False)
    assert (first.folder, first.slow_start) == ("/x, y=[ü]", True)
    assert first.layout("present") == LAYOUT
    assert paths.user_data_dir() == Path("/mine")
    first.theme = "light"
    earlier.setValue("theme", "high contrast")
    earlier.setValue("every_task", "yes")
    earlier.sync()
    again = Preferences.of_the_user()
    assert (again.theme, again.every_task) == ("light", False)
    again.reset()
    assert Preferences.of_the_user().theme == "system", "a reset is no reason to read it again"
    assert Path(earlier.fileName()).is_file(), "it is left to the earlier version"


@pytest.mark.parametrize(
    "content", [b"scale=", b"[General]\nscale=nan\ntheme=@ByteArray(\\0)\n", bytes(range(256)) * 9]
)
def test_damage_to_what_an_earlier_version_remembered_is_no_matter(isolated_dirs: Path, content: bytes) -> None:
    file = isolated_dirs / "config" / "lwf-gui" / "window.ini"
    file.parent.mkdir(parents=True)
    file.write_bytes(content)
    preferences = Preferences.of_the_user()
    assert (preferences.scale, preferences.theme) == (1.0, "system")


def test_what_cannot_be_written_is_told_once_and_holds_in_the_window(monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    preferences = Preferences.of_the_user()
    preferences.heard_by(said.append)

    def full(target: Path, write: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("lwf_gui.settings_file.write_atomically", full)
        preferences.scale, preferences.theme = 1.5, "dark"
    room = "there is no room left on the disk"
    assert said == [f"Settings are not remembered: {paths.settings_file()} cannot be written ({room})."]
    assert (preferences.scale, preferences.theme) == (1.5, "dark")
    preferences.toured = True
    later = Preferences.of_the_user()
    assert (later.scale, later.theme, later.toured) == (1.5, "dark", True), "what waited is written with the next"
    assert len(said) == 1


def test_two_windows_lose_nothing_of_each_other() -> None:
    one, other = Preferences.of_the_user(), Preferences.of_the_user()
    one.scale = 1.5
    other.theme = "dark"
    paths.remember_user_data_dir(Path("/mine"))
    one.stretch = False
    last = Preferences.of_the_user()
    assert (last.scale, last.theme, last.stretch) == (1.5, "dark", False)
    assert paths.user_data_dir() == Path("/mine")
