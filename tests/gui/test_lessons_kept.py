"""No lesson is lost by one key, and what was there before it comes back: run and settings together."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolButton

from lwf_gui import lessons
from lwf_gui.gui.session import State
from lwf_gui.lessons import Lesson
from lwf_gui.recipe import compose
from tests.gui.conftest import MACHINE, Lab, OpenWindow
from tests.gui.test_lesson_sheet import lesson_sheet
from tests.gui.test_teaching import choose, key

TEXT = """
format = 1
title = "Kept"
about = "A lesson to be left."
minutes = 1
preset = "digits"

[settings]
"data.train_images" = 160
"task1.epochs" = 1
"task2.epochs" = 2
"train.probe_images" = 50
"train.probe_every" = 1

[[step]]
caption = "At the head expansion {lwf.old}."
run_to = "expansion"
locks = "all"

[[step]]
caption = "Step {step}: LwF {lwf.old} and fine-tuning {fine-tune.old}."
run_to = 7
locks = "all"

[[step]]
caption = "A question."
locks = "all"

[step.question]
text = "Which is {lwf.old}?"
choices = ["this", "that"]
answer = 1
because = "That."

[[step]]
caption = "The end: {lwf.old}, {lwf.old at step 7} at step 7."
settings = { "lwf.alpha" = 3.0 }
run_to = "end"
"""


OWN = compose("digits", [*MACHINE, "data.train_images=64", "task1.epochs=1", "task2.epochs=1"])
"""The user's own run, before the lesson: whole, and done in four steps a task."""

SMALL = {"task1.epochs": 1, "data.train_images": 100, "train.probe_images": 20, "engine.threads": 1}
"""Settings with which the classroom's runs take a moment."""


@pytest.fixture
def lesson(tmp_path: Path) -> Lesson:
    path = tmp_path / "kept.toml"
    path.write_text(TEXT, "utf-8")
    return lessons.load_lesson(path)


def at_question(open_window: OpenWindow, lesson: Lesson) -> Lab:
    """Return a window with a finished run of its own, then the lesson at its third page, answered."""
    lab = open_window(OWN.with_settings({"lwf.alpha": 2.0}), size=(1280, 720))
    lab.run_to_the_end()
    lab.window.lesson_menu.teach(lesson)
    lab.wait_for_page()
    for _ in range(2):
        lab.press(Qt.Key.Key_PageDown)
        lab.wait_for_page()
    choose(lab, 1)
    return lab


def test_escape_leaves_no_lesson_but_says_how_to_and_space_runs_or_pauses_after_one_and_its_question(
    open_window: OpenWindow, lesson: Lesson
) -> None:
    lab = at_question(open_window, lesson)
    lab.press(Qt.Key.Key_Escape)
    assert lab.window.teaching.driver is not None
    assert "Lessons (Ctrl+E)" in lab.window.status.activity.text()
    assert "Esc does not leave it" in lab.window.actions_by_id["lessons"].toolTip()
    lab.window.lesson_bar.close_button.setFocus()
    key(Qt.Key.Key_Return)
    assert lab.window.teaching.driver is None
    assert not isinstance(QApplication.focusWidget(), QToolButton)
    before = lab.session.state
    key(Qt.Key.Key_Space)
    assert (before, lab.session.state) == (State.FINISHED, State.RUNNING)


def test_run_and_settings_from_before_a_lesson_come_back_together(open_window: OpenWindow, lesson: Lesson) -> None:
    lab = open_window(OWN.with_settings({"lwf.alpha": 2.0}), size=(1280, 720))
    lab.run_to_the_end()
    own = lab.record
    lab.window.look_at(protocol="class_incremental")
    lab.window.lesson_menu.teach(lesson)
    for _ in lesson.step:
        lab.wait_for_page()
        lab.press(Qt.Key.Key_PageDown)
        if lab.window.teaching.driver is not None and lab.window.teaching.driver.step.question:
            choose(lab, 1)
    assert lab.window.teaching.driver is None
    assert lab.record is own
    assert (lab.session.recipe.lwf.alpha, lab.session.live_settings.alpha) == (2.0, 2.0)
    assert (lab.session.state, lab.window.selection.protocol) == (State.FINISHED, "class_incremental")
    assert "Your run and settings are back; Lessons (Ctrl+E) shows" in lab.window.status.activity.text()
    lab.window.teaching.go_on()
    assert lab.record is not own
    assert lab.session.recipe.lwf.alpha == 3.0


