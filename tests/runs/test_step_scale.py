"""The scale of the axis of steps: the first ones of a task get a third of its width, and nothing else moves."""

from __future__ import annotations

import numpy as np
import pytest

from lwf_gui.axis import StepAxis
from lwf_gui.runs.record import Record
from lwf_gui.runs.step_scale import FIRST, StepScale, stretched
from tests.runs import five, synthetic


def test_the_first_steps_of_every_task_take_a_third_of_its_width() -> None:
    scale = stretched(StepAxis.of(1, 3, (375, 200)))
    assert [scale.place(float(step)) for step in (0, FIRST, 1125, 1125 + FIRST, 1725)] == [0, 375, 1125, 1325, 1725]
    assert scale.place(FIRST / 2) == 187.5  # straight in between
    assert scale.bands == ((0, 375), (1125, 1325))


def test_steps_before_and_after_all_tasks_stand_where_they_are() -> None:
    scale = stretched(StepAxis.of(1, 3, (375,)))
    assert [scale.place(step) for step in (-938.0, -0.5, 1125.0, 1300.0)] == [-938.0, -0.5, 1125.0, 1300.0]
    assert np.isnan(scale.place(float("nan")))


def test_a_step_is_found_again_where_it_stands() -> None:
    scale = stretched(StepAxis.of(1, 1, (500, 30, 400)))
    steps = np.linspace(-100.0, 1000.0, 1101)
    np.testing.assert_allclose(scale.step(scale.place(steps)), steps, atol=1e-9)
    assert (np.diff(scale.place(steps)) > 0).all()


@pytest.mark.parametrize("steps", [1, FIRST, 3 * FIRST])
def test_a_task_of_few_steps_is_not_stretched(steps: int) -> None:
    scale = stretched(StepAxis.of(1, 1, (steps,)))
    assert scale == StepScale()
    assert scale.place(7.0) == 7.0


def test_a_run_that_has_no_later_task_yet_is_not_stretched() -> None:
    assert StepScale.of(Record()) == StepScale.of(synthetic.record(synthetic.task1())) == StepScale()
    assert StepScale.of(five.record()).step(3.0) > 0
