"""Saving and opening: the name that was meant, nothing overwritten unasked, and the folder that was used last."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QFileSystemModel, QMessageBox

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.exports import report
from lwf_gui.gui.files import TITLE
from lwf_gui.gui.session import State
from lwf_gui.gui.widgets import dialogs as dialogs_module
from lwf_gui.gui.widgets.dialogs import with_ending
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine

BUNDLED = paths.resources() / "runs" / "classroom.lwfrun"
CONTROL = Qt.KeyboardModifier.ControlModifier


class Dialogs:
    """Stands in for the desktop's file dialogs: answers, and takes notes of where they began."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.answers: list[str] = []
        self.began: list[str] = []
        for ask in ("ask_name", "ask_target"):
            monkeypatch.setattr(dialogs_module, ask, self._ask)

    def _ask(self, _parent: object, _title: str, begin: str, _kinds: str) -> str:
        self.began.append(begin)
        return self.answers.pop(0)


@pytest.fixture
def dialogs(monkeypatch: pytest.MonkeyPatch) -> Dialogs:
    return Dialogs(monkeypatch)


def answer(text: str) -> Callable[[], list[str]]:
    """Press a button of the next question; return a function that returns what was asked."""
    asked: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):  # not yet
            QTimer.singleShot(5, press)
            return
        assert box.textFormat() == Qt.TextFormat.PlainText
        asked.append(box.text())
        (button,) = [button for button in box.buttons() if button.text().replace("&", "") == text]
        button.click()

    QTimer.singleShot(0, press)
    return lambda: asked


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("run", "run.lwfrun"),
        ("alpha0.5", "alpha0.5.lwfrun"),
        ("alpha0.5.lwfrun", "alpha0.5.lwfrun"),
        ("RUN.LWFRUN", "RUN.LWFRUN"),
        ("run.png", "run.png.lwfrun"),
        ("run.", "run..lwfrun"),
        (".hidden", ".hidden.lwfrun"),
    ],
)
def test_an_ending_is_appended_and_never_takes_the_place_of_what_stands_after_a_dot(typed: str, written: str) -> None:
    assert with_ending(Path("/some.where") / typed, files.SUFFIX) == Path("/some.where") / written


def test_a_run_named_with_a_dot_is_written_under_that_name_and_no_other_run_is_touched(
    quiet_lab: Lab, tmp_path: Path, dialogs: Dialogs
) -> None:
    other = tmp_path / "alpha0.lwfrun"
    other.write_text("another run", "utf-8")
    dialogs.answers = [str(tmp_path / "alpha0.5")]
    quiet_lab.press(Qt.Key.Key_S, CONTROL)
    written = tmp_path / "alpha0.5.lwfrun"
    assert report.table(files.load(written)) == report.table(quiet_lab.record)
    assert other.read_text("utf-8") == "another run"
    assert quiet_lab.window.status.activity.text() == f"Saved {written}"


def test_a_file_of_the_name_that_results_is_replaced_only_if_that_is_wanted(
    quiet_lab: Lab, tmp_path: Path, dialogs: Dialogs
) -> None:
    there = tmp_path / "alpha0.5.lwfrun"
    there.write_text("another run", "utf-8")
    dialogs.answers = [str(tmp_path / "alpha0.5"), ""]
    asked = answer("Cancel")
    quiet_lab.press(Qt.Key.Key_S, CONTROL)
    assert asked() == ["alpha0.5.lwfrun is there already. Replace it?"]
    assert there.read_text("utf-8") == "another run"
    assert dialogs.began[-1] == str(there), "the dialog comes back with that name"
    dialogs.answers = [str(tmp_path / "alpha0.5")]
    asked = answer("Replace")
    quiet_lab.window.files.save_run()
    assert len(asked()) == 1
    files.load(there)


def test_a_name_that_the_dialog_has_asked_about_is_not_asked_about_again(
    quiet_lab: Lab, tmp_path: Path, dialogs: Dialogs
) -> None:
    there = tmp_path / "mine.lwfrun"
    there.write_text("another run", "utf-8")
    dialogs.answers = [str(there)]
    quiet_lab.press(Qt.Key.Key_S, CONTROL)  # a question would wait for ever
    files.load(there)


def test_a_picture_gets_its_ending_too(quiet_lab: Lab, tmp_path: Path, dialogs: Dialogs) -> None:
    dialogs.answers = [str(tmp_path / "lecture.2")]
    quiet_lab.press(Qt.Key.Key_P, CONTROL)
    written = tmp_path / "lecture.2.png"
    assert written.read_bytes().startswith(b"\x89PNG")
    assert quiet_lab.window.status.activity.text() == f"Saved {written}"


