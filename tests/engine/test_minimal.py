"""The page of plain PyTorch and the engine train the same: an implementation that shares nothing with the program."""

from __future__ import annotations

import ast
import importlib.util
import runpy
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from lwf_gui import paths
from lwf_gui.data import sources
from lwf_gui.messages import Phase, Steps
from lwf_gui.recipe import compose
from tests.engine.lab import FINE_TUNE, LWF, TOTAL, Lab, Ran
from tests.engine.sets import write_set

SCRIPT = paths.resources() / "lwf_minimal.py"
EPOCHS = 2
PER_CLASS = (100,) * 6 + (150,) * 4
"""Training images: 600 of each task."""
TESTED = {"old": 900, "new": 600}
"""Test images, 150 of each class."""


def first_of_each(labels: NDArray[np.uint8], counts: tuple[int, ...]) -> NDArray[np.intp]:
    """Return the numbers of the first images of every class, so many of each, in order."""
    taken = [np.flatnonzero(labels == label)[:count] for label, count in enumerate(counts)]
    return np.sort(np.concatenate(taken))


@pytest.fixture(scope="module")
def minimal() -> ModuleType:
    spec = importlib.util.spec_from_file_location("lwf_minimal", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with 600 training images a task, drawn from the part that comes along."""
    part = sources.load("fashion-mnist-part")
    chosen, tested = first_of_each(part.train_labels, PER_CLASS), first_of_each(part.test_labels, (150,) * 10)
    return write_set(
        tmp_path_factory.mktemp("small"),
        compressed=True,
        train_images=part.train_images[chosen],
        train_labels=part.train_labels[chosen],
        test_images=part.test_images[tested],
        test_labels=part.test_labels[tested],
    )


@pytest.fixture(scope="module")
def engine(folder: Path, lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """Return the classroom preset on these images, in the script's arithmetic."""
    changes = ("engine.precision=fp32", "engine.device=cpu", "engine.threads=1")
    epochs = (f"task1.epochs={EPOCHS}", f"task2.epochs={EPOCHS}", "train.probe_every=1000")
    with pytest.MonkeyPatch.context() as patch:  # a module's fixture is made before the user's folders are set aside
        patch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))
        return lab.run_recipe(compose("classroom", (*changes, *epochs), data=str(folder)))


@pytest.fixture(scope="module")
def plain(minimal: ModuleType, folder: Path) -> dict[str, Any]:
    return dict(minimal.run(folder, EPOCHS))


def phases(ran: Ran) -> list[Phase]:
    return list(dict.fromkeys(block.phase for block in ran.all(Steps)))


def test_losses_of_every_step_are_the_engines(plain: dict[str, Any], engine: Ran) -> None:
    """From the first weights on, through head expansion and shortened steps, to the last batch.

    Equal to 1e-5, not to the last bit, for three reasons: torch's `clip_grad_norm_` adds up the squares in another
    order than the engine, its unfused SGD rounds more often than the fused one, and the page writes -p log q out where
    the engine asks for `cross_entropy`. With the engine's ways in place of these three all 60 losses were equal to
    the last bit, on one thread; without them they are within 3e-6.
    """
    base, incremental = phases(engine)
    steps = EPOCHS * -(-600 // 64)
    told = {
        "teacher": engine.losses(base)[:, 0, TOTAL],
        "fine-tuning": engine.losses(incremental)[:, FINE_TUNE, TOTAL],
        "LwF": engine.losses(incremental)[:, LWF, TOTAL],
    }
    assert plain.keys() == told.keys()
    for name, (losses, _) in plain.items():
        assert len(losses) == steps
        np.testing.assert_allclose(losses, told[name], rtol=1e-5, err_msg=name)


def test_accuracies_under_both_protocols_are_the_engines(plain: dict[str, Any], engine: Ran) -> None:
    """But for one test image: what is right by a hair may be wrong by one."""
    teacher = plain["teacher"][1]["task-aware"][0]
    assert teacher == pytest.approx(engine.summary["teacher"]["old"], abs=1.001 / TESTED["old"])
    for name, learner in (("fine-tuning", "fine-tune"), ("LwF", "lwf")):
        for protocol, key in (("task-aware", "task_aware"), ("class-incremental", "class_incremental")):
            told = engine.summary["learners"][learner][key]
            for part, fraction in zip(TESTED, plain[name][1][protocol], strict=True):
                assert fraction == pytest.approx(told[part], abs=1.001 / TESTED[part]), (name, protocol, part)


def test_small_run_forgets_and_remembers(plain: dict[str, Any]) -> None:
    """What the page is there to show; without it two runs that learn nothing would agree too."""
    assert plain["fine-tuning"][1]["task-aware"][0] < plain["LwF"][1]["task-aware"][0] - 0.1


def test_page_trains_with_the_settings_of_the_classroom_preset(minimal: ModuleType) -> None:
    recipe = compose("classroom")
    assert recipe.data.tasks == (tuple(minimal.OLD), tuple(minimal.NEW))
    assert (recipe.model.hidden, recipe.train.batch_size) == (minimal.HIDDEN, minimal.BATCH)
    assert recipe.task1.epochs == recipe.task2.epochs == minimal.EPOCHS
    assert (recipe.task1.lr, recipe.task2.lr, recipe.task2.max_step) == (
        minimal.LR_OLD,
        minimal.LR_NEW,
        minimal.MAX_STEP,
    )
    assert {(task.momentum, task.weight_decay) for task in (recipe.task1, recipe.task2)} == {
        (minimal.MOMENTUM, minimal.DECAY)
    }
    assert (recipe.lwf.alpha, recipe.lwf.temperature, recipe.lwf.scale_t2) == (minimal.ALPHA, minimal.T, True)


def test_page_reads_the_images_that_the_program_reads(minimal: ModuleType) -> None:
    part = sources.load("fashion-mnist-part")
    images, labels = minimal.load(paths.resources() / "data" / "fashion-mnist-part", "t10k", range(6, 10))
    mine = part.test_labels >= 6
    np.testing.assert_array_equal(labels.numpy(), part.test_labels[mine])
    np.testing.assert_array_equal(torch.round((images / 2 + 0.5) * 255).numpy(), part.test_images[mine])


def test_page_imports_nothing_but_torch_and_numpy() -> None:
    tree = ast.parse(SCRIPT.read_text("utf-8"))
    plain = [alias.name for node in ast.walk(tree) if isinstance(node, ast.Import) for alias in node.names]
    given = [str(node.module) for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    packages = {name.partition(".")[0] for name in (*plain, *given)}
    assert packages - sys.stdlib_module_names == {"torch", "numpy"}


def test_missing_folder_is_told_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [str(SCRIPT), str(tmp_path)])
    with pytest.raises(SystemExit) as left:
        runpy.run_path(str(SCRIPT), run_name="__main__")
    assert left.value.code == 2
    assert capsys.readouterr().err == "Name a folder with the four IDX files of Fashion-MNIST or MNIST, as .gz.\n"
