"""The history in the window, notes on a run, and the question before something is lost."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QMessageBox

from lwf_gui import paths
from lwf_gui.documents import files, history
from lwf_gui.gui import theme
from lwf_gui.gui.widgets.notes import NotesDialog
from lwf_gui.gui.widgets.runs import PICTURE, RunsDialog, picture
from lwf_gui.messages import MOST_NOTED
from lwf_gui.palette import DARK, LIGHT
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.test_open_and_save import pinned, seed
from tests.gui.test_saving import Dialogs, answer, dialogs
from tests.runs.test_history import outlined
from tests.runs.test_pins import run

__all__ = ["dialogs"]


def kept(lab: Lab, *seeds: int) -> list[Path]:
    """Keep a run for each seed in the window's history; return the files, the newest first."""
    for each in seeds:
        lab.window.keeper.history.keep(run(seed=each))
    lab.window.keeper.history.settle()
    return [entry.path for entry in history.entries(paths.history_dir())]


def shelf(lab: Lab) -> RunsDialog:
    """Open the dialog of the last runs."""
    lab.window.actions_by_id["runs"].trigger()
    (dialog,) = [each for each in lab.window.findChildren(RunsDialog) if each.isVisible()]
    return dialog


def noted(lab: Lab, text: str) -> list[str]:
    """Write notes as a user does; return what stood in the dialog before, and what it says of the run."""
    seen: list[str] = []

    def write() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, NotesDialog)
        seen.extend((dialog.field.toPlainText(), dialog.about.text()))
        dialog.field.setPlainText(text)
        dialog.keep.click()

    QTimer.singleShot(0, write)
    lab.window.actions_by_id["notes"].trigger()
    return seen