def test_undo_after_a_lesson_goes_back_to_what_was_before_it_and_to_nothing_of_the_lesson(
    open_window: OpenWindow, lesson: Lesson
) -> None:
    lab = open_window(OWN, size=(1280, 720))
    lab.run_to_the_end()
    own = lab.record
    lab.session.change(alpha=2.0)
    lab.window.lesson_menu.teach(lesson)
    lab.wait_for_page()
    lab.session.undo()
    assert lab.record is not own, "a page's own doing is not taken back either"
    lab.window.teaching.leave()
    lab.session.undo()
    assert (lab.record, lab.session.recipe.lwf.alpha) == (own, 1.0)
    lab.session.undo()
    assert lab.record is not own
    assert not lab.session.can_undo


def test_closing_the_window_amid_a_lesson_leaves_it(open_window: OpenWindow, lesson: Lesson) -> None:
    lab = open_window(OWN, size=(1280, 720))
    lab.run_to_the_end()
    own = lab.record
    lab.window.lesson_menu.teach(lesson)
    lab.wait_for_page()
    lab.window.close()
    assert lab.record is own, "this one is remembered for the next start"


def test_lesson_goes_on_with_the_images_that_come_along_where_the_users_folder_has_gone(
    open_window: OpenWindow, lesson: Lesson, tmp_path: Path
) -> None:
    lab = open_window(OWN.with_settings({"data.dataset": str(tmp_path / "gone")}), size=(1280, 720))
    classroom = lesson.model_copy(update={"preset": "classroom", "settings": SMALL})
    lab.window.lesson_menu.teach(classroom)
    lab.wait_for_page()
    assert lab.record.incremental is not None
    assert lab.window.lesson_bar.page.note.startswith("gone cannot be used as data")
    assert not lab.window.banner.isVisible()


def test_a_lesson_that_was_left_goes_on_with_its_run_its_page_and_its_answers(
    open_window: OpenWindow, lesson: Lesson
) -> None:
    lab = at_question(open_window, lesson)
    run, page = lab.record, lab.window.lesson_bar.page
    lab.click(lab.window.lesson_bar.close_button)
    assert lab.record is not run
    assert lab.session.recipe.lwf.alpha == 2.0
    sheet = lesson_sheet(lab)
    assert sheet.page.row == "Kept\n1 min, left on page 3 of 4"
    assert sheet.go_on.isDefault()
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert lab.record is run
    assert lab.window.lesson_bar.page == page
    lab.press(Qt.Key.Key_PageDown)
    lab.wait_for_page()
    assert lab.session.state is State.FINISHED
    assert lab.steps() > 7
    assert lab.record.incremental is not None
    kept, before = (
        lab.record.incremental.losses.values[:7],
        run.incremental.losses.values[:7] if run.incremental else None,
    )
    assert before is not None
    assert kept.tobytes() == before.tobytes(), "what was trained is not trained again"
    assert [mark.step for mark in lab.record.marks] == [7] or lab.session.live_settings.alpha == 3.0


def test_a_lesson_left_while_it_trains_waits_to_be_trained_on(open_window: OpenWindow, lesson: Lesson) -> None:
    lab = open_window(OWN, size=(1280, 720))
    lab.window.lesson_menu.teach(lesson)
    lab.window.teaching.leave()
    assert lab.window.teaching.driver is None
    assert not lab.session.busy
    lab.window.teaching.go_on()
    assert lab.window.lesson_bar.page.next_text == "Train on"
    lab.press(Qt.Key.Key_PageDown)
    lab.wait_for_page()
    assert (lab.session.state, lab.steps()) == (State.PAUSED, 0)


