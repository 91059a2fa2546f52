"""What a learner's training costs: its own work, whoever comes first."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from typing import Any

import pytest
from torch import Tensor

from lwf_gui.engine import tasks
from lwf_gui.engine.clock import work_clock
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.stepping import Stepper
from tests.engine.lab import Lab

SLOW = 0.02
"""Seconds of work that shared things are made to take."""

IMAGES = 16
"""Images of a mini-batch of the lab."""


def slowed(act: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Return a function that works for a while first."""

    def slow(*args: Any) -> Tensor:
        until = work_clock() + SLOW
        while work_clock() < until:
            pass
        return act(*args)

    return slow


def cost(lab: Lab, *changes: str) -> dict[str, float]:
    """Return the seconds a step of each learner."""
    told = lab.run("task2.epochs=1", *changes).summary["seconds"]["per_image"]
    return {name: IMAGES * seconds for name, seconds in told.items()}


def test_what_all_learners_share_is_charged_to_none(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "normalise", slowed(tasks.normalise))
    assert max(cost(lab).values()) < SLOW


def test_a_common_record_of_features_is_charged_to_none(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    of = OutputCache._record
    monkeypatch.setattr(OutputCache, "_record", slowed(of))
    assert cost(lab, "task2.warmup_epochs=1")["fine-tune"] < SLOW


def test_learners_come_first_in_turn(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    first: list[str] = []
    update = Stepper._update

    def watched(stepper: Stepper, learner: Any, *rest: Any) -> float:
        first.append(learner.name)
        return update(stepper, learner, *rest)

    monkeypatch.setattr(Stepper, "_update", watched)
    lab.run("task2.epochs=1", "seed=3")
    later = [name for name in first if name in ("fine-tune", "lwf")]
    begins = later[-8::2]
    assert statistics.multimode(begins) in (["fine-tune", "lwf"], ["lwf", "fine-tune"]), begins
