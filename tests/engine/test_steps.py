"""Tasks of so many steps, which may end within an epoch: probes, full tests, orders and forks are right there too."""

from __future__ import annotations

import pytest

from lwf_gui import InputError
from lwf_gui.axis import StepAxis
from lwf_gui.messages import DataReady, Evaluated, Fork, PhaseStarted, Probe
from lwf_gui.recipe import compose
from lwf_gui.runs.matrix import matrices
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.standing import standing
from tests.engine.lab import TINY, Lab, Ran, bits, same_bits

STEPS = (
    "task1.steps=50",
    "task2.steps=27",
    "data.tasks=[[0,1,2,3],[4,5,6],[7,8,9]]",
    "data.train_images=320",
    "learners=['fine-tune','lwf','si','joint']",
    "si.strength=1",
)
"""20 steps of 16 images are an epoch."""


@pytest.fixture(scope="module")
def run() -> tuple[Lab, Ran]:
    lab = Lab()
    return lab, lab.run(*STEPS)


def test_an_axis_of_steps_counts_an_epoch_that_is_not_whole() -> None:
    axis = StepAxis.of(1, 3, (20, 30), 27)
    assert (axis.steps, axis.boundaries) == (54, (0, 27))
    assert [axis.epochs(task) for task in (1, 2)] == [2, 1]
    assert [axis.epoch(step) for step in (0, 20, 21, 27, 54)] == [(1, 2), (1, 2), (2, 2), (1, 1), (1, 1)]
    assert axis.epoch_ends() == [0, 20, 27, 54]


def test_every_task_takes_so_many_steps_whatever_its_images(run: tuple[Lab, Ran]) -> None:
    _, ran = run
    assert len(ran.losses("base")) == ran.started("base").steps == 50
    assert len(ran.losses()) == ran.started("incremental").steps == 54
    assert ran.started("incremental").boundaries == (0, 27)


def test_full_tests_come_at_every_epochs_end_and_at_the_tasks_end(run: tuple[Lab, Ran]) -> None:
    _, ran = run
    told = [(each.task, each.epoch, each.step) for each in ran.all(Evaluated)]
    assert told == [(1, 0, 0), (1, 1, 20), (1, 2, 27), (2, 0, 27), (2, 1, 47), (2, 2, 54)]
    for phase, last in (("base", 50), ("incremental", 54)):
        steps = [probe.step for probe in ran.all(Probe) if probe.phase == phase]
        assert steps[-1] == last
        assert {20, 27} <= set(steps) or phase == "base"


def test_images_that_ran_out_come_again_in_a_new_order(monkeypatch: pytest.MonkeyPatch) -> None:
    from lwf_gui.engine.stepping import Stepper

    seen: list[list[int]] = []
    step = Stepper.step

    def watched(self, batch, *rest, **named):  # type: ignore[no-untyped-def]
        seen.append(batch.numbers.tolist())
        return step(self, batch, *rest, **named)

    monkeypatch.setattr(Stepper, "step", watched)
    Lab().run("learners=fine-tune", "task1.steps=50", "task2.steps=3")
    first, second = ([number for numbers in seen[at : at + 20] for number in numbers] for at in (0, 20))
    assert sorted(first) == sorted(second)
    assert first != second
    assert len(seen) == 53


def test_a_teacher_of_so_many_steps_is_cached(run: tuple[Lab, Ran]) -> None:
    lab, ran = run
    for cached in (False, True):
        again = lab.run(*STEPS)
        assert again.summary["teacher"]["cached"] == cached
        assert again.losses().tobytes() == ran.losses().tobytes()
    assert not lab.run(*STEPS, "task1.steps=51").summary["teacher"]["cached"]


@pytest.mark.parametrize("step", [5, 22, 27, 40, 54])
def test_a_fork_repeats_bit_for_bit(run: tuple[Lab, Ran], step: int) -> None:
    lab, _ = run
    ran = lab.run(*STEPS)
    live_settings = compose("digits", [*TINY, *STEPS]).live_settings()
    again = lab.fork(Fork(1, step, (), (), live_settings), *STEPS)
    assert step == 54 or again.losses().tobytes() == ran.losses()[step:].tobytes()
    for name, learner in ran.learners.items():
        assert same_bits(bits(again.learners[name].network), bits(learner.network)), name


def test_fewer_steps_than_an_epoch_has_are_enough() -> None:
    ran = Lab().run("learners=fine-tune", "task1.steps=3", "task2.steps=3")
    assert [(each.task, each.epoch, each.step) for each in ran.all(Evaluated)] == [(1, 0, 0), (1, 1, 3)]
    assert len(ran.losses()) == 3


def test_what_is_shown_counts_by_the_axis(run: tuple[Lab, Ran]) -> None:
    _, ran = run
    record = Record()
    for message in ran.messages:
        record.apply(message)
        if isinstance(message, PhaseStarted | DataReady):
            at = standing(record)
            assert at is None or at.epochs in (2, 3)
    told = standing(record)
    assert told is not None
    assert (told.epoch, told.epochs, told.step, told.fraction) == (2, 2, 54, 1.0)
    matrix = matrices(record, Selection())
    assert matrix is not None
    assert (matrix.under_way, matrix.where) == (None, "task 3, epoch 2 of 2, step 54")


def test_a_warm_up_may_be_longer_than_epochs_where_steps_say_how_long_a_task_is() -> None:
    assert compose("digits", ["task2.steps=1000", "task2.warmup_epochs=20"]).task2.warmup_epochs == 20
    with pytest.raises(InputError, match=r"at most task2\.epochs"):
        compose("digits", ["task2.warmup_epochs=20"])
