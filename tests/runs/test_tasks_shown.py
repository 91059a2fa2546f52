"""What is shown of a run of more than two tasks: averages, names of tasks, gaps in curves."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.recipe import compose
from lwf_gui.runs import averages, continual, one_class, tasks_shown
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.after_tasks import matrix_of
from lwf_gui.runs.chance import chances
from lwf_gui.runs.matrix import matrices
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.series import broken, pieces
from lwf_gui.runs.summary import summary
from lwf_gui.scenario import Scenario
from tests.runs import five, synthetic
from tests.runs.five import BOUNDARIES, PROBED, SCENARIO, SIZES

SHARE = {"fine-tune": 0.5, "lwf": 0.9}


def test_only_more_than_two_tasks_are_many() -> None:
    assert tasks_shown.are_many(five.record())
    assert not tasks_shown.are_many(synthetic.record())
    assert not tasks_shown.are_many(Record())


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("learner", SHARE)
def test_averages_at_the_end_are_those_of_the_accuracy_matrix(learner: str, protocol: ProtocolName) -> None:
    record = five.record()
    figures = averages.averages(record, learner, Selection(protocol))
    matrix = matrix_of(record, learner, protocol)
    assert matrix is not None
    assert figures.average == pytest.approx(100 * continual.average_accuracy(matrix, 4))
    assert figures.forgetting == pytest.approx(100 * continual.forgetting(matrix, 4))
    assert (figures.task, figures.full, figures.counts) == (4, True, (400, 1000))
    assert figures.sample == "all 1,400 test images"


def test_averages_at_a_boundary_are_those_of_the_tasks_before_it_as_in_the_matrix() -> None:
    """A task of which no step is trained yet is no part of an average."""
    figures = averages.averages(five.record(), "lwf", Selection(step=16))
    now = [100 * 0.9**2, 50 * 0.9, 150]
    shares = [100 * round(count) / size for count, size in zip(now, SIZES, strict=False)]
    assert (figures.task, figures.full, figures.ended, figures.counts) == (2, True, True, (150, 150))
    assert figures.average == pytest.approx(sum(shares) / 3)
    best = [95.0, 100.0]  # the teacher's; of the later one right after it was learnt
    assert figures.forgetting == pytest.approx(np.mean(np.array(best) - shares[:2]))
    assert (figures.earlier, figures.current) == pytest.approx((100 * (81 + 45) / 150, 100.0))
    shown = matrices(five.record(), Selection(step=16))
    assert shown is not None
    assert shown.of("lwf").average(2) == figures.average
    assert shown.of("lwf").mean_forgetting() == figures.forgetting


def test_averages_where_the_first_head_grows_are_the_teachers() -> None:
    figures = averages.averages(five.record(), "lwf", Selection(step=0))
    assert (figures.task, figures.average, figures.current, figures.counts) == (0, 95.0, 95.0, (0, 100))
    assert np.isnan([figures.forgetting, figures.earlier]).all()


def test_a_task_that_begins_has_averages_of_the_probe_images_while_none_of_the_test_images_are_known() -> None:
    record = five.record()
    record.evaluations = [told for told in record.evaluations if told.step < 16]
    figures = averages.averages(record, "lwf", Selection(step=16))
    assert (figures.task, figures.full, figures.ended) == (3, False, False)


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("step", [5, 13, 20, 30])
def test_averages_between_epochs_are_all_of_the_probe_images(step: int, protocol: ProtocolName) -> None:
    record = five.record()
    track, base = record.incremental, record.base
    assert track is not None
    assert base is not None
    assert record.data is not None
    task = sum(step >= begin for begin in BOUNDARIES)
    sizes = record.data.probe_sizes

    def row(at: int) -> list[float]:
        counts = track.right[protocol].values[PROBED.index(at), 1]
        return [100 * count / size for count, size in zip(counts, sizes, strict=True)]

    last = [[100 * base.right[protocol].values[-1, 0, 0] / sizes[0]]]
    last += [row(max(each for each in PROBED if each < end)) for end in BOUNDARIES[1:task]]
    now = row(step)
    figures = averages.averages(record, "lwf", Selection(protocol, step=step))
    assert not figures.full
    assert figures.average == pytest.approx(np.mean(now[: task + 1]))
    best = [max(each[j] for each in last[j:]) for j in range(task)]
    assert figures.forgetting == pytest.approx(np.mean(np.array(best) - now[:task]))
    assert figures.sample == f"{sum(sizes[: task + 1])} probe images"


def test_there_are_no_averages_before_the_learners_train() -> None:
    figures = averages.averages(five.record(), "lwf", Selection(step=-5))
    assert not figures.known
    assert figures.sample == ""
    assert summary(five.record(), Selection(step=-5)).startswith("The average accuracy over the tasks will")


def test_summary_names_protocol_tasks_and_images_and_is_the_same_as_ever_of_two_tasks() -> None:
    told = summary(five.record(), Selection())
    assert told.startswith("Step 36 (task-aware, tasks 1-5, all 1,400 test images): Fine-tuning has ")
    assert "LwF has " in told
    assert "has forgotten" in told
    two = synthetic.record()
    assert summary(two, Selection()) == summary(two, Selection())


def test_curves_of_old_and_new_have_a_gap_where_another_task_begins() -> None:
    record = five.record()
    x, y = broken(record, accuracy_series(record, "lwf", "old", "task_aware"))
    assert x[np.isnan(y)].tolist() == list(BOUNDARIES[1:])
    assert x[~np.isnan(y)].tolist() == list(PROBED)
    gaps = np.flatnonzero(np.isnan(y))
    assert (x[gaps - 1] < x[gaps]).all()
    assert (x[gaps + 1] == x[gaps]).all()
    two = synthetic.record()
    series = accuracy_series(two, "lwf", "old", "task_aware")
    assert broken(two, series) is series


def test_pieces_of_a_curve_are_those_of_its_tasks() -> None:
    record = five.record()
    series = accuracy_series(record, "lwf", "old", "task_aware")
    found = pieces(record, series)
    assert [x.tolist() for x, _ in found] == [[0, 1, 5], [10, 13], [16, 20], [24, 30, 36]]
    assert np.array_equal(np.concatenate([y for _, y in found]), series[1])
    two = synthetic.record()
    ((x, y),) = pieces(two, accuracy_series(two, "lwf", "old", "task_aware"))
    assert len(x) == len(y) > 1


def test_a_branch_that_leaves_where_a_task_begins_has_no_gap_at_its_first_point() -> None:
    record = five.record()
    x, y = np.array([16.0, 20.0, 24.0]), np.array([50.0, 60.0, 70.0])
    assert np.isnan(broken(record, (x, y))[1]).tolist() == [False, False, True, False]


def test_guessing_gets_less_with_every_task_class_incremental() -> None:
    levels = chances(five.record(), "class_incremental")
    assert levels == [(float(step), 100 / SCENARIO.seen(task)) for task, step in enumerate(BOUNDARIES, 1)]


def test_a_tasks_name_has_its_classes() -> None:
    assert tasks_shown.name(five.record(), 2) == "task 3: d, e, f"
    assert tasks_shown.where(five.record(), 16) == "task 4, step 16"
    assert tasks_shown.where(synthetic.record(), 16) == "step 16"


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (-5, ["Task 1: learnt now", "Tasks 2-5: still to come"]),
        (5, ["Task 1: learnt before, not shown again", "Task 2: learnt now", "Tasks 3-5: still to come"]),
        (16, ["Tasks 1-3: learnt before, not shown again", "Task 4: learnt now", "Task 5: still to come"]),
        (36, ["Tasks 1-4: learnt before, not shown again", "Task 5: learnt now"]),
    ],
)
def test_classes_are_grouped_by_when_they_are_learnt(step: int, said: list[str]) -> None:
    headings = [tasks_shown.class_heading(five.record(), Selection(step=step), unit)[0] for unit in range(10)]
    assert list(dict.fromkeys(headings)) == said
    assert tasks_shown.class_heading(synthetic.record(), Selection(), 0) == ()


# ---- tasks of one class


def test_task_aware_one_class_a_task_is_said_to_leave_nothing_to_choose() -> None:
    record = five.record()
    assert record.data is not None
    record.data = replace(record.data, scenario=Scenario((1,) * 10))
    assert one_class.note(record, Selection(step=20)) == "One class a task: nothing to choose, always right"
    assert one_class.note(record, Selection(step=20, protocol="class_incremental")) == ""
    captions = one_class.noted(record, Selection(step=20), ("Task-aware: long", "Task-aware"))
    assert all(caption.startswith("One class a task: nothing to choose") for caption in captions)


def test_a_task_of_one_class_among_others_is_named() -> None:
    assert one_class.note(five.record(), Selection(step=20)) == "Task 2 has one class: always right"
    assert one_class.note(synthetic.record(), Selection()) == ""
    assert one_class.noted(synthetic.record(), Selection(), ("Task-aware",)) == ("Task-aware",)


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("fine-tune", "lwf"), ("not shown again",)),
        (("lwf", "replay", "joint"), ("shown again to Replay, Joint training", "shown again to Replay, Joint")),
        (("replay", "joint"), ()),
    ],
)
def test_nobody_says_that_old_images_are_not_shown_again_to_who_sees_them_again(
    names: tuple[str, ...], said: tuple[str, ...]
) -> None:
    record = five.record(five.messages()[:1])
    assert record.data is not None
    recipe = compose("digits", [five.TASKS, f"learners={json.dumps(names)}"])
    record.data = replace(record.data, recipe=recipe)
    assert tasks_shown.shown_again(record) == said


@pytest.mark.parametrize("step", [30, 36])
def test_old_weighs_the_probe_images_of_each_earlier_task_by_its_test_images(step: int) -> None:
    """As the diamonds of the full test sets do: with another sample of the same images both are one figure."""
    told = five.messages()
    sizes = (100, 500, 150, 700, 1000)
    told[0] = replace(told[0], test_sizes=sizes)  # type: ignore[arg-type]
    record = five.record(told)
    assert record.incremental is not None
    assert record.data is not None
    counts = record.incremental.right["task_aware"].values[PROBED.index(step), 1]
    shares = [100 * count / size for count, size in zip(counts, record.data.probe_sizes, strict=True)]
    x, y = accuracy_series(record, "lwf", "old", "task_aware")
    assert y[x.tolist().index(step)] == pytest.approx(np.average(shares[:4], weights=sizes[:4]))
    if step == 30:
        assert averages.averages(record, "lwf", Selection(step=step)).earlier == pytest.approx(y[x == step][0])
    assert y[x == step][0] != pytest.approx(100 * counts[:4].sum() / sum(record.data.probe_sizes[:4]))
