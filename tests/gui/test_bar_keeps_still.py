"""The action bar keeps its words and the places of its buttons through themes, presets and states."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from lwf_gui.gui.widgets.action_bar import RUN_WORDS
from lwf_gui.gui.window import Window
from tests.gui.conftest import OpenWindow
from tests.gui.scripted import ScriptedEngine
from tests.gui.settling import settle

THEMES = 4
MODIFIED = "classroom (modified)"


def opened(open_window: OpenWindow, width: int = 1280) -> Window:
    window = open_window(engine=ScriptedEngine(), size=(width, 720), theme="light").window
    settle()
    return window


@pytest.mark.parametrize("name", ["classroom", MODIFIED])
def test_the_bar_has_its_words_back_after_every_theme(open_window: OpenWindow, name: str) -> None:
    bar = (window := opened(open_window, 1600)).bar
    bar.show_choice(name, "auto")
    settle()
    for _ in range(THEMES + 1):
        for word in ("step", "stop", "reset", "lessons", "present"):
            style = bar.buttons[word].toolButtonStyle()
            assert style is Qt.ToolButtonStyle.ToolButtonTextBesideIcon, (window.appearance.theme_name, word)
        window.commands.view.next_theme()
        settle()


def test_the_preset_box_is_as_wide_as_its_name_needs_in_every_theme(open_window: OpenWindow) -> None:
    bar = (window := opened(open_window, 1920)).bar
    bar.show_choice(MODIFIED, "auto")
    settle()
    for _ in range(THEMES + 1):
        beside = bar.preset.width() - bar.preset.fontMetrics().horizontalAdvance(MODIFIED)
        assert 0 < beside < 3 * bar.fontMetrics().height(), window.appearance.theme_name
        window.commands.view.next_theme()
        settle()


def test_run_has_one_width_whatever_it_says_in_every_theme(open_window: OpenWindow) -> None:
    bar = (window := opened(open_window)).bar
    run, places = bar.buttons["run"], set()
    for _ in range(THEMES):
        for word in RUN_WORDS:
            window.actions_by_id["run"].setText(word)
            settle()
            assert run.sizeHint().width() <= run.width(), "no letter is cut"
            places.add((run.width(), bar.buttons["step"].x()))
        window.commands.view.next_theme()
        settle()
    assert len(places) == 1


def test_run_grows_with_the_type(open_window: OpenWindow) -> None:
    bar = (window := opened(open_window, 1920)).bar
    before = bar.buttons["run"].width()
    window.appearance.bigger()
    window.actions_by_id["run"].setText("Resume")
    settle()
    assert bar.buttons["run"].width() > before
    assert bar.buttons["run"].sizeHint().width() <= bar.buttons["run"].width()
