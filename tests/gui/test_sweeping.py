"""Sweeps in a window: opened by menu, command line and drop, filled in live, started, cancelled, gone on with."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import shiboken6
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from lwf_gui import InputError, paths, window_command
from lwf_gui.gui.dropping import SWEEP
from lwf_gui.gui.sweeps import reader, sweeping
from lwf_gui.gui.sweeps.dialog import SweepDialog
from lwf_gui.gui.sweeps.opening import SweepOpening
from lwf_gui.gui.sweeps.process import sentence_of
from lwf_gui.recipe import compose
from lwf_gui.runs import sweep_words
from lwf_gui.sweeps import asked, shelf
from lwf_gui.sweeps import plan as plans
from lwf_gui.sweeps.plan import Plan
from lwf_gui.sweeps.shelf import Shelf
from tests.gui.conftest import PATIENCE_MS, Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.sweeps.conftest import TINY, documents, keep, tiny

__all__ = ["documents", "tiny"]

Documents = Mapping[str, bytes]


@pytest.fixture
def folder(tiny: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a sweep of which nothing is done; it is looked at often."""
    monkeypatch.setattr(reader, "EVERY", 0.05)
    plans.write(tiny, tmp_path / "a sweep")
    return tmp_path / "a sweep"


def view(lab: Lab) -> Any:
    return lab.window.selection.sweep


def enabled(lab: Lab) -> set[str]:
    names = ("sweep", "sweep_cancel", "sweep_go_on", "sweep_open_runs")
    return {name for name in names if lab.window.actions_by_id[name].isEnabled()}


def opened(lab: Lab, folder: Path) -> None:
    """Show a folder's sweep, and wait for it."""
    lab.window.sweeping.open(folder)
    lab.wait(lambda: view(lab) is not None)


def test_runs_is_where_the_shelf_has_them() -> None:
    assert sweeping.RUNS == shelf.RUNS


