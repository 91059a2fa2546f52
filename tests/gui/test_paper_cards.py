"""Paper cards in the window: chosen, run and judged; what is measured and what is shown stand side by side."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QMessageBox

from lwf_gui.claims import available, load_claim
from lwf_gui.claims import reading as claim_files
from lwf_gui.claims.measured import shipped
from lwf_gui.claims.reading import FORM
from lwf_gui.gui.session import State
from lwf_gui.gui.teaching.claim_page import Card
from lwf_gui.gui.teaching.claims import ClaimsDialog
from lwf_gui.recipe import load_preset
from lwf_gui.toml_files import reading
from tests.claims.cards import GOOD
from tests.claims.test_command import QUICK, SMALL
from tests.gui.conftest import ENDLESS, Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle

QUICK_TOO = SMALL.replace("joint", "lwf")
SECOND = f'[[run]]\nname = "second"\nabout = "Again."\npreset = "digits"\nsettings = {QUICK_TOO}\n\n'
ONE_EACH = QUICK.replace("[[check]]\n", '[[check]]\nrun = "plain"\n').replace("[[check]]", f"{SECOND}[[check]]", 1)
TWO = ONE_EACH.replace(
    'run = "plain"\nlearner = "joint"\nprotocol = "task_aware"',
    'run = "second"\nlearner = "lwf"\nprotocol = "task_aware"',
)


@pytest.fixture
def cards_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let one small claim be the only one there is."""
    folder = tmp_path / "claims"
    folder.mkdir()
    (folder / "mine.toml").write_text(QUICK, "utf-8")
    monkeypatch.setattr(claim_files, "FORM", replace(FORM, folder=folder))
    return folder


def opened(lab: Lab) -> ClaimsDialog:
    lab.window.actions_by_id["paper_cards"].trigger()
    (dialog,) = [each for each in lab.window.findChildren(ClaimsDialog) if each.isVisible()]
    return dialog


def test_the_menu_shows_every_claim_with_its_source_and_what_was_measured(quiet_lab: Lab) -> None:
    dialog = opened(quiet_lab)
    claims, _ = available()
    assert dialog.list.count() == len(claims)
    for row, (name, claim) in enumerate(claims.items()):
        dialog.list.setCurrentRow(row)
        text = dialog.text.toPlainText()
        assert claim.title in text
        assert claim.claim in text
        assert claim.paper.title in text
        measured = shipped(name, claim)
        assert ("Nothing was measured of it before" if measured is None else measured.date) in text
        assert "the run shown is none of this card's" in text
        assert claim.claim in dialog.text.accessibleDescription()
    dialog.close()


def test_run_this_takes_the_recipe_and_says_the_verdict_at_the_end(lab: Lab, cards_folder: Path) -> None:
    dialog = opened(lab)
    QTest.keyClick(dialog, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert lab.session.recipe == load_claim("mine").recipe("plain", 1)
    lab.wait_for(State.FINISHED)
    said = lab.window.banner.text.text()
    assert said.startswith("Mine (digits, seed 1): Undecided with one seed: ")
    assert "this card asks for 3" in said
    dialog = opened(lab)
    text = dialog.text.toPlainText()
    assert "On screen (digits, seed 1): Undecided with one seed" in text
    assert "Nothing was measured of it before." in text
    dialog.close()


def test_the_card_whose_run_is_shown_is_the_one_that_is_opened(lab: Lab, cards_folder: Path) -> None:
    first = (cards_folder / "mine.toml").read_text("utf-8")
    other = first.replace('title = "Mine"', 'title = "Another"')
    (cards_folder / "another.toml").write_text(other.replace('"task1.epochs" = 3', '"task1.epochs" = 4'), "utf-8")
    lab.window.paper_cards.begin(load_claim("mine"))
    lab.wait_for(State.FINISHED)
    dialog = opened(lab)
    assert dialog.list.count() == 2
    assert dialog.claim is not None
    assert dialog.claim.title == "Mine"
    dialog.close()


def test_a_claim_of_two_runs_trains_one_after_the_other(lab: Lab, cards_folder: Path) -> None:
    (cards_folder / "mine.toml").write_text(TWO, "utf-8")
    claim = load_claim("mine")
    cards = lab.window.paper_cards
    cards.begin(claim)
    lab.wait_for(State.FINISHED)
    assert "1 lacks figures" in lab.window.banner.text.text()
    assert cards.next_run(claim) == "second"
    cards.begin(claim)
    lab.wait(lambda: lab.session.state is State.FINISHED)
    judged = cards.judged(claim)
    assert judged is not None
    assert judged.known == 2


def test_a_run_under_way_is_stopped_only_if_the_user_agrees(
    open_window: OpenWindow, cards_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_window(ENDLESS)
    lab.start()
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Yes]
    monkeypatch.setattr(QMessageBox, "question", lambda *_: answers.pop(0))
    claim = load_claim("mine")
    lab.window.paper_cards.begin(claim)
    assert lab.session.recipe == ENDLESS
    lab.window.paper_cards.begin(claim)
    assert lab.session.recipe == claim.recipe("plain", 1)
    lab.wait_for(State.FINISHED)
    assert lab.record.data is not None
    assert lab.record.data.recipe == claim.recipe("plain", 1)


def test_what_a_card_says_goes_with_its_run(lab: Lab, cards_folder: Path) -> None:
    lab.window.paper_cards.begin(load_claim("mine"))
    lab.wait_for(State.FINISHED)
    assert lab.window.banner.isVisible()
    lab.session.reset()
    assert "Mine" not in lab.window.banner.text.text()


def test_a_lesson_lets_no_card_run(quiet_lab: Lab) -> None:
    from lwf_gui.lessons import load_lesson

    quiet_lab.window.lesson_menu.teach(load_lesson("forgetting"))
    dialog = opened(quiet_lab)
    assert not dialog.run.isEnabled()
    assert "A lesson is on" in dialog.why.text()
    dialog.close()


@pytest.mark.parametrize("size", [(1024, 700), (1280, 720)])
def test_no_text_of_the_dialog_is_cut(open_window: OpenWindow, size: tuple[int, int]) -> None:
    lab = open_window(load_preset("classroom").recipe, preset="classroom", engine=ScriptedEngine(), size=size)
    dialog = opened(lab)
    settle()
    assert dialog.width() <= lab.window.width()
    assert dialog.height() <= lab.window.height()
    for row in range(dialog.list.count()):
        dialog.list.setCurrentRow(row)
        page = dialog.text.document()
        assert page is not None
        assert page.size().width() <= dialog.text.viewport().width(), "it wraps, and is scrolled downwards alone"
        item = dialog.list.item(row)
        assert dialog.list.visualItemRect(item).right() <= dialog.list.viewport().width()
    for label in (dialog.why,):
        assert label.heightForWidth(label.width()) <= label.height()
    dialog.close()


def test_what_a_file_says_is_never_markup(tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text(GOOD.replace("Joint training is above", "<img src='x'><b>Joint</b> is above"), "utf-8")
    page = Card(reading.load(file, FORM), None, None).page
    assert "<img" not in page
    assert "&lt;b&gt;Joint" in page
