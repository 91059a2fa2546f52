"""The longest step: the whole range of every live slider is usable, at any moment; and without it nothing changes."""

from __future__ import annotations

import math

import pytest
from torch import Tensor

from lwf_gui.engine.compute import optimizer
from lwf_gui.messages import DataReady, Finished, Notice
from lwf_gui.recipe import compose, live_keys, preset_names, settings
from tests.engine.lab import Hook, Lab, Ran, at, bits, same_bits

ENDS = {name: settings()[key].slider for name, key in live_keys().items() if settings()[key].slider}
WHOLE = ("engine.threads=1", "engine.device=cpu", "train.probe_every=170")
"""The digits preset as it ships, on any machine the same."""


def old(ran: Ran, learner: str) -> float:
    value = ran.summary["learners"][learner]["task_aware"]["old"]
    assert isinstance(value, float)
    return value


def turned(step: int, **live: float) -> Hook:
    def turn(ran: Ran) -> None:
        ran.control.change(**live)

    return at(step, turn)


def run(lab: Lab, *changes: str, hook: Hook | None = None) -> Ran:
    return lab.run_recipe(compose("digits", [*WHOLE, *changes]), hook)


@pytest.mark.parametrize(("step", "temperature"), [(0, 20.0), (1, 2.0), (170, 0.5)])
def test_lwf_stays_above_fine_tuning_at_the_ends_of_all_sliders(lab: Lab, step: int, temperature: float) -> None:
    highest = {name: slider[1] for name, slider in ENDS.items() if slider}
    assert highest == {"alpha": 10.0, "temperature": 20.0, "lr": 0.1}
    ran = run(lab, hook=turned(step, **highest | {"temperature": temperature}))
    assert old(ran, "lwf") > 0.85
    assert old(ran, "lwf") > old(ran, "fine-tune")
    assert all(score["task_aware"]["new"] > 0.8 for score in ran.summary["learners"].values())
    assert not ran.all(Notice)


def test_without_a_longest_step_the_same_settings_are_no_use(lab: Lab) -> None:
    """So the test above tells something."""
    ran = run(lab, "task2.max_step=0", hook=turned(0, alpha=10.0, lr=0.1))
    lwf = ran.summary["learners"]["lwf"]["task_aware"]
    assert lwf["old"] is None or lwf["old"] < 0.5
    assert ran.all(Notice)


def test_presets_have_a_longest_step_but_for_the_notebook_which_had_none() -> None:
    given = {name: compose(name).task2.max_step for name in preset_names()}
    assert given == {"classroom": 0.2, "cnn": 0.2, "digits": 0.2, "paper": 0.2, "notebook": 0.0}


def test_with_a_limit_that_is_never_reached_every_bit_is_that_of_none(lab: Lab) -> None:
    none, far = lab.run("task2.max_step=0"), lab.run("task2.max_step=1000")
    assert none.losses().tobytes() == far.losses().tobytes()
    for name, learner in none.learners.items():
        assert same_bits(bits(learner.network), bits(far.learners[name].network))


def test_workers_cut_the_same_steps(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[float] = []
    shorten = optimizer.shorten

    def counted(gradients: list[Tensor], limit: float) -> None:
        cut.append(math.hypot(*(float(gradient.norm()) for gradient in gradients)) - limit)
        shorten(gradients, limit)

    monkeypatch.setattr(optimizer, "shorten", counted)
    ran = lab.run("task2.max_step=0.03")
    assert {excess > 0 for excess in cut} == {True, False}
    assert len(cut) == 2 * ran.started("incremental").steps, "task 1 has no limit"
    two = lab.run("task2.max_step=0.03", "engine.threads=2")
    assert ran.all(Finished)
    assert two.one(DataReady).device == "CPU, 1 thread a learner, fp32"
    assert ran.losses().tobytes() == two.losses().tobytes()
