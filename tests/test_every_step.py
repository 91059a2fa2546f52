"""All columns of a run as a table: every cell is the record's number, and its heading says what it is."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from lwf_gui import InputError
from lwf_gui.branches import branch_name
from lwf_gui.exports import columns as columns_module
from lwf_gui.exports import every_step
from lwf_gui.messages import Branch, LiveSettingsApplied
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import settings_of
from lwf_gui.runs.settings_over_time import settings_over_time
from tests.runs import five, synthetic

Row = dict[str, str]


def table(record: Record, folder: Path) -> list[Row]:
    """Return the rows of the CSV file by the names of its columns, without what stands in brackets."""
    every_step.write_csv(record, folder / "run.csv")
    with (folder / "run.csv").open(encoding="utf-8", newline="") as file:
        return [{name.partition(" [")[0]: cell for name, cell in row.items()} for row in csv.DictReader(file)]


def lines(record: Record, folder: Path) -> list[dict[str, Any]]:
    every_step.write_jsonl(record, folder / "run.jsonl")
    return [json.loads(line) for line in (folder / "run.jsonl").read_text("utf-8").splitlines()]


def at(rows: list[Row], learner: str, task: int, step: int, phase: str = "incremental") -> Row:
    (row,) = [
        row
        for row in rows
        if (row["phase"], row["task"], row["step"], row["learner"]) == (phase, str(task), str(step), learner)
    ]
    return row


def right_by_hand(logits: NDArray[np.float32], units: range, among: range) -> float:
    """Return the fraction of the probe images of some units whose largest logit, among others, is their own."""
    chosen = [image for image, label in enumerate(synthetic.PROBE_LABELS) if label in units]
    taken = [among[int(np.argmax(logits[image, among.start : among.stop]))] for image in chosen]
    return sum(bool(unit == synthetic.PROBE_LABELS[image]) for unit, image in zip(taken, chosen, strict=True)) / len(
        chosen
    )


def test_a_learner_has_one_row_at_every_step(tmp_path: Path) -> None:
    rows = table(synthetic.record(), tmp_path)
    assert len(rows) == synthetic.TASK1_STEPS + 1 + 2 * (synthetic.TASK2_STEPS + 1)
    keys = [(row["phase"], row["task"], row["step"], row["learner"]) for row in rows]
    assert len(set(keys)) == len(keys)


def test_losses_are_read_back_to_the_last_bit(tmp_path: Path) -> None:
    record = synthetic.record()
    rows = table(record, tmp_path)
    assert record.incremental is not None
    for term, place in (("ce", 0), ("kd", 1), ("kl", 2), ("total", 3)):
        for step in (1, 10, 30):
            told = np.float32(at(rows, "lwf", 2, step)[f"loss_{term}"])
            assert told == record.incremental.losses.values[step - 1, 1, place]
    assert at(rows, "lwf", 2, 0)["loss_total"] == ""


def test_accuracies_are_those_of_the_logits_under_both_protocols(tmp_path: Path) -> None:
    rows, logits = table(synthetic.record(), tmp_path), synthetic.logits(2, 10 + 15)[1].astype(np.float32)
    row = at(rows, "lwf", 2, 15)
    old, new, all_units = range(3), range(3, 5), range(5)
    for task, units in ((1, old), (2, new)):
        aware, incremental = (right_by_hand(logits, units, among) for among in (units, all_units))
        assert float(row[f"probe_accuracy_task_{task}_task_aware"]) == aware
        assert float(row[f"probe_accuracy_task_{task}_class_incremental"]) == incremental
    assert at(rows, "lwf", 2, 16)["probe_accuracy_task_1_task_aware"] == "", "between two looks nothing is known"


def test_full_tests_and_layers_stand_at_their_steps(tmp_path: Path) -> None:
    rows, looked = table(synthetic.record(), tmp_path), synthetic.layer_probe(15)
    score = synthetic.evaluated(2).scores["fine-tune"]
    row = at(rows, "fine-tune", 2, 20)
    assert float(row["test_accuracy_task_1_task_aware"]) == score.task_aware[0] / 1200
    assert float(row["test_accuracy_task_2_class_incremental"]) == score.class_incremental[1] / 80
    assert float(row["test_accuracy_of_own_teacher_task_1_task_aware"]) == score.teacher[0] / 1200
    assert np.float32(at(rows, "lwf", 2, 15)["pull_cosine_fc2"]) == looked.forces[1, 1, 2]
    assert np.float32(at(rows, "lwf", 2, 15)["moved_classifier"]) == looked.moved[1, 2]
    assert at(rows, "lwf", 2, 0)["pull_new_fc1"] == "", "nothing pulls before the first step"


def test_the_first_teacher_has_rows_of_its_own(tmp_path: Path) -> None:
    row = at(table(synthetic.record(), tmp_path), "teacher", 1, synthetic.TASK1_STEPS, "base")
    assert float(row["test_accuracy_task_1_task_aware"]) == round(0.95 * 1200) / 1200
    assert float(row["learning_rate"]) == synthetic.RECIPE.task1.lr
    assert row["probe_accuracy_task_2_task_aware"] == "", "a task that is still to come has no figure"


def test_where_a_task_ends_what_is_learnt_and_what_is_seen_as_the_head_grows_are_two_rows(tmp_path: Path) -> None:
    rows = table(five.record(), tmp_path)
    ended, begun = at(rows, "lwf", 2, 10), at(rows, "lwf", 3, 10)
    assert ended["loss_total"] != "" == begun["loss_total"]
    assert ended["probe_accuracy_task_1_task_aware"] == "" != begun["probe_accuracy_task_1_task_aware"]
    assert float(ended["test_accuracy_task_2_task_aware"]) == five.evaluated(1, 2, 10).scores["lwf"].task_aware[1] / 50
    assert float(begun["test_accuracy_task_3_task_aware"]) == five.evaluated(2, 0, 10).scores["lwf"].task_aware[2] / 150
    assert (ended["epoch"], begun["epoch"]) == ("2", "0")


def test_rows_that_are_made_in_parts_are_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = table(five.record(), tmp_path)
    monkeypatch.setattr(columns_module, "MOST_STEPS", 3)
    assert table(five.record(), tmp_path) == whole


def test_a_setting_stands_in_the_rows_of_the_steps_that_it_made(tmp_path: Path) -> None:
    rows = table(synthetic.record(), tmp_path)
    assert [at(rows, "lwf", 2, step)["lwf.alpha"] for step in (1, 10, 11)] == ["1", "1", "2"]
    assert at(rows, "fine-tune", 2, 11)["lwf.alpha"] == "", "fine-tuning has no alpha"


def test_settings_over_time_are_those_of_every_single_step() -> None:
    record = synthetic.record()
    assert record.incremental is not None
    one = Branch(branch_name("lwf", 1, 12), "lwf", 12, {"alpha": 3.0})
    two = Branch(branch_name("lwf", 2, 18), one.learner, 18, {"alpha": 3.0, "temperature": 5.0})
    early = Branch(branch_name("lwf", 3, 6), two.learner, 6, {"lr": 0.5})
    names = (*synthetic.LEARNERS, one.learner, two.learner, early.learner)
    record.incremental.started = replace(record.incremental.started, learners=names, branches=(one, two, early))
    held = LiveSettings(**asdict(synthetic.RECIPE.live_settings()) | {"lr": 0.3})
    record.marks.append(LiveSettingsApplied(1, 25, held, ("lr",), "user", two.learner))
    for name in names:
        timeline = settings_over_time(record, name)
        for step in range(synthetic.TASK2_STEPS + 1):
            found = [settings for first, settings in timeline if first <= step][-1]
            assert found == settings_of(record, name, step), (name, step)


def test_headings_say_unit_protocol_images_and_data(tmp_path: Path) -> None:
    every_step.write_csv(synthetic.record(), tmp_path / "run.csv")
    heading = (tmp_path / "run.csv").read_text("utf-8").splitlines()[0]
    assert "loss_kd [nats per image]" in heading
    assert "probe_accuracy_task_1_class_incremental [fraction of 24 probe images of digits]" in heading
    assert "test_accuracy_task_2_task_aware [fraction of 80 test images of digits]" in heading
    record = synthetic.record()
    unsaid = [column.name for column in every_step.columns_of(record) if not column.unit]
    assert unsaid == ["data", "seed", "phase", "learner", "method"]


def test_lines_of_json_hold_what_the_table_holds(tmp_path: Path) -> None:
    head, *told = lines(five.record(), tmp_path)
    rows = table(five.record(), tmp_path)
    assert len(told) == len(rows)
    for line, row in zip(told, rows, strict=True):
        assert {name: cell for name, cell in row.items() if cell} == {
            name: value if isinstance(value, str) else row[name] for name, value in line.items()
        }
        assert all(float(row[name]) == value for name, value in line.items() if not isinstance(value, str))
    assert head["columns"].keys() == rows[0].keys()
    assert (head["data"], head["seed"]) == ("digits", 0)
    assert head["columns"]["test_accuracy_task_5_task_aware"] == {
        "unit": "fraction",
        "protocol": "task-aware",
        "images": 1000,
        "of": "test",
    }


def test_no_name_is_a_formula_or_breaks_a_line(tmp_path: Path) -> None:
    record = synthetic.record()
    assert record.data is not None
    assert record.incremental is not None
    record.data = replace(record.data, dataset='=HYPERLINK("x")\r\n,@y')
    rows = table(record, tmp_path)
    assert {row["data"] for row in rows} == {'\'=HYPERLINK("x")\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER},@y'}
    head, first, *_ = lines(record, tmp_path)
    assert first["data"] == head["data"] == rows[0]["data"][1:]


def test_what_is_not_known_is_no_number(tmp_path: Path) -> None:
    record = synthetic.record()
    assert record.incremental is not None
    record.incremental.losses.values[4:, 0] = np.nan
    row = at(table(record, tmp_path), "fine-tune", 2, 5)
    assert row["loss_total"] == ""
    assert "NaN" not in (tmp_path / "run.csv").read_text("utf-8") + json.dumps(lines(record, tmp_path))


def test_without_a_step_there_is_nothing_to_write(tmp_path: Path) -> None:
    for write in (every_step.write_csv, every_step.write_jsonl):
        with pytest.raises(InputError, match="nothing to write yet"):
            write(Record(), tmp_path / "run")
    assert list(tmp_path.iterdir()) == []
