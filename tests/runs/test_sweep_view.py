"""Sweeps as they are shown: cells, means, spreads and fronts against numpy, and what is said of what is missing."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from lwf_gui.colours import distance
from lwf_gui.palette import ramp
from lwf_gui.runs import sweep_words as words
from lwf_gui.runs.metrics import PROTOCOLS, Quantity
from lwf_gui.runs.sweep_axes import PARTS, axis_of, first_axes, varying
from lwf_gui.runs.sweep_figures import SweepFigures, sweep_figures
from lwf_gui.runs.sweep_front import fronts, pareto
from lwf_gui.runs.sweep_map import NARROWEST, heat_map
from lwf_gui.runs.sweep_progress import duration, time_left
from lwf_gui.runs.sweep_view import QUANTITIES, SweepRun, SweepView, Undone
from tests.runs.sweeps import ALPHAS, KEYS, LEARNERS, STEPS, TEMPERATURES, done, figures, known, planned


def shown(view: SweepView, **changes: Any) -> SweepFigures:
    found = sweep_figures(view, changes.pop("protocol", "task_aware"), **changes)
    assert isinstance(found, SweepFigures)
    return found


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("learner", LEARNERS)
@pytest.mark.parametrize("quantity", QUANTITIES)
def test_cells_are_mean_and_sample_deviation_over_seeds(protocol: Any, learner: str, quantity: Quantity) -> None:
    view = known(planned())
    heat = heat_map(view, KEYS, learner, protocol, quantity)
    assert heat.over == "mean of 2 seeds"
    assert len(heat.cells) == len(ALPHAS) * len(TEMPERATURES)
    means = []
    for (across, up), cell in heat.cells.items():
        runs = [
            run
            for run in view.runs
            if (run.settings["lwf.alpha"], run.settings["lwf.temperature"]) == (ALPHAS[across], TEMPERATURES[up])
        ]
        values = np.array([figures(run, learner, protocol)[quantity] for run in runs])
        assert cell.mean == pytest.approx(values.mean())
        assert cell.spread == pytest.approx(values.std(ddof=1))
        assert cell.runs == tuple(run.id for run in runs)
        means.append(values.mean())
    if max(means) - min(means) >= NARROWEST:
        assert (heat.low, heat.high) == pytest.approx((min(means), max(means)))
    else:
        assert heat.high - heat.low == pytest.approx(NARROWEST)
        assert heat.low <= min(means) <= max(means) <= heat.high <= 100
    assert heat.cells[heat.best].mean == pytest.approx(max(means))


def test_further_settings_are_averaged_and_that_is_said() -> None:
    view = known(planned())
    heat = heat_map(view, ("lwf.alpha", ""), "lwf", "task_aware", "old")
    assert heat.over == "mean of 2 seeds and all values of Temperature T (lwf.temperature)"
    expected = [figures(run, "lwf", "task_aware")["old"] for run in view.runs if run.settings["lwf.alpha"] == 2.0]
    assert heat.cells[2, 0].mean == pytest.approx(np.mean(expected))
    by_seed = heat_map(view, ("lwf.alpha", "seed"), "lwf", "task_aware", "old")
    assert "seeds" not in by_seed.over
    assert by_seed.up.texts == ("0", "1")


def test_axes_are_the_settings_that_differ_in_the_order_of_their_numbers() -> None:
    view = planned(alphas=(10.0, 2.0), temperatures=(1.0,))
    assert varying(view) == ("lwf.alpha", "seed")
    assert first_axes(view) == ("lwf.alpha", "")
    assert axis_of(view, "lwf.alpha").texts == ("2", "10")
    assert varying(planned((1.0,), (1.0,), (0,))) == ("lwf.alpha",)
    seeds = SweepView("s", ("lwf.alpha",), [SweepRun(str(n), {"lwf.alpha": 1, "seed": n}) for n in range(3)], LEARNERS)
    assert first_axes(seeds) == ("seed", ""), "only seeds differ"


def test_many_drawn_numbers_share_even_parts_of_their_range() -> None:
    values = [float(f"{each:.4g}") for each in np.geomspace(0.1, 10, 40)]
    axis = axis_of(planned(alphas=values, temperatures=(1.0,)), "lwf.alpha")
    assert axis.shared
    assert len(axis.texts) == PARTS
    edges = np.geomspace(0.1, 10, PARTS + 1)
    for value in values:
        part = axis.place({"lwf.alpha": value})
        assert edges[part] * 0.999 <= value <= edges[part + 1] * 1.001
    assert axis.texts[0] == "0.1 to 0.18"


def test_front_are_the_points_that_no_other_dominates() -> None:
    chance = np.random.default_rng(3)
    points = chance.integers(0, 12, (60, 2)).astype(float)
    best = pareto(points)
    for point, top in zip(points, best, strict=True):
        dominated = any((other >= point).all() and (other > point).any() for other in points)
        assert top != dominated
    assert 0 < best.sum() < len(best)


def test_points_are_means_over_seeds_and_each_learner_has_its_own_front() -> None:
    view = known(planned())
    found = fronts(view, "task_aware")
    assert set(found) == set(LEARNERS)
    for learner, points in found.items():
        assert len(points) == len(ALPHAS) * len(TEMPERATURES)
        for point in points:
            assert len(point.runs) == 2
            expected = [figures(view.run(run), learner, "task_aware") for run in point.runs]
            assert point.old == pytest.approx(np.mean([each["old"] for each in expected]))
            assert point.new == pytest.approx(np.mean([each["new"] for each in expected]))
        best = pareto(np.array([(point.new, point.old) for point in points]))
        assert [point.best for point in points] == best.tolist()
    kept = {float(point.settings["lwf.alpha"]) for point in found["lwf"] if point.best}
    assert kept == set(ALPHAS), "more alpha always trades one for the other here"
    assert 0 < sum(point.best for point in found["lwf"]) < len(found["lwf"])


def test_equal_means_that_differ_in_their_last_digits_are_both_on_the_front() -> None:
    view = planned((1.0, 2.0), (1.0,), (0, 1, 2))
    told = (0.1, 0.2, 0.3), (0.3, 0.2, 0.1)  # whose sums differ by one in the last place
    news: list[Any] = []
    for number, run in enumerate(view.runs):
        value = 50 + told[number // 3][number % 3]
        each = done(run)
        news.append((run.id, type(each)({("lwf", "task_aware"): dict.fromkeys(QUANTITIES, value)}, {}, "digits", 0.0)))
    view.take(news)
    assert [point.best for point in fronts(view, "task_aware")["lwf"]] == [True, True]


def test_curves_of_a_cell_are_those_of_its_runs_and_their_mean() -> None:
    view = known(planned())
    found = shown(view).curves((3, 1))
    assert len(found.each) == 2
    assert found.mean is not None
    assert found.mean.steps.tolist() == STEPS.tolist()
    assert found.mean.old == pytest.approx(np.mean([curve.old for curve in found.each], axis=0))
    assert found.mean.new == pytest.approx(np.mean([curve.new for curve in found.each], axis=0))
    assert found.last == STEPS[-1]


def test_missing_failed_damaged_and_diverged_runs_are_told_apart() -> None:
    view = planned()
    alpha = [run for run in view.runs if run.settings["lwf.temperature"] == 1.0]
    view.take([(run.id, done(run)) for run in alpha[:3]])
    view.take([(alpha[4].id, Undone("no disk")), (alpha[5].id, Undone("it is cut short", damaged=True))])
    view.take([(alpha[6].id, done(alpha[6], without="lwf")), ("a stranger", Undone("x"))])
    heat = shown(view).heat
    told = [words.state_of(heat.cells[place, 0]) for place in range(4)]
    assert told == ["", "", "damaged", "not done yet"]
    assert words.counts(heat.cells[1, 0]) == "1 of 2 runs (not done yet 1)"
    assert words.counts(heat.cells[2, 0]) == "0 of 2 runs (failed 1, damaged 1)"
    assert words.counts(heat.cells[3, 0]) == "0 of 2 runs (not done yet 1, diverged 1)"
    said = words.cell_sentence(shown(view), (2, 0))
    assert "Alpha 2, Temperature T 1" in said
    assert said.endswith("no disk")
    assert words.progress(view) == "4 of 24 runs, 1 failed, 1 damaged"
    view.take([(alpha[4].id, None), (alpha[5].id, done(alpha[5]))])
    assert words.progress(view) == "5 of 24 runs", "what is done again is told as it is now"
    view.read(more=True)
    assert words.progress(view) == "Reading: 5 of 24 runs so far", "nobody knows yet what is missing"
    assert math.isnan(heat.cells[2, 0].mean)


def test_a_learner_that_some_runs_do_not_have_is_not_said_to_have_diverged() -> None:
    view = known(planned())
    whole = view.done[view.runs[0].id]
    alone = {whose: curve for whose, curve in whole.curves.items() if whose[0] != "lwf"}
    for run in view.runs[:2]:
        view.take([(run.id, type(whole)({}, alone, "digits", 0.0))])
    cell = shown(view).heat.cells[0, 0]
    assert (words.state_of(cell), cell.missing, cell.diverged) == ("not in it", 0, 0)
    assert words.counts(cell) == "0 of 2 runs (without this learner 2)"


def test_a_cell_says_settings_protocol_figures_runs_and_how_it_is_opened() -> None:
    view = known(planned())
    found = shown(view, protocol="class_incremental")
    tip = words.cell_tip(found, (3, 2))
    value = np.mean([figures(r, "lwf", "class_incremental")["old"] for r in view.runs[-2:]])
    for part in ("Alpha 4, Temperature T 4", "LwF, class-incremental", f"old {value:.1f} %", "2 runs"):
        assert part in tip
    assert tip.endswith("On the Pareto front. Enter or a double-click opens the run of seed 0.")
    many = known(planned(seeds=(0, 1, 2)))
    assert "opens its 3 seeds, with their band" in words.cell_tip(shown(many), (0, 0))
    assert len(shown(many).opened((0, 0))) == 3
    for caption in words.captions(found):
        assert "class-incremental" in caption
    assert "all test images of digits" in words.captions(found)[0]


def test_what_is_chosen_and_not_there_is_as_at_first() -> None:
    view = known(planned())
    assert shown(view).heat.learner == "lwf", "the learner that has the first setting"
    assert shown(view, learner="joint").heat.learner == "lwf"
    found = shown(view, axes=("task2.epochs", "lwf.alpha"))
    assert (found.heat.across.key, found.heat.up.key) == KEYS
    assert sweep_figures(SweepView("s", KEYS, planned().runs), "task_aware").reason.startswith("Nobody")


def test_time_left_is_judged_by_the_runs_that_ended_last() -> None:
    one = [(10.0 * number, 10.0 * number + 10) for number in range(20)]  # one after another
    assert time_left(one, 8, 202, running=True) == pytest.approx(8 * 10 - 2)
    two = [(10.0 * (number // 2), 10.0 * (number // 2) + 10) for number in range(20)]  # two side by side
    assert time_left(two, 8, 102, running=True) == pytest.approx(8 * 5 - 2)
    assert time_left(two[:2], 6, 10, running=True) == pytest.approx(30), "two that end together are no hurry"
    assert time_left(one, 0, 200, running=True) is None
    assert time_left([], 8, 200, running=True) is None
    assert time_left(one, 8, 500, running=False) is None, "nothing ended for long"
    assert time_left(one, 8, 204, running=False) == pytest.approx(76)
    assert time_left(one, 1, 500, running=True) == pytest.approx(5), "it must end some time"
    resumed = [(-900.0, -890.0), *one[:3]]
    assert time_left(resumed, 8, 30, running=True) == pytest.approx(80), "what was before a pause is forgotten"
    assert [duration(s) for s in (2, 38, 140, 8000)] == ["about 5 s", "about 40 s", "about 2 min", "about 2.2 h"]


def test_the_scale_looks_even_and_its_ends_stand_apart() -> None:
    steps = [distance(ramp(place / 8), ramp((place + 1) / 8)) for place in range(8)]
    assert max(steps) < 1.08 * min(steps), "rounding to 8 bits costs a little"
    assert distance(ramp(0), ramp(1)) > 60
    assert ramp(-1) == ramp(0)
    assert ramp(2) == ramp(1)


def test_a_view_grows_by_what_it_takes_and_says_so() -> None:
    view = planned()
    before = view.version
    view.work(running=False, own=False)
    assert view.version == before
    view.take([(view.runs[0].id, done(view.runs[0]))])
    assert view.version > before
    assert (view.missing, view.datasets, view.learners) == (23, ("digits",), LEARNERS)
