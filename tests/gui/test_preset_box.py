"""What the action bar says will run next: also what its list does not have, never cut, never as if it were listed."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox

from lwf_gui.gui.widgets.action_bar import ActionBar
from lwf_gui.recipe import compose, preset_names
from tests.gui.conftest import OpenWindow, choose
from tests.gui.scripted import ScriptedEngine


def room_for_text(bar: ActionBar) -> int:
    """Return the pixels that the preset box has for its text."""
    box, option = bar.preset, QStyleOptionComboBox()
    box.initStyleOption(option)
    part = QStyle.SubControl.SC_ComboBoxEditField
    return box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box).width()


@pytest.mark.parametrize("width", [1024, 1280, 1920])
@pytest.mark.parametrize(
    "name", ["classroom", "classroom (modified)", "of the run", "a-recipe-of-mine.toml (modified)"]
)
def test_the_name_of_what_runs_next_is_never_cut(open_window: OpenWindow, width: int, name: str) -> None:
    bar = open_window(engine=ScriptedEngine(), size=(width, 720)).window.bar
    bar.show_choice(name, "auto")
    QTest.qWait(20)
    shown = bar.preset.currentText() or bar.preset.placeholderText()
    assert shown == name
    assert bar.preset.fontMetrics().horizontalAdvance(shown) <= room_for_text(bar)
    assert name in bar.preset.toolTip()
    for part in (*bar.buttons.values(), *bar.protocols.values(), bar.preset, bar.data, bar.pace):
        assert bar.rect().contains(part.mapTo(bar, part.rect().bottomRight())), part.accessibleName()


def test_a_changed_preset_is_named_but_cannot_be_chosen(open_window: OpenWindow) -> None:
    bar = open_window(engine=ScriptedEngine()).window.bar
    said: list[str] = []
    bar.presetChosen.connect(said.append)
    bar.show_choice("classroom (modified)", "auto")
    assert [bar.preset.itemText(index) for index in range(bar.preset.count())] == list(preset_names())
    choose(bar.preset, "classroom")
    assert said == ["classroom"], "which brings the preset back as it is"
    bar.show_choice("classroom", "auto")
    assert bar.preset.placeholderText() == ""


def test_a_very_long_name_shows_its_two_ends(open_window: OpenWindow) -> None:
    bar = open_window(engine=ScriptedEngine()).window.bar
    name = "/home/me/lectures/2026/continual-learning/forgetting/recipe-<b>.toml"
    bar.show_choice(name, "auto")
    shown = bar.preset.placeholderText()
    assert shown.startswith("/home/me/")
    assert shown.endswith("-<b>.toml")
    assert "…" in shown
    assert "recipe-&lt;b&gt;.toml" in bar.preset.toolTip(), "plain text, never markup"


def test_a_changed_setting_moves_nothing_of_the_bar(open_window: OpenWindow) -> None:
    lab = open_window(compose("classroom"), preset="classroom", engine=ScriptedEngine(), size=(1024, 700))
    bar = lab.window.bar
    QTest.qWait(50)
    before = bar.height(), bar.preset.width(), bar.data.x()
    lab.session.change(alpha=3.0)
    QTest.qWait(50)
    assert "(modified)" in bar.preset.placeholderText()
    assert (bar.height(), bar.preset.width(), bar.data.x()) == before
