"""A set of runs as a folder: saved together, or not at all, and opened together."""

from __future__ import annotations

from pathlib import Path

import pytest

from lwf_gui.documents import files, folder
from lwf_gui.runs.seed_set import seed_of, set_of
from tests.runs.test_seed_set import run


def test_what_is_saved_together_is_one_set_when_it_is_opened(tmp_path: Path) -> None:
    there = tmp_path / "digits, 3 seeds"
    folder.save({seed: run(seed) for seed in (0, 1, 4)}, there)
    paths = folder.with_folders_open([there])
    assert [path.name for path in paths] == ["seed-0.lwfrun", "seed-1.lwfrun", "seed-4.lwfrun"]
    first, *others = map(files.load, paths)
    assert [seed_of(record) for record in set_of(first, others)] == [0, 1, 4]


def test_numbers_in_names_are_in_their_order_and_other_files_are_left_out(tmp_path: Path) -> None:
    for name in ("seed-10.lwfrun", "seed-9.lwfrun", "notes.txt", "a.lwfrun", "seed-1.LWFRUN"):
        (tmp_path / name).touch()
    (tmp_path / "folder.lwfrun").mkdir()
    assert [path.name for path in folder.runs_in(tmp_path)] == [
        "seed-1.LWFRUN",
        "seed-9.lwfrun",
        "seed-10.lwfrun",
        "a.lwfrun",
    ]


def test_a_name_that_is_taken_gets_a_number(tmp_path: Path) -> None:
    assert folder.new_folder(tmp_path, "run").name == "run"
    (tmp_path / "run").mkdir()
    (tmp_path / "run (2)").symlink_to(tmp_path / "nowhere")
    assert folder.new_folder(tmp_path, "run").name == "run (3)"


def test_nothing_is_left_of_what_could_not_be_written_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save, there = files.save, tmp_path / "run"

    def full(record: object, path: Path) -> None:
        if path.name == "seed-1.lwfrun":
            raise OSError(28, "No space left on device")
        save(record, path)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "save", full)
    with pytest.raises(OSError, match="No space"):
        folder.save({0: run(0), 1: run(1)}, there)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_without_runs_and_what_is_no_folder_stay_to_be_refused_by_name(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("nothing")
    asked = [tmp_path, file, tmp_path / "missing", Path("a\0b"), Path("n" * 5000)]
    assert folder.with_folders_open(asked) == asked


def test_a_folder_of_folders_is_what_many_seeds_leave_in_the_terminal(tmp_path: Path) -> None:
    for seed in (0, 1, 10):
        (tmp_path / f"seed-{seed}").mkdir()
        (tmp_path / f"seed-{seed}" / "run.lwfrun").touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [path.parent.name for path in folder.runs_in(tmp_path)] == ["seed-0", "seed-1", "seed-10"]
