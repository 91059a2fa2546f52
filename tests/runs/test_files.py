"""Run files: an equal record comes back, and nothing else is taken for a run."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from lwf_gui import InputError, paths
from lwf_gui.documents import files, writing
from lwf_gui.messages import Probe
from lwf_gui.runs.record import Record
from tests.runs import synthetic


def assert_equal(first: Any, second: Any) -> None:
    """Compare messages to the last bit, arrays with their type."""
    assert type(first) is type(second)
    if isinstance(first, np.ndarray):
        assert first.dtype == second.dtype
        np.testing.assert_array_equal(first, second)
    elif is_dataclass(first):
        for item in fields(first):
            assert_equal(getattr(first, item.name), getattr(second, item.name))
    else:
        assert first == second


def assert_equal_records(first: Record, second: Record) -> None:
    for one, other in zip(first.messages(), second.messages(), strict=True):
        assert_equal(one, other)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    path = tmp_path / "run.lwfrun"
    files.save(synthetic.record(), path)
    return path


def test_every_column_and_message_comes_back(saved: Path) -> None:
    record, loaded = synthetic.record(), files.load(saved)
    assert_equal_records(record, loaded)
    for phase, track in record.tracks.items():
        for protocol, column in track.right.items():
            np.testing.assert_array_equal(loaded.tracks[phase].right[protocol].values, column.values)
    assert loaded.base is not None
    padded = loaded.base.probes[0].logits[..., synthetic.OLD :]
    assert padded.dtype == np.float16
    assert np.isneginf(padded).all(), "classes without an output unit yet"


@pytest.mark.parametrize("count", [1, 2, 3, 5, 9, 11, 14])
def test_run_cut_short_comes_back_too(tmp_path: Path, count: int) -> None:
    record = synthetic.record([*synthetic.task1(), *synthetic.task2()][:count])
    files.save(record, tmp_path / "part.lwfrun")
    assert_equal_records(record, files.load(tmp_path / "part.lwfrun"))


def test_second_generation_equals_the_first(saved: Path, tmp_path: Path) -> None:
    files.save(files.load(saved), tmp_path / "again.lwfrun")
    assert_equal_records(files.load(saved), files.load(tmp_path / "again.lwfrun"))


def test_bundled_run_is_sound() -> None:
    record = files.load(paths.resources() / "runs" / "classroom.lwfrun")
    assert record.incremental is not None
    assert record.incremental.steps == record.incremental.started.steps
    assert record.evaluations[-1].step == record.incremental.steps
    assert all(isinstance(probe, Probe) and probe.teacher is not None for probe in record.incremental.probes)


def refusal(path: Path) -> str:
    with pytest.raises(InputError) as caught:
        files.load(path)
    sentence = str(caught.value)
    assert str(path) in sentence
    assert sentence.endswith(".")
    assert "\n" not in sentence
    return sentence


def test_file_cut_at_any_place_is_refused(saved: Path, tmp_path: Path) -> None:
    content = saved.read_bytes()
    for length in (0, 1, 7, 8, 100, len(content) // 2, len(content) - 1):
        part = tmp_path / f"{length}.lwfrun"
        part.write_bytes(content[:length])
        refusal(part)


def test_foreign_files_are_refused(tmp_path: Path) -> None:
    for name, content in (("a.txt", b"no run"), ("b.png", b"\x89PNG\r\n\x1a\n" + bytes(200)), ("c", bytes(5000))):
        (tmp_path / name).write_bytes(content)
        assert "is not a sound run file" in refusal(tmp_path / name)
    save_file({"weights": np.zeros(3)}, tmp_path / "teacher.safetensors")
    assert "is not a sound run file" in refusal(tmp_path / "teacher.safetensors")


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    refusal(tmp_path / "nothing.lwfrun")
    refusal(tmp_path)


def rewrite(path: Path, change: Callable[[dict[str, str], dict[str, Any]], None]) -> None:
    """Change metadata and arrays of a run file."""
    with safe_open(path, framework="numpy") as file:
        about = dict(file.metadata() or {})
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
    change(about, arrays)
    save_file(arrays, path, about)


def test_file_of_a_later_version_is_told_from_a_damaged_one(saved: Path) -> None:
    rewrite(saved, lambda about, arrays: about.update(format=str(files.FORMAT + 1)))
    assert "was written by a later version" in refusal(saved)
    rewrite(saved, lambda about, arrays: about.update(format=str(min(files.MIGRATIONS) - 1)))
    assert "was written by an earlier version" in refusal(saved)


def told(change: Callable[[list[dict[str, Any]]], None]) -> Callable[[dict[str, str], dict[str, Any]], None]:
    """Return a change of the file's messages."""

    def edit(about: dict[str, str], arrays: dict[str, Any]) -> None:
        messages = json.loads(about["messages"])
        change(messages)
        about["messages"] = json.dumps(messages)

    return edit


def set_recipe(messages: list[dict[str, Any]]) -> None:
    messages[0]["recipe"]["lwf"]["alpha"] = -1


DAMAGE: dict[str, Callable[[dict[str, str], dict[str, Any]], object]] = {
    "no format": lambda about, arrays: about.pop("format"),
    "format is no number": lambda about, arrays: about.update(format="one"),
    "no messages": lambda about, arrays: about.pop("messages"),
    "messages are no JSON": lambda about, arrays: about.update(messages="{"),
    "messages are no list": lambda about, arrays: about.update(messages="3"),
    "an array is missing": lambda about, arrays: arrays.pop("Steps.incremental.losses"),
    "probes are missing": lambda about, arrays: arrays.pop("Probe.incremental.logits"),
    "a probe too few": lambda about, arrays: arrays.update(
        {"Probe.incremental.logits": arrays["Probe.incremental.logits"][:-1]}
    ),
    "losses of another shape": lambda about, arrays: arrays.update(
        {"Steps.incremental.losses": arrays["Steps.incremental.losses"][:, 0]}
    ),
    "unknown message": told(lambda messages: messages[0].update(type="Surprise")),
    "message without its fields": told(lambda messages: messages[1].pop("learners")),
    "message with a field too many": told(lambda messages: messages[1].update(colour="red")),
    "messages out of order": told(lambda messages: messages.reverse()),
    "recipe out of range": told(set_recipe),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_damaged_content_is_refused(saved: Path, damage: Callable[[dict[str, str], dict[str, Any]], object]) -> None:
    rewrite(saved, lambda about, arrays: (damage(about, arrays), None)[1])
    assert "is not a sound run file" in refusal(saved)


def test_earlier_file_stays_where_a_new_one_cannot_be_written(
    saved: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = saved.read_bytes()

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "write", full)
    with pytest.raises(OSError, match="No space"):
        files.save(synthetic.record(), saved)
    assert saved.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["run.lwfrun"]


def test_one_other_bit_anywhere_in_a_run_file_is_found_out(tmp_path: Path) -> None:
    path = tmp_path / "run.lwfrun"
    files.save(synthetic.record(), path)
    content = path.read_bytes()
    for place in np.linspace(len(content) // 3, len(content) - 1, 25, dtype=int).tolist():
        path.write_bytes(content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :])
        with pytest.raises(InputError, match="is not a sound run file"):
            files.load(path)
    path.write_bytes(content)
    assert_equal_records(files.load(path), synthetic.record())
