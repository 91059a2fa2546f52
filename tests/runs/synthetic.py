"""Records made by hand: small, with known numbers, without an engine."""

from __future__ import annotations

from dataclasses import asdict, replace

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import (
    FORCES,
    TEACHER,
    TERMS,
    DataReady,
    Evaluated,
    Finished,
    LayerProbe,
    LearnerScore,
    LiveSettingsApplied,
    LogLine,
    Message,
    Phase,
    PhaseStarted,
    Probe,
    Steps,
    TeacherReady,
)
from lwf_gui.recipe import LiveSettings, Recipe, compose
from lwf_gui.runs.record import Record
from lwf_gui.scenario import Scenario

OLD, CLASSES, PROBES = 3, 5, 40
SCENARIO, TEST_SIZES = Scenario((3, 2)), (1200, 80)
LEARNERS = ("fine-tune", "lwf")
LAYERS = ("fc1", "fc2", "classifier")
TASK1_STEPS, TASK2_STEPS, PER_EPOCH = 20, 30, 10
RECIPE = compose("digits", ["data.tasks=[[0,1,2],[3,4]]", "task1.epochs=2", "task2.epochs=3"])
PROBE_LABELS = np.sort(np.arange(PROBES) % CLASSES).astype(np.uint8)

rng = np.random.default_rng(7)
PROBE_IMAGES = rng.integers(0, 17, (PROBES, 8, 8), np.uint8)


def losses(steps: int, learners: int, seed: int = 0) -> NDArray[np.float32]:
    """Return losses, shape (steps, learners, terms)."""
    return np.random.default_rng(seed).uniform(0, 3, (steps, learners, len(TERMS))).astype(np.float32)


def logits(learners: int, seed: int, outputs: int = CLASSES) -> NDArray[np.float16]:
    """Return answers to the probe images; classes without an output unit are -inf."""
    values = np.full((learners, PROBES, CLASSES), -np.inf, np.float16)
    values[..., :outputs] = np.random.default_rng(seed).normal(size=(learners, PROBES, outputs))
    values[:, np.arange(0, PROBES, 2), np.minimum(PROBE_LABELS[::2], outputs - 1)] += 2
    return values


def teacher(seed: int) -> NDArray[np.float16]:
    """Return a teacher's answers to the probe images: of the old classes alone."""
    values: NDArray[np.float16] = logits(1, seed)[0]
    values[:, OLD:] = -np.inf
    return values


def data_ready(recipe: Recipe = RECIPE) -> DataReady:
    return DataReady(
        run_id=1,
        recipe=recipe,
        dataset="digits",
        source="comes with LwF Lab",
        note="",
        classes=tuple("abcde"),
        scenario=SCENARIO,
        train_sizes=(160, 160),
        test_sizes=TEST_SIZES,
        probe_images=PROBE_IMAGES,
        probe_labels=PROBE_LABELS,
        peak=16,
        device="CPU, 1 thread, fp32",
    )


def score(old: float, new: float, drop: float = 0.1) -> LearnerScore:
    """Return a score that differs between the protocols."""
    return LearnerScore(right(old, new), right(max(old - drop, 0.0), max(new - drop / 2, 0.0)), right(0.95))


def right(*shares: float) -> tuple[int, ...]:
    """Return how many of the test images of the first tasks these fractions are."""
    return tuple(round(share * size) for share, size in zip(shares, TEST_SIZES, strict=False))


def steps(phase: Phase, first: int, count: int, learners: int, seconds: float) -> Steps:
    return Steps(1, phase, first, losses(count, learners, seed=first), seconds, (first + count - 1) * 16 * learners)


def layer_probe(step: int, learners: int = 2) -> LayerProbe:
    """Return pulls, distances and filters; none of them at step 0, but the filters."""
    random = np.random.default_rng(100 + step)
    forces = random.uniform(0.1, 2, (learners, len(LAYERS), len(FORCES))).astype(np.float32)
    forces[..., 2] = random.uniform(-1, 1, forces.shape[:2])
    moved = random.uniform(0, 0.5, forces.shape[:2]).astype(np.float32)
    filters = random.normal(size=(learners, 4, 8, 8)).astype(np.float16)
    if step == 0:
        forces[:], moved[:] = np.nan, 0
    return LayerProbe(1, step, forces, moved, filters)


