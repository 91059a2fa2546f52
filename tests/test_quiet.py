"""What libraries warn of is for the log: a user can do nothing about it, and it stands between the results."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

WARNING = """
import sys, warnings
import torch
from lwf_gui import cli
from lwf_gui.engine import first_teacher

build = first_teacher.build

def warn(*arguments):
    warnings.warn("a library's own business", UserWarning)
    torch._C._warn()
    return build(*arguments)

first_teacher.build = warn
sys.argv = ["lwf-gui", *sys.argv[1:]]
cli.main()
"""


@pytest.mark.parametrize("options", [("--quiet",), ("--json",)])
def test_no_library_warns_a_user_on_stderr(tmp_path: Path, options: tuple[str, ...]) -> None:
    small = ("task1.epochs=1", "task2.epochs=1", "data.train_images=64", "model.hidden=16", "engine.device=cpu")
    settings = [word for change in small for word in ("--set", change)]
    words = (sys.executable, "-c", WARNING, "run", "--preset", "digits", *settings, *options)
    ran = subprocess.run(words, cwd=tmp_path, env=dict(os.environ), capture_output=True, text=True, timeout=120)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert bool(ran.stdout) == (options == ("--json",))


def test_what_torch_says_past_python_is_for_faults_alone() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "TORCH_CPP_LOG_LEVEL"}
    code = "import os, lwf_gui.engine; print(os.environ['TORCH_CPP_LOG_LEVEL'])"
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "ERROR"
