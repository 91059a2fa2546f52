"""Tasks and output units: which unit is whose, and which are there once a task has begun."""

from __future__ import annotations

import numpy as np
import pytest

from lwf_gui.scenario import Scenario

SPLITS = [(6, 4), (2, 2, 2, 2, 2), (1,) * 10, (5, 1, 3), (1, 1)]


@pytest.mark.parametrize("sizes", SPLITS)
def test_every_unit_belongs_to_exactly_one_task_in_order(sizes: tuple[int, ...]) -> None:
    scenario = Scenario(sizes)
    assert [unit for task in range(scenario.tasks) for unit in scenario.units(task)] == list(range(sum(sizes)))
    assert tuple(len(scenario.units(task)) for task in range(scenario.tasks)) == sizes
    for task in range(scenario.tasks):
        assert {scenario.task_of_unit(unit) for unit in scenario.units(task)} == {task}


@pytest.mark.parametrize("sizes", SPLITS)
def test_what_is_seen_is_what_was_there_before_and_the_tasks_own(sizes: tuple[int, ...]) -> None:
    scenario = Scenario(sizes)
    for task in range(scenario.tasks):
        assert [*scenario.earlier(task), *scenario.units(task)] == list(range(scenario.seen(task)))
    assert scenario.seen(scenario.last) == scenario.classes
    assert len(scenario.earlier(0)) == 0


@pytest.mark.parametrize("sizes", SPLITS)
def test_tasks_of_many_units_equal_one_by_one(sizes: tuple[int, ...]) -> None:
    scenario = Scenario(sizes)
    units = np.random.default_rng(0).integers(0, scenario.classes, (4, 30)).astype(np.uint8)
    found = scenario.task_of(units)
    assert found.tolist() == [[scenario.task_of_unit(unit) for unit in row] for row in units.tolist()]
    counted = [
        sum(scenario.task_of_unit(unit) == task for unit in units.ravel().tolist()) for task in range(scenario.tasks)
    ]
    assert scenario.counts(units.ravel()).tolist() == counted
    assert scenario.counts(units[:0, 0]).tolist() == [0] * scenario.tasks
