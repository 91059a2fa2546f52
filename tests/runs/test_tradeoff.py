"""Paths and bias curves, against plain loops over the same logits."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from lwf_gui.runs.metrics import PROTOCOLS, Labels, Logits, ProtocolName, right, shares
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.tradeoff import REACH, Bias, Tradeoff, bias_curve, tradeoff
from tests.runs import synthetic
from tests.runs.synthetic import LEARNERS, OLD, PROBE_LABELS

STEPS = (0, 10, 15, 30)
ROUNDED = np.round(synthetic.logits(1, 3)[0].astype(np.float64) * 2) / 2
"""Logits with many ties."""


def shown(record: Record, selection: Selection) -> Tradeoff:
    figures = tradeoff(record, selection)
    assert figures is not None
    return figures


def answers(logits: Logits, b: float) -> list[int]:
    """Return the class-incremental answers with b added to the new classes' logits; of equals the first."""
    result = []
    for row in logits.astype(float).tolist():
        shifted = [value + (b if unit >= OLD else 0) for unit, value in enumerate(row)]
        result.append(shifted.index(max(shifted)))
    return result


def score(logits: Logits, labels: Labels, b: float) -> tuple[float, float]:
    """Return (new, old) percent right at a bias."""
    right = [answer == label for answer, label in zip(answers(logits, b), labels.tolist(), strict=True)]
    old = [r for r, label in zip(right, labels.tolist(), strict=True) if label < OLD]
    new = [r for r, label in zip(right, labels.tolist(), strict=True) if label >= OLD]
    return 100 * sum(new) / len(new), 100 * sum(old) / len(old)


def leads(logits: Logits) -> list[float]:
    """Return every b at which some answer may change."""
    return sorted({max(row[:OLD]) - max(row[OLD:]) for row in logits.astype(float).tolist()})


def all_scores(logits: Logits, labels: Labels) -> list[tuple[float, float]]:
    """Return (new, old) for one b in every stretch in which nothing changes."""
    stops = leads(logits)
    between = [(low + high) / 2 for low, high in itertools.pairwise(stops)]
    return [score(logits, labels, b) for b in (stops[0] - 1, *between, stops[-1] + 1)]


def examples() -> list[Logits]:
    return [*(synthetic.logits(1, seed)[0] for seed in (11, 12)), ROUNDED]


@pytest.mark.parametrize("logits", examples())
def test_area_is_that_of_all_points_that_some_bias_reaches_or_surpasses(logits: Logits) -> None:
    # By brute force: cut the square into cells at all accuracies that occur, and count those below some point.
    points = all_scores(logits, PROBE_LABELS)
    xs = sorted({0.0, *(x for x, _ in points)})
    ys = sorted({0.0, *(y for _, y in points)})
    area = 0.0
    for x0, x1 in itertools.pairwise(xs):
        for y0, y1 in itertools.pairwise(ys):
            if any(x >= x1 and y >= y1 for x, y in points):
                area += (x1 - x0) * (y1 - y0)
    assert bias_curve("lwf", logits, PROBE_LABELS, OLD).area == pytest.approx(area / 100)


@pytest.mark.parametrize("logits", examples())
def test_area_is_the_share_of_pairs_that_one_bias_gets_right(logits: Logits) -> None:
    labels = PROBE_LABELS.tolist()
    stops = leads(logits)
    between = [(low + high) / 2 for low, high in itertools.pairwise(stops)]
    table = [
        [answer == label for answer, label in zip(answers(logits, b), labels, strict=True)]
        for b in (stops[0] - 1, *stops, *between, stops[-1] + 1)
    ]
    old = [i for i, label in enumerate(labels) if label < OLD]
    new = [i for i, label in enumerate(labels) if label >= OLD]
    both = sum(any(row[i] and row[j] for row in table) for i in old for j in new)
    curve = bias_curve("lwf", logits, PROBE_LABELS, OLD)
    assert curve.area == pytest.approx(100 * both / (len(old) * len(new)))
    counts = right(logits, PROBE_LABELS, synthetic.SCENARIO, "task_aware")
    aware = shares(counts, synthetic.SCENARIO.counts(PROBE_LABELS).tolist(), 1)
    assert 0 < curve.area <= 100 * aware.prod()


@pytest.mark.parametrize("logits", examples())
def test_the_curve_is_right_at_every_bias_and_exactly_where_it_changes(logits: Logits) -> None:
    curve = bias_curve("lwf", logits, PROBE_LABELS, OLD)
    stops = leads(logits)
    for b in (-50.0, 0.0, 50.0, *stops, *(stop + 1e-4 for stop in stops), *(stop - 1e-4 for stop in stops)):
        assert curve.at(b) == pytest.approx(score(logits, PROBE_LABELS, b)), b


