"""Ctrl+C, a polite kill and a closed terminal, at any moment: the program ends without a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

AT = {
    "the first import": "lwf_gui.cli",
    "the recipes": "lwf_gui.recipe",
    "Qt": "PySide6.QtWidgets",
    "the window's modules": "lwf_gui.gui.window",
    "the plots, once there is a window": "pyqtgraph",
    "torch, in the engine's thread": "torch",
}

PROGRAM = """
import os, signal, sys
from importlib.abc import MetaPathFinder

signal.signal(signal.SIGINT, signal.default_int_handler)  # as in a terminal, however the tests were started
signal.signal(signal.SIGHUP, signal.SIG_DFL)

class Interrupt(MetaPathFinder):
    def find_spec(self, name, *_):
        if name == {at!r}:
            sys.meta_path.remove(self)
            os.kill(os.getpid(), {number})

sys.meta_path.insert(0, Interrupt())
sys.argv = ["lwf-gui", *{words!r}]
from lwf_gui.__main__ import main
main()
"""


def interrupted(at: str, number: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run the program; it gets a signal as it begins to import a module."""
    program = PROGRAM.format(at=at, number=int(number), words=words)
    return subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )


@pytest.mark.parametrize("at", AT.values(), ids=AT)
def test_ctrl_c_at_any_moment_of_the_start_ends_it_without_a_traceback(at: str, isolated_dirs: Path) -> None:
    done = interrupted(at, signal.SIGINT)
    assert done.returncode in (0, 130, -signal.SIGINT), done.stderr
    assert "Traceback" not in done.stderr
    assert "Error" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1
    assert not list(isolated_dirs.rglob("crash*")) or done.returncode < 0, "what ends well leaves nothing"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_polite_kill_closes_the_window(number: signal.Signals, isolated_dirs: Path) -> None:
    done = interrupted("torch", number)
    assert (done.returncode, done.stderr) == (0, "")
    (settings,) = isolated_dirs.rglob("settings.json")
    assert "geometry" in settings.read_text("utf-8"), "as a click would"


def test_ctrl_c_in_the_middle_of_a_run_closes_the_window(isolated_dirs: Path) -> None:
    words = ("--preset", "digits", "--set", "task2.epochs=1000", "--set", "engine.device=cpu", "--autorun")
    done = interrupted("lwf_gui.engine.experiment", signal.SIGINT, *words)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_ignored_ctrl_c_stays_ignored() -> None:
    code = (
        "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_IGN); sys.argv = ['lwf-gui', '--version']\n"
        "from lwf_gui import cli; from lwf_gui.__main__ import main; real = cli.main\n"
        "cli.main = lambda: (os.kill(os.getpid(), signal.SIGINT), real())\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr


def test_a_broken_installation_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "pydantic.py").write_text("raise OSError('a library\\nis missing')", "utf-8")
    path = os.pathsep.join((str(tmp_path / "broken"), *sys.path))
    done = subprocess.run(
        [sys.executable, "-m", "lwf_gui", "--version"],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env={**os.environ, "PYTHONPATH": path},
    )
    assert done.returncode == 1
    (line,) = done.stderr.splitlines()
    assert line.startswith("lwf-gui: a part of the program is missing or broken (OSError: a library is missing)")
