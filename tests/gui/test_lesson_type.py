"""What a lesson says is read from the back row: its type is no smaller than that of the plot."""

from __future__ import annotations

from PySide6.QtGui import QFontInfo
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.teaching.bar import LessonBar
from lwf_gui.gui.teaching.page import Page
from tests.gui.shown import scale_type


def test_the_caption_of_a_question_is_no_smaller_than_body_text(qtbot: QtBot) -> None:
    scale_type(1.35)
    strip = LessonBar()
    qtbot.addWidget(strip)
    strip.resize(800, 600)
    caption = "Now without that hint. Class-incremental: choose among all 10 kinds. Of the old task "
    choices = ("It forgot after all", "It remembers, but a new output is always louder", "The pictures changed")
    strip.show_page(
        Page("Why", 2, 9, f"{caption}fine-tuning gets 0.0 % right, and LwF 0.0 %.", prompt="Where?", choices=choices)
    )
    body = QFontInfo(theme.font(1.0)).pixelSize()
    assert QFontInfo(strip.choice_buttons[0].font()).pixelSize() < body, "there is little room"
    for label in (strip.texts.caption, strip.texts.prompt):
        assert QFontInfo(label.font()).pixelSize() >= body
