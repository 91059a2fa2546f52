"""Work beside the window's thread: the window goes on, what is typed waits, and what went wrong is raised here."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QTimer
from pytestqt.qtbot import QtBot

from lwf_gui.documents import files, writing
from lwf_gui.gui.beside import beside
from lwf_gui.gui.widgets.dialogs import FileDialogs
from tests.gui.conftest import Lab
from tests.runs import synthetic


def test_the_window_works_on_while_a_file_is_written(qtbot: QtBot) -> None:
    ticks, done, told = list[float](), list[str](), list[str]()
    timer = QTimer()
    timer.timeout.connect(lambda: ticks.append(time.perf_counter()))
    timer.start(5)

    def work() -> None:
        time.sleep(0.4)
        done.append(threading.current_thread().name)

    beside(work, lambda: told.append("busy"))
    timer.stop()
    assert done == ["lwf-gui files"], "it is done when this returns"
    assert told == ["busy"]
    assert len(ticks) > 10


def test_what_is_done_in_a_moment_says_nothing_and_what_went_wrong_is_raised(qtbot: QtBot) -> None:
    told = list[str]()
    beside(lambda: None, lambda: told.append("busy"))

    def fails() -> None:
        raise OSError(28, "No space left on device")

    def fails_late() -> None:
        time.sleep(0.2)
        fails()

    with pytest.raises(OSError, match="No space"):
        beside(fails, lambda: told.append("busy"))
    assert told == []
    with pytest.raises(OSError, match="No space"):
        beside(fails_late, lambda: told.append("busy"))
    assert told == ["busy"]


def test_a_run_is_saved_beside_the_window_and_a_full_disk_is_a_sentence(
    quiet_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = list[str]()
    answers = iter([tmp_path / "a.lwfrun", tmp_path / "b.lwfrun"])
    monkeypatch.setattr(FileDialogs, "ask_save", lambda *_: next(answers))
    write = writing.write

    def noting(path: Path, *content: Any) -> None:
        where.append(threading.current_thread().name)
        write(path if len(where) == 1 else Path("/dev/full"), *content)

    monkeypatch.setattr(writing, "write", noting)
    assert quiet_lab.window.files.save_record(quiet_lab.record)
    assert where == ["lwf-gui files"]
    assert files.load(tmp_path / "a.lwfrun").incremental is not None
    if Path("/dev/full").exists():
        assert not quiet_lab.window.files.save_record(quiet_lab.record)
        said = quiet_lab.window.banner.text.text()
        assert said == f"{tmp_path / 'b.lwfrun'} was not written: there is no room left on the disk."
        assert not (tmp_path / "b.lwfrun").exists()


def test_a_run_that_cannot_be_kept_for_the_next_start_is_told_once(
    quiet_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write", full)
    told = list[str]()
    quiet_lab.session.noticed.connect(told.append)
    record = synthetic.record()
    keeper = quiet_lab.window.keeper
    keeper.remember(record)
    quiet_lab.session.show_record(record)
    keeper.end()
    assert told == ["The run was not kept in the history: there is no room left on the disk."]
