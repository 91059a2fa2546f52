"""Straight paths of other learners: those that a fork keeps, and those that stand beside one that trains alone.

What is not known stays so: of two learners that never trained in one run there is no path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from lwf_gui.messages import StraightPath
from lwf_gui.runs.metrics import NO_ANSWER


def of_learners(look: StraightPath, columns: Sequence[int]) -> StraightPath:
    """Return a look at the learners in these columns; a branch has its origin's, and its path to it stands still."""
    made = _blank(look, len(columns))
    _take(made, range(len(columns)), look, columns)
    return made


def joined(others: StraightPath | None, ours: StraightPath, place: int, count: int) -> StraightPath:
    """Return a look at ``count`` learners and, before the one at ``place``, another one that was looked at alone."""
    made = _blank(ours, count + 1)
    places = [each for each in range(count + 1) if each != place]
    if others is not None and (others.task, others.tested, others.images) == (ours.task, ours.tested, ours.images):
        _take(made, places, others, range(count))
    _take(made, [place], ours, [0])
    return made


def _blank(look: StraightPath, learners: int) -> StraightPath:
    """Return a look like this at so many learners of whom nothing is known."""
    shape = (StraightPath.ends(learners), learners)
    right = np.full((*shape, *look.right.shape[2:]), NO_ANSWER, np.int32)
    return replace(look, right=right, loss=np.full((*shape, *look.loss.shape[2:]), np.nan, np.float32))


def _take(made: StraightPath, places: Sequence[int], look: StraightPath, columns: Sequence[int]) -> None:
    """Fill the paths to the learners at some places, and between these, with those to the learners in some columns."""
    paired = len(made.right) > 1 and len(look.right) > 1
    ends = ((0, 0), *((place + 1, column + 1) for place, column in zip(places, columns, strict=True) if paired))
    for end, known in ends:
        made.right[end, list(places)] = look.right[known, list(columns)]
        made.loss[end, list(places)] = look.loss[known, list(columns)]
