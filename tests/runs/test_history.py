"""The history of runs on disk, and the outlines that stand beside them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lwf_gui.documents import files, history, writing
from lwf_gui.exports import final, outline
from lwf_gui.exports.outline import NO_POINT, POINTS
from lwf_gui.runs.record import Record
from tests.runs import five, synthetic
from tests.runs.test_files import assert_equal_records


def outlined(record: Record) -> outline.Outline:
    return outline.outline_of(record, "digits")


def test_the_newest_run_comes_first_and_comes_back_whole(tmp_path: Path) -> None:
    record = synthetic.record()
    first = history.keep(tmp_path, record, "first")
    second = history.keep(tmp_path, synthetic.record(), "second")
    assert [(entry.path, entry.about) for entry in history.entries(tmp_path)] == [(second, "second"), (first, "first")]
    assert history.newest(tmp_path) == second
    assert_equal_records(files.load(first), record)


def test_the_oldest_go_where_there_are_too_many_or_too_large_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(history, "MOST", 3)
    made = [history.keep(tmp_path, synthetic.record(), str(number)) for number in range(5)]
    assert [entry.path for entry in history.entries(tmp_path)] == made[:1:-1]
    monkeypatch.setattr(history, "MOST_BYTES", made[-1].stat().st_size * 2)
    last = history.keep(tmp_path, synthetic.record(), "last")
    assert [entry.path for entry in history.entries(tmp_path)] == [last, made[-1]]
    assert len(list(tmp_path.iterdir())) == 4, "texts go with their runs"
    monkeypatch.setattr(history, "MOST_BYTES", 1)
    alone = history.keep(tmp_path, synthetic.record(), "")
    assert [entry.path for entry in history.entries(tmp_path)] == [alone], "the newest stays"


def test_a_run_that_cannot_be_written_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write", full)
    with pytest.raises(OSError, match="No space"):
        history.keep(tmp_path, synthetic.record(), "text")
    assert not list(tmp_path.iterdir())


def test_other_files_in_the_folder_are_let_alone(tmp_path: Path) -> None:
    for name in ("mine.lwfrun", "000001-12345678.json", "000001-xxxxxxxx.lwfrun"):
        (tmp_path / name).write_text("mine")
    history.keep(tmp_path, synthetic.record(), "")
    assert len(history.entries(tmp_path)) == 1
    assert (tmp_path / "mine.lwfrun").read_text() == "mine"


@pytest.mark.parametrize("record", [synthetic.record(), five.record()], ids=["two tasks", "five tasks"])
def test_an_outline_has_the_final_figures_and_comes_back(record: Record) -> None:
    made = outlined(record)
    heading, rows = final.table(record)
    assert (made.heading, made.rows) == (heading, tuple(rows))
    assert outline.read(outline.text_of(made)) == made


def test_a_curve_of_an_outline_is_the_old_tasks_accuracy_on_the_probe_images() -> None:
    record = synthetic.record()
    curve = outlined(record).curves["lwf"]
    track = record.incremental
    assert track is not None
    old = synthetic.PROBE_LABELS < synthetic.OLD
    for probe, place in ((track.probes[0], 0), (track.probes[-1], POINTS - 1)):
        answers = np.asarray(probe.logits[1][old, : synthetic.OLD], np.float64).argmax(axis=1)
        assert curve[place] == round(100 * float((answers == synthetic.PROBE_LABELS[old]).mean()))
    stopped = outlined(synthetic.up_to_step(15)).curves["lwf"]
    assert stopped[0] == curve[0]
    assert stopped[-1] == NO_POINT


def change(**values: Any) -> str:
    told = json.loads(outline.text_of(outlined(synthetic.record()))) | values
    return json.dumps({key: value for key, value in told.items() if value != "missing"})


@pytest.mark.parametrize(
    "text",
    [
        *("", "{", "[]", "3", "[" * 10_000, json.dumps({"version": 2})),
        change(version=2),
        change(preset="missing"),
        change(colour="red"),
        change(preset="\u202e"),
        change(preset="x" * 300),
        change(seed=True),
        change(rows=[["too", "short"]]),
        change(learners=["lwf"] * 100),
        change(curves={"lwf": [1] * (POINTS - 1)}),
        change(curves={"lwf": [101] * POINTS}),
        change(curves={"lwf": [0.5] * POINTS}),
        change(curves={"nobody": [1] * POINTS}),
    ],
)
def test_an_unsound_outline_is_none(text: str) -> None:
    assert outline.read(text) is None