def evaluated(epoch: int) -> Evaluated:
    scores = {"fine-tune": score(0.9 - 0.2 * epoch, 0.3 * epoch), "lwf": score(0.9 - 0.01 * epoch, 0.3 * epoch)}
    return Evaluated(1, 1, epoch, epoch * PER_EPOCH, scores)


def live_settings(step: int, *changed: str, by: str = "user", **values: object) -> LiveSettingsApplied:
    settings = asdict(RECIPE.live_settings()) | values
    return LiveSettingsApplied(1, step, LiveSettings(**settings), changed or tuple(values), by)  # type: ignore[arg-type]


def task1() -> list[Message]:
    """Return the messages up to the teacher."""
    return [
        data_ready(),
        PhaseStarted(1, "base", (TEACHER,), TASK1_STEPS, (PER_EPOCH,)),
        Probe(1, "base", 0, logits(1, 1, OLD)),
        steps("base", 1, 12, 1, 0.5),
        LogLine(1, "Epoch 1"),
        steps("base", 13, 8, 1, 1.0),
        Probe(1, "base", 20, logits(1, 2, OLD)),
        TeacherReady(1, right(0.95)[0], False),
    ]


def task2() -> list[Message]:
    """Return the messages from the head expansion to the end."""

    def probe(step: int) -> Probe:
        return Probe(1, "incremental", step, logits(2, 10 + step), teacher(50 + step))

    return [
        PhaseStarted(1, "incremental", LEARNERS, TASK2_STEPS, (PER_EPOCH,), layers=LAYERS),
        probe(0),
        layer_probe(0),
        evaluated(0),
        steps("incremental", 1, 10, 2, 1.0),
        probe(10),
        layer_probe(10),
        evaluated(1),
        live_settings(10, alpha=2.0),
        steps("incremental", 11, 5, 2, 1.5),
        probe(15),
        layer_probe(15),
        steps("incremental", 16, 5, 2, 2.0),
        evaluated(2),
        live_settings(20, "backbone_frozen", by="schedule", backbone_frozen=False),
        steps("incremental", 21, 10, 2, 3.0),
        probe(30),
        layer_probe(30),
        evaluated(3),
        LogLine(1, "Done"),
        finished(),
    ]


def finished() -> Finished:
    scores = {name: as_json(each) for name, each in evaluated(3).scores.items()}
    return Finished(
        1,
        {
            "recipe": RECIPE.model_dump(mode="json"),
            "seed": 0,
            "dataset": "digits",
            "teacher": {"old": 0.95},
            "learners": scores,
            "epochs": [],
            "seconds": {"load": 0.1, "task1": 1.0, "task2": 3.0, "total": 4.1},
            "samples_per_second": 640.0,
        },
    )


def as_json(score: LearnerScore) -> dict[str, object]:
    """Return a score as a run's results have it."""

    def pair(counts: tuple[int, ...]) -> dict[str, float]:
        return {name: count / size for name, count, size in zip(("old", "new"), counts, TEST_SIZES, strict=True)}

    told = {"task_aware": pair(score.task_aware), "class_incremental": pair(score.class_incremental)}
    return {**told, "teacher_old": score.teacher[0] / TEST_SIZES[0]}


def record(messages: list[Message] | None = None) -> Record:
    """Return a record of these messages, else of a whole run."""
    made = Record()
    for message in [*task1(), *task2()] if messages is None else messages:
        made.apply(message)
    return made


def up_to_step(step: int) -> Record:
    """Return the record as it was when task 2 had so many steps, before its next message."""
    made = record(task1())
    for message in task2():
        made.apply(message)
        if made.incremental is not None and made.incremental.steps == step:
            break
    return made


def of_run(message: Message, run_id: int) -> Message:
    """Return a message as another run would tell it."""
    return replace(message, run_id=run_id)


def with_losses(count: int) -> Record:
    """Return a record with so many steps of task 2."""
    made = record(task1())
    made.apply(PhaseStarted(1, "incremental", LEARNERS, 10_000, (100,)))
    if count:
        made.apply(Steps(1, "incremental", 1, losses(count, 2), 1.0, count))
    return made