def test_runs_are_listed_with_curves_and_figures_opened_pinned_and_deleted(
    quiet_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = kept(quiet_lab, 1, 2, 3)
    dialog = shelf(quiet_lab)
    items = [dialog.list.item(row) for row in range(dialog.list.count())]
    assert [item.text().split("\n")[1][-6:] for item in items] == ["seed 3", "seed 2", "seed 1"]
    assert all(not item.icon().isNull() for item in items)
    assert "task-aware, old / new in %" in dialog.text.toPlainText()
    assert "test set" in dialog.text.toPlainText()
    spoken = items[0].data(Qt.ItemDataRole.AccessibleDescriptionRole)
    assert "class-incremental, old / new in %" in spoken
    dialog.list.setCurrentRow(1)
    dialog.pin_button.click()
    assert pinned(quiet_lab) == [("A", 2)]
    assert dialog.said.text() == "Pinned as A."
    for reply, left in ((QMessageBox.StandardButton.Cancel, 3), (QMessageBox.StandardButton.Yes, 2)):
        monkeypatch.setattr(QMessageBox, "question", lambda *_, reply=reply: reply)
        dialog.delete_button.click()
        assert dialog.list.count() == left
    assert [entry.path for entry in history.entries(paths.history_dir())] == [made[0], made[2]]
    dialog.list.setCurrentRow(1)
    dialog.open_button.click()
    assert seed(quiet_lab) == 1
    assert quiet_lab.window.keeper.history.has(quiet_lab.record)


def test_without_a_run_the_list_says_so_and_an_unreadable_entry_is_listed(quiet_lab: Lab) -> None:
    dialog = shelf(quiet_lab)
    assert "No run is kept yet" in dialog.text.toPlainText()
    assert not dialog.open_button.isEnabled()
    dialog.close()
    (path,) = kept(quiet_lab, 1)
    path.with_suffix(".json").write_text("{")
    path.write_bytes(b"no run")
    dialog = shelf(quiet_lab)
    assert path.stem in dialog.list.item(0).text()
    dialog.open_button.click()
    assert "is not a sound run file" in quiet_lab.window.banner.text.text()


@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_a_small_picture_has_its_learners_colours(quiet_lab: Lab, colours: theme.Theme) -> None:
    image = picture(outlined(run()), colours, 1.0).toImage().convertToFormat(QImage.Format.Format_RGB32)
    seen = {image.pixelColor(x, y).name() for x in range(PICTURE.width()) for y in range(PICTURE.height())}
    wanted = (colours.learner("lwf"), colours.learner("fine-tune"), colours.surface)
    assert {colour.lower() for colour in wanted} <= seen


def test_the_newest_run_is_shown_at_the_next_start(open_window: OpenWindow, quiet_lab: Lab) -> None:
    kept(quiet_lab, 5)
    assert seed(open_window(engine=ScriptedEngine())) == 5


def test_notes_are_kept_with_a_run_of_the_history(quiet_lab: Lab) -> None:
    (path,) = kept(quiet_lab, 1)
    quiet_lab.window.library.open(path)
    assert noted(quiet_lab, "One\n\tTwo \u202e")[0] == ""
    quiet_lab.window.keeper.history.settle()
    assert files.load(path).notes == "One\n    Two \N{REPLACEMENT CHARACTER}"
    assert noted(quiet_lab, "")[0] == "One\n    Two \N{REPLACEMENT CHARACTER}"
    quiet_lab.window.keeper.history.settle()
    assert len(history.entries(paths.history_dir())) == 1, "it is the same run"


def test_notes_that_are_too_long_cannot_be_kept(quiet_lab: Lab) -> None:
    dialog = NotesDialog(quiet_lab.window, "x" * (MOST_NOTED + 2), "")
    assert not dialog.keep.isEnabled()
    assert dialog.left.text() == "2 characters too many to be kept"
    dialog.deleteLater()


def test_notes_that_are_not_in_the_users_file_are_asked_about_before_another_run_or_the_end(
    quiet_lab: Lab, tmp_path: Path, dialogs: Dialogs
) -> None:
    mine, other = tmp_path / "mine.lwfrun", tmp_path / "other.lwfrun"
    files.save(run(), mine)
    files.save(run(seed=1), other)
    quiet_lab.window.files.open(mine)
    noted(quiet_lab, "New.")
    assert quiet_lab.window.windowTitle() == "mine.lwfrun* - LwF Lab"
    asked = answer("Cancel")
    quiet_lab.window.close()
    assert asked() == ["The notes of this run are not in its file yet. Save it?"]
    assert quiet_lab.window.isVisible()
    asked = answer("Cancel")
    quiet_lab.window.files.open(other)
    assert (len(asked()), seed(quiet_lab)) == (1, 0)
    asked = answer("Save")
    quiet_lab.window.files.open(other)
    assert (len(asked()), seed(quiet_lab)) == (1, 1)
    assert files.load(mine).notes == "New."
    quiet_lab.window.files.open(mine)
    noted(quiet_lab, "Newer.")
    quiet_lab.window.actions_by_id["save"].trigger()
    assert quiet_lab.window.windowTitle() == "mine.lwfrun - LwF Lab"
    quiet_lab.window.close()  # a question would wait for ever
    assert files.load(mine).notes == "Newer."


def test_a_run_that_is_nowhere_is_asked_about_and_may_be_let_go(quiet_lab: Lab, tmp_path: Path) -> None:
    paths.history_dir().parent.mkdir(parents=True, exist_ok=True)
    paths.history_dir().touch()  # a file where the folder should be
    other = tmp_path / "other.lwfrun"
    files.save(run(seed=1), other)
    quiet_lab.session.show_record(run())
    quiet_lab.window.keeper.remember(quiet_lab.record)
    quiet_lab.window.keeper.history.settle()
    assert "was not kept in the history" in quiet_lab.window.banner.text.text()
    asked = answer("Don't save")
    quiet_lab.window.files.open(other)
    assert asked() == ["This run is in no file. Save it?"]
    assert seed(quiet_lab) == 1
