"""Documents of a sweep, its table, and what is done of it again: counted once, whole or not at all."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from lwf_gui import InputError
from lwf_gui.documents import files
from lwf_gui.messages import Finished
from lwf_gui.sweep_run import Sweep
from lwf_gui.sweeps import results, slurm
from lwf_gui.sweeps.plan import Plan
from lwf_gui.sweeps.shelf import Shelf
from tests.sweeps.conftest import keep

Documents = Mapping[str, bytes]


def test_run_is_there_once_its_document_is_whole(tiny: Plan, documents: Documents, tmp_path: Path) -> None:
    shelf, (unit, _) = Shelf(tmp_path, tiny.versions), tiny.units
    assert shelf.record(unit) is None
    shelf.fail(unit, "a reason")
    assert shelf.failure(unit) == "a reason"
    shelf.add(unit, documents[unit.id])
    assert shelf.record(unit) is not None
    assert shelf.failure(unit) == "", "what failed before is forgotten"


def test_document_of_another_run_or_damaged_or_of_other_versions_is_refused(
    tiny: Plan, documents: Documents, tmp_path: Path
) -> None:
    unit, other = tiny.units
    with pytest.raises(InputError, match="holds another run than its name says"):
        Shelf(tmp_path, tiny.versions).add(unit, documents[other.id])
    with pytest.raises(InputError, match="is not a sound run file"):
        Shelf(tmp_path, tiny.versions).add(unit, documents[unit.id][:-9])
    with pytest.raises(InputError, match=r"was made with torch .* in place of 1\.0"):
        Shelf(tmp_path, {**tiny.versions, "torch": "1.0"}).add(unit, documents[unit.id])
    assert list((tmp_path / "runs").iterdir()) == [], "nothing is left"


def test_table_has_the_figures_of_the_documents_and_every_run_once(
    tiny: Plan, documents: Documents, tmp_path: Path
) -> None:
    keep(tiny, documents, tmp_path)
    assert Sweep(tiny, tmp_path, quiet=True).gathered() == 0
    with (tmp_path / results.CSV).open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["id"], row["learner"]) for row in rows] == [
        (unit.id, name) for unit in tiny.units for name in ("fine-tune", "lwf")
    ]
    for row in rows:
        record = files.load(tmp_path / "runs" / f"{row['id']}.lwfrun")
        assert isinstance(record.outcome, Finished)
        told = record.outcome.summary["learners"][row["learner"]]
        for protocol in ("task_aware", "class_incremental"):
            for figure in ("old", "new", "average"):
                assert float(row[f"{protocol}.{figure}"]) == told[protocol][figure]
        assert row["threads"] == "1"
        assert row["error"] == ""


def test_missing_and_failed_runs_are_said_and_the_failed_one_is_a_row(
    tiny: Plan, documents: Documents, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    done, failed = tiny.units
    keep(tiny, {done.id: documents[done.id]}, tmp_path)
    Shelf(tmp_path, tiny.versions).fail(failed, "no disk")
    sweep = Sweep(tiny, tmp_path, quiet=True)
    assert [unit.id for unit in sweep.missing()] == [failed.id]
    assert sweep.gathered() == 1
    assert "1 of 2 runs are done, 1 failed" in capsys.readouterr().err
    (row,) = [row for row in results.read(tmp_path) if row["id"] == failed.id]
    assert (row["error"], row["learner"], row["lwf.alpha"]) == ("no disk", "", "2.0")


def test_damaged_document_is_missing_and_said(
    tiny: Plan, documents: Documents, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    damaged = tiny.units[0].id
    keep(tiny, {**documents, damaged: documents[damaged][:1000]}, tmp_path)
    assert [unit.id for unit in Sweep(tiny, tmp_path, quiet=True).missing()] == [damaged]
    assert "It is done again." in capsys.readouterr().err


def test_parquet_has_the_same_table_where_it_can_be_written(tiny: Plan, documents: Documents, tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet", reason="the extra parquet is not installed")
    keep(tiny, documents, tmp_path)
    assert Sweep(tiny, tmp_path, quiet=True).gathered() == 0
    table, rows = parquet.read_table(tmp_path / results.PARQUET), results.read(tmp_path)
    assert table.column_names == list(rows[0])
    assert table.column("task_aware.old").to_pylist() == [float(row["task_aware.old"]) for row in rows]
    assert table.column("threads").to_pylist() == [int(row["threads"]) for row in rows]
    assert table.column("recipe").to_pylist() == [row["recipe"] for row in rows]


def test_slurm_script_has_a_line_for_every_run(tiny: Plan, tmp_path: Path) -> None:
    folder = tmp_path / "a place with 'signs"
    script = slurm.write(tiny, tiny.units, folder).read_text("utf-8")
    assert "#SBATCH --array=1-2\n" in script
    lines = (folder / slurm.COMMANDS).read_text("utf-8").splitlines()
    assert len(lines) == 2
    for line, unit in zip(lines, tiny.units, strict=True):
        assert line.startswith("test -e ")
        assert f"{unit.id}.lwfrun" in line
        assert " || lwf-gui run --quiet" in line


def test_learner_that_is_a_formula_stays_a_text_and_no_number_is_an_empty_cell(tiny: Plan) -> None:
    row = {"learner": "=1+1", "task_aware.old": None, "task_aware.new": 0.1}
    text = results.text_of(("learner", "task_aware.old", "task_aware.new"), [row])
    assert text.splitlines()[1] == "'=1+1,,0.1"


def test_plan_with_other_images_has_other_ids(tiny: Plan) -> None:
    other = replace(tiny, data=dict.fromkeys(tiny.data, "another"))
    assert other.unit(tiny.units[0].settings).id != tiny.units[0].id
