"""Saving and opening: the name that was meant, nothing overwritten unasked, and the folder that was used last."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog, QFileSystemModel, QMessageBox

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.exports import final
from lwf_gui.gui.app import Options, make_window
from lwf_gui.gui.files import TITLE
from lwf_gui.gui.session import State
from lwf_gui.gui.widgets import dialogs as dialogs_module
from lwf_gui.gui.widgets.dialogs import with_ending
from lwf_gui.recipe import load_preset
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.runs import synthetic

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
    assert final.table(files.load(written)) == final.table(quiet_lab.record)
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


def test_a_name_that_could_not_be_written_is_suggested_again_in_the_folder_that_worked(
    quiet_lab: Lab, tmp_path: Path, dialogs: Dialogs
) -> None:
    dialogs.answers = [str(tmp_path / "first"), "/proc/nowhere/lecture", str(tmp_path / "lecture"), ""]
    files_of = quiet_lab.window.files
    files_of.save_run_as()
    files_of.save_run_as()
    assert "was not written" in quiet_lab.window.banner.text.text()
    files_of.save_run_as()
    assert dialogs.began[-1] == str(tmp_path / "lecture.lwfrun")
    files_of.save_run_as()
    assert dialogs.began[-1] == str(tmp_path / "lecture.lwfrun"), "the file that the run is in"


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


# ---- figures

FORGETTING = ("lwf", "forgetting", "task_aware")


@pytest.mark.parametrize("ending", [".csv", ".json"])
def test_figures_are_exported_as_the_terminal_has_them(
    open_window: OpenWindow, dialogs: Dialogs, tmp_path: Path, ending: str
) -> None:
    record = files.load(BUNDLED)
    lab = open_window(record=record)
    dialogs.answers = [str(tmp_path / f"out{ending}")]
    lab.window.actions_by_id["export"].trigger()
    text = (tmp_path / f"out{ending}").read_text("utf-8")
    if ending == ".json":
        assert json.loads(text) == json.loads(json.dumps(final.result(record)))
        return
    rows = list(csv.DictReader(text.splitlines()))
    (found,) = [
        row for row in rows
        if (row["learner"], row["protocol"], row["figure"], row["after_task"], row["on_task"])
        == ("lwf", "task_aware", "accuracy", "2", "1")
    ]  # fmt: skip
    assert float(found["value"]) == final.result(record)["learners"]["lwf"]["task_aware"]["old"]
    assert found["unit"] == "fraction"
    (lost,) = [row for row in rows if (row["learner"], row["figure"], row["protocol"]) == FORGETTING]
    assert record.teacher is not None
    assert record.data is not None
    taught = record.teacher.right / record.data.test_sizes[0]
    assert float(lost["value"]) == pytest.approx(taught - float(found["value"]))
    assert [row["unit"] for row in rows if (row["learner"], row["figure"]) == ("lwf", "stored_bytes")] == ["bytes"]
    assert not list(tmp_path.glob("*.part*")), "nothing half written is left"


def test_a_name_without_an_ending_becomes_a_table_and_an_older_one_is_asked_about(
    open_window: OpenWindow, dialogs: Dialogs, tmp_path: Path
) -> None:
    lab = open_window(record=files.load(BUNDLED))
    (tmp_path / "out.csv").write_text("mine")
    dialogs.answers = [str(tmp_path / "out"), ""]
    asked = answer("Cancel")
    lab.window.actions_by_id["export"].trigger()
    assert asked() == ["out.csv is there already. Replace it?"]
    assert (tmp_path / "out.csv").read_text() == "mine"


def test_without_figures_the_window_says_so_and_writes_nothing(
    open_window: OpenWindow, engine: ScriptedEngine, dialogs: Dialogs, tmp_path: Path
) -> None:
    lab = open_window(engine=engine, record=synthetic.record(synthetic.task1()[:2]))
    folder = tmp_path / "figures"  # apart from the settings, which remember it
    folder.mkdir()
    for ending, word in ((".csv", "no figures"), (".json", "finished run")):
        dialogs.answers = [str(folder / f"out{ending}")]
        lab.window.actions_by_id["export"].trigger()
        assert word in lab.window.banner.text.text()
    assert not list(folder.iterdir())


def test_a_window_is_called_after_the_file_that_it_was_started_with(qapp: QApplication, tmp_path: Path) -> None:
    record = files.load(BUNDLED)
    options = Options(preset="classroom", record=record, run_file="mine.lwfrun")
    window = make_window(ScriptedEngine(), load_preset("classroom").recipe, options)
    assert window.windowTitle() == "mine.lwfrun - LwF Lab"
    window.close()
    window.deleteLater()
