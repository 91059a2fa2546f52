"""The comparison of the presets' results finds every changed digit, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.tools import preset_figures
from tests.tools.preset_figures import differences, main

RESULTS = {"device": "CPU", "seconds": {"total": 1.5}, "learners": {"lwf": {"old": 0.5, "new": None}}, "epochs": [1, 2]}


def test_equal_results_and_new_keys_are_no_difference() -> None:
    now = {
        **RESULTS,
        "device": "card",
        "seconds": {},
        "matrix": [],
        "learners": {"lwf": {"old": 0.5, "new": None, "x": 1}},
    }
    assert list(differences(RESULTS, now)) == []


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        (
            {"learners": {"lwf": {"old": 0.5000000000000001, "new": None}}},
            "learners.lwf.old: 0.5 was, 0.5000000000000001 is",
        ),
        ({"learners": {"lwf": {"old": 0.5, "new": 0.5}}}, "learners.lwf.new: null was, 0.5 is"),
        ({"learners": {"lwf": {"old": 0.5}}}, "learners.lwf.new: null was there, and is not"),
        ({"epochs": [1, 3]}, "epochs[1]: 2 was, 3 is"),
        ({"epochs": [1]}, "epochs: [1, 2] was, [1] is"),
    ],
)
def test_every_change_is_a_line(changed: dict[str, Any], line: str) -> None:
    assert list(differences(RESULTS, {**RESULTS, **changed})) == [line]


@pytest.fixture
def runs(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Let runs cost nothing: they print `RESULTS`. Return the words of every one."""
    done: list[list[str]] = []

    def ran(_tree: Path, words: list[str], _cache: str) -> Any:
        done.append(words)
        return json.loads(json.dumps(RESULTS))

    monkeypatch.setattr(preset_figures, "results_of", ran)
    return done


def test_compare_repeats_what_was_kept(
    tmp_path: Path, runs: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kept.json"
    assert main(["keep", str(file), "--preset", "digits", "--fp32-only", "--set", "task2.epochs=1"]) == 0
    assert main(["compare", str(file)]) == 0
    assert runs[0] == runs[1]
    assert "engine.precision=fp32" in runs[0]
    assert "task2.epochs=1" in runs[0]
    assert "digits fp32: the same to the last digit" in capsys.readouterr().out


def test_a_changed_figure_is_told_and_ends_with_1(
    tmp_path: Path, runs: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "kept.json"
    main(["keep", str(file), "--preset", "digits", "--fp32-only"])
    file.write_text(file.read_text("utf-8").replace("0.5", "0.25"), "utf-8")
    assert main(["compare", str(file)]) == 1
    assert "digits fp32: learners.lwf.old: 0.25 was, 0.5 is" in capsys.readouterr().out


@pytest.mark.usefixtures("runs")
def test_nothing_to_compare_is_no_success(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["compare", str(tmp_path / "no")], ["keep", "x", "--tree", str(tmp_path)]):
        with pytest.raises(SystemExit) as left:
            main(words)
        assert left.value.code == 2
    told = capsys.readouterr().err
    assert "holds none of these runs" in told
    assert "is no checkout of this program" in told
