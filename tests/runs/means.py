"""Records with class means made by hand: five tasks, one learner whose backbone goes on learning and one whose not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import ClassMeans, DataReady, Evaluated, LayerProbe, Message, PhaseStarted, Probe
from lwf_gui.recipe import compose
from lwf_gui.runs.record import Record
from tests.runs import five

LEARNERS = ("lwf-ldc", "ranpac")
MOVING, FROZEN = LEARNERS
CLASSES = five.SCENARIO.classes
HOMES = np.stack((np.linspace(-4, 4, CLASSES), np.tile((-2.0, 2.0), CLASSES // 2)), 1).astype(np.float32)
"""Where the classes are at first."""

DRIFT = np.array([0.05, 0.1], np.float32)
"""How far the images of all classes go in a step."""


def kept_at(step: int) -> int:
    """Return the step at which the means that the head has were made: the last boundary, or the end."""
    return step if step == five.STEPS else max(begin for begin in five.BOUNDARIES if begin <= step)


def looked(step: int) -> ClassMeans:
    """Return a look: the images of the first learner wander off, and its means jump after them at every boundary."""
    task = sum(step >= begin for begin in five.BOUNDARIES)
    seen, learnt = five.SCENARIO.seen(task), five.SCENARIO.seen(task if step == five.STEPS else task - 1)
    now = np.stack((HOMES + DRIFT * step, HOMES))
    kept = np.stack((HOMES + DRIFT * kept_at(step), HOMES + np.float32(0.1)))
    now[:, seen:], kept[:, learnt:] = np.nan, np.nan
    return ClassMeans(1, step, now, kept, _apart(now, kept))


def _apart(now: NDArray[np.float32], kept: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return distances twice as large as in the plane: it does not show all."""
    apart: NDArray[np.float32] = 2 * np.linalg.norm(kept - now, axis=2).astype(np.float32)
    return apart


def messages(learners: tuple[str, ...] = LEARNERS) -> list[Message]:
    """Return a run of five tasks with a look at every probe."""
    told: list[Message] = []
    for message in five.messages():
        match message:
            case DataReady():
                settings = [
                    five.TASKS,
                    "task1.epochs=2",
                    "task2.epochs=2",
                    f"learners=[{','.join(repr(name) for name in learners)}]",
                ]
                told.append(replace(message, recipe=compose("digits", settings)))
            case PhaseStarted(phase="incremental"):
                told.append(replace(message, learners=learners))
            case Evaluated():
                told.append(replace(message, scores=dict(zip(learners, message.scores.values(), strict=True))))
            case Probe(phase="incremental"):
                told += [message, looked(message.step)]
            case _:
                told.append(message)
    return told


def record(told: list[Message] | None = None) -> Record:
    return five.record(messages() if told is None else told)


def of_few_classes() -> Record:
    """Return a run without looks into layers, so that a file of it is small."""
    return record([message for message in messages() if not isinstance(message, LayerProbe)])