def test_space_trains_no_further_than_the_page_asks_and_says_how_to_go_on(
    open_window: OpenWindow, lesson: Lesson
) -> None:
    lab = open_window(OWN, size=(1280, 720))
    lab.window.lesson_menu.teach(lesson)
    lab.wait_for_page()
    lab.press(Qt.Key.Key_PageDown)
    lab.wait_for_page()
    assert lab.session.state is State.PAUSED
    caption = lab.window.lesson_bar.page.caption
    lab.press(Qt.Key.Key_Space)
    assert lab.session.state is State.PAUSED
    assert "Next (PgDown) goes on" in lab.window.status.activity.text()
    QTest.qWait(50)
    assert lab.steps() == 7
    assert lab.window.lesson_bar.page.caption == caption
    for _ in range(2):  # to the question, and its answer
        lab.press(Qt.Key.Key_PageDown)
    lab.press(Qt.Key.Key_PageDown)
    lab.wait_for_page()
    assert lab.window.lesson_bar.page.number == 4
    before = lab.session.state
    lab.press(Qt.Key.Key_Space)
    last = (before, lab.session.state)
    assert last == (State.FINISHED, State.RUNNING), "the last page is the user's to play with"


def test_button_that_goes_gives_its_focus_to_the_strip(open_window: OpenWindow, lesson: Lesson) -> None:
    lab = open_window(OWN, size=(1280, 720))
    lab.window.lesson_menu.teach(lesson)
    bar = lab.window.lesson_bar
    for _ in range(2):
        lab.wait_for_page()
        lab.press(Qt.Key.Key_PageDown)
    bar.choice_buttons[0].setFocus()
    QTest.keyClick(bar.choice_buttons[0], Qt.Key.Key_Return)
    assert bar.page.chosen == 0
    assert QApplication.focusWidget() is bar


def test_captions_say_the_figures_of_the_cards(open_window: OpenWindow, lesson: Lesson) -> None:
    lab = open_window(OWN, size=(1280, 720))
    lab.window.lesson_menu.teach(lesson)
    bar, seen = lab.window.lesson_bar, 0
    while lab.window.teaching.driver is not None:
        lab.wait_for_page()
        assert "{" not in f"{bar.texts.caption.text()} {bar.page.prompt}"
        cards = {
            card.learner: float(card.digits.text()) for card in lab.window.cards.cards if card.digits.text() != "-"
        }
        first = re.search(r"([0-9.]+) %", bar.page.caption)
        if first and cards:
            decimals = len(first[1].partition(".")[2])
            assert float(first[1]) == round(cards["lwf"], decimals)
            assert bar.page.status.startswith("Figures: task-aware, step ")
            seen += 1
        if bar.page.choices and bar.page.answer is None:
            choose(lab, 1)
        lab.press(Qt.Key.Key_PageDown)
    assert seen == 3


def test_caption_waits_for_its_figures_and_says_so(open_window: OpenWindow, lesson: Lesson) -> None:
    lab = open_window(OWN, size=(1280, 720))
    lab.window.lesson_menu.teach(lesson)
    assert lab.window.lesson_bar.page.caption == "The figures come with the run."
    lab.wait_for_page()
    assert lab.window.lesson_bar.page.caption.startswith("At the head expansion ")


def test_another_lesson_that_begins_says_not_that_the_users_run_is_back(
    open_window: OpenWindow, lesson: Lesson
) -> None:
    lab = open_window(OWN, size=(1280, 720))
    for _ in range(2):
        lab.window.lesson_menu.teach(lesson)
    assert "are back" not in lab.window.status.activity.text()
