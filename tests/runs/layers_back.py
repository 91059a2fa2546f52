"""Records with looks at layers put back, made by hand, in the synthetic run of two tasks."""

from __future__ import annotations

import numpy as np

from lwf_gui.messages import PutBack
from lwf_gui.runs.record import Record
from tests.runs import synthetic


def look(step: int, *, full: bool, learners: int = 2) -> PutBack:
    """Return a look whose counts differ by learner, combination, protocol and task."""
    sizes = synthetic.TEST_SIZES if full else (24, 16)
    right = np.zeros((learners, 8, 2, 2), np.int32)
    for learner in range(learners):
        for combination in range(8):
            share = 0.2 + 0.1 * combination - 0.01 * learner
            right[learner, combination, 0] = [share * sizes[0], (1 - 0.02 * combination) * sizes[1]]
            right[learner, combination, 1] = [0.5 * share * sizes[0], 0.5 * sizes[1]]
    return PutBack(1, 1, step, full, right)


def record(learners: int = 2) -> Record:
    made = synthetic.record()
    for step, full in ((0, False), (10, False), (30, True)):
        made.apply(look(step, full=full, learners=learners))
    return made
