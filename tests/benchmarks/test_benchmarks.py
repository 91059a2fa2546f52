"""The benchmarks run and say what they measure; how fast they are is for people to read."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.benchmarks.__main__ import BENCHMARKS
from tests.benchmarks.compare import MEASURES, Side, Values, compare, rows_of
from tests.benchmarks.processes import TREE, run, tell
from tests.conftest import needs_fashion_mnist

ROOT = Path(__file__).parents[2]


def output(*words: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    return subprocess.run([sys.executable, "-m", *words], cwd=ROOT, env=environment, capture_output=True, text=True)


def test_unknown_name_is_refused_with_the_names_that_there_are() -> None:
    ran = output("tests.benchmarks", "setp")
    assert ran.returncode == 2
    assert all(name in ran.stderr for name in ("setp", *BENCHMARKS))


def test_table_has_a_row_for_every_row(capsys: pytest.CaptureFixture[str]) -> None:
    tell("A title", ("what", "how much"), [("one", "1 s"), ("two", "2 s")])
    assert capsys.readouterr().out == "\n### A title\n\n| what | how much |\n|---|---|\n| one | 1 s |\n| two | 2 s |\n"


def test_process_runs_the_program_of_the_checkout_that_is_named(tmp_path: Path) -> None:
    (tmp_path / "lwf_gui").mkdir()
    (tmp_path / "lwf_gui" / "__main__.py").write_text("print('another one')\n", "utf-8")
    (tmp_path / "lwf_gui" / "__init__.py").touch()
    assert run(sys.executable, "-m", "lwf_gui", tree=tmp_path).output == "another one\n"
    assert "lwf-gui " in run(sys.executable, "-m", "lwf_gui", "--version").output


def test_checkouts_are_measured_by_turns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[Path] = []

    def measure(side: Side) -> Values:
        asked.append(side.tree)
        assert side.environment["XDG_CACHE_HOME"].startswith(str(side.home))
        return {"a step, ms": 4.0 if side.tree == TREE else 2.0}

    monkeypatch.setitem(MEASURES, "step", measure)
    compare(["step"], tmp_path, 2)
    assert asked == [tmp_path, TREE, TREE, tmp_path]
    assert "| a step, ms | 2.00 | 4.00 | 2.00 |" in capsys.readouterr().out


def test_comparison_has_a_row_of_medians_for_what_both_sides_have() -> None:
    theirs = [{"a, samples/s": 3000.0, "gone, ms": 1.0}, {"a, samples/s": 1000.0}, {"a, samples/s": 2000.0}]
    ours = [{"a, samples/s": 5000.0, "new, ms": 1.0}] * 3
    assert rows_of(theirs, ours) == [("a, samples/s", "2,000", "5,000", "2.50")]


def test_comparison_refuses_what_is_no_checkout_and_what_it_cannot_compare(tmp_path: Path) -> None:
    for words, told in (
        (("--against", str(tmp_path)), "no checkout"),
        (("--against", str(ROOT), "soak"), "soak: no such"),
    ):
        ran = output("tests.benchmarks", *words)
        assert ran.returncode == 2
        assert told in ran.stderr


def test_repaint_paints_a_growing_record() -> None:
    ran = output("tests.benchmarks.repaint", "200")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert told["steps"] == 200
    assert 0 < told["frame_ms"]["p50"] <= told["frame_ms"]["p95"] <= told["frame_ms"]["max"]


FITTING = """
import importlib.util, sys, types
import torch

kept, stub = [], types.ModuleType("torchvision")
stub.__spec__ = importlib.util.find_spec("torchvision")
stub.datasets, stub.transforms = "datasets", "transforms"
sys.modules["torchvision"] = stub

def load(binary):
    if not kept:
        kept.append(torch.library.Library("torchvision", "DEF"))
        for name in ("nms", "qnms"):
            kept[0].define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

torch.ops.load_library = load
from tests.benchmarks.notebook_loop import import_torchvision
print(import_torchvision())
"""
"""What happens where torchvision's own operators fit torch: they are declared as they are loaded, and once alone."""


def test_verbatim_loop_declares_no_operator_before_torchvision_loads_its_own() -> None:
    ran = subprocess.run([sys.executable, "-c", FITTING], cwd=ROOT, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout == "('datasets', 'transforms')\n"


@needs_fashion_mnist
def test_scale_registers_as_many_learners_as_it_is_asked_for() -> None:
    ran = output("tests.benchmarks.scale", "128", "4")
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["images"], told["learners"]) == (128, 4)
    assert told["seconds"] > 0


@needs_fashion_mnist
def test_live_watches_a_run_to_its_end_and_finds_nothing_left() -> None:
    changes = ("data.train_images=640", "task1.epochs=1", "task2.epochs=6", "model.hidden=64")
    options = [word for change in changes for word in ("--set", change)]
    ran = output("tests.benchmarks.live", *options)
    assert ran.returncode == 0, ran.stderr
    told = json.loads(ran.stdout)
    assert (told["runs"], told["threads"], told["timers"]) == (1, [], 0)
    assert told["samples_per_second"] > 0
