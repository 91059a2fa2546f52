"""How far a run is: one step, one epoch, and a time left that a slow pace makes longer for task 2 alone."""

from __future__ import annotations

import numpy as np
import pytest

from lwf_gui.messages import TERMS, PhaseStarted, Steps
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import moment
from lwf_gui.runs.standing import Standing, standing
from tests.runs import synthetic
from tests.runs.synthetic import PER_EPOCH, TASK2_STEPS


def seen(record: Record, pace: float | None = None) -> Standing:
    found = standing(record, pace)
    assert found is not None
    return found


def test_the_bar_and_the_text_are_of_the_same_step_and_begin_at_none() -> None:
    start = synthetic.record([*synthetic.task1(), *synthetic.task2()[:2]])
    assert seen(start).fraction == 0.0
    assert seen(start).text == "task 2, epoch 1 of 3, step 0 of 30"
    half = synthetic.record([*synthetic.task1(), *synthetic.task2()[:11]])
    assert (seen(half).step, seen(half).fraction) == (15, 0.5)
    assert seen(half).text == "task 2, epoch 2 of 3, step 15 of 30"
    assert seen(synthetic.record()).fraction == 1.0


def test_a_run_stands_where_its_newest_probe_is_as_all_panels_do() -> None:
    """Between two probes steps are trained that no panel shows yet."""
    for count in range(1, len(synthetic.task2()) + 1):
        record = synthetic.record([*synthetic.task1(), *synthetic.task2()[:count]])
        at = moment(record, None)
        assert at is not None
        assert (seen(record).step, seen(record).steps) == (at.probe.step, at.track.started.steps)
        assert seen(record).text.startswith("task 2" if at.track is record.incremental else "task 1")
    between = synthetic.record([*synthetic.task1(), *synthetic.task2()[:10]])
    assert seen(between).step == 10
    assert seen(between).seconds_left == pytest.approx(15 / (15 / 1.5))
    begun = synthetic.record([*synthetic.task1(), *synthetic.task2()[:1]])
    assert seen(begun).text == "task 1, the teacher, epoch 2 of 2, step 20 of 20"


def test_before_the_first_probe_and_after_all_diverged_it_stands_at_its_newest_step() -> None:
    data, begun, _, block, *_ = synthetic.task1()
    assert seen(synthetic.record([data, begun, block])).step == 12
    record = synthetic.up_to_step(15)
    assert record.incremental is not None
    record.incremental.losses.append(np.full((4, 2, len(TERMS)), np.nan, np.float32))
    assert seen(record).step == 19


@pytest.mark.parametrize(("step", "epoch"), [(0, 1), (1, 1), (10, 1), (11, 2), (20, 2), (21, 3), (30, 3)])
def test_a_step_is_part_of_one_epoch(step: int, epoch: int) -> None:
    started = PhaseStarted(1, "incremental", ("lwf",), TASK2_STEPS, (PER_EPOCH,))
    assert started.axis.epoch(step) == (epoch, 3)


def test_nothing_is_known_before_the_first_task_and_no_time_before_the_first_block() -> None:
    assert standing(Record()) is None
    assert seen(synthetic.record(synthetic.task1()[:3])).seconds_left is None


def test_time_left_counts_a_step_of_task_2_once_per_learner_until_it_is_measured() -> None:
    record = synthetic.record(synthetic.task1()[:4])  # 12 of 20 steps; task 2's 30 are known from the recipe
    assert seen(record).images_per_second == 12 * 16 / 0.5
    assert seen(record).seconds_left == pytest.approx((8 + 2 * TASK2_STEPS) / (12 / 0.5))
    assert seen(synthetic.up_to_step(10)).seconds_left == pytest.approx(20 / (10 / 1.0))
    assert seen(synthetic.record()).seconds_left == 0.0


def test_time_left_at_a_pace_is_that_of_task_2_at_this_pace_and_of_task_1_at_full_speed() -> None:
    record = synthetic.record(synthetic.task1()[:4])
    assert seen(record, 1.0).seconds_left == pytest.approx(8 / (12 / 0.5) + TASK2_STEPS)
    assert seen(record, 1000.0).seconds_left == seen(record).seconds_left
    assert seen(synthetic.up_to_step(10), 5.0).seconds_left == pytest.approx(20 / 5)
    assert seen(synthetic.up_to_step(10), 1000.0).seconds_left == pytest.approx(20 / 10), "no faster than it can"
    begun = synthetic.record([*synthetic.task1(), *synthetic.task2()[:2]])
    assert seen(begun, 0.5).seconds_left == 60.0, "known before the first step is done"


@pytest.mark.parametrize("steps", [1, 2, 5])
def test_in_slow_motion_the_rate_is_as_slow_as_it_looks_from_the_first_step_on(steps: int) -> None:
    record = synthetic.record([*synthetic.task1(), *synthetic.task2()[:2]])
    done, at, images = 0, 0.0, 0
    for _ in range(20):  # at full speed
        at, images = at + 0.05, images + 128
        record.apply(Steps(1, "incremental", done := done + 1, synthetic.losses(1, 2), at, images))
    assert seen(record).images_per_second == pytest.approx(128 / 0.05)
    for _ in range(steps):  # and at one step a second
        at, images = at + 1.0, images + 128
        record.apply(Steps(1, "incremental", done := done + 1, synthetic.losses(1, 2), at, images))
    assert seen(record, 1.0).images_per_second == pytest.approx(128)
    assert seen(record, 1.0).seconds_left == pytest.approx(TASK2_STEPS - done)
