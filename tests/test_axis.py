"""Steps, epochs and tasks on one axis, against a plain list of every step."""

from __future__ import annotations

import pytest

from lwf_gui.axis import StepAxis


@pytest.mark.parametrize(("epochs", "epoch_steps"), [(3, (10,)), (2, (5, 4, 7)), (1, (1, 1, 1))])
def test_every_step_has_its_task_and_epoch(epochs: int, epoch_steps: tuple[int, ...]) -> None:
    axis = StepAxis.of(1, epochs, epoch_steps)
    trained = [
        (task, epoch) for task, steps in enumerate(epoch_steps, 1) for epoch in range(epochs) for _ in range(steps)
    ]
    assert axis.steps == len(trained)
    for step, (task, epoch) in enumerate(trained):
        assert (axis.task(step), axis.done(step)[0]) == (task, epoch), "what comes after that many steps"
    for step, (task, epoch) in enumerate(trained[:-1], 1):
        if not axis.grows_at(step):
            assert (axis.task(step), axis.epoch(step)) == (task, (epoch + 1, epochs)), "what that step was part of"


def test_a_step_between_two_tasks_belongs_to_the_one_that_begins() -> None:
    axis = StepAxis.of(1, 2, (5, 4))
    assert axis.boundaries == (0, 10)
    assert [axis.grows_at(step) for step in (0, 9, 10, 18)] == [False, False, True, False]
    assert (axis.task(9), axis.task(10), axis.task(18)) == (1, 2, 2)
    assert (axis.begin(10), axis.end(10), axis.end(9)) == (10, 18, 10)
    assert axis.epoch(10) == (1, 2)
    assert axis.epoch_ends() == [0, 5, 10, 14, 18]
