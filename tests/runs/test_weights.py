"""Filters and distances, against plain loops over the same record."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from lwf_gui.messages import LayerProbe
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.weights import GAP, LEVELS, NOTHING, Drift, drift, mosaic
from tests.runs import synthetic
from tests.runs.synthetic import LAYERS, LEARNERS


def shown(record: Record, step: int | None = None, *, change: bool = False) -> Drift:
    figures = drift(record, Selection(step=step), change=change)
    assert figures is not None
    return figures


@pytest.mark.parametrize(("step", "at"), [(0, 0), (9, 0), (10, 10), (29, 15), (30, 30), (None, 30)])
def test_distances_are_those_of_the_step_in_percent(step: int | None, at: int) -> None:
    figures = shown(synthetic.record(), step)
    assert (figures.step, figures.learners, figures.layers) == (at, LEARNERS, LAYERS)
    for row in range(len(LEARNERS)):
        for column in range(len(LAYERS)):
            expected = 100 * float(synthetic.layer_probe(at).moved[row, column])
            assert float(figures.moved[row, column]) == pytest.approx(expected)


def test_the_farthest_way_is_that_of_the_whole_run() -> None:
    record = synthetic.record()
    farthest = max(float(100 * moved) for probe in record.layers for moved in probe.moved.ravel())
    for step in (0, 10, None):
        assert shown(record, step).farthest == pytest.approx(farthest)
    figures = shown(record)
    assert figures.steps.tolist() == [0, 10, 15, 30]
    for probe, moved in zip(record.layers, figures.history, strict=True):
        np.testing.assert_allclose(moved, 100 * probe.moved)


def test_filters_are_those_of_the_step_or_their_change_since_the_head_expansion() -> None:
    record = synthetic.record()
    start, at = synthetic.layer_probe(0).filters, synthetic.layer_probe(15).filters
    np.testing.assert_array_equal(shown(record, 15).filters, at.astype(np.float32))
    change = shown(record, 15, change=True)
    assert change.change
    np.testing.assert_array_equal(change.filters, at.astype(np.float32) - start.astype(np.float32))
    assert shown(record, 0, change=True).peak == 0


def test_without_a_look_right_after_the_head_expansion_there_is_no_change_to_show() -> None:
    record = synthetic.record()
    del record.layers[0]
    figures = shown(record, change=True)
    assert not figures.change
    np.testing.assert_array_equal(figures.filters, synthetic.layer_probe(30).filters.astype(np.float32))


def test_the_scale_is_shared_by_all_learners_and_leaves_out_one_weight_in_200() -> None:
    figures = shown(synthetic.record())
    sizes = sorted(abs(float(weight)) for weight in figures.filters.ravel())
    beyond = sum(size > figures.peak for size in sizes)
    assert figures.peak in sizes
    assert beyond == pytest.approx(len(sizes) / 200, abs=1)


def test_the_scale_of_few_weights_that_are_not_0_is_their_size() -> None:
    record = synthetic.record()
    filters = np.zeros_like(record.layers[-1].filters)
    filters[1, 2, 3, 4] = -0.5
    record.layers[-1] = replace(record.layers[-1], filters=filters)
    assert shown(record).peak == 0.5


def test_weights_that_are_no_numbers_are_shown_as_0() -> None:
    record = synthetic.record()
    record.layers[-1].filters[0, 0, 0, :3] = (np.nan, np.inf, -np.inf)
    assert shown(record).filters[0, 0, 0, :3].tolist() == [0, 0, 0]
    assert math.isfinite(shown(record).peak)


def test_there_is_nothing_before_the_head_expansion_or_without_distances() -> None:
    assert drift(Record(), Selection()) is None
    assert drift(synthetic.record(synthetic.task1()), Selection()) is None
    assert drift(synthetic.record(), Selection(step=-2)) is None
    without = synthetic.record([m for m in [*synthetic.task1(), *synthetic.task2()] if not isinstance(m, LayerProbe)])
    assert drift(without, Selection()) is None
    record = synthetic.record()
    record.layers[-1].moved[:] = np.nan
    assert drift(record, Selection()) is None
    assert drift(record, Selection(step=15)) is not None


@pytest.mark.parametrize("columns", [1, 2, 3, 5])
def test_a_mosaic_has_every_weight_in_its_place(columns: int) -> None:
    filters = np.random.default_rng(0).normal(size=(5, 2, 3)).astype(np.float32)
    peak = 1.0
    shades = mosaic(filters, peak, columns)
    rows = -(-5 // columns)
    assert shades.shape == (rows * 3 - 1, columns * 4 - 1)
    for y in range(shades.shape[0]):
        for x in range(shades.shape[1]):
            number = y // 3 * columns + x // 4
            if number >= 5:
                assert shades[y, x] == NOTHING
            elif y % 3 == 2 or x % 4 == 3:
                assert shades[y, x] == GAP
            else:
                weight = max(-peak, min(peak, float(filters[number, y % 3, x % 4])))
                assert shades[y, x] == pytest.approx(1 + LEVELS + LEVELS * weight / peak, abs=0.51)


def test_a_mosaic_of_zeros_is_in_the_middle_of_the_scale() -> None:
    assert (mosaic(np.zeros((1, 2, 2), np.float32), 0.0, 1) == 1 + LEVELS).all()
