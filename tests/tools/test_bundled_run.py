"""The run that is shown at first takes over what is new, and nothing of a run that is another one."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.messages import Steps
from tests.runs import representations, synthetic
from tests.runs.joining import assert_same_run
from tests.tools.bundled_run import extended


def test_what_is_new_joins_what_is_the_same() -> None:
    again = representations.record()
    made, kinds = extended(synthetic.record(), again)
    assert kinds == ["Representation"]
    assert_same_run(made, again)


def test_times_may_differ_and_stay() -> None:
    again = representations.record()
    track = again.incremental
    assert track is not None
    track.seconds = 77.0
    made, _ = extended(synthetic.record(), again)
    assert made.incremental is not None
    assert made.incremental.seconds == 3.0


def test_another_run_is_refused() -> None:
    other = synthetic.record(synthetic.task1())
    for message in synthetic.task2():
        if isinstance(message, Steps) and message.first == 21:
            other.apply(replace(message, losses=message.losses + np.float32(1e-6)))
        else:
            other.apply(message)
    with pytest.raises(ValueError, match="Steps, step 1: losses"):
        extended(synthetic.record(), other)
    shorter = synthetic.record()
    shorter.evaluations.pop()
    with pytest.raises(ValueError, match="Evaluated in place of LiveSettingsApplied"):
        extended(synthetic.record(), shorter)
