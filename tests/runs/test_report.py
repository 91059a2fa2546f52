"""The folder that a run leaves, and the tables of its final figures under their protocols."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.exports import final, player, report
from lwf_gui.messages import Finished
from lwf_gui.runs.names import label_of
from lwf_gui.runs.private import without_path
from lwf_gui.runs.record import Record
from tests.runs import five, synthetic


def test_table_holds_the_last_epochs_percentages_by_protocol() -> None:
    heading, rows = final.table(synthetic.record())
    assert heading[1:] == (
        "task-aware, old / new in %",
        "class-incremental, old / new in %",
        "task-aware, old since head expansion in points",
    )
    assert rows == [
        (label_of("fine-tune"), "30.0 / 90", "20.0 / 85", "-60.0"),
        (label_of("lwf"), "87.0 / 90", "77.0 / 85", "-3.0"),
    ]


def test_report_is_the_page_that_plays_with_the_table_and_the_recipe(tmp_path: Path) -> None:
    record = synthetic.record()
    report.write(record, tmp_path)
    page = (tmp_path / report.REPORT).read_text("utf-8")
    assert page == player.page(record)
    heading, rows = final.table(record)
    for cell in (*heading, *(cell for row in rows for cell in row)):
        assert f">{cell}</t" in page
    assert "1,200 old-task and 80 new-task test images" in page
    assert "teacher 95.0 % right on the old task (task-aware)" in page
    (recipe,) = re.findall("<pre>(.*?)</pre>", page, re.DOTALL)
    assert json.loads(html.unescape(recipe)) == synthetic.RECIPE.model_dump(mode="json")


def test_accuracy_matrices_of_five_tasks_are_those_of_the_counts() -> None:
    titles = [title for title, _, _ in final.accuracy_matrices(five.record())]
    assert len(titles) == 4
    _, heading, rows = list(final.accuracy_matrices(five.record()))[2]  # LwF, task-aware
    assert heading == ("", *(f"task {task}" for task in range(1, 6)))
    counts = [round(size * 0.9 ** (4 - task)) for task, size in enumerate(five.SIZES)]
    shares = [100 * count / size for count, size in zip(counts, five.SIZES, strict=True)]
    assert rows[4] == ("after task 5", *(f"{share:.0f}" for share in shares[:4]), f"{shares[4]:.1f}")
    assert rows[1][3:] == ("", "", "")


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("directory /home/anna/digits", "directory"),
        ("cache C:\\Users\\anna\\cache", "cache"),
        ("Debian package dataset-fashion-mnist", "Debian package dataset-fashion-mnist"),
    ],
)
def test_source_of_data_is_told_without_its_path(source: str, told: str) -> None:
    assert without_path(source) == told


def test_folder_holds_report_result_and_run(tmp_path: Path) -> None:
    record, folder = synthetic.record(), tmp_path / "made" / "here"
    report.write(record, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "result.json", "run.lwfrun"]
    assert isinstance(record.outcome, Finished)
    diverged = {"fine-tune": None, "lwf": None}
    assert json.loads((folder / report.RESULT).read_text("utf-8")) == {**record.outcome.summary, "diverged": diverged}
    assert final.table(files.load(folder / report.RUN)) == final.table(record)


def test_report_is_written_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / report.REPORT).write_text("the earlier one")
    real = Path.write_text

    def breaks(self: Path, text: str, *args: str) -> int:
        real(self, text[:100], *args)
        if text.startswith("<!doctype html>"):
            raise OSError(28, "No space left on device")
        return len(text)

    monkeypatch.setattr(Path, "write_text", breaks)
    with pytest.raises(OSError, match="No space"):
        report.write(synthetic.record(), tmp_path)
    assert (tmp_path / report.REPORT).read_text("utf-8") == "the earlier one"
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == [], "no half-written rest"


def test_nothing_that_cannot_be_told_is_left_in_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "resources", lambda: tmp_path / "gone")
    with pytest.raises(OSError, match=r"player\.css"):
        report.write(synthetic.record(), tmp_path / "out")
    assert not (tmp_path / "out").exists(), "the page is made before anything is written"


def test_record_without_evaluation_has_an_empty_table() -> None:
    assert final.table(Record())[1] == []
    assert final.about(Record()) == "Nothing was run yet."


def test_run_that_was_stopped_is_told_without_times() -> None:
    said = final.about(synthetic.up_to_step(10))
    assert "teacher 95.0 %" in said
    assert "samples/s" not in said
