"""A screen that is too small for the window: what gives way, what is said of it, and what is remembered: nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication

from lwf_gui.gui.layout import small_screen
from lwf_gui.gui.layout.placing import Placing
from lwf_gui.gui.preferences import Preferences
from tests.gui.conftest import Lab, OpenWindow
from tests.gui.scripted import ScriptedEngine


def settled(lab: Lab) -> None:
    lab.window.arrangement.settle_soon()
    lab.wait(lambda: not lab.window.arrangement.waits)


def test_type_gives_way_on_a_low_screen_until_the_window_fits(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_window(engine=ScriptedEngine())
    settled(lab)
    window, points = lab.window, QApplication.font().pointSizeF()
    low = window.minimumSizeHint().height() - 40
    room = QSize(window.width(), low)
    monkeypatch.setattr(Placing, "room", lambda _: room)
    settled(lab)
    assert QApplication.font().pointSizeF() < points
    assert window.minimumSizeHint().height() <= low
    assert window.banner.text.text().startswith("The screen is small: type is smaller")
    assert not window.banner.more.isVisible(), "it is said once"
    assert Preferences.of_the_user().scale == 1.0


def test_a_size_of_type_that_was_chosen_stays(open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = open_window(engine=ScriptedEngine())
    lab.press(Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    points = QApplication.font().pointSizeF()
    monkeypatch.setattr(Placing, "room", lambda _: QSize(800, 200))
    settled(lab)
    assert QApplication.font().pointSizeF() == points


def test_the_recipe_gives_way_to_a_narrow_plot_until_it_is_wanted(
    open_window: OpenWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = open_window(engine=ScriptedEngine())
    window = lab.window
    with monkeypatch.context() as narrow:
        narrow.setattr(small_screen, "LEAST_PIXELS", 10_000)
        settled(lab)
        assert window.sides.recipe.isHidden()
        assert window.banner.text.text() == "The screen is small: the recipe panel is put away (Ctrl+B shows it)."
        lab.press(Qt.Key.Key_F11)
        assert window.sides.recipe.isHidden()
        lab.press(Qt.Key.Key_Escape)  # the message
        lab.press(Qt.Key.Key_Escape)
        settled(lab)
        assert window.sides.recipe.isHidden()
        assert not window.banner.isVisible(), "it is not said again"
        window.close()
        again = open_window(engine=ScriptedEngine())
        assert again.window.recipe.isVisible(), "a larger screen has it"
        settled(again)
        assert again.window.sides.recipe.isHidden()
        again.press(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
        settled(again)
        assert again.window.recipe.isVisible()
        again.window.close()
    present = open_window(engine=ScriptedEngine())
    present.press(Qt.Key.Key_F11)
    assert present.window.sides.recipe.isHidden(), "what was put away meanwhile has no part in Present mode's layout"


def test_a_screen_that_is_large_enough_takes_nothing_away(open_window: OpenWindow) -> None:
    lab = open_window(engine=ScriptedEngine())
    points = QApplication.font().pointSizeF()
    settled(lab)
    assert QApplication.font().pointSizeF() == points
    assert lab.window.recipe.isVisible()
    assert not lab.window.banner.isVisible()
