"""The clock of training stands where no step is trained, and goes on only if it went."""

from __future__ import annotations

import pytest

from lwf_gui.engine.clock import Clock


@pytest.mark.parametrize("went", [True, False])
def test_what_is_done_between_steps_counts_nothing_and_a_pause_stays_one(
    went: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]
    monkeypatch.setattr("lwf_gui.engine.clock.time.perf_counter", lambda: now[0])
    clock = Clock()
    clock.go()
    now[0] = 1.0
    if not went:
        clock.stand()
    with clock.standing():
        now[0] = 5.0
    assert clock.seconds == 1
    now[0] = 7.0
    assert clock.seconds == (3 if went else 1)
