"""Which probes of a run a page shows: all of a short run; of a long one those where most happens, the rest evenly."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from lwf_gui.axis import FIRST_LOOKS
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import stops

MOST_MOMENTS = 400


def shown_steps(record: Record, most: int = MOST_MOMENTS) -> list[int]:
    """Return the steps, since the head expansion, of at most so many probes, in order.

    First come the run's first probe, every task's beginning and last probes, then the first looks after every
    beginning, then the full tests, then all others; of the first group that has no room, evenly many are taken.
    """
    steps: list[int] = stops(record).tolist()
    if len(steps) <= most:
        return steps
    taken: set[int] = set()
    for group in _groups(record, steps):
        left = [step for step in group if step not in taken]
        room = most - len(taken)
        taken.update(left if len(left) <= room else _evenly(left, room))
    return sorted(taken)


def _groups(record: Record, steps: list[int]) -> Iterator[list[int]]:
    """Yield groups of steps that have probes, the most important ones first."""
    assert record.incremental is not None, "a page is of a run with a later task"
    begins, known = record.incremental.started.boundaries, set(steps)
    before = [step for begin in begins if (step := max((s for s in steps if s < begin), default=None)) is not None]
    yield _there((steps[0], steps[-1], *begins, *before), known)
    yield _there((begin + look for begin in begins for look in FIRST_LOOKS), known)
    yield _there((told.step for told in record.evaluations), known)
    yield steps


def _there(steps: Iterable[int], known: set[int]) -> list[int]:
    return sorted({step for step in steps if step in known})


def _evenly(steps: list[int], count: int) -> list[int]:
    """Return so many of some steps, at most all, the first and the last among them."""
    if count <= 0:
        return []
    places = np.unique(np.linspace(0, len(steps) - 1, count).round().astype(int))
    return [steps[place] for place in places.tolist()]
