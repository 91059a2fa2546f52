"""What panels, reports and files make of a record of five tasks: "old" are the tasks before that of the step."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from lwf_gui.documents import files
from lwf_gui.exports import final, report
from lwf_gui.runs import confusion, equation, image_grid, soft_targets, tradeoff
from lwf_gui.runs.accuracy_curves import accuracy_series, task_series
from lwf_gui.runs.captions import probe_counts
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.class_rows import class_rows
from lwf_gui.runs.image_history import history_of
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.standing import standing
from tests.runs import five
from tests.runs.consumers import consume
from tests.runs.five import BOUNDARIES, LABELS, PROBED, SCENARIO, SIZES
from tests.runs.test_files import assert_equal_records


def task_of(step: int) -> int:
    return sum(step >= begin for begin in BOUNDARIES)


def old_of(step: int) -> int:
    return SCENARIO.seen(task_of(step) - 1)


def test_every_panel_and_the_report_take_five_tasks(tmp_path: Path) -> None:
    consume(five.record(), tmp_path)
    messages = five.messages()
    for count in range(1, len(messages)):
        consume(five.record(messages[:count]), tmp_path)


def test_a_run_file_of_five_tasks_comes_back(tmp_path: Path) -> None:
    files.save(five.record(), tmp_path / "five.lwfrun")
    assert_equal_records(five.record(), files.load(tmp_path / "five.lwfrun"))


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("step", PROBED)
def test_old_and_new_are_those_of_the_task_of_the_step(step: int, protocol: ProtocolName) -> None:
    record, old, seen = five.record(), old_of(step), SCENARIO.seen(task_of(step))
    at = moment(record, step)
    assert at is not None
    hits: dict[str, list[bool]] = {"old": [], "new": []}
    for row, label in zip(at.logits[1].astype(float), LABELS.tolist(), strict=True):
        task = SCENARIO.task_of_unit(label)
        allowed = SCENARIO.units(task) if protocol == "task_aware" else range(seen)
        if label < seen:
            hits["old" if label < old else "new"].append(max(allowed, key=lambda unit: row[unit]) == label)
    for which, found in hits.items():
        x, y = accuracy_series(record, "lwf", which, protocol)  # type: ignore[arg-type]
        assert y[list(x).index(step)] == pytest.approx(100 * sum(found) / len(found))
    assert probe_counts(record.data, task_of(step)) == (len(hits["old"]), len(hits["new"]))  # type: ignore[arg-type]


@pytest.mark.parametrize("task", range(5))
def test_a_tasks_curve_begins_where_its_head_grew(task: int) -> None:
    x, y = task_series(five.record(), "lwf", task, "task_aware")
    assert list(x) == [step for step in PROBED if task_of(step) >= task]
    assert np.isfinite(y).all()


def test_card_at_a_boundary_shows_the_full_test_of_the_task_that_begins() -> None:
    card = card_of(five.record(), "lwf", Selection(step=16))
    assert card.full
    assert card.counts == (sum(SIZES[:3]), SIZES[3])
    right = [100 * 0.9**3, 50 * 0.9**2, 150 * 0.9]
    assert card.old == pytest.approx(100 * sum(map(round, right)) / 300)
    assert card.change == 0
    assert card.images == "all 300 old and 100 new test images"
    last = card_of(five.record(), "lwf", Selection())
    assert last.counts == (400, 1000)
    assert last.expansion_old is not None


@pytest.mark.parametrize("step", PROBED)
def test_panels_take_the_classes_that_are_there(step: int) -> None:
    record, old, seen = five.record(), old_of(step), SCENARIO.seen(task_of(step))
    selection = Selection(step=step, protocol="class_incremental")
    matrices = confusion.matrices(record, selection)
    assert matrices is not None
    assert (matrices.old, len(matrices.classes)) == (old, seen)
    assert matrices.counts.sum() == 2 * (seen > LABELS).sum()
    found = image_grid.image_grid(record, selection)
    assert found is not None
    assert [int(LABELS[numbers[0]]) for numbers in found.by_class] == list(range(old))
    rows = class_rows(record, selection)
    assert [bool(row.correct) for row in rows] == [unit < seen for unit in range(10)]
    assert [row.old for row in rows] == [unit < old for unit in range(10)]
    soft = soft_targets.soft_targets(record, selection)
    assert soft is not None
    assert len(soft.teacher) == old
    assert sum(soft.teacher) == pytest.approx(1)
    ways = tradeoff.tradeoff(record, selection)
    assert ways is not None
    assert len(ways.paths[0].new) == sum(task_of(each) == task_of(step) for each in PROBED)
    at = moment(record, step)
    assert at is not None
    right = 100 * at.track.accuracies("class_incremental")[at.index, 0]
    assert ways.curves[0].at(0) == pytest.approx((right[1], right[0]))


def test_an_image_has_its_history_from_the_task_on_in_which_it_came() -> None:
    record = five.record()
    for image, label in enumerate(LABELS.tolist()):
        history = history_of(record, Selection(), image)
        assert history is not None
        task = SCENARIO.task_of_unit(label)
        assert history.steps.tolist() == [step for step in PROBED if task_of(step) >= task]
        assert history.steps[history.at] == 36
        assert np.isfinite(history.confidence).all()
    assert history_of(record, Selection(step=13), len(LABELS) - 1) is None, "its class is not there yet"


def test_loss_at_a_boundary_is_that_of_the_task_that_ended() -> None:
    counts = {}
    for step in PROBED:
        balance = equation.balance(five.record(), Selection(step=step))
        assert balance is not None
        counts[step] = (balance.old_classes, balance.classes)
    assert counts[0] == counts[10] == (2, 3)
    assert counts[13] == counts[16] == (3, 6)
    assert counts[36] == (8, 10)


def test_where_a_run_stands_names_the_task_and_its_epoch() -> None:
    messages = five.messages()
    seen = []
    for count in range(1, len(messages) + 1):
        now = standing(five.record(messages[:count]))
        seen += [] if now is None else [now.text]
    assert seen[0] == "task 1 of 5, the teacher, epoch 1 of 2, step 0 of 10"
    assert "task 3 of 5, epoch 1 of 2, step 13 of 36" in seen
    assert seen[-1] == "task 5 of 5, epoch 2 of 2, step 36 of 36"


def test_table_of_many_tasks_has_average_and_forgetting() -> None:
    heading, rows = final.table(five.record())
    assert heading[:3] == ("learner", "task-aware, average of 5 tasks in %", "task-aware, forgetting in points")
    counts = [[round(size * 0.9 ** (task - j)) for j, size in enumerate(SIZES[: task + 1])] for task in range(5)]
    last = [100 * count / size for count, size in zip(counts[4], SIZES, strict=True)]
    assert rows[1][:2] == ("LwF", f"{sum(last) / 5:.1f}")
    counts[0] = [95]  # the teacher's
    matrix = [[100 * count / size for count, size in zip(row, SIZES, strict=False)] for row in counts]
    lost = [max(matrix[i][j] for i in range(j, 4)) - matrix[4][j] for j in range(4)]
    assert rows[1][2] == f"{sum(lost) / 4:.1f}"
    assert "test images of 5 tasks" in final.about(five.record())


def test_report_of_many_tasks_has_an_accuracy_matrix_for_every_learner(tmp_path: Path) -> None:
    report.write(five.record(), tmp_path)
    page = (tmp_path / report.REPORT).read_text("utf-8")
    assert page.count('<th scope="row">after task 5</th>') == 4
    assert "LwF, class-incremental: percent right of the test images of each task" in page
