"""Records with looks along straight paths, made by hand, in the synthetic run of two tasks."""

from __future__ import annotations

import numpy as np

from lwf_gui.messages import POINTS, StraightPath
from lwf_gui.runs.record import Record
from tests.runs import synthetic

SHARES = np.linspace(0, 1, POINTS)
FORGETS = 90 - 70 * SHARES**2, 20 + 76 * np.sqrt(SHARES)
HOLDS = 90 - 4 * SHARES * (1 - SHARES), 20 + 74 * np.sqrt(SHARES)
"""Old and new accuracy on the ways from the old network, in percent."""


def look(step: int, *, tested: bool, learners: int = 2) -> StraightPath:
    """Return a look in which every second learner forgets, and those between hold; between learners lies a ridge."""
    images = (1000, 80) if tested else (20, 16)
    ends = StraightPath.ends(learners)
    right = np.full((ends, learners, POINTS, 2, 2), 0, np.int32)
    loss = np.zeros((ends, learners, POINTS, 2), np.float32)
    known = [(HOLDS if learner % 2 else FORGETS) for learner in range(learners)]
    for start in range(ends):
        for end, along in enumerate(known):
            for task in (0, 1):
                shares = along[task]
                if start:
                    first = known[start - 1][task][-1]
                    shares = first + (shares[-1] - first) * SHARES - 40 * SHARES * (1 - SHARES) * (start - 1 != end)
                right[start, end, :, 0, task] = np.floor(shares / 100 * images[task])
                right[start, end, :, 1, task] = np.floor(shares / 200 * images[task])
                loss[start, end, :, task] = 3 - shares / 50
    return StraightPath(1, 1, step, tested, images, right, loss)


def record(learners: int = 2) -> Record:
    made = synthetic.record()
    for step, tested in ((10, False), (30, True)):
        made.apply(look(step, tested=tested, learners=learners))
    return made
