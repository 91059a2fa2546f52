"""Copy recipe and Paste recipe: what is pasted is chosen, said and taken back; what cannot be used changes nothing."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication

from lwf_gui.recipe import compose, copied, pasted
from tests.gui.conftest import Lab

OTHER = compose("classroom", ["seed=3", "lwf.alpha=0.5"])


def do(lab: Lab, action: str, clipboard: str | None = None) -> None:
    if clipboard is not None:
        QGuiApplication.clipboard().setText(clipboard)
    lab.window.actions_by_id[action].trigger()


def test_a_recipe_goes_over_the_clipboard_and_comes_back_by_undo(quiet_lab: Lab) -> None:
    before = quiet_lab.session.recipe
    do(quiet_lab, "copy_recipe")
    own = QGuiApplication.clipboard().text()
    assert pasted(own) == before
    assert own in quiet_lab.window.status.activity.text()

    do(quiet_lab, "paste_recipe", f"Try this:\n> {copied(OTHER)[:30]}\n> {copied(OTHER)[30:]}\n")
    assert quiet_lab.session.recipe.get("seed") == 3
    assert quiet_lab.session.live_settings.alpha == 0.5
    said = quiet_lab.window.status.activity.text()
    assert "seed 3" in said
    assert said.endswith("Ctrl+Z takes it back.")
    quiet_lab.window.actions_by_id["undo"].trigger()
    assert quiet_lab.session.recipe == before

    do(quiet_lab, "paste_recipe", own)
    assert quiet_lab.session.recipe == before
    assert quiet_lab.window.status.activity.text() == "Pasted: nothing changes by it."


@pytest.mark.parametrize(
    "text", ["", "hello", "lwf:1:classroom+seed=3@aaaaaaa", "<b>lwf:9:x@aaaaaaa</b>", "lwf:" * 9000]
)
def test_what_is_no_recipe_changes_nothing_and_the_banner_says_why(quiet_lab: Lab, text: str) -> None:
    before = quiet_lab.session.recipe
    do(quiet_lab, "paste_recipe", text)
    assert quiet_lab.session.recipe == before
    assert not quiet_lab.session.can_undo
    assert "recipe" in quiet_lab.window.banner.text.text()
    do(quiet_lab, "paste_recipe", copied(OTHER))
    assert quiet_lab.window.banner.isHidden(), "what was wrong is over"


def test_a_lesson_keeps_its_own_settings(quiet_lab: Lab) -> None:
    quiet_lab.window.lock(("alpha",))
    assert not quiet_lab.window.actions_by_id["paste_recipe"].isEnabled()
    quiet_lab.window.lock(())
    assert quiet_lab.window.actions_by_id["paste_recipe"].isEnabled()
