"""The command `claims`: lists, trains seed by seed, keeps what it has, and says its verdict."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from tests.claims.cards import GOOD, written
from tests.typed import typed

Command = Callable[..., tuple[int, str, str]]

SMALL = (
    '{ learners = ["fine-tune", "joint"], "task1.epochs" = 3, "task2.epochs" = 2, "model.hidden" = 32, '
    '"engine.threads" = 1, "engine.device" = "cpu", "train.probe_images" = 20 }'
)
QUICK = GOOD.replace('{ learners = ["fine-tune", "joint"], "task2.epochs" = 2 }', SMALL)


@pytest.fixture
def lwf(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """Return a function that runs `lwf-gui claims` in this process: exit code, output, complaints."""
    return partial(typed, monkeypatch, capsys, "claims")


@pytest.fixture
def quick(tmp_path: Path) -> Path:
    return written(tmp_path, QUICK)


def test_without_a_name_all_are_listed_with_source_and_cost(lwf: Command) -> None:
    code, out, err = lwf()
    assert (code, err) == (0, "")
    for said in ("three-types: ", "arXiv 1911.07053", "A seed takes about ", "Zhao"):
        assert said in out


def test_seeds_are_trained_and_judged(lwf: Command, quick: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    code, out, _ = lwf(quick, "--seeds", 2, "--keep", kept, "--json")
    assert code == 0
    told = json.loads(out)
    assert told["seeds"] == [1, 2]
    above, within = told["checks"]
    one, two = (told["figures"][seed]["plain"] for seed in ("1", "2"))
    pairs = [
        each["joint"]["class_incremental"]["average"] - each["fine-tune"]["class_incremental"]["average"]
        for each in (one, two)
    ]
    assert above["mean"] == pytest.approx(sum(pairs) / 2)
    assert above["interval_95"] == pytest.approx(12.706 * abs(pairs[0] - pairs[1]) / 2, rel=1e-3)
    assert (above["region"], within["region"]) == ([2, None], [80, None])
    assert one != two
    assert told["data"] == "digits"


def test_what_is_kept_is_not_trained_again(lwf: Command, quick: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    assert lwf(quick, "--seeds", 1, "--keep", kept, "--quiet")[0] == 0
    before = json.loads(kept.read_text())
    code, out, err = lwf(quick, "--seeds", 2, "--keep", kept)
    assert code == 0
    assert "Seed 1," not in err
    assert "Seed 2, 2 of 2: plain" in err
    after = json.loads(kept.read_text())
    assert after["seeds"]["1"] == before["seeds"]["1"]
    assert "Comparisons" in out
    assert "with 2 seeds" in out


def test_one_seed_is_undecided_and_says_how_many_would_do(lwf: Command, quick: Path) -> None:
    code, out, _ = lwf(quick, "--seeds", 1, "--quiet")
    assert code == 0
    assert "Undecided with one seed" in " ".join(out.split())
    assert "±" not in out


MISTAKES = {
    "unknown claim": (("three",), "three: there is no such claim or file"),
    "no seeds": (("warm-up", "--seeds", "0"), "--seeds 0 is not allowed"),
    "too many seeds": (("warm-up", "--seeds", "1001"), "--seeds 1001 is not allowed"),
    "negative seed": (("warm-up", "--seed", "-1"), "seed = -1 is not allowed"),
    "seeds beyond all": (("warm-up", "--seed", "2147483647"), "seed = 2147483651 is not allowed"),
    "unknown data": (("warm-up", "--data", "/no/such/place", "--seeds", "1"), "is not known and no directory"),
    "place that cannot be written": (("warm-up", "--keep", "/proc/none/x.json"), "--keep /proc/none: cannot write"),
}


@pytest.mark.parametrize(("words", "said"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_told_in_one_sentence(lwf: Command, words: tuple[str, ...], said: str) -> None:
    code, out, err = lwf(*words, "--quiet")
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err
    assert len(err.splitlines()) == 1


def test_file_of_figures_on_other_data_is_refused(lwf: Command, quick: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    assert lwf(quick, "--seeds", 1, "--keep", kept, "--quiet")[0] == 0
    whole = json.loads(kept.read_text())
    kept.write_text(json.dumps({**whole, "data": "fashion-mnist"}))
    code, _, err = lwf(quick, "--seeds", 2, "--keep", kept, "--quiet")
    assert code == 2
    assert "holds figures on fashion-mnist, and this run is on digits" in err
    assert list(json.loads(kept.read_text())["seeds"]) == ["1"]
