"""What is told so that all that is shown can be of one step: in a pause, in slow motion, at the end of an epoch."""

from __future__ import annotations

import numpy as np

from lwf_gui.control import Control
from lwf_gui.messages import Evaluated, LayerProbe, Message, MiniBatch, Paused, Probe, Steps
from tests.engine.lab import Lab, Ran

RARE = "train.probe_every=100"


def paused_at(step: int) -> Control:
    control = Control()
    control.run_to(step)
    return control


def resume(ran: Ran, message: Message) -> None:
    if isinstance(message, Paused):
        ran.control.resume()


def looks(ran: Ran) -> list[int]:
    return [layers.step for layers in ran.all(LayerProbe)]


def test_a_pause_has_a_probe_of_its_step_told_before_it(lab: Lab) -> None:
    plain, ran = lab.run(RARE), lab.run(RARE, hook=resume, control=paused_at(5))
    paused = ran.one(Paused)
    assert paused.step == 5
    assert 5 not in plain.probes()
    told = [m for m in ran.messages if isinstance(m, Probe | Paused | Steps)]
    before = told[told.index(paused) - 1]
    assert isinstance(before, Probe)
    assert before.step == 5
    assert ran.losses().tobytes() == plain.losses().tobytes()
    assert looks(ran) == looks(plain), "how the losses pull was not measured in this step"


def test_a_pause_at_a_probe_takes_none_again(lab: Lab) -> None:
    ran = lab.run("train.probe_every=1", hook=resume, control=paused_at(5))
    assert ran.one(Paused).step == 5
    probed = [probe.step for probe in ran.all(Probe) if probe.phase == "incremental"]
    assert len(probed) == len(set(probed))


def test_every_step_of_slow_motion_has_a_probe_and_forces(lab: Lab) -> None:
    def step(ran: Ran, message: Message) -> None:
        if isinstance(message, Paused):
            ran.control.step() if message.step < 11 else ran.control.resume()

    ran = lab.run(RARE, hook=step, control=paused_at(8))
    slow = [batch.step for batch in ran.all(MiniBatch)]
    assert {9, 10, 11} <= set(slow)
    forces = {layers.step: layers.forces for layers in ran.all(LayerProbe)}
    for each in slow:
        assert each in ran.probes()
        assert np.isfinite(forces[each]).any()


def test_every_full_test_has_a_probe_of_its_step(lab: Lab) -> None:
    ran = lab.run("train.probe_every=7", "task2.epochs=3")
    assert len(ran.all(Evaluated)) == 4
    assert {test.step for test in ran.all(Evaluated)} <= set(ran.probes())
