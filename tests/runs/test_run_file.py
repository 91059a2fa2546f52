"""Run files of format 5: provenance, notes and the teacher's digest come back, and no folder of the machine is told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from safetensors import safe_open

from lwf_gui.documents import files
from lwf_gui.exports import player
from lwf_gui.messages import MOST_NOTED, DataReady, Failed, Finished, Message, Notes, Provenance, TeacherReady
from lwf_gui.runs.private import names_a_path, without_paths
from lwf_gui.runs.provenance import UNKNOWN, provenance_text
from lwf_gui.runs.record import Record
from tests.runs import synthetic
from tests.runs.test_files import assert_equal_records, refusal, rewrite, told

GOLDEN = Path(__file__).parent / "golden" / "format-4.lwfrun"
FOLDER = "/home/somebody/my images"
DIGEST = "0123456789abcdef" * 4
PROVENANCE = Provenance(
    1, "2026-03-01T09:30:00+00:00", {"lwf-gui": "0.9", "torch": "2.13.0"}, "Linux x86_64", "A <b>processor</b>", 2, 2
)
NOTES = "First line, with <b> & äöü.\n\n  Third line."


def messages() -> list[Message]:
    """Return a run on a folder of images, with all that format 5 can say of it."""
    recipe = synthetic.RECIPE.with_settings({"data.dataset": FOLDER})
    made: list[Message] = []
    for message in [*synthetic.task1(), *synthetic.task2()]:
        match message:
            case DataReady():
                made.append(replace(message, recipe=recipe, source=f"directory {FOLDER}", note=f"See {FOLDER}/a."))
                made += [PROVENANCE, Notes(1, NOTES)]
            case TeacherReady():
                made.append(replace(message, digest=DIGEST))
            case Finished():
                more = {"recipe": recipe.model_dump(mode="json"), "source": f"directory {FOLDER}", "note": "None."}
                made.append(replace(message, summary={**message.summary, **more}))
            case _:
                made.append(message)
    return made


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "run.lwfrun"
    files.save(synthetic.record(messages()), path)
    return path


def test_provenance_notes_and_digest_come_back(saved: Path) -> None:
    record = files.load(saved)
    assert record.provenance == PROVENANCE
    assert record.notes == NOTES
    assert record.teacher is not None
    assert record.teacher.digest == DIGEST
    assert provenance_text(record).startswith("Run on 2026-03-01, 09:30 UTC; with lwf-gui 0.9, torch 2.13.0; on Linux")
    assert "2 cores, 2 threads" in provenance_text(record)


def test_no_folder_of_the_machine_is_in_a_file_that_is_handed_on(saved: Path) -> None:
    assert b"somebody" not in saved.read_bytes()
    data = files.load(saved).data
    assert data is not None
    assert (data.source, data.recipe.data.dataset, data.note) == ("directory", "auto", "")


def test_a_file_for_this_machine_alone_comes_back_with_its_folder(tmp_path: Path) -> None:
    record = synthetic.record(messages())
    files.save(record, tmp_path / "own.lwfrun", own=True)
    assert_equal_records(record, files.load(tmp_path / "own.lwfrun"))


def test_where_a_fault_was_is_left_out() -> None:
    failed = Failed(1, "No such file: '/home/somebody/x'", 'File "/home/somebody/y.py"', bad_input=False)
    left = without_paths(failed)
    assert isinstance(left, Failed)
    assert "somebody" not in left.cause + left.traceback
    assert without_paths(Failed(1, "All learners diverged at step 3", "", bad_input=False)) == Failed(
        1, "All learners diverged at step 3", "", bad_input=False
    )


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("old / new", False),
        ("10 MB/s and 1/2", False),
        ("see /home/a", True),
        ("('/x')", True),
        (r"in C:\Users\me", True),
        (r"on \\server\share", True),
        ("~/images", True),
        ("https://example.org/a", False),
    ],
)
def test_a_path_in_a_sentence_is_found(text: str, told: bool) -> None:
    assert names_a_path(text) is told


def test_a_file_of_format_4_opens_and_says_no_folder() -> None:
    """The golden file was written by the last version of that format, on a folder of images."""
    assert b"somebody" in GOLDEN.read_bytes()
    with safe_open(GOLDEN, framework="numpy") as file:
        assert (file.metadata() or {})["format"] == "4"
    record = files.load(GOLDEN)
    data, outcome = record.data, record.outcome
    assert data is not None
    assert isinstance(outcome, Finished)
    assert (data.source, data.recipe.data.dataset, data.note) == ("directory", "auto", "")
    assert outcome.summary["recipe"]["data"]["dataset"] == "auto"
    assert [score.stored_bytes for score in record.evaluations[-1].scores.values()] == [0, 4096]
    assert (record.provenance, record.notes) == (None, "")
    assert provenance_text(record) == UNKNOWN
    assert record.incremental is not None
    known = synthetic.record().incremental
    assert known is not None
    assert record.incremental.losses.values.tobytes() == known.losses.values.tobytes()


def test_notes_may_come_after_the_end_as_in_a_journal(tmp_path: Path) -> None:
    record = Record()
    for message in (*messages(), Notes(1, "Later.")):
        record.apply(message)
    files.save(record, tmp_path / "run.lwfrun")
    assert files.load(tmp_path / "run.lwfrun").notes == "Later."


def of(kind: str, **values: Any) -> Callable[[dict[str, str], dict[str, Any]], None]:
    """Return a change of the message of a kind."""

    def change(entries: list[dict[str, Any]]) -> None:
        next(entry for entry in entries if entry["type"] == kind).update(values)

    return told(change)


@pytest.mark.parametrize(
    "change",
    [
        of("Provenance", began="yesterday"),
        of("Provenance", began="2026-03-01T09:30:00"),
        of("Provenance", cores=0),
        of("Provenance", threads=10**9),
        of("Provenance", versions={"torch": "2\n13"}),
        of("Provenance", versions={f"package {number}": "1" for number in range(100)}),
        of("Provenance", processor="\u202eOMA"),
        of("Notes", text="x" * (MOST_NOTED + 1)),
        of("Notes", text="bell \x07"),
        of("Notes", text=3),
        of("TeacherReady", digest="x" * 64),
        of("TeacherReady", digest=DIGEST + "0"),
    ],
)
def test_unsound_provenance_notes_and_digests_are_refused(
    saved: Path, change: Callable[[dict[str, str], dict[str, Any]], None]
) -> None:
    rewrite(saved, change)
    assert "is not a sound run file" in refusal(saved)


def test_the_page_tells_provenance_and_notes_as_plain_text() -> None:
    page = player.page(synthetic.record(messages()))
    assert "<p>First line, with &lt;b&gt; &amp; äöü.</p>" in page
    assert "A &lt;b&gt;processor&lt;/b&gt;" in page
    assert "/home/" not in page
