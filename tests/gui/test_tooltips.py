"""Tooltips say all that they were given: Qt takes a "<" in a rich text for markup and leaves out what follows."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QComboBox, QWidget

from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.panels.text import tooltip
from lwf_gui.gui.time.fork import ForkDialog
from lwf_gui.methods import METHODS
from lwf_gui.recipe import settings
from tests.gui.conftest import Lab


def _read(text: str) -> str:
    """Return a tooltip as one reads it: Qt shows it as rich text, for it begins with a tag."""
    if not text.startswith("<p>"):
        return text
    document = QTextDocument()
    document.setHtml(text)
    return " ".join(document.toPlainText().split())


def _all_of(window: QWidget) -> list[str]:
    """Return the tooltips of all widgets, of all entries of boxes, and of all actions, as they are read."""
    widgets = window.findChildren(QWidget)
    entries = [
        box.itemData(index, Qt.ItemDataRole.ToolTipRole)
        for box in widgets
        if isinstance(box, QComboBox)
        for index in range(box.count())
    ]
    return [text for text in (*(widget.toolTip() for widget in widgets), *filter(None, entries)) if text]


@pytest.mark.parametrize("text", ["w <- w - lr g", "a < b & c > d", "<b>bold</b>", 'T² and "names"'])
def test_a_tooltip_is_read_as_it_was_written(text: str) -> None:
    assert _read(tooltip(text)) == text


def test_lines_of_a_tooltip_stand_below_each_other() -> None:
    assert tooltip("a<b", "", "c") == "<p>a&lt;b<br>c</p>"
    assert tooltip() == tooltip("") == ""


def test_no_word_of_a_settings_help_is_lost_under_the_mouse(quiet_lab: Lab) -> None:
    quiet_lab.session.set_recipe(quiet_lab.session.recipe.with_settings({"learners": tuple(METHODS)}))
    read = [_read(text) for text in _all_of(quiet_lab.window.recipe)]
    shown = [setting for setting in settings().values() if not setting.key.startswith("data.dataset")]
    lost = [setting.key for setting in shown if not any(" ".join(setting.help.split()) in text for text in read)]
    assert not lost


def test_no_word_of_an_actions_help_is_lost_under_the_mouse(quiet_lab: Lab) -> None:
    for spec in ACTIONS:
        assert spec.help in _read(quiet_lab.window.actions_by_id[spec.id].toolTip())


def test_no_tooltip_of_the_window_holds_markup_that_was_meant_as_text(quiet_lab: Lab) -> None:
    """A "<" that stands for itself is escaped: what is read has the same letters as what was written between tags."""
    for text in _all_of(quiet_lab.window):
        assert text.startswith("<p>"), f"does not wrap: {text}"
        assert tooltip(*_lines(text)) == text, "not made by the one helper"
        assert not re.search("</?(i|b|p|br)>", _read(text)), "markup that is shown as text"


def test_the_fork_dialog_says_all_of_a_settings_help(lab: Lab) -> None:
    lab.run_to_the_end()
    dialog = ForkDialog(lab.steps(), lab.record, lab.window)
    read = [_read(text) for text in _all_of(dialog)]
    dialog.deleteLater()
    rate = settings()["task2.lr"]
    assert any(rate.help in text for text in read)


def _lines(text: str) -> list[str]:
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText().split("\n")
