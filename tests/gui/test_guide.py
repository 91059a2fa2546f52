"""The page for teachers: what it says of lessons, keys, menus and files is what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest

from lwf_gui import lessons, paths
from lwf_gui.gui.actions import ACTIONS
from lwf_gui.gui.panels.table import PANELS
from lwf_gui.gui.teaching.guide import GUIDE, TeachersGuide
from lwf_gui.runs import figures
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle
from tests.gui.shown import scale_type

TEXT = (paths.resources() / GUIDE).read_text("utf-8")


def opened(lab: Lab) -> TeachersGuide:
    lab.window.actions_by_id["teaching"].trigger()
    (sheet,) = [each for each in lab.window.findChildren(TeachersGuide) if each.isVisible()]
    return sheet


def test_every_shipped_lesson_stands_there_with_its_minutes_in_its_order() -> None:
    rows = re.findall(r"^\| (.+?) \| ([0-9.]+) \| .+ \|$", TEXT, re.MULTILINE)
    shipped = lessons.available()[0].values()
    assert rows == [(lesson.title, f"{lesson.minutes:g}") for lesson in shipped]


def test_the_lesson_that_it_gives_as_an_example_can_be_opened(tmp_path: Path) -> None:
    (example,) = re.findall(r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    file = tmp_path / "mine.toml"
    file.write_text(example, "utf-8")
    lesson = lessons.load_lesson(file)
    assert len(lesson.step) == 3
    assert lesson.step[0].question is not None


def test_keys_menus_panels_and_figures_are_those_that_there_are() -> None:
    keys = {QKeySequence(key).toString() for action in ACTIONS for key in action.shortcuts}
    named = {*re.findall(r"\*\*([A-Z]|F\d+|PgUp|PgDown|Ctrl\+\S+?)\*\*", TEXT), *re.findall(r"\((Ctrl\S+?|F)\)", TEXT)}
    assert len(named) > 8
    assert {QKeySequence(key).toString() for key in named} <= keys
    for menu, text in re.findall(r"(?:\*|\*\*)(Teach) > ([A-Z][a-z ]+?)\*", TEXT):
        assert any(a.menu == menu and text in (a.text.rstrip("."), a.submenu.replace("&", "")) for a in ACTIONS), text
    titles = {panel.title for panel in PANELS}
    assert {"Trade-off", "Put it back", "Weights", "Results"} <= titles & set(re.findall(r"\*([A-Z][^*]+)\*", TEXT))
    for token in re.findall(r"`(\{[^`]+\})`", TEXT):
        assert figures.fault(token) == "", token


def test_it_says_its_licence_and_its_limits() -> None:
    assert "CC BY 4.0" in TEXT
    assert "one data set, one small network and one seed" in TEXT
    assert "--seeds 5" in TEXT
    assert len(re.findall(r"^\d\. \*\*", TEXT, re.MULTILINE)) == 5, "exercises"


@pytest.mark.parametrize(("size", "scale"), [((1024, 700), 1.5), ((1280, 720), 1.0)])
def test_it_opens_as_a_page_that_is_cut_nowhere(open_window: OpenWindow, size: tuple[int, int], scale: float) -> None:
    lab = open_window(engine=ScriptedEngine(), size=size)
    scale_type(scale)
    sheet = opened(lab)
    settle()
    assert "Teaching with LwF Lab" in sheet.text.accessibleDescription()
    assert "**" not in sheet.text.toPlainText(), "it is rendered"
    page = sheet.text.document()
    assert page is not None
    assert page.size().width() <= sheet.text.viewport().width(), "it wraps, and is scrolled downwards alone"
    assert sheet.width() <= lab.window.width()
    assert sheet.height() <= lab.window.height()
    QTest.keyClick(sheet, Qt.Key.Key_Escape)
    assert not sheet.isVisible()
