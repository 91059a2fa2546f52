"""Opening and saving runs: to the file that a run is in, recent files, drops, and several runs side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

from lwf_gui import InputError, paths, settings_file, window_command
from lwf_gui.documents import files
from lwf_gui.gui import reading
from lwf_gui.gui.dropping import NONE, ONE, SEVERAL
from lwf_gui.gui.recent import KEY, MOST, Recent
from lwf_gui.runs.record import Record
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.test_saving import CONTROL, Dialogs, dialogs
from tests.runs.test_pins import run

__all__ = ["dialogs"]
BOTH = CONTROL | Qt.KeyboardModifier.ShiftModifier


def written(folder: Path, *names: str) -> list[Path]:
    """Write a run for each name, each with a seed and an alpha of its own: runs of seeds alone would make a band."""
    made = []
    for seed, name in enumerate(names):
        path = folder / f"{name}.lwfrun"
        files.save(run(f"lwf.alpha={1 + seed}", seed=seed), path)
        made.append(path)
    return made


def listed(lab: Lab) -> list[str]:
    lab.window.recent_menu.fill()
    return [action.text() for action in lab.window.recent_menu.menu.actions() if action.text()]


def seed(lab: Lab) -> int:
    assert lab.record.data is not None
    return lab.record.data.recipe.seed


def pinned(lab: Lab) -> list[tuple[str, int]]:
    return [(pin.letter, pin.record.data.recipe.seed) for pin in lab.window.selection.pins if pin.record.data]


def test_a_saved_run_is_saved_again_unasked_and_as_another_file_on_demand(
    quiet_lab: Lab, tmp_path: Path, dialogs: Dialogs
) -> None:
    first, second = tmp_path / "first.lwfrun", tmp_path / "second.lwfrun"
    dialogs.answers = [str(first)]
    quiet_lab.press(Qt.Key.Key_S, CONTROL)
    first.unlink()
    quiet_lab.press(Qt.Key.Key_S, CONTROL)  # a question would find no answer
    files.load(first)
    dialogs.answers = [str(second)]
    quiet_lab.press(Qt.Key.Key_S, BOTH)
    assert quiet_lab.window.windowTitle() == "second.lwfrun - LwF Lab"
    first.unlink()
    quiet_lab.press(Qt.Key.Key_S, CONTROL)
    assert not first.exists(), "from then on it is in the other file"


def test_files_that_were_opened_are_offered_again_and_those_that_are_gone_are_forgotten(
    quiet_lab: Lab, tmp_path: Path
) -> None:
    assert listed(quiet_lab) == ["No file yet"]
    one, other = written(tmp_path, "one & more", "other")
    quiet_lab.window.files.open(one)
    quiet_lab.window.files.open(other)
    assert listed(quiet_lab) == ["other.lwfrun", "one && more.lwfrun", "Forget these"]
    quiet_lab.window.recent_menu.menu.actions()[1].trigger()
    assert seed(quiet_lab) == 0
    one.unlink()
    assert listed(quiet_lab) == ["other.lwfrun", "Forget these"]
    assert settings_file.read(paths.settings_file()).values[KEY] == [str(other)]
    quiet_lab.window.recent_menu.menu.actions()[-1].trigger()
    assert listed(quiet_lab) == ["No file yet"]


def test_recent_files_are_bounded_and_nothing_unsound_is_taken_from_the_settings(tmp_path: Path) -> None:
    made = written(tmp_path, *map(str, range(MOST + 2)))
    recent = Recent(tmp_path / "settings.json")
    for path in made:
        recent.add(path)
    assert recent.paths() == made[:1:-1]
    for told in ("text", [3, None, "relative", "/a\u202eb", "/" + "x" * 5000], {"a": 1}):
        settings_file.change(tmp_path / "settings.json", {KEY: told})
        assert recent.paths() == []


def test_several_runs_are_shown_and_pinned_side_by_side_and_what_is_left_out_is_said(
    quiet_lab: Lab, tmp_path: Path
) -> None:
    made = written(tmp_path, "a", "b", "c", "d", "e")
    damaged = tmp_path / "x.lwfrun"
    damaged.write_bytes(b"no run")
    quiet_lab.window.files.open_all([made[0], damaged, *made[1:]])
    assert seed(quiet_lab) == 0
    assert pinned(quiet_lab) == [("A", 1), ("B", 2), ("C", 3)]
    said = quiet_lab.window.banner.text.text()
    assert "x.lwfrun is not a sound run file" in said
    assert "Not pinned: e.lwfrun (at most 3 runs are pinned)." in said
    assert quiet_lab.window.status.activity.text() == "Pinned: A b.lwfrun, B c.lwfrun, C d.lwfrun"


def test_the_command_line_shows_the_first_file_and_pins_the_others(
    open_window: OpenWindow, engine: ScriptedEngine, tmp_path: Path
) -> None:
    made = written(tmp_path, "a", "b")
    told = [(str(path), files.load(path)) for path in made]
    lab = open_window(engine=engine, record=told[0][1], run_file=told[0][0], others=(told[1],))
    assert (seed(lab), pinned(lab)) == (0, [("A", 1)])
    assert lab.window.windowTitle() == "a.lwfrun - LwF Lab"


def test_a_file_that_the_program_fails_at_is_told_and_logged_and_the_window_goes_on(
    quiet_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    made, read = written(tmp_path, "a", "b"), files.load

    def load(path: Path) -> Record:
        if path.name == "a.lwfrun":
            raise KeyError("a fault of the program")
        return read(path)

    monkeypatch.setattr(files, "load", load)
    monkeypatch.setattr(reading, "SMALL", 0)  # so that a thread of its own reads
    quiet_lab.window.files.open_all(made)
    quiet_lab.wait(lambda: seed(quiet_lab) == 1)
    assert "a.lwfrun cannot be opened: the program failed at it" in quiet_lab.window.banner.text.text()
    assert "a fault of the program" in caplog.text
    assert "Opening" not in quiet_lab.window.status.activity.text()
    caplog.clear()  # its traceback holds the window


def test_the_command_line_shows_the_good_ones_of_several_files_and_says_why_not_the_others(
    open_window: OpenWindow,
    engine: ScriptedEngine,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    made, damaged = written(tmp_path, "a", "b"), tmp_path / "x.lwfrun"
    damaged.write_bytes(b"no run")
    runs, problems = window_command._load_runs([damaged, *made], ())
    assert [Path(name).name for name, _ in runs] == ["a.lwfrun", "b.lwfrun"]
    assert "x.lwfrun is not a sound run file" in capsys.readouterr().err
    (name, record), other = runs
    lab = open_window(engine=engine, record=record, run_file=name, others=(other,), problems=problems)
    assert (seed(lab), pinned(lab)) == (0, [("A", 1)])
    assert "x.lwfrun is not a sound run file" in lab.window.banner.text.text()
    with pytest.raises(InputError, match="is not a sound run file"):
        window_command._load_runs([damaged], ())


def drop(lab: Lab, *names: str) -> None:
    """Drag files over the window and drop them; leave what the hint said on the lab."""
    window, data = lab.window, QMimeData()
    data.setUrls([QUrl.fromLocalFile(name) for name in names])
    button, none, copy = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, Qt.DropAction.CopyAction
    enter = QDragEnterEvent(QPoint(300, 300), copy, data, button, none)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    assert window.drops.hint.isVisible()
    assert window.rect().contains(window.drops.hint.geometry())
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), copy, data, button, none))
    assert not window.drops.hint.isVisible()


def test_run_files_are_dropped_onto_the_window_and_anything_else_is_refused_in_a_sentence(
    quiet_lab: Lab, tmp_path: Path
) -> None:
    made = written(tmp_path, "a", "b")
    drop(quiet_lab, str(made[1]))
    assert quiet_lab.window.drops.hint.text() == ONE
    assert seed(quiet_lab) == 1
    drop(quiet_lab, *map(str, made))
    assert quiet_lab.window.drops.hint.text() == SEVERAL
    assert (seed(quiet_lab), pinned(quiet_lab)) == (0, [("A", 1)])
    shown = quiet_lab.record
    drop(quiet_lab, str(tmp_path / "picture.png"))
    assert quiet_lab.window.drops.hint.text() == NONE
    assert "picture.png is none" in quiet_lab.window.banner.text.text()
    assert quiet_lab.record is shown


def test_a_large_file_is_read_beside_the_windows_thread(
    quiet_lab: Lab, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "SMALL", 1000)
    one, other = written(tmp_path, "one", "other")
    before = quiet_lab.record
    quiet_lab.window.files.open(one)
    assert quiet_lab.record is before
    quiet_lab.window.files.open(other)  # the last wish counts
    quiet_lab.wait(lambda: quiet_lab.record is not before)
    assert seed(quiet_lab) == 1
