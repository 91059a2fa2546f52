"""The commands as scripts and people use them: output, files, exit codes, and a sentence for every mistake."""

from __future__ import annotations

import gzip
import json
import os
import re
import struct
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from lwf_gui import __version__, paths, terminal
from lwf_gui.documents import files
from lwf_gui.exports import final, report
from lwf_gui.recipe import compose
from tests.conftest import needs_fashion_mnist
from tests.typed import Outcome, typed

SMALL = (
    *("--set", "engine.threads=1", "--set", "engine.device=cpu", "--set", "model.hidden=32"),
    *("--set", "task1.epochs=2", "--set", "task2.epochs=2", "--set", "train.probe_images=50"),
)
DIGITS = ("--preset", "digits", *SMALL)


Run = Callable[..., Outcome]


@pytest.fixture
def work(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder that commands run in."""
    folder = tmp_path / "work"
    folder.mkdir()
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def lwf(work: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Return a function that runs `lwf-gui` in this process."""
    return partial(typed, monkeypatch, capsys)


def everything_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


# ---- bad input: exit code 2, one sentence, nothing written


MISTAKES = {
    "unknown preset": (
        ("run", "--preset", "clasroom"),
        "clasroom: there is no such preset or file (did you mean classroom?); presets are",
    ),
    "number out of range": (("run", "--set", "lwf.alpha=-1"), "lwf.alpha = -1 is not allowed: it must be a number"),
    "unknown key": (("run", "--set", "lwf.alhpa=1"), "lwf.alhpa is not a setting; did you mean lwf.alpha?"),
    "no equals sign": (("run", "--set", "lwf.alpha"), "write it as KEY=VALUE"),
    "negative seed": (("run", "--seed", "-1"), "seed = -1 is not allowed"),
    "seed that is no number": (("run", "--seed", "x"), "Invalid value for '--seed'"),
    "unknown option": (("run", "--fast"), "No such option: --fast"),
    "option without value": (("run", "--preset"), "requires an argument"),
    "unknown data": (("run", "--data", "/no/such/place"), "/no/such/place' is not known and no directory"),
    "window, unknown option": (("--fast",), "No such option: --fast"),
    "window, unknown preset": (("--preset", "x"), "x: there is no such preset or file"),
    "window, unknown theme": (("--theme", "pink"), "it must be system, light, dark or contrast"),
    "window, size": (("--size", "big"), "write it as WIDTHxHEIGHT"),
    "window, size zero": (("--size", "0x700"), "write it as WIDTHxHEIGHT"),
    "window, no such run file": (("nothing.lwfrun",), "nothing.lwfrun"),
    "data check": (("data", "check", "/no/such/place"), "is not known and no directory"),
    "data, unknown command": (("data", "eat"), "No such command 'eat'"),
}


@pytest.mark.parametrize(("words", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_mistake_is_told_in_one_sentence(lwf: Run, work: Path, words: tuple[str, ...], expected: str) -> None:
    assert_refused(lwf(*words), expected)
    assert everything_below(work) == []


def assert_refused(outcome: Outcome, expected: str) -> None:
    assert outcome.code == 2
    assert outcome.out == ""
    (line,) = outcome.err.splitlines()
    assert line.startswith("lwf-gui: ")
    assert expected in line
    assert line.endswith((".", "?"))
    assert "Traceback" not in line


def test_empty_data_folder_is_refused(lwf: Run, work: Path, tmp_path: Path) -> None:
    folder = tmp_path / "empty"
    folder.mkdir()
    outcome = lwf("run", *DIGITS, "--data", folder)
    assert_refused(outcome, f"{folder} ")
    assert "expected train-images-idx3-ubyte" in outcome.err
    assert everything_below(work) == []


def test_truncated_archive_is_refused_by_name(lwf: Run, work: Path, tmp_path: Path) -> None:
    folder = write_idx(tmp_path / "mine")
    archive = folder / "train-images-idx3-ubyte.gz"
    archive.write_bytes(archive.read_bytes()[:-40])
    assert_refused(lwf("run", *DIGITS, "--data", folder, "--quiet"), str(archive))
    assert everything_below(work) == []


def write_idx(folder: Path) -> Path:
    """Write a sound data set of random images in four archives."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    for name, count in (("train", 200), ("t10k", 100)):
        images, labels = rng.integers(0, 256, (count, 8, 8), np.uint8), (np.arange(count) % 10).astype(np.uint8)
        for kind, array in (("images-idx3", images), ("labels-idx1", labels)):
            head = bytes((0, 0, 8, array.ndim)) + np.array(array.shape, ">u4").tobytes()
            (folder / f"{name}-{kind}-ubyte.gz").write_bytes(gzip.compress(head + array.tobytes(), 1))
    return folder


@pytest.mark.parametrize("command", ["run", "window"])
def test_place_that_cannot_be_written_is_refused_before_any_work(lwf: Run, work: Path, command: str) -> None:
    (work / "file").write_text("")  # a path below a file: not even root can write there
    option, value = ("--out", "file/out") if command == "run" else ("--screenshot", "file/out/x.png")
    assert_refused(lwf(command, *DIGITS, option, value), f"{option} {work}/file/out: cannot write there")
    assert everything_below(work) == ["file"]


def test_run_file_that_is_none_is_refused(lwf: Run, work: Path) -> None:
    (work / "notes.lwfrun").write_text("no run")
    assert_refused(lwf("notes.lwfrun"), "notes.lwfrun is not a sound run file")


# ---- runs in the terminal


def test_json_is_one_object_with_the_promised_keys(lwf: Run, work: Path) -> None:
    outcome = lwf("run", *DIGITS, "--seed", 3, "--json")
    assert outcome.code == 0
    assert outcome.out.count("\n") == 1
    assert outcome.err == ""
    told = json.loads(outcome.out)
    promised = {"recipe", "seed", "dataset", "teacher", "learners", "epochs", "seconds", "samples_per_second"}
    assert promised <= set(told)
    assert (told["seed"], told["recipe"]["seed"], told["dataset"]) == (3, 3, "digits")
    assert set(told["learners"]) == {"fine-tune", "lwf"}
    for score in told["learners"].values():
        for protocol in ("task_aware", "class_incremental"):
            told_of = score[protocol]
            assert set(told_of) == {"old", "new", "tasks", "average", "average_weighted"}
            assert all(0 <= told_of[key] <= 1 for key in ("old", "new", "average", "average_weighted"))
            assert told_of["tasks"] == [told_of["old"], told_of["new"]]
            assert score["matrix"][protocol][1] == told_of["tasks"]
            assert set(score["forgetting"]) == set(score["backward_transfer"]) == set(score["learning_accuracy"])
    assert {"load", "task1", "task2", "total"} <= set(told["seconds"])
    assert [epoch["epoch"] for epoch in told["epochs"]] == [0, 1, 2]
    assert told["teacher"]["old"] > 0.5
    assert told["samples_per_second"] > 0
    assert everything_below(work) == []


def test_out_leaves_report_result_and_an_equal_run_file(lwf: Run, work: Path) -> None:
    outcome = lwf("run", *DIGITS, "--out", "results")
    assert outcome.code == 0
    assert everything_below(work / "results") == ["report.html", "result.json", "run.lwfrun"]
    result = json.loads((work / "results" / "result.json").read_text("utf-8"))
    record = files.load(work / "results" / "run.lwfrun")
    assert record.outcome is not None
    assert result.pop("diverged") == {"fine-tune": None, "lwf": None}
    assert json.loads(json.dumps(dict(record.outcome.summary))) == result  # type: ignore[union-attr]
    expected = compose("digits", [word for word in SMALL if word != "--set"])
    assert record.data is not None
    assert record.data.recipe == expected
    page = (work / "results" / "report.html").read_text("utf-8")
    for row in final.table(record)[1]:
        for cell in row:
            assert f">{cell}<" in page
            assert cell in outcome.out
    assert "Report: results/report.html" in outcome.out
    assert "Task 2" in outcome.err, "progress goes to stderr"


def test_quiet_run_says_nothing(lwf: Run) -> None:
    assert lwf("run", *DIGITS, "--quiet") == Outcome(0, "", "")


def test_diverging_run_fails_with_a_sentence_and_leaves_nothing(lwf: Run, work: Path) -> None:
    wild = ("--set", "task2.lr=10", "--set", "task2.epochs=20", "--set", "task2.max_step=0", "--quiet")
    outcome = lwf("run", *DIGITS, *wild, "--out", "results")
    assert outcome.code == 1
    assert outcome.out == ""
    (line,) = outcome.err.splitlines()
    assert re.fullmatch(r"lwf-gui: [\w-]+ diverged: .* at step \d+ of task 2; lower .*", line)
    assert everything_below(work) == []
    shown = lwf("run", *DIGITS, *wild, "--traceback")
    assert "Traceback (most recent call last)" in shown.err


def test_run_of_which_one_learner_diverges_is_whole(lwf: Run, work: Path) -> None:
    far = ("lwf.alpha=100", "lwf.temperature=20", "task2.lr=10", "task2.max_step=0")
    wild = [word for change in far for word in ("--set", change)]
    outcome = lwf("run", *DIGITS, *wild, "--out", "results")
    assert outcome.code == 0
    assert "LwF diverged: its loss is " in outcome.err
    assert re.search(r"full test sets\): Fine-tuning old [\d.]+ %, new [\d.]+ %; LwF diverged", outcome.err)
    assert re.search(r"LwF\W+diverged\W+diverged", outcome.out)
    result = json.loads((work / "results" / "result.json").read_text("utf-8"))
    assert result["learners"]["lwf"]["task_aware"]["old"] is None
    assert result["learners"]["fine-tune"]["task_aware"]["new"] > 0
    told = lwf("run", *DIGITS, *wild, "--json")
    assert json.loads(told.out)["learners"] == result["learners"]
    steps = json.loads(told.out)["diverged"]
    assert steps == result["diverged"]
    assert steps["fine-tune"] is None
    assert steps["lwf"] >= 1
    assert told.err == f"lwf-gui: LwF diverged at step {steps['lwf']} of task 2: figures from there on are null.\n"


def test_report_that_cannot_be_written_after_all_is_told_and_leaves_nothing(
    lwf: Run, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def disk_full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(report, "write", disk_full)
    outcome = lwf("run", *DIGITS, "--out", "results", "--quiet")
    assert outcome.code == 1
    (line,) = outcome.err.splitlines()
    assert line == "lwf-gui: the report was not written to results: No space left on device."
    assert everything_below(work) == []


def test_own_data_runs_under_its_own_name(lwf: Run, tmp_path: Path) -> None:
    folder = write_idx(tmp_path / "mine")
    told = json.loads(lwf("run", *DIGITS, "--data", folder, "--json").out)
    assert told["dataset"] == "mine"
    assert str(folder) in told["source"]


# ---- no display


@pytest.mark.parametrize("display", ["", ":77"], ids=["none", "dead"])
def test_without_a_display_the_run_goes_on_in_the_terminal(
    lwf: Run, work: Path, monkeypatch: pytest.MonkeyPatch, display: str
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    if display:
        monkeypatch.setenv("DISPLAY", display)
    outcome = lwf(*DIGITS)
    assert outcome.code == 0
    reason = "the display :77 does not answer" if display else "there is no display"
    (line,) = [line for line in outcome.err.splitlines() if line.startswith("lwf-gui: ")]
    assert reason in line
    assert line.endswith("in the terminal instead.")
    assert outcome.err.startswith(line)
    assert everything_below(work / terminal.REPORT_FOLDER) == ["report.html", "result.json", "run.lwfrun"]
    assert "LwF" in outcome.out


# ---- the window, in a process of its own


def in_own_process(*words: object, cwd: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    command = [sys.executable, "-m", "lwf_gui", *map(str, words)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)


def picture_size(path: Path) -> tuple[int, int]:
    head = path.read_bytes()[:24]
    assert head.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", head[16:24])
    return width, height


def test_autorun_leaves_a_picture_and_its_run_opens_again(work: Path) -> None:
    first = in_own_process(
        *DIGITS, "--autorun", "--exit-after-run", "--screenshot", "run.png", "--size", "1280x720", cwd=work
    )
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert "Traceback" not in first.stderr
    assert picture_size(work / "run.png") == (1280, 720)
    (kept,) = paths.history_dir().glob("*.lwfrun")
    assert files.load(kept).evaluations[-1].epoch == 2
    second = in_own_process(
        kept, "--exit-after-run", "--screenshot", "shown.png", "--size", "1200x750", "--theme", "dark", cwd=work
    )
    assert second.returncode == 0, second.stderr
    assert picture_size(work / "shown.png") == (1200, 750)


# ---- the rest


def test_version_is_told(lwf: Run) -> None:
    assert lwf("--version") == Outcome(0, f"lwf-gui {__version__}\n", "")


def test_help_names_every_command(lwf: Run) -> None:
    told = lwf("--help")
    assert (told.code, told.err) == (0, "")
    for command in ("window", "run", "data", "doctor"):
        assert command in told.out


def test_data_list_names_every_place(lwf: Run) -> None:
    told = lwf("data", "list")
    assert told.code == 0
    lines = told.out.splitlines()
    assert len(lines) == 6
    assert lines[0].startswith("missing  your directory: ")
    assert lines[1].startswith("missing  cache ")
    assert lines[3].startswith("present  comes with LwF Lab: ")
    assert "10,000 training and 2,000 test images of 28x28 pixels" in lines[3]
    assert lines[4].startswith("present  comes with LwF Lab: ")
    assert "1,347 training and 450 test images of 8x8 pixels" in lines[4]
    assert lines[5].startswith("auto     takes fashion-mnist")


def test_data_check_tells_what_the_digits_hold(lwf: Run) -> None:
    told = lwf("data", "check", "digits")
    assert told.code == 0
    assert "1,347 training and 450 test images of 8x8 pixels, grey values 0 to 16" in told.out
    assert told.out.endswith(": 0 to 9.\n")


@needs_fashion_mnist
def test_data_check_finds_fashion_mnist(lwf: Run) -> None:
    told = lwf("data", "check")
    assert told.code == 0
    assert told.out.startswith("fashion-mnist (Debian package dataset-fashion-mnist) is sound: 60,000 training")


def test_doctor_finds_what_is_needed(lwf: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "offscreen")
    told = lwf("doctor")
    assert told.code == 0
    assert "FAIL" not in told.out
    for name in ("torch", "torchvision", "window", "resources", "cache", "state"):
        assert re.search(rf"^ok   {name}: ", told.out, re.MULTILINE), name


# ---- several seeds


def test_seeds_are_runs_of_their_own_with_mean_and_interval(lwf: Run, work: Path) -> None:
    outcome = lwf("run", *DIGITS, "--seed", 3, "--seeds", 2, "--json", "--out", "out")
    assert outcome.code == 0
    told = json.loads(outcome.out)
    assert told["summary"]["seeds"] == [run["seed"] for run in told["runs"]] == [3, 4]
    averages = [run["learners"]["lwf"]["task_aware"]["average"] for run in told["runs"]]
    found = told["summary"]["learners"]["lwf"]["task_aware"]["average"]
    assert found["mean"] == pytest.approx(sum(averages) / 2)
    assert {path.parent.name for path in (work / "out").rglob("run.lwfrun")} == {"seed-3", "seed-4"}
    alone = json.loads(lwf("run", *DIGITS, "--seed", 4, "--json").out)
    assert alone["learners"] == told["runs"][1]["learners"]


def test_seeds_are_told_in_a_table_with_protocol_and_images(lwf: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    outcome = lwf("run", *DIGITS, "--seeds", 2)
    assert outcome.code == 0
    words = " ".join(outcome.out.split())
    assert "Mean and 95 % interval over 2 seeds, from 0 on" in words
    assert "±" in words
    assert "task-aware" in words
    assert "class-incr." in words


def test_a_last_seed_that_is_none_is_said_before_anything_is_trained(lwf: Run) -> None:
    outcome = lwf("run", *DIGITS, "--seed", 2**31 - 1, "--seeds", 2)
    assert outcome.code == 2
    assert outcome.err.count("\n") == 1
    assert "seed = 2147483648 is not allowed" in outcome.err
