"""Run files of format 2, whose KD and KL had the factor T²: they come back in true nats."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from safetensors import safe_open
from safetensors.numpy import save_file

from lwf_gui import InputError
from lwf_gui.documents import files
from lwf_gui.documents.writing import DIGEST
from lwf_gui.messages import TERMS, Branch, Message, PhaseStarted, Steps
from lwf_gui.runs.record import Record
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS, RECIPE

GOLDEN = Path(__file__).parent / "golden" / "format-3.lwfrun"

NAMES = (*LEARNERS, "lwf+1@8", "lwf+2@12")
BRANCHES = (
    Branch("lwf+1@8", "lwf", 8, {"temperature": 10.0}),
    Branch("lwf+2@12", "lwf+1@8", 12, {"scale_t2": False}),
)
STEPS = 20


def factor(learner: str, step: int) -> float:
    """Return T², or 1 without it, of a step of this run, as a plain list of cases."""
    temperature, on = (RECIPE.lwf.temperature, True) if step <= 5 else (4.0, True) if step <= 15 else (3.0, False)
    if learner == "lwf+2@12" and step > 12:
        on = False
    elif learner in ("lwf+1@8", "lwf+2@12") and step > 8:
        temperature = 10.0
    return temperature**2 if on else 1.0


def told(losses: np.ndarray[tuple[int, ...], np.dtype[np.float32]]) -> list[Message]:
    """Return the messages of a run whose settings change at steps 5 and 15."""
    return [
        *synthetic.task1(),
        PhaseStarted(1, "incremental", NAMES, STEPS, (STEPS,), branches=BRANCHES),
        Steps(1, "incremental", 1, losses, 1.0, STEPS),
        synthetic.live_settings(5, temperature=4.0),
        synthetic.live_settings(15, temperature=3.0, scale_t2=False),
    ]


def written_as_before(path: Path, messages: list[Message]) -> Path:
    """Write a record as a program of format 2 did."""
    files.save(synthetic.record(messages), path)
    with safe_open(path, framework="numpy") as file:
        about = dict(file.metadata() or {}) | {"format": "2"}
        del about[DIGEST]
        arrays = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
    save_file(arrays, path, about)
    return path


def test_a_file_of_format_2_comes_back_with_kd_and_kl_in_true_nats(tmp_path: Path) -> None:
    assert RECIPE.lwf.scale_t2
    true = synthetic.losses(STEPS, len(NAMES))
    factors = np.array([[factor(name, step) for name in NAMES] for step in range(1, STEPS + 1)], np.float32)
    assert set(factors.ravel().tolist()) == {1.0, 4.0, 16.0, 100.0}
    before = true.copy()
    before[..., TERMS.index("kd")] *= factors
    before[..., TERMS.index("kl")] *= factors
    record = files.load(written_as_before(tmp_path / "old.lwfrun", told(before)))
    assert record.incremental is not None
    np.testing.assert_allclose(record.incremental.losses.values, true, rtol=1e-6)
    for term in ("ce", "total"):
        column = TERMS.index(term)
        assert record.incremental.losses.values[..., column].tobytes() == true[..., column].tobytes()


def test_a_file_of_today_comes_back_as_it_is_and_so_does_a_migrated_one(tmp_path: Path) -> None:
    losses = synthetic.losses(STEPS, len(NAMES))
    files.save(synthetic.record(told(losses)), tmp_path / "new.lwfrun")
    new = files.load(tmp_path / "new.lwfrun")
    old = files.load(written_as_before(tmp_path / "old.lwfrun", told(losses)))
    files.save(old, tmp_path / "again.lwfrun")
    again = files.load(tmp_path / "again.lwfrun")
    assert new.incremental is not None
    assert old.incremental is not None
    assert again.incremental is not None
    assert new.incremental.losses.values.tobytes() == losses.tobytes()
    assert again.incremental.losses.values.tobytes() == old.incremental.losses.values.tobytes()


@pytest.mark.parametrize("count", [1, 8, 9])
def test_a_run_of_format_2_that_was_cut_short_comes_back(tmp_path: Path, count: int) -> None:
    messages = [*synthetic.task1(), PhaseStarted(1, "incremental", LEARNERS, STEPS, (STEPS,))][:count]
    record = files.load(written_as_before(tmp_path / "part.lwfrun", messages))
    assert isinstance(record, Record)
    assert len(list(record.messages())) == len(list(synthetic.record(messages).messages()))


def test_a_file_of_format_2_with_a_temperature_of_nothing_is_refused(tmp_path: Path) -> None:
    messages = told(synthetic.losses(STEPS, len(NAMES)))
    cold = synthetic.live_settings(5, temperature=0.0)
    messages[-2] = cold
    with pytest.raises(InputError, match="sound run file"):
        files.load(written_as_before(tmp_path / "cold.lwfrun", messages))


def test_right_answers_of_a_file_of_format_3_are_its_fractions_to_the_last_digit() -> None:
    with safe_open(GOLDEN, framework="numpy") as file:
        about = file.metadata() or {}
    assert about["format"] == "3"
    told = json.loads(about["messages"])
    record = files.load(GOLDEN)
    assert record.data is not None
    old, new = record.data.test_sizes
    fractions = [message["scores"] for message in told if message["type"] == "Evaluated"]
    for evaluation, before in zip(record.evaluations, fractions, strict=True):
        assert evaluation.task == 1
        for name, score in evaluation.scores.items():
            for protocol in ("task_aware", "class_incremental"):
                right = getattr(score, protocol)
                assert (right[0] / old, right[1] / new) == (
                    before[name][protocol]["old"],
                    before[name][protocol]["new"],
                )
            assert score.teacher[0] / old == before[name]["teacher_old"]
    assert record.teacher is not None
    assert [record.teacher.right / old] == [message["old"] for message in told if message["type"] == "TeacherReady"]
    assert record.incremental is not None
    assert record.incremental.started.boundaries == (0,)
    assert record.data.scenario.sizes == tuple(map(len, record.data.recipe.data.tasks))
    for probe in record.incremental.probes:
        assert probe.teacher is not None
        assert np.isneginf(probe.teacher[:, record.data.scenario.seen(0) :]).all()


def test_a_file_of_format_3_comes_back_in_the_fields_names() -> None:
    """The file was written by the last version of that format: a frozen backbone, by hand and of a branch."""
    record = files.load(GOLDEN)
    assert [mark.step for mark in record.marks] == [5, 15, 17]
    assert record.marks[-1].changed == ("backbone_frozen",)
    assert record.marks[-1].live_settings.backbone_frozen
    assert record.incremental is not None
    assert record.incremental.started.branches[0].overrides == {"backbone_frozen": True, "temperature": 10.0}
