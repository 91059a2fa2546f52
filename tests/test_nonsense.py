"""Command lines of somebody who does everything wrong: exit code 2, one sentence on stderr, never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from lwf_gui.console import TerminalView
from lwf_gui.recipe import compose, settings
from lwf_gui.reference import SHARES
from tests.runs import synthetic
from tests.typed import typed

LONG = "x" * 5000
DIGITS = "9" * 5000
DEEP = "[" * 50_000

SIZES = (
    *(
        "²x²",
        "1280x²",
        "\u0661\u0662\u0668\u0660x\u0667\u0662\u0660",
        "12_80x720",
        " 1280x720",
        "1280x720x3",
        "1280\u00d7720",
        "1280X",
        "x",
        "-1x-1",
    ),
    *("1e3x1e3", "0x0", "20000x10", f"{DIGITS}x{DIGITS}", "nanxnan", "\0x\0", "\udc80x1", LONG),
)
SEEDS = ("²", "٣", "1_000", "1e999", "1.5", "nan", "-1", "2147483648", DIGITS, "0x10", "", " 7", "\udc80", "7\n8")
ASSIGNMENTS = (
    *("lwf.alpha=nan", "lwf.alpha=inf", "lwf.alpha=-inf", "lwf.alpha=1e999", "lwf.alpha=²", "lwf.alpha=٣"),
    *("lwf.alpha=true", "lwf.alpha=", "lwf.alpha==1", "lwf.alpha=[1]", "lwf.alpha={}", "lwf.alpha='1'x"),
    *(f"lwf.alpha={DIGITS}", f"seed={DIGITS}", f"seed=0x{DIGITS}", "seed=9223372036854775808", "seed=1.5"),
    *("seed=true", "seed=1979-05-27", f"lwf.alpha={DEEP}", f"data.tasks={DEEP}", "data.tasks=[[0],[0]]"),
    *("data.tasks=[[-1],[1]]", "data.tasks=[[0.5],[1]]", "data.tasks=0", "data.tasks=[]", "learners=[]"),
    *("learners=magic", 'learners=["lwf","lwf"]', "learners=[[]]", "model.hidden=²", "model.hidden=1e9"),
    *("engine.threads=²", "engine.threads=0", "engine.threads=true", "engine.device=tpu", f"engine.device={LONG}"),
    *(
        "lwf.alpha=1\nseed=3",
        "=",
        "==",
        "",
        "lwf",
        "lwf=1",
        ".",
        "lwf.",
        ".alpha=1",
        f"{LONG}=1",
        "\uff2c\uff37\uff26.alpha=1",
    ),
    *('data.dataset="a\\u0000b"', "\udc80=1", "lwf.alpha=\udc80", "alpha=2", "lwf.alpha.x=1"),
)
PATHS = ("", ".", "/", LONG, f"/{LONG}", "a\nb", "\udc80", "no/such", "/dev/null", "/dev/null/x", "~nobody/x")

LINES: dict[str, tuple[str, ...]] = {
    **{f"size {size[:12]!a}": ("--size", size) for size in SIZES if "\0" not in size},
    **{f"seed {seed[:12]!a}": ("run", f"--seed={seed}") for seed in SEEDS},
    **{f"window, seed {seed[:12]!a}": (f"--seed={seed}",) for seed in SEEDS},
    **{f"set {text[:24]!a}": ("run", f"--set={text}") for text in ASSIGNMENTS},
    **{f"preset {path[:12]!a}": ("run", f"--preset={path}") for path in PATHS},
    **{f"run file {path[:12]!a}": ("window", path) for path in PATHS if path not in ("", ".")},
    **{f"out {path[:12]!a}": ("run", f"--out={path}") for path in ("/dev/null", "/dev/null/x", LONG, f"/{LONG}")},
    **{f"picture {path[:12]!a}": (f"--screenshot={path}",) for path in ("/dev/null/x/y.png", f"{LONG}/y.png")},
    **{f"theme {name[:12]!a}": (f"--theme={name}",) for name in ("pink", "²", LONG, "a\nb", "\udc80")},
    **{f"command {word[:12]!a}": ("data", word) for word in ("²", LONG, "a\nb", "\udc80", "--")},
    "settings, too much": ("settings", "more"),
    "settings, unknown option": ("settings", "--html"),
    "a flag with a value": ("run", "--json=yes"),
    "two run files": ("a.lwfrun", "b.lwfrun"),
}


def said(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command line that must be refused in this process; return what stands on stderr."""
    code, out, err = typed(monkeypatch, capsys, *words)
    assert code == 2, err
    assert out == ""
    return err


