"""``lwf-gui sweep`` as people type it: what is refused before anything starts, and how one that is there goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import pytest

from lwf_gui.documents import files
from lwf_gui.sweeps import plan as plans
from lwf_gui.sweeps import results
from lwf_gui.sweeps.plan import Plan
from tests.sweeps.conftest import ALPHAS, TINY, keep
from tests.typed import typed

Sweep = Callable[..., tuple[int, str, str]]
SETTINGS = tuple(word for setting in TINY for word in ("--set", setting))
DIGITS = ("--preset", "digits", *SETTINGS)


@pytest.fixture
def lwf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Sweep:
    """Return a function that runs `lwf-gui` in this process, and gives exit code and texts."""
    (tmp_path / "work").mkdir()
    monkeypatch.chdir(tmp_path / "work")
    return partial(typed, monkeypatch, capsys)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ((), "A sweep needs settings to vary"),
        (("--grid", "lwf.alhpa=1"), "did you mean lwf.alpha?"),
        (("--grid", "lwf.alpha=-1"), "lwf.alpha = -1 is not allowed"),
        (("--grid", "lwf.alpha=0..1:1000", "--grid", "lwf.temperature=1..9:1000"), "would have 1,000,000 runs"),
        (("--grid", "lwf.alpha=1", "--random", "-1"), "--random -1 is not allowed"),
        (("--grid", "lwf.alpha=1", "--seeds", "0"), "--seeds 0 is not allowed"),
        (("--grid", "lwf.alpha=1", "--workers", "999"), "--workers 999 is not allowed"),
        (("--grid", "lwf.alpha=1", "--scheduler", "nowhere"), "write the address as"),
        (("--resume",), "holds no sweep"),
        (("--gather", "--slurm"), "exclude each other"),
    ],
)
def test_mistake_is_one_sentence_and_leaves_nothing(lwf: Sweep, words: tuple[str, ...], told: str) -> None:
    code, out, err = lwf(
        "sweep", "--preset", "digits" if "--resume" not in words else "classroom", *words, "--out", "s"
    )
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert told in err
    assert not Path("s").exists()


def test_sweep_that_is_there_goes_on_only_if_asked_and_only_as_the_same(
    lwf: Sweep, tiny: Plan, documents: Mapping[str, bytes]
) -> None:
    there = Path("there")
    plans.write(tiny, there)
    keep(tiny, documents, there)
    code, _, err = lwf("sweep", *DIGITS, "--grid", ALPHAS, "--out", there)
    assert code == 2
    assert "with --resume it goes on" in err
    code, _, err = lwf("sweep", *DIGITS, "--grid", "lwf.alpha=1,3", "--out", there, "--resume")
    assert code == 2
    assert "holds another sweep" in err
    code, out, _ = lwf("sweep", "--out", there, "--resume", "--quiet")  # nothing is missing, so nothing is started
    assert (code, out) == (0, "")
    assert len(results.read(there)) == 4


def test_slurm_writes_a_script_and_gather_says_what_is_missing(lwf: Sweep) -> None:
    code, out, _ = lwf("sweep", *DIGITS, "--grid", ALPHAS, "--out", "s", "--slurm")
    assert code == 0
    assert "sbatch" in out
    assert len(Path("s/commands.txt").read_text("utf-8").splitlines()) == 2
    code, _, err = lwf("sweep", "--out", "s", "--gather")
    assert code == 1
    assert "0 of 2 runs are done" in err


def test_run_leaves_a_run_file_alone_where_one_is_named(lwf: Sweep) -> None:
    code, out, _ = lwf("run", *DIGITS, "--quiet", "--no-journal", "--out", "one.lwfrun")
    assert (code, out) == (0, "")
    assert [path.name for path in Path().iterdir()] == ["one.lwfrun"]
    assert files.load(Path("one.lwfrun")).outcome is not None
    code, _, err = lwf("run", *DIGITS, "--seeds", 2, "--out", "one.lwfrun")
    assert code == 2
    assert "name a folder" in err
