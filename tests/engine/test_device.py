"""Device, threads and precision: chosen by rule, the same with and without a window, under load and in any home."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
import torch

from lwf_gui import paths, processor
from lwf_gui.engine.compute import device
from lwf_gui.engine.compute.device import resolve
from lwf_gui.engine.runner import Job, Runner
from lwf_gui.messages import Finished
from lwf_gui.recipe import Recipe, compose

CNN = {"model.network": "cnn"}
SMALL = {"model.hidden": 32}


def recipe(**changes: object) -> Recipe:
    return Recipe().with_settings({"engine.device": "cpu", **changes})


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processor, "cores", lambda: 2)
    monkeypatch.setattr(device, "_has_bf16", lambda name: False)


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize(
    ("changes", "threads", "workers"),
    [
        ({}, 1, 2),
        ({"learners": ("lwf",)}, 1, 1),
        ({"engine.threads": 4}, 2, 2),
        ({"engine.threads": 1}, 1, 1),
        (CNN, 2, 1),
        ({**CNN, "engine.threads": 3}, 3, 1),
    ],
)
def test_threads_go_to_learners_if_small_and_to_matrix_products_if_large(
    changes: dict[str, object], threads: int, workers: int
) -> None:
    compute = resolve(recipe(**changes), 28, 28)
    assert (compute.threads, compute.workers) == (threads, workers)
    assert torch.get_num_threads() == threads


@pytest.mark.usefixtures("two_cores")
def test_device_is_described_for_people() -> None:
    assert resolve(recipe(), 28, 28).describe() == "CPU, 1 thread a learner, fp32"
    assert resolve(recipe(**CNN), 28, 28).describe() == "CPU, 2 threads, fp32"
    assert resolve(recipe(learners=("lwf",)), 28, 28).describe() == "CPU, 1 thread, fp32"


@pytest.mark.parametrize("precision", ["bf16", "fp32"])
def test_precision_that_was_asked_for_is_taken(monkeypatch: pytest.MonkeyPatch, precision: str) -> None:
    for has in (True, False):
        monkeypatch.setattr(device, "_has_bf16", lambda name, has=has: has)
        for changes in (SMALL, CNN):
            assert resolve(recipe(**changes, **{"engine.precision": precision}), 28, 28).precision == precision


@pytest.mark.parametrize(
    ("preset", "size", "precision"),
    [
        ("classroom", 28, "bf16"),
        ("cnn", 28, "bf16"),
        ("paper", 28, "bf16"),
        ("notebook", 28, "bf16"),
        ("digits", 8, "fp32"),
    ],
)
def test_presets_take_bf16_where_the_processor_has_it_and_the_work_is_worth_it(
    monkeypatch: pytest.MonkeyPatch, preset: str, size: int, precision: str
) -> None:
    asked = compose(preset, ["engine.device=cpu"])
    monkeypatch.setattr(device, "_has_bf16", lambda name: True)
    assert resolve(asked, size, size).precision == precision
    assert resolve(asked, size, size).describe().endswith(f", {precision}")
    monkeypatch.setattr(device, "_has_bf16", lambda name: False)
    assert resolve(asked, size, size).precision == "fp32"


def test_precision_hangs_on_no_clock_no_load_and_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Under load a stopwatch found fp32, and the same recipe and seed gave other figures."""
    monkeypatch.setattr(device, "_has_bf16", lambda name: True)
    homes, answers = [tmp_path / "one", tmp_path / "two"], []
    for home in homes:
        monkeypatch.setenv("HOME", str(home))
        monkeypatch.setenv("XDG_CACHE_HOME", str(home / ".cache"))
        with monkeypatch.context() as stopped:
            for name in ("perf_counter", "time", "monotonic", "process_time"):
                stopped.setattr(time, name, lambda: pytest.fail("a clock is read"))
            answers.append([resolve(recipe(**changes), 28, 28) for changes in (SMALL, {}, CNN)])
        assert not home.exists(), "no file is written"
    assert answers[0] == answers[1]
    assert [compute.precision for compute in answers[0]] == ["fp32", "bf16", "bf16"]


def test_a_run_leaves_nothing_of_its_choice_of_precision_in_the_cache() -> None:
    changes = ["task1.epochs=1", "task2.epochs=1", "data.train_images=64", "engine.device=cpu", "model.network=cnn"]
    outcome = Runner().run(Job(1, compose("digits", changes)), lambda message: None)
    assert isinstance(outcome, Finished), outcome
    assert [folder.name for folder in paths.cache_dir().iterdir()] == ["teachers"]
