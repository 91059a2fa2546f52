"""The sheet of lessons: all listed, each says what it is for, and one click or key begins, goes on or leaves."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from lwf_gui import lessons
from lwf_gui.gui.teaching.lesson_page import LessonPage, Standing
from lwf_gui.gui.teaching.lesson_sheet import Doing, LessonSheet
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle
from tests.gui.shown import scale_type


def lesson_sheet(lab: Lab) -> LessonSheet:
    """Open the sheet as its action does."""
    lab.window.actions_by_id["lessons"].trigger()
    (sheet,) = [each for each in lab.window.findChildren(LessonSheet) if each.isVisible()]
    return sheet


def test_every_lesson_is_listed_with_what_it_is_for(quiet_lab: Lab) -> None:
    sheet = lesson_sheet(quiet_lab)
    shipped = tuple(lessons.available()[0].values())
    assert [page.lesson for page in sheet.pages] == list(shipped)
    for row, lesson in enumerate(shipped):
        sheet.list.setCurrentRow(row)
        said = sheet.text.toPlainText()
        for text in (lesson.title, lesson.about, *lesson.objectives, lesson.needs, f"{lesson.minutes:g} minutes"):
            assert text in said
            assert text == lesson.title or text.rstrip(".") in sheet.text.accessibleDescription()
    sheet.close()


def test_the_first_lesson_begins_with_one_key(quiet_lab: Lab) -> None:
    QTest.keyClick(lesson_sheet(quiet_lab), Qt.Key.Key_Return)
    assert quiet_lab.window.lesson_bar.page.title == next(iter(lessons.available()[0].values())).title
    assert not quiet_lab.window.findChildren(LessonSheet)[0].isVisible()


def test_any_lesson_begins_by_a_double_click_on_its_row(quiet_lab: Lab) -> None:
    sheet = lesson_sheet(quiet_lab)
    row = sheet.list.item(2)
    place = sheet.list.visualItemRect(row).center()
    QTest.mouseClick(sheet.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    QTest.mouseDClick(sheet.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert quiet_lab.window.lesson_bar.page.title == sheet.pages[2].lesson.title


def test_a_lesson_that_is_on_is_gone_on_with_or_left(quiet_lab: Lab) -> None:
    quiet_lab.window.lesson_menu.teach(lessons.load_lesson("temperature"))
    driver = quiet_lab.window.teaching.driver
    sheet = lesson_sheet(quiet_lab)
    assert sheet.page.row.endswith("on the screen, page 1 of 9")
    assert sheet.leave.isVisible()
    QTest.keyClick(sheet, Qt.Key.Key_Return)
    assert quiet_lab.window.teaching.driver is driver
    lesson_sheet(quiet_lab).leave.click()
    assert not quiet_lab.window.teaching.on
    sheet = lesson_sheet(quiet_lab)
    assert sheet.page.row.endswith("left on page 1 of 9")
    assert not sheet.leave.isVisible()
    assert sheet.start.text() == "&Start anew"
    sheet.close()


def test_after_a_lesson_that_has_ended_the_next_one_is_chosen(quiet_lab: Lab) -> None:
    first, second, *_ = lessons.available()[0].values()
    window = quiet_lab.window
    sheet = LessonSheet(window, (first, second), Standing(first, 8, finished=True), doing(), ())
    assert sheet.page.lesson == second
    assert sheet.start.isDefault()
    sheet.list.setCurrentRow(0)
    assert sheet.page.row.endswith("shown to its end")
    sheet.deleteLater()


def doing() -> Doing:
    return Doing(*(lambda *_: None,) * 4)


def test_a_lesson_of_the_users_own_stands_first_while_it_is_on(quiet_lab: Lab) -> None:
    first = next(iter(lessons.available()[0].values()))
    own = first.model_copy(update={"title": "<b>Mine</b>", "objectives": (), "needs": ""})
    quiet_lab.window.lesson_menu.teach(own)
    sheet = lesson_sheet(quiet_lab)
    assert sheet.page.lesson == own
    assert "<b>Mine</b>" in sheet.text.toPlainText(), "what a file says is never markup"
    assert "Afterwards" not in sheet.text.toPlainText()
    sheet.close()


@pytest.mark.parametrize(("size", "scale"), [((1024, 700), 1.5), ((1280, 720), 1.0)])
def test_no_text_of_the_sheet_is_cut(open_window: OpenWindow, size: tuple[int, int], scale: float) -> None:
    lab = open_window(engine=ScriptedEngine(), size=size)
    scale_type(scale)
    lab.window.lesson_menu.teach(lessons.load_lesson("class-incremental"))
    sheet = lesson_sheet(lab)
    settle()
    assert sheet.width() <= lab.window.width()
    assert sheet.height() <= lab.window.height()
    for row in range(sheet.list.count()):
        sheet.list.setCurrentRow(row)
        page = sheet.text.document()
        assert page is not None
        assert page.size().width() <= sheet.text.viewport().width(), "it wraps, and is scrolled downwards alone"
        assert sheet.list.visualItemRect(sheet.list.item(row)).right() <= sheet.list.viewport().width()
    for button in (sheet.open_file, sheet.leave, sheet.start, sheet.go_on):
        if button.isVisible():
            assert button.width() >= button.minimumSizeHint().width()
            assert sheet.rect().contains(button.geometry())
    assert sheet.hint.heightForWidth(sheet.hint.width()) <= sheet.hint.height()
    sheet.close()


def test_a_page_counts_what_the_audience_is_asked() -> None:
    assert LessonPage(lessons.load_lesson("forgetting")).size == "8 minutes: 10 pages, 2 questions, 1 curve to draw."
