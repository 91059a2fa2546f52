"""A lesson and the user's run: nothing is stopped unasked, and nothing is promised that a lesson does not keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox

from lwf_gui import lessons
from lwf_gui.gui.session import State
from lwf_gui.lessons import Lesson
from tests.gui.conftest import ENDLESS, QUICK, Lab, OpenWindow
from tests.gui.test_lesson_sheet import lesson_sheet

TEXT = """
format = 1
title = "Twice"
about = "A lesson that trains two runs."
minutes = 1
preset = "digits"

[settings]
"task1.epochs" = 1
"task2.epochs" = 2
"train.probe_images" = 50

[[step]]
caption = "The first run."
run_to = 5

[[step]]
caption = "The second run."
restart = true
run_to = 5
"""


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    path = tmp_path / "twice.toml"
    path.write_text(TEXT, "utf-8")
    return lessons.load_lesson(path)


def offered(lab: Lab) -> tuple[str, str]:
    """Return what the list of lessons says below the title of this one, and what is offered."""
    sheet = lesson_sheet(lab)
    (row,) = (row for row, page in enumerate(sheet.pages) if page.standing is not None)
    sheet.list.setCurrentRow(row)
    said, offer = sheet.pages[row].row, sheet.go_on.text()
    sheet.close()
    return said, offer


def test_no_run_of_a_lesson_is_said_to_come_back_by_undo(open_window: OpenWindow, lesson: Lesson) -> None:
    lab = open_window(QUICK, size=(1280, 720))
    lab.run_to_the_end()
    said: list[str] = []
    lab.session.done.connect(lambda _text: said.append(lab.window.status.activity.text()))
    lab.window.lesson_menu.teach(lesson)
    assert "Undo" not in lab.window.status.activity.text()
    lab.wait_for_page()
    lab.press(Qt.Key.Key_PageDown)
    assert lab.session.busy
    assert "Undo" not in lab.window.status.activity.text()
    assert said
    lab.wait_for_page()


def test_a_lesson_asks_before_it_ends_a_run_that_trains(
    open_window: OpenWindow, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_window(ENDLESS, size=(1280, 720))
    lab.pause_in_task2()
    own, asked = lab.record, []
    answers = [QMessageBox.StandardButton.Yes, QMessageBox.StandardButton.Cancel]

    def question(*args: object) -> QMessageBox.StandardButton:
        asked.append(str(args[2]))
        return answers.pop()

    monkeypatch.setattr(QMessageBox, "question", question)
    lab.window.lesson_menu.teach(lesson)
    assert "Stop the run and start the lesson?" in asked[0]
    assert not lab.window.teaching.on
    assert (lab.record, lab.session.state) == (own, State.PAUSED)
    lab.window.lesson_menu.teach(lesson)
    assert lab.window.teaching.on
    lab.window.lesson_menu.teach(lesson)  # the run is the lesson's now
    assert len(asked) == 2
    lab.window.teaching.leave()
    assert lab.record is own


def test_a_lesson_that_was_finished_is_not_offered_to_be_gone_on_with(open_window: OpenWindow, lesson: Lesson) -> None:
    lab = open_window(QUICK, size=(1280, 720))
    lab.window.lesson_menu.teach(lesson)
    lab.wait_for_page()
    lab.window.teaching.leave()
    assert offered(lab) == ("Twice\n1 min, left on page 1 of 2", "&Go on at page 1 of 2")
    lab.window.lesson_menu.go_on()
    for _ in lesson.step:
        lab.wait_for_page()
        lab.window.lesson_bar.next_button.click()
    assert not lab.window.teaching.on
    assert offered(lab) == ("Twice\n1 min, shown to its end", "&Show its last page")
