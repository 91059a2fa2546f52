"""Random streams: a seed for every purpose of a run, made of the run's own, so that none hangs on another's draws.

Knows nothing of what is drawn. Imports no torch: what a run leaves for people tells its seeds too.
"""

from __future__ import annotations

import numpy as np

_PURPOSES = ("teacher", "task1 order", "head expansion", "task2 order", "probe", "training images")
STREAMS = {name: number for number, name in enumerate(_PURPOSES)}
"""Purposes of a run whatever its methods are."""

METHODS_STREAM = 1000
"""Apart from `STREAMS`: no method's draws are those of the data or the networks."""

STORED_IMAGES, DRAWN_IMAGES, EARLIER_IMAGES = 1, 2, 3
"""Purposes of methods: the images of a task that a buffer keeps, those that a step gets of it, and the order of all
earlier images in an epoch of joint training."""


def seed_of(seed: int, purpose: str, task: int = 0) -> int:
    """Return a seed for `torch.Generator.manual_seed` of a run's; each task from the third on has one of its own."""
    return _drawn(seed, STREAMS[purpose], *([task] if task > 1 else []))


def entropy(seed: int, *purpose: int) -> int:
    """Return a seed for `torch.Generator.manual_seed` of a run's seed and numbers that say what a method draws."""
    return _drawn(seed, METHODS_STREAM, *purpose)


def _drawn(*numbers: int) -> int:
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0]) >> 1
