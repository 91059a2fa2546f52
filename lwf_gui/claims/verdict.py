"""Verdicts: whether values over seeds are on a claim's side, by the 95 % interval of their mean.

Pure functions of numbers. A claim says in which region a value must be: a difference above 2 points, an accuracy
between 75 and 80 %. The values are one a seed; where two figures are compared, each is the difference of these with the
same seed, a paired difference, so that what both owe to the seed's classes and weights does not count.

    interval = mean -+ t(0.975, n - 1) * s / sqrt(n)        Student 1908; s: standard deviation with n - 1

It *holds* where the whole interval is in the region, *fails* where no part of it is, and is *undecided* in between.
"""

from __future__ import annotations

import enum
import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lwf_gui.runs.seeds import Spread, spread, student

MOST_SEEDS = 1000
"""Seeds that a claim asks for, or is said to need, at most: more nobody would train."""


class Verdict(enum.Enum):
    """What values say of a claim."""

    HOLDS = "holds"
    FAILS = "fails"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Region:
    """Where values must be, without its ends; either may be infinite."""

    low: float
    high: float

    def judge(self, low: float, high: float) -> Verdict:
        """Return the verdict on an interval."""
        if self.low < low and high < self.high:
            return Verdict.HOLDS
        return Verdict.FAILS if high <= self.low or low >= self.high else Verdict.UNDECIDED

    def distance(self, value: float) -> float:
        """Return how far a value is from the region's nearer end."""
        return min(abs(value - self.low), abs(value - self.high))


@dataclass(frozen=True, slots=True)
class Finding:
    """What values over seeds say.

    Attributes
    ----------
    verdict : of the interval; undecided with one seed, whatever its value, and where a seed has none
    mean : NaN where a seed has no value
    spread : mean and half width of the interval; None with one seed, or where a seed has no value
    one : where the mean alone lies, or the single value
    needed : seeds that would decide it if they were spread as these; None where it is decided, or nobody can tell
    """

    verdict: Verdict
    mean: float
    spread: Spread | None
    one: Verdict
    needed: int | None = None


def find(values: Sequence[float], region: Region) -> Finding:
    """Return what values over seeds say; NaN where a seed has no value."""
    if not values or any(map(math.isnan, values)):
        return Finding(Verdict.UNDECIDED, math.nan, None, Verdict.UNDECIDED)
    mean = statistics.fmean(values)
    one, found = region.judge(mean, mean), spread(values)
    if found is None:
        return Finding(Verdict.UNDECIDED, mean, None, one)
    verdict = region.judge(mean - found.half, mean + found.half)
    return Finding(verdict, mean, found, one, needed(values, region) if verdict is Verdict.UNDECIDED else None)


def needed(values: Sequence[float], region: Region) -> int | None:
    """Return how many seeds would decide, were their mean and spread those of these; None if more than anyone has."""
    mean, deviation = statistics.fmean(values), statistics.stdev(values)
    room = region.distance(mean)
    counts = range(len(values) + 1, MOST_SEEDS + 1)
    return next((count for count in counts if student(count - 1) * deviation / math.sqrt(count) < room), None)


def together(verdicts: Iterable[Verdict]) -> Verdict:
    """Return the verdict on a claim of several comparisons: it fails with one of them, and holds with all."""
    found = set(verdicts)
    if Verdict.FAILS in found:
        return Verdict.FAILS
    return Verdict.HOLDS if found == {Verdict.HOLDS} else Verdict.UNDECIDED
