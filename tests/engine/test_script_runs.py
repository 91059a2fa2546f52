"""Scripts of whole runs, by the program's command and by plain Python: the longest tests."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from lwf_gui.data.fashion_mnist import PART_DIRECTORY
from lwf_gui.documents import files
from lwf_gui.exports import script

pytestmark = pytest.mark.slow

FOUR = 'learners=["fine-tune", "lwf", "replay", "joint"]'
FIVE_TASKS = "data.tasks=[[0,1],[2,3],[4,5],[6,7],[8,9]]"
UNSEEN = ("train.probe_every=1000", "train.probe_images=20")
"""Looking in between changes no bit, as other tests say, and takes time."""
SHORT = (*UNSEEN, "task1.epochs=1", "task2.epochs=2")
RECIPES = {
    "classroom": ("classroom", FOUR, *UNSEEN),  # whole, as it ships
    "five tasks": ("classroom", FOUR, FIVE_TASKS, *SHORT),
    "cnn, five tasks": ("cnn", FOUR, FIVE_TASKS, *SHORT, "task2.epochs=1"),
    "notebook": ("notebook", FOUR, *SHORT, "task2.warmup_epochs=1"),
    "adam with a warm-up": ("classroom", FOUR, *SHORT, "task2.algorithm=adam", "task2.lr=0.001",
                            "task2.warmup_epochs=1", "model.growth=identity"),
}  # fmt: skip
BLOCKED = ("lwf_gui", "numpy", "torchvision", "sklearn")
ROW = re.compile(r"(\S+) +(task-aware|class-incremental) .*; right \((.*)\), (as in the run)")


def python(*arguments: str) -> str:
    """Return what Python prints in a process of its own."""
    done = subprocess.run((sys.executable, *arguments), capture_output=True, text=True, check=False, timeout=3000)
    assert not done.returncode, done.stderr
    return done.stdout


@pytest.mark.parametrize("name", RECIPES)
def test_script_prints_the_accuracies_of_the_run(name: str, tmp_path: Path) -> None:
    preset, *changes = RECIPES[name]
    settings = [part for change in ("engine.precision=fp32", *changes) for part in ("--set", change)]
    run = ("run", "--preset", preset, "--data", "fashion-mnist-part", *settings, "--out", str(tmp_path), "--json")
    told = json.loads(python("-m", "lwf_gui", *run))
    record, file = files.load(tmp_path / "run.lwfrun"), tmp_path / "script.py"
    script.write(record, file)
    assert record.data is not None
    code = f"import sys, runpy; sys.modules.update(dict.fromkeys({BLOCKED})); sys.argv[:] = sys.argv[1:]; "
    printed = python("-I", "-c", f"{code}runpy.run_path(sys.argv[0])", str(file), str(PART_DIRECTORY))
    rows = [match for line in printed.splitlines() if (match := ROW.fullmatch(line))]
    assert len(rows) == 8, printed
    for learner, protocol, right, _ in (row.groups() for row in rows):
        counts = [int(count) for count in right.split(", ")]
        shares = [count / size for count, size in zip(counts, record.data.test_sizes, strict=True)]
        assert shares == told["learners"][learner][protocol.replace("-", "_")]["tasks"]