def test_a_sweep_fills_in_while_it_is_shown_and_a_damaged_run_says_so(
    quiet_lab: Lab, tiny: Plan, documents: Documents, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab, (first, second) = quiet_lab, tiny.units
    monkeypatch.setattr(SweepOpening, "ask_folder", lambda _opening: str(folder))
    assert enabled(lab) == {"sweep"}
    lab.window.actions_by_id["open_sweep"].trigger()
    lab.wait(lambda: view(lab) is not None)
    lab.wait(lambda: lab.window.docks.by_key["sweep"] in lab.window.docks.seen())
    panel = lab.window.docks.panel("sweep")
    lab.wait(lambda: "0 of 2 runs" in panel.accessibleDescription())
    assert enabled(lab) == {"sweep", "sweep_go_on"}
    Shelf(folder, tiny.versions).add(first, documents[first.id])
    lab.wait(lambda: len(view(lab).done) == 1)
    assert "1 of 2 runs" in panel.all_said(), "it is painted without being asked"
    (folder / "runs" / f"{second.id}.lwfrun").write_bytes(documents[second.id][:900])
    lab.wait(lambda: len(view(lab).undone) == 1)
    assert "1 of 2 runs, 1 damaged" in panel.all_said()
    Shelf(folder, tiny.versions).add(second, documents[second.id])
    lab.wait(lambda: len(view(lab).done) == 2)
    assert enabled(lab) == {"sweep"}
    lab.window.look_at(protocol="class_incremental")
    assert "class-incremental" in panel.caption()


def test_the_chosen_cell_is_opened_as_a_run(quiet_lab: Lab, tiny: Plan, documents: Documents, folder: Path) -> None:
    lab = quiet_lab
    keep(tiny, documents, folder)
    opened(lab, folder)
    lab.wait(lambda: len(view(lab).done) == 2)
    lab.see("sweep")
    panel = lab.window.docks.panel("sweep")
    lab.wait(lambda: bool(panel.spots) and panel.shown.view is view(lab))
    panel.setFocus()
    QTest.keyClick(panel, Qt.Key.Key_Right)
    panel.grab()
    QTest.keyClick(panel, Qt.Key.Key_Right)
    assert panel.at is not None
    alpha = panel.shown.heat.across.texts[panel.chosen[0]]  # type: ignore[attr-defined]
    QTest.keyClick(panel, Qt.Key.Key_Return)
    lab.wait(lambda: lab.record.data is not None and lab.record.data.dataset == "digits")
    assert lab.record.data is not None
    assert f"{lab.record.data.recipe.get('lwf.alpha'):g}" == alpha
    assert view(lab) is not None, "the sweep stays beside its run"
    assert panel.shown.reason == ""


def test_a_folder_without_a_sound_sweep_is_a_sentence(quiet_lab: Lab, folder: Path, tmp_path: Path) -> None:
    lab = quiet_lab
    for place, said in ((tmp_path, "holds no sweep"), (folder, "is no sound sweep")):
        (folder / plans.FILE).write_text("[1]")
        lab.window.sweeping.open(place)
        lab.wait(lambda said=said: said in lab.window.banner.text.text())  # type: ignore[misc]
        assert "--out" not in lab.window.banner.text.text()
    assert view(lab) is None


def test_a_plan_that_is_replaced_while_it_is_shown_is_read_anew(quiet_lab: Lab, folder: Path) -> None:
    opened(quiet_lab, folder)
    before = view(quiet_lab)
    plans.write(
        plans.make(compose("digits", TINY), [asked.axis_typed("lwf.alpha", "1,2,3", compose("digits", TINY))], seeds=1),
        folder,
    )
    quiet_lab.wait(lambda: view(quiet_lab) is not before)
    assert len(view(quiet_lab).runs) == 3


def test_the_folder_of_a_sweep_can_be_dropped_onto_the_window(quiet_lab: Lab, folder: Path) -> None:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(folder))])
    window, action = quiet_lab.window, Qt.DropAction.CopyAction
    buttons = (Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(window, QDragEnterEvent(QPoint(300, 300), action, data, *buttons))
    assert window.drops.hint.text() == SWEEP
    QApplication.sendEvent(window, QDropEvent(QPointF(300, 300), action, data, *buttons))
    quiet_lab.wait(lambda: view(quiet_lab) is not None)


def test_the_folder_on_the_command_line_is_shown(open_window: OpenWindow, folder: Path, tmp_path: Path) -> None:
    found, others = window_command._sweep_among([folder, tmp_path / "x.lwfrun"])
    assert (found, others) == (folder, [tmp_path / "x.lwfrun"])
    with pytest.raises(InputError, match="one sweep"):
        window_command._sweep_among([folder, folder])
    lab = open_window(engine=ScriptedEngine(), sweep=found)
    lab.wait(lambda: view(lab) is not None)
    lab.wait(lambda: lab.window.docks.by_key["sweep"] in lab.window.docks.seen())


# ---- the dialog


@pytest.fixture
def dialog(quiet_lab: Lab, tmp_path: Path) -> Iterator[SweepDialog]:
    made = SweepDialog(quiet_lab.window, compose("digits", TINY), tmp_path / "new", lambda: str(tmp_path / "other"))
    made.show()
    yield made
    if shiboken6.isValid(made):
        made.close()


def test_the_dialog_has_axes_at_first_and_says_how_many_runs_there_are(dialog: SweepDialog, tmp_path: Path) -> None:
    assert dialog.grid == ("lwf.alpha=0.5,1,2,5", "lwf.temperature=1,2,4")
    assert dialog.count.text() == "4 x 3: 12 runs."
    dialog._seeds.setValue(3)
    assert dialog.count.text() == "4 x 3 x 3 seeds: 36 runs."
    dialog.axes[1].key.clear()
    dialog.axes[1].values.clear()
    assert list(dialog.grid) == ["lwf.alpha=0.5,1,2,5"]
    assert dialog.start_button.isEnabled()
    assert dialog.folder == tmp_path / "new"
    asked: list[object] = []
    dialog.wanted.connect(asked.append)
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.result() == QDialog.DialogCode.Rejected
    assert asked == []


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [
        ("key", "lwf.alhpa", "did you mean lwf.alpha?"),
        ("values", "1,-2", "is not allowed"),
        ("values", "1,,2", "a value is missing"),
        ("values", "0.1..9", "say how many values"),
    ],
)
def test_what_cannot_be_used_is_said_beside_its_field(dialog: SweepDialog, field: str, text: str, said: str) -> None:
    getattr(dialog.axes[0], field).setText(text)
    refusal = dialog.axes[0].refusal
    assert said in refusal.text()
    assert refusal.isVisible()
    assert refusal.height() >= refusal.heightForWidth(refusal.width()), "nothing of it is cut off"
    assert not dialog.axes[1].refusal.isVisible()
    assert not dialog.start_button.isEnabled()
    dialog.axes[0].key.setText("lwf.alpha")
    dialog.axes[0].values.setText("1,2")
    assert not refusal.isVisible()
    assert dialog.start_button.isEnabled()


def test_a_folder_with_something_in_it_is_refused(dialog: SweepDialog, folder: Path, tmp_path: Path) -> None:
    for text, said in (("", "Name a folder"), (str(folder), "There is a sweep"), (str(tmp_path), "Something is there")):
        dialog._folder.setText(text)
        assert said in dialog.folder_refusal.text()
        assert not dialog.start_button.isEnabled()
    dialog._choose()
    assert dialog.folder == tmp_path / "other"
    assert dialog.start_button.isEnabled()
    (tmp_path / "file").write_text("x")
    dialog._folder.setText(str(tmp_path / "file" / "in it"))
    dialog.accept()
    assert "cannot write there" in dialog.folder_refusal.text()
    assert dialog.result() != QDialog.DialogCode.Accepted


