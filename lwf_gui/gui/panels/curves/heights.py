"""Where labels at the ends of curves stand: those at one height together, all of them apart by a line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


def together(ends: Mapping[int, float], gap: float) -> list[tuple[list[int], float]]:
    """Return tasks whose curves end within a gap of each other, and their middle height, from the lowest up.

    >>> together({0: 99.0, 1: 50.0, 2: 98.0}, 5.0)
    [([1], 50.0), ([0, 2], 98.5)]
    """
    groups: list[list[int]] = []
    for task in sorted(ends, key=lambda task: ends[task]):
        if groups and ends[task] - ends[groups[-1][0]] < gap:
            groups[-1].append(task)
        else:
            groups.append([task])
    return [(sorted(group), sum(ends[task] for task in group) / len(group)) for group in groups]


def spread(values: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Return values moved as little upwards, or down from the upper end, as keeps them apart by a gap, in order.

    >>> spread([99.0, 50.0, 98.0], 5.0, 0.0, 100.0)
    [97.5, 50.0, 92.5]
    """
    order = np.argsort(values, kind="stable")
    placed: NDArray[np.float64] = np.array(values, np.float64)
    floor = low + gap / 2
    for index in order:
        placed[index] = floor = max(placed[index], floor)
        floor += gap
    ceiling = high - gap / 2 if len(values) and gap * len(values) < high - low else np.inf
    for index in order[::-1]:
        placed[index] = ceiling = min(placed[index], ceiling)
        ceiling -= gap
    found: list[float] = placed.tolist()
    return found
