"""The stability gap in a record: figures against an independent count, tasks, branches, those who diverge."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from lwf_gui import paths
from lwf_gui.axis import FIRST_LOOKS
from lwf_gui.documents import files
from lwf_gui.messages import Branch
from lwf_gui.recipe import compose
from lwf_gui.runs import continual
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.stability_gap import LENS, UNKNOWN_STEPS, StabilityGap, captions, stability_gap
from tests.runs import first_steps, five, synthetic
from tests.runs.test_divergence import diverged

AWARE, ALL = "task_aware", "class_incremental"


def of(record: Record, **selection: object) -> StabilityGap:
    figures = stability_gap(record, Selection(**selection))  # type: ignore[arg-type]
    assert figures is not None
    assert not figures.reason
    return figures


def counted(record: Record, step: int, learner: int, task: int, *, aware: bool) -> float:
    """Return the percentage right of a task's probe images, counted image by image."""
    assert record.data is not None
    assert record.incremental is not None
    (probe,) = [probe for probe in record.incremental.probes if probe.step == step]
    scenario, labels = record.data.scenario, record.data.probe_labels.tolist()
    seen = scenario.seen(record.incremental.started.task_at(step))
    right: list[bool] = []
    for answers, label in zip(probe.logits[learner].tolist(), labels, strict=True):
        units = scenario.units(task) if aware else range(seen)
        if label in scenario.units(task):
            right.append(max(units, key=answers.__getitem__) == label)
    return 100 * sum(right) / len(right)


@pytest.mark.parametrize("protocol", [AWARE, ALL])
def test_curves_are_the_old_task_s_accuracy_at_every_look_under_the_lens(protocol: str) -> None:
    record = synthetic.record()
    figures = of(record, protocol=protocol)
    assert (figures.task, figures.length, figures.looks, figures.images) == (1, 30, (0, 10, 15, 30), 24)
    for row, dip in enumerate(figures.dips):
        wanted = [counted(record, step, row, 0, aware=protocol == AWARE) for step in figures.looks]
        assert dip.shares.tolist() == pytest.approx(wanted)
        assert (dip.before, dip.lowest, dip.after) == pytest.approx((wanted[0], min(wanted), wanted[-1]))
        assert dip.lowest_at == figures.looks[int(np.argmin(wanted))]
        assert dip.min_acc == pytest.approx(min(wanted)), "of one earlier task it is that task's lowest"
        now = counted(record, 30, row, 1, aware=protocol == AWARE)
        assert dip.worst_case == pytest.approx((now + min(wanted)) / 2)


@pytest.mark.parametrize("step", [0, 13, 20, 36])
@pytest.mark.parametrize("protocol", [AWARE, ALL])
def test_min_acc_is_the_mean_of_each_earlier_task_s_lowest_since_its_training_ended(protocol: str, step: int) -> None:
    record = five.record()
    figures = of(record, protocol=protocol, step=step)
    looked = [at for at in five.PROBED if at <= step]
    for row, dip in enumerate(figures.dips):
        lowest = [
            min(counted(record, at, row, task, aware=protocol == AWARE) for at in looked if at >= five.BOUNDARIES[task])
            for task in range(figures.task)
        ]
        assert dip.min_acc == pytest.approx(sum(lowest) / len(lowest))
        now, tasks = counted(record, step, row, figures.task, aware=protocol == AWARE), figures.task + 1
        assert dip.worst_case == pytest.approx(now / tasks + (1 - 1 / tasks) * dip.min_acc)


def test_formulas_are_those_of_the_paper() -> None:
    assert continual.min_accuracy([0.2, 0.6]) == pytest.approx(0.4)
    assert math.isnan(continual.min_accuracy([]))
    assert continual.worst_case_accuracy(0.9, 0.3, 3) == pytest.approx(0.9 / 3 + 2 / 3 * 0.3)