def test_without_bias_it_is_the_class_incremental_accuracy_and_at_the_ends_the_task_aware_one() -> None:
    record = synthetic.record()
    figures = shown(record, Selection(step=15))
    assert record.incremental is not None
    for row, curve in enumerate(figures.curves):
        old, new = 100 * record.incremental.accuracies("class_incremental")[2, row]
        assert curve.at(0) == pytest.approx((new, old))
        old, new = 100 * record.incremental.accuracies("task_aware")[2, row]
        assert curve.at(figures.reach) == pytest.approx((new, 0))
        assert curve.at(-figures.reach) == pytest.approx((0, old))


def test_the_outline_is_a_staircase_with_the_area_below_it() -> None:
    for logits in examples():
        curve = bias_curve("lwf", logits, PROBE_LABELS, OLD)
        x, y = curve.outline()
        assert (x[0], y[-1]) == (0, 0)
        assert (y[0], x[-1]) == (curve.old[0], curve.new[-1])
        right, down = np.diff(x), -np.diff(y)
        assert (right >= 0).all()
        assert (down >= 0).all()
        assert ((right == 0) != (down == 0)).all(), "either right or down"
        assert ((right == 0)[1:] != (right == 0)[:-1]).all(), "a turn at every corner"
        assert float(right @ y[1:]) / 100 == pytest.approx(curve.area)


def labelled(old: list[float], new: list[float]) -> Bias:
    """Return the curve of two classes, with these leads of the old class's logit."""
    lead = np.array([*old, *new])
    labels = np.array([0] * len(old) + [1] * len(new))
    return bias_curve("lwf", np.stack([lead, np.zeros_like(lead)], 1), labels, 1)


def test_area_of_extremes() -> None:
    assert labelled([3, 4], [1, 2]).area == 100, "one bias gets all right"
    assert labelled([1, 2], [3, 4]).area == 0, "every bias that wins a new image has lost all old ones"
    assert labelled([1, 3], [2, 4]).area == 25
    assert labelled([2, 2], [2, 2]).area == 0, "equal leads cannot be told apart"


def test_logits_that_are_no_numbers_are_never_right() -> None:
    logits = synthetic.logits(1, 11)[0].copy()
    logits[:] = np.nan
    curve = bias_curve("lwf", logits, PROBE_LABELS, OLD)
    assert (curve.area, curve.at(0)) == (0, (0, 0))


@pytest.mark.parametrize("protocol", list(PROTOCOLS))
@pytest.mark.parametrize(("step", "here"), [(0, 0), (9, 0), (10, 1), (29, 2), (None, 3)])
def test_paths_are_the_accuracies_of_all_probes_under_the_protocol(
    protocol: ProtocolName, step: int | None, here: int
) -> None:
    record = synthetic.record()
    figures = shown(record, Selection(protocol, step))
    assert figures.step == STEPS[here]
    assert [path.learner for path in figures.paths] == list(LEARNERS)
    for row, path in enumerate(figures.paths):
        assert path.here == here
        for place, at in enumerate(STEPS):
            logits = synthetic.logits(2, 10 + at)[row]
            low = score(logits, PROBE_LABELS, -1000)[1], score(logits, PROBE_LABELS, 1000)[0]
            new, old = score(logits, PROBE_LABELS, 0) if protocol == "class_incremental" else (low[1], low[0])
            assert (path.new[place], path.old[place]) == pytest.approx((new, old))


def test_bias_curves_are_those_of_the_probe_whatever_the_protocol() -> None:
    record = synthetic.record()
    for step, at in ((0, 0), (12, 10), (None, 30)):
        for protocol in PROTOCOLS:
            for row, curve in enumerate(shown(record, Selection(protocol, step)).curves):
                expected = bias_curve(LEARNERS[row], synthetic.logits(2, 10 + at)[row], PROBE_LABELS, OLD)
                assert (curve.learner, curve.area) == (LEARNERS[row], expected.area)


def test_the_live_path_grows() -> None:
    assert [len(shown(synthetic.up_to_step(steps), Selection()).paths[0].new) for steps in (10, 15, 20)] == [1, 2, 3]


def test_the_reach_is_wide_enough_for_every_image() -> None:
    record = synthetic.record()
    assert shown(record, Selection()).reach == REACH
    assert record.incremental is not None
    probe = record.incremental.probes[-1]
    for lead, reach in ((19.0, 20.0), (20.0, 25.0), (33.0, 35.0)):
        # Image 0 belongs to class 0, of the old ones.
        probe.logits[0, 0] = [lead, -1, -1, 0, 0]
        assert shown(record, Selection()).reach == reach


def test_there_is_nothing_before_the_head_expansion() -> None:
    assert tradeoff(Record(), Selection()) is None
    assert tradeoff(synthetic.record(synthetic.task1()), Selection()) is None
    assert tradeoff(synthetic.record(), Selection(step=-1)) is None
