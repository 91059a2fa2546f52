"""What a control does with changes that are planned, and which part of a run its pace slows."""

from __future__ import annotations

import pytest

from lwf_gui.control import Control, Planned


def never() -> None:
    raise AssertionError("nothing pauses here")


def test_pace_slows_task_2_and_nothing_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    control, waits = Control(), list[float]()

    def wait(seconds: float) -> None:
        waits.append(seconds)
        control.pace(None)  # else it would wait again: no time passes in this test

    monkeypatch.setattr(control._wake, "wait", wait)
    monkeypatch.setattr("lwf_gui.control.time.monotonic", lambda: 100.0)
    control.pace(1)
    for _ in range(3):
        control.next_step(never, never)
    assert waits == [], "the teacher's steps"
    control.next_step(never, never, 0)
    assert waits == [1.0]


def test_planned_changes_are_due_once_and_at_their_step() -> None:
    control = Control()
    control.plan(7, {"alpha": 3.0})
    control.plan(5, {"backbone_frozen": True}, "lwf+1@3")
    assert [control.due(step) for step in (-1, 0, 4)] == [()] * 3
    assert control.due(5) == (Planned(5, "lwf+1@3", {"backbone_frozen": True}),)
    assert [control.due(step) for step in (5, 6)] == [()] * 2
    assert control.due(7) == (Planned(7, "", {"alpha": 3.0}),)
    assert control.due(8) == ()


def test_the_users_hand_goes_before_what_is_planned_for_the_run() -> None:
    control = Control()
    control.plan(5, {"alpha": 3.0, "lr": 0.1})
    control.plan(5, {"alpha": 4.0}, "lwf+1@3")
    control.unplan({"alpha"})
    assert control.due(5) == (Planned(5, "", {"lr": 0.1}), Planned(5, "lwf+1@3", {"alpha": 4.0}))
