"""The sheet of words: every term with a sentence, found by typing, closed by Esc."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lwf_gui.gui.widgets.words import NOTHING, WordSheet
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.words import WORDS
from tests.gui.conftest import Lab


def opened(lab: Lab) -> WordSheet:
    lab.window.actions_by_id["words"].trigger()
    (sheet,) = lab.window.findChildren(WordSheet)
    return sheet


def test_every_word_has_one_sentence_and_they_stand_in_order() -> None:
    assert list(WORDS) == sorted(WORDS, key=str.lower)
    for term, said in WORDS.items():
        assert said.endswith("."), term
        assert said.count(". ") == 0, f"{term}: one sentence"
    assert {label.capitalize() for label in PROTOCOLS.values()} <= set(WORDS)


def test_typing_leaves_the_words_that_have_it(quiet_lab: Lab) -> None:
    sheet = opened(quiet_lab)
    assert all(term in sheet.text.toPlainText() for term in WORDS)
    QTest.keyClicks(sheet.field, "temperature")
    lines = sheet.text.toPlainText().splitlines()
    assert lines[0] == "Temperature T"
    sheet.field.setText("<b>")
    assert sheet.text.toPlainText() == NOTHING
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()


def test_letters_typed_there_are_no_keys_of_the_window(quiet_lab: Lab) -> None:
    sheet, protocol = opened(quiet_lab), quiet_lab.window.selection.protocol
    QTest.keyClicks(sheet.field, "p")
    assert quiet_lab.window.selection.protocol == protocol
    sheet.close()
