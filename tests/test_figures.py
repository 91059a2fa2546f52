"""The figures that the project promises, on real Fashion-MNIST, as `lwf-gui run` prints them.

These are whole trainings: about two minutes on two cores. The bounds are the promise, far from what is measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from lwf_gui.engine.runner import Job, Runner
from lwf_gui.messages import Finished, LiveSettingsApplied, LogLine, Message
from lwf_gui.recipe import compose
from tests.conftest import needs_fashion_mnist

pytestmark = [needs_fashion_mnist, pytest.mark.slow]

UNSEEN = "train.probe_every=100000"
"""Looking in between changes no figure, and takes time."""


@pytest.fixture(scope="module")
def teachers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("teachers")


@pytest.fixture(autouse=True)
def teachers_are_kept(teachers: Path, isolated_dirs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a teacher that one test has trained teach in the next one too."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(teachers))


def results(preset: str, assignments: Iterable[str] = (), seed: int = 0) -> tuple[dict[str, Any], list[Message]]:
    told: list[Message] = []
    job = Job(1, compose(preset, [UNSEEN, *assignments], data="fashion-mnist", seed=seed))
    outcome = Runner().run(job, told.append)
    assert isinstance(outcome, Finished), outcome
    return dict(outcome.summary), told


def figure(summary: dict[str, Any], learner: str, protocol: str, task: str) -> float:
    value = summary["learners"][learner][protocol][task]
    assert isinstance(value, float)
    return value


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_classroom_fine_tuning_forgets_and_lwf_remembers(seed: int) -> None:
    summary, _ = results("classroom", seed=seed)
    assert figure(summary, "fine-tune", "task_aware", "old") <= 0.40
    assert figure(summary, "lwf", "task_aware", "old") >= 0.88
    for learner in ("fine-tune", "lwf"):
        assert figure(summary, learner, "task_aware", "new") >= 0.95
        assert figure(summary, learner, "class_incremental", "old") <= 0.05


def test_cnn_fine_tuning_forgets_and_lwf_remembers() -> None:
    summary, _ = results("cnn", ["train.log=notebook"])  # changes no figure; its teacher is the notebook's, too
    assert figure(summary, "fine-tune", "task_aware", "old") <= 0.60
    assert figure(summary, "lwf", "task_aware", "old") >= 0.92
    for learner in ("fine-tune", "lwf"):
        assert figure(summary, learner, "task_aware", "new") >= 0.96


def test_notebook_has_the_shape_of_the_original_and_its_teacher_drifts() -> None:
    summary, told = results("notebook", ["learners=lwf"])
    epochs = [epoch["learners"]["lwf"] for epoch in summary["epochs"]]
    old = [epoch["class_incremental"]["old"] for epoch in epochs]
    new = [epoch["class_incremental"]["new"] for epoch in epochs]
    teacher = [epoch["teacher_old"] for epoch in epochs]
    assert len(epochs) == 6
    # The random layer spoils the copied rows before any training; recency then takes the rest.
    assert 0.05 <= old[0] <= 0.5
    assert new[0] <= 0.01
    assert old[-1] <= 0.005
    assert new[-1] >= 0.90
    assert new == sorted(new)
    # Frozen backbone: the aliased teacher stands still. From the unfreeze on it trains with the student.
    assert teacher[:4] == [teacher[0]] * 4
    assert 0.005 <= teacher[0] - teacher[-1] <= 0.04
    assert teacher[-1] < teacher[-2] < teacher[0]
    assert [m.step for m in told if isinstance(m, LiveSettingsApplied)] == [3 * 375]
    lines = [m.text for m in told if isinstance(m, LogLine)]
    assert sum(line.startswith("Loss: ") for line in lines) == 3 * 6 + 5 * 4
    assert sum(line.startswith("Validation Acc: ") for line in lines) == 5
    assert sum(line.startswith(" Accuracy: ") for line in lines) == 3 + 5


def test_notebook_with_a_frozen_teacher_does_not_drift() -> None:
    settings = ["learners=lwf", "lwf.teacher=frozen", "data.train_images=4000", "task1.epochs=1", "task2.lr=0.01"]
    summary, _ = results("notebook", [*settings, "task2.warmup_epochs=1", "task2.epochs=2"])
    assert len(summary["epochs"]) == 3, "before training, with the backbone frozen and with it training"
    teacher = {epoch["learners"]["lwf"]["teacher_old"] for epoch in summary["epochs"]}
    assert teacher == {summary["teacher"]["old"]}
