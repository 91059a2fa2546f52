"""The learners of a recipe as boxes: which are checked, that one stays, and the seam for a second one of a method."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from lwf_gui.gui import theme
from lwf_gui.gui.time import undo_stack
from lwf_gui.gui.widgets.learner_boxes import ONE, LearnersControl
from lwf_gui.methods import DEFAULT_LEARNERS, METHODS
from tests.gui.conftest import Lab, unfold


def toggle(control: LearnersControl, name: str) -> None:
    control.boxes[name].setChecked(not control.boxes[name].isChecked())


def test_every_method_has_a_box_with_its_mark_and_help(qtbot: QtBot) -> None:
    control = LearnersControl()
    qtbot.addWidget(control)
    control.set_theme(theme.LIGHT)
    light = [box.icon().pixmap(20).toImage() for box in control.boxes.values()]
    control.set_theme(theme.DARK)
    dark = [box.icon().pixmap(20).toImage() for box in control.boxes.values()]
    assert list(control.boxes) == list(METHODS)
    for method, box, first, second in zip(METHODS.values(), control.boxes.values(), light, dark, strict=True):
        assert box.text() == method.label
        assert method.label in box.accessibleName()
        assert box.accessibleDescription() == method.help
        middle = first.rect().center()
        assert first.pixelColor(middle).name() == method.colour.lower()
        assert second.pixelColor(middle).name() == method.dark_colour.lower()


def test_boxes_follow_and_change_the_recipe(quiet_lab: Lab) -> None:
    control = quiet_lab.window.recipe._rows.controls["learners"]
    assert isinstance(control, LearnersControl)
    unfold(control)
    assert {name for name, box in control.boxes.items() if box.isChecked()} == set(DEFAULT_LEARNERS)
    toggle(control, "fine-tune")
    assert "fine-tune" not in quiet_lab.session.recipe.names
    quiet_lab.session.undo()
    assert control.boxes["fine-tune"].isChecked()
    quiet_lab.session.redo()
    assert not control.boxes["fine-tune"].isChecked()
    toggle(control, "fine-tune")
    assert quiet_lab.session.recipe.names == ("fine-tune", "lwf"), "in the order of the table"


def test_the_last_learner_stays_and_it_is_said_why(quiet_lab: Lab) -> None:
    control = quiet_lab.window.recipe._rows.controls["learners"]
    assert isinstance(control, LearnersControl)
    unfold(control)
    toggle(control, "fine-tune")
    toggle(control, "lwf")
    assert control.boxes["lwf"].isChecked()
    assert quiet_lab.session.recipe.names == ("lwf",)
    assert quiet_lab.window.banner.text.text() == ONE


def test_a_box_is_operated_with_enter(quiet_lab: Lab) -> None:
    control = quiet_lab.window.recipe._rows.controls["learners"]
    assert isinstance(control, LearnersControl)
    unfold(control)
    control.boxes["lwf"].setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(control.boxes["lwf"], Qt.Key.Key_Return)
    assert quiet_lab.session.recipe.names == ("fine-tune",)


@pytest.mark.parametrize("answer", [None, {"method": "lwf", "name": "lwf, alpha 5", "alpha": 5.0}])
def test_one_more_learner_of_a_method_is_kept_as_it_was_specified(qtbot: QtBot, answer: Any) -> None:
    control = LearnersControl(more=lambda: answer)
    qtbot.addWidget(control)
    control.set_value(("fine-tune", "lwf"))
    taken: list[Any] = []
    control.changed.connect(taken.append)
    (plus,) = control.findChildren(QToolButton)
    QTest.mouseClick(plus, Qt.MouseButton.LeftButton)
    if answer is None:
        assert not taken
        return
    assert taken == [("fine-tune", "lwf", answer)]
    assert control.boxes["lwf"].text() == "LwF (2)"
    toggle(control, "fine-tune")
    assert taken[-1] == ("lwf", answer)
    toggle(control, "fine-tune")
    toggle(control, "lwf")
    assert taken[-1] == ("fine-tune",), "the box takes all learners of its method"


def test_without_specifications_there_is_no_button_for_more(quiet_lab: Lab) -> None:
    assert not quiet_lab.window.recipe._rows.controls["learners"].findChildren(QToolButton)


def test_settings_of_a_method_are_there_while_a_learner_follows_it(quiet_lab: Lab) -> None:
    panel = quiet_lab.window.recipe
    control = panel._rows.controls["learners"]
    assert isinstance(control, LearnersControl)
    titles = [section.button.text() for section in panel._sections.values()]
    assert "RanPAC" not in titles
    toggle(control, "ranpac")
    section = panel._sections["ranpac",]
    place = panel._structural.indexOf
    assert place(panel._sections["", "task2", "lwf", "replay"]) == place(section) - 1
    assert place(panel._sections["data", "train"]) == place(section) + 1
    assert not section.isHidden()
    unfold(panel._rows.controls["ranpac.projection"])
    assert panel._rows.controls["ranpac.projection"].isVisible()
    toggle(control, "ranpac")
    assert section.isHidden()


def test_a_box_that_is_checked_again_brings_the_same_learners_back(
    quiet_lab: Lab, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(undo_stack, "TOGETHER_SECONDS", 0.0)
    control = quiet_lab.window.recipe._rows.controls["learners"]
    assert isinstance(control, LearnersControl)
    unfold(control)
    learners = ("fine-tune", {"method": "lwf", "name": "LwF 3", "alpha": 3.0}, "lwf")
    quiet_lab.session.set_recipe(quiet_lab.session.recipe.with_settings({"learners": learners}))
    toggle(control, "lwf")
    assert quiet_lab.session.recipe.names == ("fine-tune",)
    toggle(control, "lwf")
    assert quiet_lab.session.recipe.get("learners") == learners
    assert control.boxes["lwf"].text() == "LwF (2)"
    quiet_lab.session.undo()
    quiet_lab.session.undo()
    assert quiet_lab.session.recipe.get("learners") == learners, "both can be undone"
