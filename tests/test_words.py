"""What the command line says to words that are nearly right."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from lwf_gui import InputError, cli, display, window_command
from lwf_gui.recipe import compose
from tests.test_nonsense import said


def test_a_misspelt_command_suggests_the_nearest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said(("setings",), monkeypatch, capsys).strip().endswith("did you mean settings?")
    assert said(("runn",), monkeypatch, capsys).strip().endswith("did you mean run?")


def test_a_group_of_commands_without_a_command_prints_its_help_line_by_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = said(("data",), monkeypatch, capsys).splitlines()
    assert len(lines) > 5
    assert lines[0].strip().startswith("Usage: lwf-gui data")


def test_a_wrong_word_names_the_help_of_its_own_command(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert "`lwf-gui run --help`" in said(("run", "--seed", "x"), monkeypatch, capsys)
    assert "`lwf-gui --help`" in said(("--sede", "1"), monkeypatch, capsys)


def test_a_decimal_comma_is_told_to_be_a_point() -> None:
    with pytest.raises(InputError, match=r"with a point before the decimals: 0\.5"):
        compose("classroom", ["lwf.alpha=0,5"])


def test_a_run_file_is_found_without_its_ending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    (tmp_path / "alpha0.5.lwfrun").write_bytes(b"")
    monkeypatch.setattr("lwf_gui.documents.files.load", lambda path: asked.append(path))
    name, _ = window_command._load_run(tmp_path / "alpha0.5", ())
    assert asked == [tmp_path / "alpha0.5.lwfrun"]
    assert name == str(tmp_path / "alpha0.5.lwfrun")


def test_on_windows_torch_is_loaded_before_qt(monkeypatch: pytest.MonkeyPatch) -> None:
    code = (
        "import sys; from lwf_gui.window_command import _load_torch_first as load; load('linux'); "
        "assert 'torch' not in sys.modules; "
        "load('win32'); assert 'torch' in sys.modules; assert 'PySide6' not in sys.modules"
    )
    subprocess.run((sys.executable, "-c", code), check=True, timeout=120)
    order: list[str] = []

    def qt() -> str:
        order.append("Qt")
        sys.exit(0)

    monkeypatch.setattr(window_command, "_load_torch_first", lambda: order.append("torch"))
    monkeypatch.setattr(display, "problem", qt)
    monkeypatch.setattr(sys, "argv", ["lwf-gui"])
    with pytest.raises(SystemExit):
        cli.main()
    assert order == ["torch", "Qt"]
