"""Verdicts: on which side of a claim the 95 % interval of values over seeds lies."""

from __future__ import annotations

import math
import statistics

import pytest

from lwf_gui.claims.script import Check
from lwf_gui.claims.verdict import Region, Verdict, find, needed, together

ABOVE_2 = Region(2.0, math.inf)
NEAR_5 = Region(-5.0, 5.0)

HOLDS, FAILS, UNDECIDED = Verdict


@pytest.mark.parametrize(
    ("values", "region", "mean", "half", "verdict"),
    [
        # by hand: mean 10, s = 1, n = 3, t(0.975, 2) = 4.303: half = 4.303 / sqrt(3) = 2.484
        ([9.0, 10.0, 11.0], ABOVE_2, 10.0, 2.484, HOLDS),
        ([9.0, 10.0, 11.0], Region(8.0, 12.0), 10.0, 2.484, UNDECIDED),
        ([9.0, 10.0, 11.0], Region(7.5, 12.5), 10.0, 2.484, HOLDS),
        ([9.0, 10.0, 11.0], Region(-math.inf, 7.5), 10.0, 2.484, FAILS),
        # two seeds, t = 12.706: s = sqrt(2), half = 12.706
        ([9.0, 11.0], ABOVE_2, 10.0, 12.706, UNDECIDED),
        ([-1.0, 1.0], NEAR_5, 0.0, 12.706, UNDECIDED),
        ([-0.1, 0.1], NEAR_5, 0.0, 1.2706, HOLDS),
        # no spread at all
        ([3.0, 3.0], ABOVE_2, 3.0, 0.0, HOLDS),
        ([2.0, 2.0], ABOVE_2, 2.0, 0.0, FAILS),
    ],
)
def test_the_interval_decides(values: list[float], region: Region, mean: float, half: float, verdict: Verdict) -> None:
    found = find(values, region)
    assert found.verdict is verdict
    assert found.mean == pytest.approx(mean)
    assert found.spread is not None
    assert found.spread.half == pytest.approx(half, abs=1e-3)


def test_the_interval_is_students_of_paired_differences() -> None:
    stats = pytest.importorskip("scipy.stats")
    one, other = [87.6, 87.9, 88.3, 86.9, 87.5], [77.9, 77.6, 79.0, 76.5, 78.8]
    differences = [a - b for a, b in zip(one, other, strict=True)]
    low, high = stats.ttest_rel(one, other).confidence_interval(0.95)
    found = find(differences, ABOVE_2)
    assert found.spread is not None
    assert found.mean - found.spread.half == pytest.approx(low, abs=1e-3)
    assert found.mean + found.spread.half == pytest.approx(high, abs=1e-3)


@pytest.mark.parametrize("value", [-50.0, 0.0, 2.0, 50.0])
def test_one_seed_never_decides_but_says_on_which_side_it_is(value: float) -> None:
    found = find([value], ABOVE_2)
    assert found.verdict is UNDECIDED
    assert found.spread is None
    assert found.needed is None, "nobody knows the spread of one value"
    assert found.one is (HOLDS if value > 2 else FAILS)


def test_a_seed_without_a_figure_leaves_it_undecided() -> None:
    for values in ([math.nan, 10.0, 10.0], [math.nan], []):
        found = find(values, ABOVE_2)
        assert found.verdict is UNDECIDED
        assert math.isnan(found.mean)


def test_seeds_that_would_decide_are_the_fewest_whose_interval_fits() -> None:
    stats = pytest.importorskip("scipy.stats")
    values = [9.0, 11.0, 5.0]
    count = needed(values, ABOVE_2)
    assert count is not None
    deviation = statistics.stdev(values)

    def half(seeds: int) -> float:
        return float(stats.t.ppf(0.975, seeds - 1)) * deviation / math.sqrt(seeds)

    room = statistics.fmean(values) - 2
    assert half(count) < room <= half(count - 1)
    assert find(values, ABOVE_2).needed == count


def test_no_number_of_seeds_decides_what_lies_on_the_border() -> None:
    assert needed([1.0, 3.0], ABOVE_2) is None
    assert find([9.0, 10.0, 11.0], ABOVE_2).needed is None, "it is decided"


def test_a_claim_fails_with_one_comparison_and_holds_with_all() -> None:
    assert together([HOLDS, HOLDS]) is HOLDS
    assert together([HOLDS, UNDECIDED]) is UNDECIDED
    assert together([UNDECIDED, FAILS, HOLDS]) is FAILS
    assert together([]) is UNDECIDED


@pytest.mark.parametrize(
    ("metric", "low", "high", "region"),
    [
        ("average", 91.5, 100, (91.5, math.inf)),
        ("average", 0, 20, (-math.inf, 20)),
        ("forgetting", 0, 20, (0, 20)),
        ("old", 10, 99.9, (10, 99.9)),
    ],
)
def test_a_range_that_ends_where_shares_end_is_open_there(
    metric: str, low: float, high: float, region: tuple[float, float]
) -> None:
    found = {"learner": "lwf", "protocol": "task_aware", "metric": metric, "must_be": "within"}
    assert Check.model_validate({**found, "low": low, "high": high}).region == region