# ---- the process


def fake(monkeypatch: pytest.MonkeyPatch, code: str) -> list[tuple[str, ...]]:
    """Have another program in place of the sweep's; return the command lines that were wanted."""
    wanted: list[tuple[str, ...]] = []

    def words(*told: Any) -> tuple[str, ...]:
        wanted.append(tuple(map(str, told)))
        return (sys.executable, "-S", "-c", code)

    monkeypatch.setattr(asked, "command", words)
    monkeypatch.setattr(asked, "resumed", words)
    return wanted


WAITS = "import sys; sys.stdin.read()"


def test_a_sweep_that_this_window_does_is_cancelled_by_its_leash(
    quiet_lab: Lab, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = quiet_lab
    wanted = fake(monkeypatch, WAITS)
    opened(lab, folder)
    lab.window.actions_by_id["sweep_go_on"].trigger()
    assert list(wanted[0]) == [str(folder)]
    assert enabled(lab) == {"sweep_cancel"}
    lab.wait(lambda: view(lab).own)
    process = lab.window.sweeping.process._process
    assert process is not None
    lab.wait(lambda: process.processId() > 0 and os.getpriority(os.PRIO_PROCESS, process.processId()) > 0)
    lab.window.actions_by_id["sweep_cancel"].trigger()
    lab.wait(lambda: lab.window.sweeping.process.folder is None)
    assert not view(lab).own
    assert lab.window.banner.text.text() == "", "who cancels knows it"
    assert enabled(lab) == {"sweep", "sweep_go_on"}


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; sys.stderr.write('noise\\nlwf-gui: no disk.\\n'); sys.exit(1)", "no disk."),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "was killed"),
    ],
)
def test_why_a_sweep_came_to_no_end_is_a_notice(
    quiet_lab: Lab, folder: Path, monkeypatch: pytest.MonkeyPatch, code: str, said: str
) -> None:
    fake(monkeypatch, code)
    opened(quiet_lab, folder)
    quiet_lab.window.sweeping.go_on()
    quiet_lab.wait(lambda: said in quiet_lab.window.banner.text.text())
    assert "sweep_go_on" in enabled(quiet_lab)


def test_a_sweep_that_is_asked_for_is_shown_once_its_plan_is_there(
    quiet_lab: Lab, tiny: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = quiet_lab
    monkeypatch.setattr(reader, "EVERY", 0.05)
    wanted = fake(monkeypatch, WAITS)

    lab.window.actions_by_id["sweep"].trigger()
    (dialog,) = lab.window.findChildren(SweepDialog)
    dialog._seeds.setValue(2)
    QTest.keyClick(dialog._folder, Qt.Key.Key_Return)
    folder = paths.sweeps_dir() / "sweep-1"
    ((recipe, grid, seeds, place),) = wanted
    assert (seeds, place) == ("2", str(folder))
    assert "lwf.alpha=0.5,1,2,5" in grid
    assert recipe
    assert view(lab) is None
    plans.write(tiny, folder)
    lab.wait(lambda: view(lab) is not None and view(lab).own)
    assert sweep_words.progress(view(lab)) == "0 of 2 runs"


def test_closing_the_window_ends_the_sweep(
    open_window: OpenWindow, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_window(engine=ScriptedEngine())
    fake(monkeypatch, WAITS)
    opened(lab, folder)
    lab.window.sweeping.go_on()
    process = lab.window.sweeping.process._process
    assert process is not None
    lab.wait(lambda: process.processId() > 0)
    number = process.processId()
    lab.window.library.asks = False
    lab.window.close()
    with pytest.raises(ProcessLookupError):
        os.kill(number, signal.SIGCONT)


def test_a_whole_sweep_is_done_by_the_window(quiet_lab: Lab, tiny: Plan, documents: Documents, folder: Path) -> None:
    lab, (first, second) = quiet_lab, tiny.units
    keep(tiny, {first.id: documents[first.id]}, folder)
    opened(lab, folder)
    lab.window.sweeping.go_on()
    lab.qtbot.waitUntil(lambda: len(view(lab).done) == 2, timeout=3 * PATIENCE_MS)
    lab.wait(lambda: lab.window.sweeping.process.folder is None)
    assert lab.window.banner.text.text() == ""
    found = view(lab).done[second.id].figures["lwf", "task_aware"]
    assert 0 <= found["old"] <= 100


def test_the_last_thing_that_was_said_for_people_is_told() -> None:
    assert sentence_of("x\nlwf-gui: a.\nlwf-gui: b.\nTraceback").endswith("end: b.")
    assert sentence_of("").endswith("without a word.")
