"""A record of five tasks made by hand: small, without an engine."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import (
    TEACHER,
    DataReady,
    Evaluated,
    Finished,
    LearnerScore,
    Message,
    PhaseStarted,
    Probe,
    TeacherReady,
)
from lwf_gui.recipe import compose
from lwf_gui.runs.record import Record
from lwf_gui.scenario import Scenario
from tests.runs import synthetic
from tests.runs.synthetic import LAYERS, LEARNERS

SCENARIO = Scenario((2, 1, 3, 2, 2))
TASKS = "data.tasks=[[0,1],[2],[3,4,5],[6,7],[8,9]]"
RECIPE = compose("digits", [TASKS, "task1.epochs=2", "task2.epochs=2"])
LABELS = np.sort(np.arange(50) % 10).astype(np.uint8)
SIZES = (100, 50, 150, 100, 1000)
EPOCH_STEPS, BOUNDARIES, STEPS = (5, 3, 4, 6), (0, 10, 16, 24), 36
PROBED = (0, 1, 5, 10, 13, 16, 20, 24, 30, 36)


def logits(learners: int, seed: int, seen: int) -> NDArray[np.float16]:
    values = np.full((learners, len(LABELS), SCENARIO.classes), -np.inf, np.float16)
    values[..., :seen] = np.random.default_rng(seed).normal(size=(learners, len(LABELS), seen))
    known = np.flatnonzero(seen > LABELS)[::2]
    values[:, known, LABELS[known]] += 2
    return values


def messages() -> list[Message]:
    started = PhaseStarted(1, "incremental", LEARNERS, STEPS, EPOCH_STEPS, BOUNDARIES, layers=LAYERS)
    told: list[Message] = [
        DataReady(
            run_id=1,
            recipe=RECIPE,
            dataset="digits",
            source="comes with LwF Lab",
            note="",
            classes=tuple("abcdefghij"),
            scenario=SCENARIO,
            train_sizes=tuple(16 * steps for steps in (5, *EPOCH_STEPS)),
            test_sizes=SIZES,
            probe_images=np.random.default_rng(1).integers(0, 17, (len(LABELS), 8, 8), np.uint8),
            probe_labels=LABELS,
            peak=16,
            device="CPU, 1 thread, fp32",
        ),
        PhaseStarted(1, "base", (TEACHER,), 10, (5,)),
        Probe(1, "base", 0, logits(1, 1, 2)),
        synthetic.steps("base", 1, 10, 1, 1.0),
        Probe(1, "base", 10, logits(1, 2, 2)),
        TeacherReady(1, 95, False),
        started,
    ]
    done = 0
    for step in PROBED:
        if step > done:
            told.append(synthetic.steps("incremental", done + 1, step - done, 2, step / 10))
            done = step
        task = started.task_at(step)
        if step in BOUNDARIES[1:]:
            told.append(evaluated(task - 1, 2, step))
        teacher = logits(1, 50 + step, SCENARIO.seen(task - 1))[0]
        told.append(Probe(1, "incremental", step, logits(2, 10 + step, SCENARIO.seen(task)), teacher))
        told.append(synthetic.layer_probe(step))
        if step in BOUNDARIES:
            told.append(evaluated(task, 0, step))
    told.append(evaluated(4, 2, STEPS))
    return [*told, finished()]


def evaluated(task: int, epoch: int, step: int) -> Evaluated:
    def score(keeps: float) -> LearnerScore:
        counts = tuple(round(size * keeps ** (task - j)) for j, size in enumerate(SIZES[: task + 1]))
        return LearnerScore(counts, tuple(count // 2 for count in counts), counts[:-1])

    return Evaluated(1, task, epoch, step, dict(zip(LEARNERS, (score(0.5), score(0.9)), strict=True)))


def finished() -> Finished:
    summary = dict(synthetic.finished().summary)
    return Finished(1, {**summary, "recipe": RECIPE.model_dump(mode="json")})


def record(told: list[Message] | None = None) -> Record:
    made = Record()
    for message in messages() if told is None else told:
        made.apply(message)
    return made
