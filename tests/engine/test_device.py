"""Device, threads and precision: chosen by rule or by a remembered trial, the same with and without a window."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

from lwf_gui import paths
from lwf_gui.engine import device, trial
from lwf_gui.engine.device import Machine, resolve
from lwf_gui.recipe import Recipe

CNN = {"model.network": "cnn"}
SMALL = {"model.hidden": 32}


def recipe(**changes: object) -> Recipe:
    return Recipe().with_settings({"engine.device": "cpu", **changes})


@pytest.fixture
def two_cores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(device, "_cores", lambda: 2)
    monkeypatch.setattr(device, "_has_bf16", lambda name: False)


@pytest.mark.usefixtures("two_cores")
@pytest.mark.parametrize(
    ("changes", "threads", "lanes"),
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
    changes: dict[str, object], threads: int, lanes: int
) -> None:
    machine = resolve(recipe(**changes), 28, 28)
    assert (machine.threads, machine.lanes) == (threads, lanes)
    assert torch.get_num_threads() == threads


@pytest.mark.usefixtures("two_cores")
def test_device_is_described_for_people() -> None:
    assert resolve(recipe(), 28, 28).describe() == "CPU, 1 thread a learner, fp32"
    assert resolve(recipe(**CNN), 28, 28).describe() == "CPU, 2 threads, fp32"
    assert resolve(recipe(learners=("lwf",)), 28, 28).describe() == "CPU, 1 thread, fp32"


def test_precision_that_was_asked_for_is_taken_without_a_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "bf16_is_faster", lambda *_: pytest.fail("a trial"))
    assert resolve(recipe(**{"engine.precision": "bf16"}), 28, 28).precision == "bf16"
    assert resolve(recipe(**{"engine.precision": "fp32"}), 28, 28).precision == "fp32"


def test_small_work_and_processors_without_bf16_need_no_trial(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(trial, "bf16_is_faster", lambda *_: pytest.fail("a trial"))
    monkeypatch.setattr(device, "_has_bf16", lambda name: True)
    assert resolve(recipe(**SMALL), 8, 8).precision == "fp32"
    monkeypatch.setattr(device, "_has_bf16", lambda name: False)
    assert resolve(recipe(**CNN), 28, 28).precision == "fp32"


@pytest.mark.parametrize(("seconds", "precision"), [((0.02, 0.01), "bf16"), ((0.011, 0.01), "fp32")])
def test_trial_takes_bf16_if_it_is_clearly_faster_and_is_remembered(
    monkeypatch: pytest.MonkeyPatch, seconds: tuple[float, float], precision: str
) -> None:
    told: list[str] = []
    monkeypatch.setattr(device, "_has_bf16", lambda name: True)
    monkeypatch.setattr(trial, "_seconds", lambda *_: seconds)
    first = resolve(recipe(), 28, 28, lambda: told.append("trial"))
    assert first.precision == precision
    monkeypatch.setattr(trial, "_seconds", lambda *_: pytest.fail("a second trial"))
    assert resolve(recipe(**{"lwf.alpha": 3}), 28, 28, lambda: told.append("again")) == first
    assert told == ["trial"]
    monkeypatch.setattr(trial, "_seconds", lambda *_: (1.0, 2.0))
    assert resolve(recipe(**{"model.hidden": 1024}), 28, 28).precision == "fp32"  # another network, another trial


@pytest.mark.parametrize("content", ["", "{", "[]", '{"bf16_ms": 3}'])
def test_damaged_verdict_is_found_anew(monkeypatch: pytest.MonkeyPatch, content: str) -> None:
    monkeypatch.setattr(device, "_has_bf16", lambda name: True)
    monkeypatch.setattr(trial, "_seconds", lambda *_: (0.02, 0.01))
    resolve(recipe(), 28, 28)
    (file,) = (paths.cache_dir() / "trials").iterdir()
    file.write_text(content, "utf-8")
    assert resolve(recipe(), 28, 28).precision == "bf16"
    assert json.loads(file.read_text("utf-8"))["bf16"] is True


def test_without_a_cache_every_run_tries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", "utf-8")
    monkeypatch.setattr(paths, "cache_dir", lambda: blocked)
    monkeypatch.setattr(device, "_has_bf16", lambda name: True)
    monkeypatch.setattr(trial, "_seconds", lambda *_: (0.02, 0.01))
    told: list[str] = []
    for _ in range(2):
        assert resolve(recipe(), 28, 28, lambda: told.append("trial")).precision == "bf16"
    assert len(told) == 2


@pytest.mark.parametrize("changes", [CNN, {}])
def test_trial_measures_both_precisions(changes: dict[str, object]) -> None:
    cpu = torch.device("cpu")
    machines = (Machine(cpu, 1, 1, "fp32"), Machine(cpu, 1, 1, "bf16"))
    small = recipe(**changes, **SMALL, **{"train.batch_size": 4})
    fp32, bf16 = trial._seconds(small, 8, 8, machines)
    assert 0 < fp32 < 1
    assert 0 < bf16 < 1
