"""The report: the record's numbers under their protocols, in a page that every browser reads."""

from __future__ import annotations

import json
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from lwf_gui import paths
from lwf_gui.documents import files
from lwf_gui.exports import report
from lwf_gui.messages import Finished
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from tests.runs import synthetic

VOID = {"meta", "br", "hr", "img", "link"}


class Page(HTMLParser):
    """Takes a page apart; every element must be closed where HTML wants it."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self.feed(text)
        self.close()
        assert self.open == [], f"not closed: {self.open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if data.strip():
            self.texts.append((self.open[-1] if self.open else "", data.strip()))

    def all(self, tag: str) -> list[str]:
        """Return the texts of all elements of a kind."""
        return [text for where, text in self.texts if where == tag]


@pytest.fixture
def page(tmp_path: Path) -> Page:
    report.write(synthetic.record(), tmp_path)
    return Page((tmp_path / report.REPORT).read_text("utf-8"))


def test_table_holds_the_last_epochs_percentages_by_protocol() -> None:
    heading, rows = report.table(synthetic.record())
    assert heading[1:] == (
        "task-aware, old / new in %",
        "class-incremental, old / new in %",
        "task-aware, old since head expansion in points",
    )
    assert rows == [
        (label_of("fine-tune"), "30.0 / 90", "20.0 / 85", "-60.0"),
        (label_of("lwf"), "87.0 / 90", "77.0 / 85", "-3.0"),
    ]


def test_page_holds_the_table_and_names_both_protocols(page: Page) -> None:
    heading, rows = report.table(synthetic.record())
    assert page.all("th") == list(heading)
    assert page.all("td") == [cell for row in rows for cell in row]
    said = " ".join(text for _, text in page.texts)
    assert "task-aware" in said
    assert "class-incremental" in said
    assert "1,200 old-task and 80 new-task test images" in said
    assert "teacher 95.0 % right on the old task (task-aware)" in said
    assert "seed 0" in said
    assert json.loads(page.all("pre")[0]) == synthetic.RECIPE.model_dump(mode="json")
    (chart,) = [text for text in page.all("h2") if text.startswith("Accuracy")]
    assert chart.endswith("task-aware")


def test_chart_has_a_curve_per_learner_and_task_at_the_right_height(page: Page) -> None:
    curves = [attributes for tag, attributes in page.seen if tag == "polyline"]
    assert len(curves) == 4
    assert [bool(curve.get("stroke-dasharray")) for curve in curves] == [False, True, False, True]
    assert page.all("text")[:5] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    ticks = [float(str(attributes["y1"])) for tag, attributes in page.seen if tag == "line"]
    bottom, top = ticks[0], ticks[-1]
    _, percent = accuracy_series(synthetic.record(), "lwf", "old", "task_aware")
    points = str(curves[2]["points"]).split()
    heights = [100 * (bottom - float(point.split(",")[1])) / (bottom - top) for point in points]
    assert heights == pytest.approx(list(percent), abs=0.1)


def test_page_needs_nothing_from_elsewhere(page: Page) -> None:
    assert not {"script", "link", "img", "iframe"} & {tag for tag, _ in page.seen}


def test_names_from_outside_cannot_break_the_page(tmp_path: Path) -> None:
    messages = [*synthetic.task1(), *synthetic.task2()]
    data = synthetic.data_ready()
    messages[0] = replace(data, dataset="<b>mine", source="directory /tmp/<script>&$title")
    report.write(synthetic.record(messages), tmp_path)
    page = Page((tmp_path / report.REPORT).read_text("utf-8"))
    assert not {"b", "script"} & {tag for tag, _ in page.seen}
    assert any("<b>mine (directory /tmp/<script>&$title)" in text for text in page.all("p"))


def test_folder_holds_report_result_and_run(tmp_path: Path) -> None:
    record, folder = synthetic.record(), tmp_path / "made" / "here"
    report.write(record, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["report.html", "result.json", "run.lwfrun"]
    assert isinstance(record.outcome, Finished)
    diverged = {"fine-tune": None, "lwf": None}
    assert json.loads((folder / report.RESULT).read_text("utf-8")) == {**record.outcome.summary, "diverged": diverged}
    assert report.table(files.load(folder / report.RUN)) == report.table(record)


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
    with pytest.raises(OSError, match=r"report\.html"):
        report.write(synthetic.record(), tmp_path / "out")
    assert not (tmp_path / "out").exists(), "the page is made before anything is written"


def test_record_without_evaluation_has_an_empty_table() -> None:
    assert report.table(Record())[1] == []
    assert report.about(Record()) == "Nothing was run yet."


def test_run_that_was_stopped_is_told_without_times() -> None:
    said = report.about(synthetic.up_to_step(10))
    assert "teacher 95.0 %" in said
    assert "samples/s" not in said
