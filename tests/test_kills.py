"""Runs that are killed while they train: the next start has all but the last second of them."""

from __future__ import annotations

import signal
from functools import partial
from pathlib import Path

import pytest

from lwf_gui.documents import files
from lwf_gui.messages import Stopped
from lwf_gui.runs.interrupted import was_interrupted
from tests.kills import COMMANDS, RECIPES, kill
from tests.typed import typed


@pytest.mark.parametrize(
    ("place", "name", "after"),
    [
        ("terminal", "two tasks: fine-tune, lwf", 1.5),
        ("terminal", "five tasks: si, der++, icarl", 0.6),
        ("window", "two tasks: ewc, replay, joint", 1.5),
    ],
)
def test_a_killed_run_is_recovered_but_for_a_second(tmp_path: Path, place: str, name: str, after: float) -> None:
    killed = kill(COMMANDS[place], RECIPES[name], after, tmp_path / "run")
    assert killed is not None
    assert killed.missing <= 1
    assert killed.end.startswith("interrupted at step ")
    assert was_interrupted(killed.record)


def test_what_ctrl_c_stopped_is_kept_and_the_command_lists_it_and_writes_it_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    words, settings = COMMANDS["terminal"], RECIPES["two tasks: fine-tune, lwf"]
    stopped = kill(words, settings, 1.0, tmp_path / "run", signal.SIGINT)
    assert stopped is not None
    assert stopped.missing == 0
    said = (tmp_path / "run" / "output").read_text("utf-8")
    assert said == (
        "lwf-gui: stopped; what it told so far is kept: `lwf-gui recover` lists it, with --to FILE it writes it.\n"
    )
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "run" / "data"))
    recover = partial(typed, monkeypatch, capsys, "recover")
    code, told, _ = recover()
    assert code == 0
    assert "(digits; Fine-tuning, LwF) was stopped at step " in told
    code, told, complaint = recover("--to", str(tmp_path))
    assert (code, told) == (2, "")
    assert "it is a folder" in complaint
    code, _, complaint = recover("--to", str(tmp_path / "run.lwfrun"))
    assert code == 0, complaint
    assert isinstance(files.load(tmp_path / "run.lwfrun").outcome, Stopped)
    assert recover()[1].startswith("No run was interrupted")
    code, _, complaint = recover("--to", str(tmp_path / "other.lwfrun"))
    assert code == 2
    assert complaint.startswith("lwf-gui: There is no interrupted run to write")