def test_the_lens_is_of_the_task_where_one_looks_and_ends_with_it() -> None:
    record = five.record()
    figures = of(record, step=13)
    assert (figures.task, figures.begin, figures.length, figures.here) == (2, 10, 6, 3)
    assert figures.looks == (0, 3), "the look at step 16 is of the next task"
    assert figures.earlier == "tasks 1-2"
    assert figures.others == ((1, 5), (2, 13), (3, 20), (4, 36))
    assert figures.beside(-1) == (1, 5)
    assert figures.beside(1) == (3, 20)
    assert of(record, step=36).beside(1) is None
    assert captions(record, figures)[0] == "task-aware, 15 probe images of tasks 1-2 (digits), task 3, steps 0 to 3"


def test_steps_beyond_the_lens_are_left_out_but_count_for_min_acc() -> None:
    record = first_steps.record({0: 90, 8: 60, 60: 88, 200: 40})
    figures = of(record)
    (first, _) = figures.dips
    assert (figures.length, figures.looks, figures.here) == (LENS, (0, 8, 60), None)
    assert (first.before, first.lowest, first.lowest_at, first.after, first.min_acc) == (90, 60, 8, 88, 40)
    assert of(record, step=60).dips[0].min_acc == 60, "so far"
    assert of(record, step=8).here == 8


def test_without_first_steps_it_is_said_why() -> None:
    assert stability_gap(Record(), Selection()) is None
    assert stability_gap(synthetic.record(), Selection(step=-3)) is None
    none = stability_gap(first_steps.record({8: 60, 60: 88}), Selection())
    assert none is not None
    assert none.reason == UNKNOWN_STEPS


def test_who_diverged_is_shown_up_to_there_and_has_no_min_acc() -> None:
    figures = of(diverged())
    lost = next(dip for dip in figures.dips if dip.diverged is not None)
    assert lost.diverged == 13
    assert lost.steps.max() < 13
    assert math.isnan(lost.min_acc)
    assert not math.isnan(of(diverged(), step=10).of(lost.learner).min_acc)  # type: ignore[union-attr]


def test_a_branch_is_shown_where_it_is_one_of_its_own() -> None:
    record = first_steps.record({0: 90, 8: 60, 20: 80, 60: 88, 200: 90})
    early = of(record.forked(60, Branch("lwf+1@8", "lwf", 8, {"alpha": 3.0})))
    dip = early.of("lwf+1@8")
    assert dip is not None
    assert dip.steps[dip.own] == 8
    late = of(record.forked(200, Branch("lwf+1@60", "lwf", 60, {"alpha": 3.0})))
    assert late.of("lwf+1@60") is None
    (why,) = late.left_out
    assert why.endswith("is not shown: it leaves its origin later, after step 60.")


def test_joint_training_is_spoken_of_where_it_is_not_a_learner() -> None:
    def notes(record: Record) -> str:
        return " ".join(note for note, _ in of(record).notes)

    record = synthetic.record()
    assert "Run > Add a learner > Joint training shows it here." in notes(record)
    assert "once this run has come to its end" in notes(synthetic.up_to_step(20))
    assert record.data is not None
    recipe = compose("digits", ['learners=["joint", "lwf"]'])
    record.data = replace(record.data, recipe=recipe)
    assert "Joint" not in notes(record)


def test_a_run_that_was_looked_at_seldom_says_so() -> None:
    assert any("looked only 4 times" in note for note, _ in of(synthetic.record()).notes)
    often = first_steps.record({step: 90 - step for step in FIRST_LOOKS})
    assert not any("looked only" in note for note, _ in of(often).notes)


def test_the_bundled_run_has_a_gap() -> None:
    figures = of(files.load(paths.resources() / "runs" / "classroom.lwfrun"))
    tuned, lwf = figures.dips
    assert tuned.lowest < 30 < 60 < lwf.lowest < lwf.before - 5
    assert lwf.after > lwf.lowest + 5
