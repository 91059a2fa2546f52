"""A record of two tasks made by hand, with a given old accuracy at each step that is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import PhaseStarted, Probe
from lwf_gui.runs.record import Record
from lwf_gui.scenario import Scenario
from tests.runs import synthetic

IMAGES = 100
"""Probe images of each task."""

LABELS = np.repeat(np.array([0, 3], np.uint8), IMAGES)


def logits(right: int) -> NDArray[np.float16]:
    """Return one learner's answers: of so many images of the old task right ones, and of all of the new task."""
    values = np.zeros((2 * IMAGES, synthetic.CLASSES), np.float16)
    values[np.arange(2 * IMAGES), LABELS] = 2
    values[right:IMAGES, 1] = 3
    return values


def record(old: Mapping[int, int], *others: Mapping[int, int]) -> Record:
    """Return a record of as many learners as old accuracies, in percent by step; the second is as the first if alone.

    The last step is the phase's last.
    """
    learners = (old, *others) if others else (old, old)
    names = ("fine-tune", "lwf", "joint", "replay", "ewc", "si", "mas", "ncm", "slda", "ranpac", "frozen")
    made = Record()
    pictures = np.zeros((2 * IMAGES, 8, 8), np.uint8)
    data = replace(synthetic.data_ready(), probe_images=pictures, probe_labels=LABELS, scenario=Scenario((3, 2)))
    made.apply(data)
    last = max(old)
    started = PhaseStarted(1, "incremental", names[: len(learners)], last, (last,), layers=synthetic.LAYERS)
    made.apply(started)
    done = 0
    for step in old:
        if step > done:
            made.apply(synthetic.steps("incremental", done + 1, step - done, len(learners), step / 10))
            done = step
        answers = np.stack([logits(each[step]) for each in learners])
        made.apply(Probe(1, "incremental", step, answers, answers[0]))
    return made
