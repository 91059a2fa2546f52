"""An exported folder: whole or not at all, never over other files, and described by RO-Crate metadata that holds."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from lwf_gui import InputError, __version__
from lwf_gui.documents import files
from lwf_gui.exports import folder as exported
from lwf_gui.runs.record import Record
from tests.runs import synthetic
from tests.runs.test_files import assert_equal_records

METADATA = "ro-crate-metadata.json"


def metadata(folder: Path) -> dict[str, Any]:
    """Return the entities of the metadata file by their names within it."""
    told = json.loads((folder / METADATA).read_text("utf-8"))
    assert told["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in told["@graph"]}
    assert len(entities) == len(told["@graph"]), "no name stands for two"
    return entities


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    exported.write(synthetic.record(), tmp_path / "export")
    return tmp_path / "export"


def test_folder_holds_the_run_and_all_that_it_can_be_read_as(folder: Path) -> None:
    names = {file.name for file in folder.iterdir()}
    assert names == {METADATA, *(part.name for part in exported.PARTS)} - {"script.py"}, "no script is of a made up run"
    assert_equal_records(files.load(folder / "run.lwfrun"), synthetic.record())
    assert [file.name for file in folder.parent.iterdir()] == ["export"], "nothing is left beside it"


def test_metadata_name_every_file_with_its_form_size_and_checksum(folder: Path) -> None:
    told = metadata(folder)
    parts = {part["@id"] for part in told["./"]["hasPart"]}
    assert parts == {file.name for file in folder.iterdir()} - {METADATA}
    for name in parts:
        content, entity = (folder / name).read_bytes(), told[name]
        assert entity["@type"] == "File"
        assert entity["sha256"] == hashlib.sha256(content).hexdigest()
        assert entity["contentSize"] == str(len(content))
        assert "/" in entity["encodingFormat"]
        assert entity["description"].endswith(".")


def test_metadata_are_what_ro_crate_wants(folder: Path) -> None:
    told = metadata(folder)
    assert told[METADATA] == {
        "@id": METADATA,
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    root = told["./"]
    assert root["@type"] == "Dataset"
    assert datetime.fromisoformat(root["datePublished"]).tzinfo is not None
    assert told[root["license"]["@id"]]["name"] == "Not chosen yet"
    action = told[root["mentions"]["@id"]]
    program = told[action["instrument"]["@id"]]
    assert (program["@type"], program["softwareVersion"]) == ("SoftwareApplication", __version__)
    assert action["result"] == root["hasPart"]
    pointed = [value["@id"] for entity in told.values() for value in entity.values() if isinstance(value, dict)]
    assert {name for name in pointed if not name.startswith("https:")} <= told.keys()


def test_a_name_of_data_is_plain_text_in_metadata(tmp_path: Path) -> None:
    record = synthetic.record()
    assert record.data is not None
    record.data = replace(record.data, dataset='"}\n\N{RIGHT-TO-LEFT OVERRIDE}x')
    exported.write(record, tmp_path / "export")
    assert metadata(tmp_path / "export")["./"]["name"].startswith('A run of LwF Lab on "}\N{REPLACEMENT CHARACTER}')


def test_metadata_say_nothing_of_this_machine(tmp_path: Path) -> None:
    record = synthetic.record()
    assert record.data is not None
    record.data = replace(record.data, source="cache /home/someone/.cache/lwf-gui")
    exported.write(record, tmp_path / "export")
    text = (tmp_path / "export" / METADATA).read_text("utf-8")
    assert "someone" not in text
    assert str(tmp_path) not in text


def test_a_run_that_is_not_finished_gives_what_it_has(tmp_path: Path) -> None:
    """The page and the results come with the second task: at the head expansion there are none yet."""
    later = {"report.html", "results.md", "results.tex"}
    for step, missing in ((0, later), (15, set[str]())):
        exported.write(synthetic.up_to_step(step), tmp_path / "export")
        names = {file.name for file in (tmp_path / "export").iterdir()}
        assert names == {METADATA, *(part.name for part in exported.PARTS)} - missing - {"script.py"}
        assert not missing & metadata(tmp_path / "export").keys()


def test_an_earlier_export_is_replaced_and_an_empty_folder_filled(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for place in (folder, tmp_path / "empty"):
        exported.write(synthetic.up_to_step(0), place)
        assert not (place / "report.html").exists()
        assert (place / METADATA).exists()


@pytest.mark.parametrize("name", ["thesis.docx", "run.lwfrun", METADATA + "x"])
def test_a_folder_with_other_files_is_left_as_it_is(tmp_path: Path, name: str) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / name).write_text("mine")
    with pytest.raises(InputError, match="holds other files: name a folder that is new or empty"):
        exported.write(synthetic.record(), tmp_path / "mine")
    assert [file.read_text() for file in (tmp_path / "mine").iterdir()] == ["mine"]


def test_one_more_file_in_an_export_makes_it_the_users(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(InputError, match="holds other files"):
        exported.write(synthetic.record(), folder)
    assert (folder / "notes.txt").read_text() == "mine"


def test_a_file_in_its_place_is_left(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(InputError, match="is a file"):
        exported.write(synthetic.record(), tmp_path / "file")


def test_what_fails_half_way_leaves_the_earlier_export(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = {file.name: file.read_bytes() for file in folder.iterdir()}

    def full(record: Record, path: Path) -> None:
        raise OSError(28, "No space left on device", str(path))

    parts = (*exported.PARTS[:-1], replace(exported.PARTS[-1], write=full))
    monkeypatch.setattr(exported, "PARTS", parts)
    with pytest.raises(OSError, match="No space left"):
        exported.write(synthetic.record(), folder)
    assert {file.name: file.read_bytes() for file in folder.iterdir()} == before
    assert [file.name for file in folder.parent.iterdir()] == ["export"]


def test_without_a_step_there_is_nothing_to_write(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing to write yet"):
        exported.write(Record(), tmp_path / "export")
    assert list(tmp_path.iterdir()) == []