@pytest.mark.parametrize(
    "words", LINES.values(), ids=[name.encode("ascii", "backslashreplace").decode() for name in LINES]
)
def test_nonsense_is_one_sentence(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    err = said(words, monkeypatch, capsys)
    (line,) = err.splitlines()
    assert line.startswith("lwf-gui: ")
    assert line.endswith((".", "?"))
    assert "Traceback" not in line
    assert not list(here.iterdir()), "nothing is written"


def in_own_process(*words: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lwf_gui", *words]
    variables = {**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment}
    return subprocess.run(
        command, cwd=cwd, env=variables, capture_output=True, text=True, errors="replace", timeout=120, check=False
    )


@pytest.mark.parametrize(
    "words",
    [
        ("--size", "²x²"),
        ("run", "--seed=1e999"),
        ("run", f"--set=lwf.alpha={DIGITS}"),
        (f"{LONG}.lwfrun",),
        ("\udc80",),
    ],
    ids=["size", "seed", "digits", "long", "no characters"],
)
def test_nonsense_is_one_sentence_in_a_process_of_its_own_too(words: tuple[str, ...], tmp_path: Path) -> None:
    done = in_own_process(*words, cwd=tmp_path, PYTHONIOENCODING="ascii")
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("lwf-gui: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.skipif(os.name != "posix", reason="a current folder can be removed on POSIX alone")
def test_a_current_folder_that_is_gone_is_a_sentence(tmp_path: Path) -> None:
    code = "import os, sys; os.rmdir(os.getcwd()); from lwf_gui.cli import main; main()"
    for words in (("run", "--out", "here"), ("--screenshot", "x.png"), ("x.lwfrun",), ("run", "--preset", "x.toml")):
        gone = tmp_path / "gone"
        gone.mkdir()
        done = subprocess.run(
            [sys.executable, "-c", code, *words], cwd=gone, capture_output=True, text=True, timeout=60, check=False
        )
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr


@pytest.mark.skipif(os.name != "posix", reason="pipes break in another way elsewhere")
def test_a_reader_that_goes_away_is_no_fault(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "lwf_gui", "settings"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(60) == 1


# ---- the reference of settings


def told(words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> str:
    code, out, _ = typed(monkeypatch, capsys, *words)
    assert code == 0
    return out


def words_of(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("columns", [40, 80, 120, 200])
def test_the_reference_has_every_setting_with_default_range_unit_and_help(
    columns: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    out = told(("settings",), monkeypatch, capsys)
    assert max(map(len, out.splitlines())) <= max(columns, 80)
    lines, help_at = out.splitlines(), sum(SHARES) + 4
    for key, setting in settings().items():
        (start,) = [n for n, line in enumerate(lines) if line.split(" ")[0] in (key, f"{key}*")]
        end = next(n for n, line in enumerate(lines[start + 1 :], start + 1) if not line.startswith(" " * 20))
        about = words_of("".join(line[help_at:] for line in lines[start:end]))
        assert words_of(setting.allowed.removeprefix("a ")) in about
        assert words_of(setting.unit) in about
        assert words_of(setting.help) in about
        assert lines[start].split(" ")[0].endswith("*") is bool(setting.live)


def test_the_markdown_reference_has_one_row_a_setting_and_its_defaults_can_be_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = told(("settings", "--markdown"), monkeypatch, capsys).splitlines()
    rows = [line.split(" | ") for line in lines if line.startswith("| `")]
    assert all(len(row) == 4 for row in rows)
    typed = {row[0].strip("|\\* `"): row[1].strip("`") for row in rows}
    assert list(typed) == list(settings())
    plain = compose("paper", [f"{key}={value}" for key, value in typed.items()])
    assert {key: plain.get(key) for key in settings()} == {key: each.default for key, each in settings().items()}


@pytest.mark.parametrize("command", ["run", "window"])
def test_help_names_the_reference(
    command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "`lwf-guisettings`lists" in words_of(told((command, "--help"), monkeypatch, capsys))


def test_a_name_in_brackets_is_no_style_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    record = synthetic.record()
    assert record.data is not None
    record.data = replace(record.data, dataset="[/b] [red]x[/red]")
    TerminalView(quiet=False, json=False, record=record).show_results()
    assert "[/b] [red]x[/red]" in capsys.readouterr().out