def test_open_starts_where_one_saved_also_in_the_next_session(
    open_window: OpenWindow, engine: ScriptedEngine, tmp_path: Path, dialogs: Dialogs
) -> None:
    folder = tmp_path / "my runs"
    folder.mkdir()
    first = open_window(engine=engine)
    dialogs.answers = [str(folder / "one"), ""]
    first.press(Qt.Key.Key_S, CONTROL)
    first.press(Qt.Key.Key_O, CONTROL)
    assert dialogs.began == ["run.lwfrun", str(folder)]
    first.window.close()
    second = open_window(engine=ScriptedEngine())
    dialogs.answers = ["", ""]
    second.press(Qt.Key.Key_O, CONTROL)
    second.press(Qt.Key.Key_S, CONTROL)
    assert dialogs.began[-2:] == [str(folder), str(folder / "run.lwfrun")]
    (folder / "one.lwfrun").unlink()
    folder.rmdir()
    dialogs.answers = [""]
    second.press(Qt.Key.Key_O, CONTROL)
    assert dialogs.began[-1] == "", "a folder that is gone is none"


def test_a_run_file_with_absurd_values_is_a_sentence_in_the_banner_and_the_run_stays(
    quiet_lab: Lab, tmp_path: Path
) -> None:
    for part in ("peak", "label"):
        path = tmp_path / f"{part} <b>0<b>.lwfrun"
        path.write_bytes(damaged(BUNDLED.read_bytes(), part))
        record = quiet_lab.record
        quiet_lab.window.files.open(path)
        said = quiet_lab.window.banner.text
        assert "is not a sound run file" in said.text()
        assert quiet_lab.record is record


def damaged(content: bytes, part: str) -> bytes:
    """Return a run file whose peak is 0, or one of whose labels is out of range."""
    if part == "peak":
        return content.replace(b'\\"peak\\": 255', b'\\"peak\\": 0  ', 1)
    return content[:-1] + b"\xff"  # labels are bytes, and the last array


def test_a_name_typed_without_its_ending_opens_the_file_and_the_window_is_called_after_it(
    open_window: OpenWindow, engine: ScriptedEngine, tmp_path: Path, dialogs: Dialogs
) -> None:
    lab = open_window(engine=engine)
    dialogs.answers = [str(tmp_path / "alpha0.5"), str(tmp_path / "alpha0.5"), str(tmp_path / "nothing")]
    assert lab.window.windowTitle() == TITLE
    lab.press(Qt.Key.Key_S, CONTROL)
    assert lab.window.windowTitle() == "alpha0.5.lwfrun - LwF Lab"
    shown = lab.record
    lab.press(Qt.Key.Key_O, CONTROL)
    assert lab.record is not shown
    assert lab.window.windowTitle() == "alpha0.5.lwfrun - LwF Lab"
    assert not lab.window.banner.isVisible()
    lab.press(Qt.Key.Key_O, CONTROL)
    assert "nothing" in lab.window.banner.text.text()
    lab.press(Qt.Key.Key_Space)
    assert lab.window.windowTitle() == TITLE, "a new run is in no file"
    lab.press(Qt.Key.Key_Z, CONTROL)
    assert lab.window.windowTitle() == "alpha0.5.lwfrun - LwF Lab"


def test_live_is_not_lit_for_a_recorded_run(quiet_lab: Lab) -> None:
    live = quiet_lab.window.actions_by_id["live"]
    assert quiet_lab.session.state is State.RECORDED
    assert not live.isChecked()
    quiet_lab.press(Qt.Key.Key_L)
    assert not live.isChecked()
    quiet_lab.press(Qt.Key.Key_Space)
    assert live.isChecked()
    quiet_lab.press(Qt.Key.Key_Z, CONTROL)
    assert not live.isChecked()


@pytest.mark.parametrize("question", ["ask_name", "ask_target", "ask_folder"])
def test_a_file_dialog_opens_no_file_of_a_folder_that_it_lists(lab: Lab, tmp_path: Path, question: str) -> None:
    """To tell its kind, Qt would: a file that never answers, as some in /proc, would stop the window for good."""
    (tmp_path / "picture").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    os.mkfifo(tmp_path / "pipe")
    kinds: list[str] = []

    def look() -> None:
        dialog = QApplication.activeModalWidget()
        if not isinstance(dialog, QFileDialog):  # not yet
            QTimer.singleShot(5, look)
            return
        model = dialog.findChild(QFileSystemModel)
        if model is not None:
            kinds.extend(model.type(model.index(str(tmp_path / name))) for name in ("picture", "pipe"))
        dialog.reject()

    QTimer.singleShot(0, look)
    kinds_asked = () if question == "ask_folder" else (str(tmp_path), "Runs (*.lwfrun)")
    assert not getattr(dialogs_module, question)(lab.window, "Where?", *kinds_asked)
    assert kinds == ["File", "System file"], "by ending and by what the folder says alone"
