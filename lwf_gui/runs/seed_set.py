"""Runs that differ in their seed alone: which belong together, and where the middle 95 % of them lie.

    band = 2.5, 50 and 97.5 percentile over seeds, linear between two values     Hyndman & Fan 1996, definition 7

It tells how far apart seeds are, not how well their median is known. Pure functions of records.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache, reduce
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import Failed, Finished, Stopped
from lwf_gui.recipe import Recipe
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.continual import mean_accuracy
from lwf_gui.runs.differences import as_begun, changes_made, differences, why_apart
from lwf_gui.runs.full_tests import full_test
from lwf_gui.runs.metrics import ProtocolName, Quantity
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

PERCENTILES = (2.5, 50.0, 97.5)
"""The ends of the middle 95 %, and the median between them."""

FEWEST = 3
"""Seeds from which on a band is told: of two it would be nothing but the two."""


class Band(NamedTuple):
    """A band over seeds along a run, each part of shape (P,).

    ``x`` are steps since the head expansion; the others percent of the probe images.
    """

    x: NDArray[np.float64]
    low: NDArray[np.float64]
    median: NDArray[np.float64]
    high: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Middle:
    """A figure of the last full test over seeds, in percent: median and middle 95 %.

    Attributes
    ----------
    seeds : how many seeds have it
    diverged : the seeds that have none, for the learner diverged in them; they are left out
    """

    low: float
    median: float
    high: float
    seeds: int
    diverged: tuple[int, ...] = ()


def same_but_seed(one: Record, other: Record) -> bool:
    """Return whether two runs are the same experiment on the same data with another seed."""
    if one.data is None or other.data is None or why_apart(one, other):
        return False
    seed = other.data.recipe.seed
    return seed != one.data.recipe.seed and differences(one, other) == (f"seed {seed}",)


def set_of(shown: Record, others: Iterable[Record]) -> tuple[Record, ...]:
    """Return the finished runs of one experiment, a run a seed, in the order of their seeds.

    The shown run is one of them from its end on: a band is of as many seeds at its last step as at its first.
    """
    known = {seed_of(shown): shown} if shown.data is not None else {}
    for other in others:
        if same_but_seed(shown, other):
            known.setdefault(seed_of(other), other)
    return tuple(record for _, record in sorted(known.items()) if isinstance(record.outcome, Finished))


def shown_set(record: Record, selection: Selection) -> tuple[Record, ...]:
    """Return the runs of which spread is told where one looks; none where they are too few.

    To compare a run's settings with another one's takes a millisecond, and this is asked with every picture: they are
    compared anew only where another answer may come of it.
    """
    if not selection.seeds:
        return ()
    return _enough(record, selection.seeds, learners_of(record), len(record.marks), record.outcome is None)


@lru_cache(maxsize=1)
def _enough(record: Record, seeds: tuple[Record, ...], *_may_change: object) -> tuple[Record, ...]:
    runs = set_of(record, seeds)
    return runs if len(runs) >= FEWEST else ()


def why_no_more(record: Record) -> str:
    """Say as a clause why a run cannot be repeated with other seeds; nothing where it can."""
    data = record.data
    if data is None:
        return "there is no run yet"
    if isinstance(record.outcome, Failed):
        return "this run has failed"
    if isinstance(record.outcome, Stopped):
        return "this run was stopped before its end: a band is of whole runs"
    if changed := changes_made(record):
        return f"this run was changed while it trained ({changed[0].text}), and other seeds would not be"
    if set(learners_of(record)) - set(data.recipe.names):
        return "a learner of this run branched off while it trained"
    return ""


def with_seed(record: Record, seed: int) -> Recipe:
    """Return the recipe of a run like this one with another seed."""
    assert record.data is not None, "a run has a recipe"
    return as_begun(record, record.data).with_settings({"seed": seed})


def next_seeds(record: Record, known: Iterable[Record], count: int) -> tuple[int, ...]:
    """Return the next seeds after a run's own, without those that there are already."""
    taken = {seed_of(record), *map(seed_of, known)}
    return tuple(itertools.islice((seed for seed in itertools.count(seed_of(record) + 1) if seed not in taken), count))


def seed_of(record: Record) -> int:
    """Return the seed of a run that has its data."""
    assert record.data is not None, "the seed comes with the data"
    return record.data.recipe.seed


def band(records: Sequence[Record], learner: str, task: Literal["old", "new"], protocol: ProtocolName) -> Band | None:
    """Return a learner's band at the probe steps that all runs have; None with too few runs or no such step.

    It ends where the learner diverged in the first of them: the rest without that one would look better than it is.
    """
    curves = [accuracy_series(record, learner, task, protocol) for record in records]
    if len(curves) < FEWEST:
        return None
    common = reduce(np.intersect1d, (x for x, _ in curves))
    if not len(common):
        return None
    values = np.stack([y[np.isin(x, common)] for x, y in curves])
    low, median, high = np.percentile(values, PERCENTILES, axis=0)
    return Band(common, low, median, high)


def final(record: Record, learner: str, figure: Quantity, protocol: ProtocolName) -> float | None:
    """Return a figure of a run's last full test, in percent; None where the learner diverged or is not there."""
    told = record.evaluations[-1] if record.evaluations else None
    found = full_test(record, learner, protocol, told)
    if found is None or told is None or record.data is None:
        return None
    if figure == "average":
        counts = told.scores[learner].under(protocol)
        return 100 * mean_accuracy([n / size for n, size in zip(counts, record.data.test_sizes, strict=False)])
    return found.old if figure == "old" else found.new


def middle(records: Sequence[Record], learner: str, figure: Quantity, protocol: ProtocolName) -> Middle | None:
    """Return median and middle 95 % of a figure of the last full tests; None where too few seeds have it."""
    values = {seed_of(record): final(record, learner, figure, protocol) for record in records}
    known = [value for value in values.values() if value is not None]
    if len(known) < FEWEST:
        return None
    low, median, high = np.percentile(known, PERCENTILES).tolist()
    return Middle(low, median, high, len(known), tuple(seed for seed, value in values.items() if value is None))
