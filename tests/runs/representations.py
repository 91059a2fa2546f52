"""Records with looks at the features of old images, made by hand, in the synthetic run of two tasks."""

from __future__ import annotations

import numpy as np

from lwf_gui.messages import Representation
from lwf_gui.runs.old_images import shown
from lwf_gui.runs.record import Record
from tests.runs import five, synthetic

STEPS = (0, 10, 15, 30)
VARIANCE = (0.5, 0.25)
IMAGES = 15


def look(step: int, learners: int = 2, layers: int = 2, images: int = IMAGES) -> Representation:
    """Return a look in which every second learner's layers drift, the last one most, and the others' hardly do."""
    share = step / 30
    cka = np.ones((learners, layers))
    points = np.zeros((learners, images, 2))
    angle = np.arange(images) * 2 * np.pi / images
    for learner in range(learners):
        drifts = 0.05 if learner % 2 else 0.4
        cka[learner] = 1 - share * drifts * np.arange(1, layers + 1) / layers
        points[learner] = np.stack((np.cos(angle), np.sin(angle)), axis=1)
        points[learner, :, 0] += 3 * drifts * share
    variance = np.tile(np.array(VARIANCE, np.float32), (learners, 1))
    return Representation(1, step, cka.astype(np.float32), points.astype(np.float32), variance)


def record(learners: int = 2) -> Record:
    """Return the synthetic run, looked at."""
    made = synthetic.record()
    for step in STEPS:
        made.apply(look(step, learners))
    return made


def of_five() -> Record:
    """Return the run of five tasks, looked at; images that are not old yet have no place."""
    made = five.record()
    assert made.data is not None
    labels = made.data.probe_labels[shown(made.data.probe_labels, five.SCENARIO)]
    for step in five.PROBED:
        task = 1 + sum(step >= begin for begin in five.BOUNDARIES[1:])
        seen = look(step, images=len(labels))
        seen.points[:, labels >= len(five.SCENARIO.earlier(task))] = np.nan
        made.apply(seen)
    return made
