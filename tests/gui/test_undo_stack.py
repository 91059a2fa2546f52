"""Undo and redo of settings."""

from __future__ import annotations

import pytest

from lwf_gui.gui.time import undo_stack
from lwf_gui.gui.time.undo_stack import UndoStack
from tests.gui.conftest import Lab, type_into


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr("lwf_gui.gui.time.undo_stack.time.monotonic", lambda: now[0])
    return now


def test_changes_are_taken_back_and_made_again(clock: list[float]) -> None:
    kept: UndoStack[str] = UndoStack()
    assert kept.undo("a") is None
    for state in "ab":
        kept.note(state, state)
    assert kept.undo("c") == "b"
    assert kept.undo("b") == "a"
    assert kept.undo("a") is None
    assert (kept.redo("a"), kept.redo("b"), kept.redo("c")) == ("b", "c", None)


def test_a_new_change_forgets_what_was_taken_back(clock: list[float]) -> None:
    kept: UndoStack[str] = UndoStack()
    kept.note("a", 1)
    assert kept.undo("b") == "a"
    kept.note("a", 2)
    assert not kept.can_redo
    assert kept.undo("c") == "a"


def test_a_slider_on_its_way_is_one_change(clock: list[float]) -> None:
    kept: UndoStack[int] = UndoStack()
    for value in range(10):
        kept.note(value, "alpha")
        clock[0] += 0.1
    clock[0] += undo_stack.TOGETHER_SECONDS
    kept.note(10, "alpha")
    assert kept.undo(11) == 10
    assert kept.undo(10) == 0
    assert not kept.can_undo


def test_other_settings_in_quick_succession_are_changes_of_their_own(clock: list[float]) -> None:
    kept: UndoStack[int] = UndoStack()
    kept.note(0, "alpha")
    kept.note(1, "lr")
    assert kept.undo(2) == 1
    assert kept.undo(1) == 0


def test_only_so_many_changes_are_kept(clock: list[float]) -> None:
    kept: UndoStack[int] = UndoStack()
    for value in range(undo_stack.DEPTH + 50):
        kept.note(value, value)
    count = 0
    while kept.can_undo:
        kept.undo(-1)
        count += 1
    assert count == undo_stack.DEPTH


def test_undo_and_redo_reach_live_and_structural_settings(quiet_lab: Lab, clock: list[float]) -> None:
    window, session = quiet_lab.window, quiet_lab.session
    undo, redo = window.actions_by_id["undo"], window.actions_by_id["redo"]
    assert not undo.isEnabled()
    before = session.recipe
    type_into(window.recipe._rows.controls["lwf.alpha"], "5")
    clock[0] += 5
    type_into(window.recipe._rows.controls["model.hidden"], "48")
    assert (session.recipe.lwf.alpha, session.recipe.model.hidden) == (5, 48)
    undo.trigger()
    assert (session.recipe.lwf.alpha, session.recipe.model.hidden) == (5, before.model.hidden)
    undo.trigger()
    assert session.recipe == before
    assert session.live_settings == before.live_settings()
    assert not undo.isEnabled()
    redo.trigger()
    redo.trigger()
    assert (session.recipe.lwf.alpha, session.recipe.model.hidden) == (5, 48)
    assert session.live_settings.alpha == 5
    assert not redo.isEnabled()


def test_undo_in_a_run_is_a_live_change(quiet_lab: Lab, clock: list[float]) -> None:
    session = quiet_lab.session
    quiet_lab.start()
    session.change(alpha=4.0)
    clock[0] += 5
    session.undo()  # at once, before the engine has said that it took the change in
    changes = session.link.control.next_step(lambda: None, lambda: None)
    assert changes["alpha"] == session.recipe.lwf.alpha == 1.0
