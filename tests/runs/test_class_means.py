"""Class means of a record: where they are, how the map moved them, and what is said where there are none."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lwf_gui.documents import files
from lwf_gui.messages import Branch, ClassMeans, Message, PhaseStarted, Probe
from lwf_gui.runs.beside import Beside
from lwf_gui.runs.class_means import Place, Planes, planes
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import five, means, synthetic
from tests.runs.means import DRIFT, FROZEN, HOMES, MOVING
from tests.runs.test_damaged_files import fill, of, packed, put, refusal, unpacked


def shown(record: Record, step: int | None = None) -> Planes:
    found = planes(record, Selection(step=step))
    assert found is not None
    return found


def place(figures: Planes, learner: str, unit: int) -> Place:
    plane = figures.of(learner)
    assert plane is not None
    return next(each for each in plane.places if each.unit == unit)


def test_between_boundaries_the_rings_stay_and_the_images_wander() -> None:
    record = means.record()
    for step in (10, 13):
        one = place(shown(record, step), MOVING, 0)
        assert one.kept == pytest.approx(HOMES[0] + 10 * DRIFT, abs=1e-5)
        assert one.now == pytest.approx(HOMES[0] + step * DRIFT, abs=1e-5)
        assert one.apart == pytest.approx(2 * (step - 10) * float(np.hypot(*DRIFT)), abs=1e-5)
    assert len(place(shown(record, 13), MOVING, 0).way) == 2


@pytest.mark.parametrize(("step", "before"), [(10, 0), (13, 0), (16, 10), (24, 16), (36, 24)])
def test_at_a_boundary_the_map_moves_what_was_kept_and_says_from_where(step: int, before: int) -> None:
    one = place(shown(means.record(), step), MOVING, 0)
    assert one.before == pytest.approx(HOMES[0] + before * DRIFT, abs=1e-5)
    assert one.moved == pytest.approx(float(np.hypot(*(means.kept_at(step) - before) * DRIFT)), abs=1e-5)


def test_in_the_second_task_nothing_was_moved_yet() -> None:
    assert math.isnan(place(shown(means.record(), 5), MOVING, 0).moved)


def test_a_frozen_backbone_has_no_arrow_and_no_way_of_any_length() -> None:
    for step in (5, 16, 36):
        plane = shown(means.record(), step).of(FROZEN)
        assert plane is not None
        assert plane.frozen
        assert all(math.isnan(each.moved) for each in plane.places)
        assert all(not len(each.way) or not np.ptp(each.way, axis=0).any() for each in plane.places)


def test_classes_of_the_task_under_way_have_no_mean_yet_and_later_ones_are_not_there() -> None:
    figures = shown(means.record(), 13)
    plane = figures.of(MOVING)
    assert plane is not None
    assert [each.unit for each in plane.places] == list(range(6))
    assert [each.unit for each in plane.places if np.isnan(each.kept).any()] == [3, 4, 5]
    assert all(math.isnan(each.apart) for each in plane.places[3:])


def test_the_worst_class_is_the_one_farthest_off() -> None:
    record = means.record()
    last = record.means[36]
    last.apart[0, 4] = 7.5
    plane = shown(record).of(MOVING)
    assert plane is not None
    assert plane.worst is not None
    assert (plane.worst.unit, plane.worst.apart) == (4, 7.5)


def test_one_scale_holds_all_places_of_a_run_and_does_not_change_as_one_looks_around() -> None:
    record = means.record()
    reach = shown(record).reach
    for step in five.PROBED:
        figures = shown(record, step)
        assert (figures.reach == reach).all()
        for plane in figures.planes:
            points = np.array([each.now for each in plane.places] + [each.kept for each in plane.places])
            points = points[np.isfinite(points).all(1)]
            assert (points > reach[0]).all()
            assert (points < reach[1]).all()


def test_by_chance_a_mean_of_n_images_is_a_spread_over_the_root_of_n_off() -> None:
    assert shown(means.record()).by_chance(0) == pytest.approx(1 / math.sqrt(5))


def test_without_a_learner_that_keeps_means_it_is_said_who_would() -> None:
    for record in (synthetic.record(), synthetic.record(synthetic.task1()), five.record()):
        figures = shown(record)
        assert figures.planes == ()
        assert figures.reason.startswith(
            "No learner of this run keeps statistics. Add one: Run > Add a learner > RanPAC"
        )


def test_before_task_2_there_is_nothing_and_a_run_of_an_earlier_version_says_that_nothing_is_known() -> None:
    assert planes(Record(), Selection()) is None
    assert planes(means.record(), Selection(step=-3)) is None
    silent = means.record([message for message in means.messages() if not isinstance(message, ClassMeans)])
    assert "nothing is known" in shown(silent).reason


def test_a_learner_that_diverged_has_no_plane_any_more() -> None:
    record = means.record()
    assert record.incremental is not None
    record.incremental.losses.values[20:, 0] = np.nan
    assert shown(record, 16).of(MOVING) is not None
    assert shown(record, 30).of(MOVING) is None
    assert shown(record, 30).of(FROZEN) is not None


def test_places_beyond_all_measure_are_left_out() -> None:
    record = means.record()
    record.means[36].now[0, 0] = 3e38
    figures = shown(record)
    assert np.isnan(place(figures, MOVING, 0).now).all()
    assert np.abs(figures.reach).max() < 100


# ---- cut, joined, kept


def test_a_fork_has_the_looks_before_it_and_a_branch_those_of_its_origin() -> None:
    record = means.record().forked(16, Branch("lwf-ldc+1@16", MOVING, 16, {"alpha": 3.0}))
    assert list(record.means) == [step for step in five.PROBED if step <= 16]
    for look in record.means.values():
        np.testing.assert_array_equal(look.now[2], look.now[0])
        np.testing.assert_array_equal(look.apart[2], look.apart[0])


@pytest.mark.parametrize("keeps", [True, False])
def test_means_of_the_others_stay_beside_one_who_trains_alone(*, keeps: bool) -> None:
    recorded = means.record()
    beside = Beside(recorded, 0, "slda" if keeps else "joint", place=2)
    started = recorded.incremental.started  # type: ignore[union-attr]
    told: list[Message] = [replace(started, learners=("slda" if keeps else "joint",))]
    for step in (0, 1):
        probe = recorded.incremental.probes[step]  # type: ignore[union-attr]
        told.append(replace(probe, logits=probe.logits[:1]))
        look = recorded.means[step]
        told += [ClassMeans(1, step, look.now[1:], look.kept[1:], look.apart[1:])] if keeps else []
    joined = Record()
    for message in means.messages():
        if isinstance(message, PhaseStarted) and message.phase == "incremental":
            break
        joined.apply(message)
    for message in told:
        for each in beside.joined(message):
            joined.apply(each)
    assert list(joined.means) == [0, 1]
    for step, look in joined.means.items():
        np.testing.assert_array_equal(look.now[:2], recorded.means[step].now)
        assert look.apart.shape == (3, five.SCENARIO.classes)
        expected = recorded.means[step].kept[1] if keeps else np.full_like(look.kept[2], np.nan)
        np.testing.assert_array_equal(look.kept[2], expected)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("means") / "run.lwfrun"
    files.save(means.of_few_classes(), path)
    return path.read_bytes()


def test_looks_come_back_from_a_file(sound: bytes, tmp_path: Path) -> None:
    (tmp_path / "run.lwfrun").write_bytes(sound)
    record, loaded = means.record(), files.load(tmp_path / "run.lwfrun")
    assert list(loaded.means) == list(record.means)
    for step, look in record.means.items():
        for name in ("now", "kept", "apart"):
            np.testing.assert_array_equal(getattr(loaded.means[step], name), getattr(look, name))
    assert shown(loaded, 24).of(MOVING) is not None


ABSURD = {
    "a place without end": (fill("ClassMeans..now", np.inf, 0, 0, 0, 0), "a class mean is infinite"),
    "half a place": (fill("ClassMeans..kept", np.nan, 0, 0, 0, 0), "a class mean has half a place"),
    "a class to come": (fill("ClassMeans..now", 1.0, 0, 0, -1), "there is a mean of a class that is not there"),
    "less than no distance": (fill("ClassMeans..apart", -1.0, 0, 0, 0), "a distance is below 0"),
    "an infinite distance": (fill("ClassMeans..apart", np.inf, 0, 0, 0), "a distance is infinite"),
    "a distance from nothing": (fill("ClassMeans..apart", 1.0, 0, 0, -1), "a distance is between no two class means"),
    "a look before the last one": (put("ClassMeans", step=3), "step = 3 is not allowed: it must be from 31 to 36"),
    "a look after the end": (put("ClassMeans", step=37), "step = 37 is not allowed"),
    "learners too few": (
        lambda m, a: a.update({"ClassMeans..apart": a["ClassMeans..apart"][:, :1]}),
        "apart are 1 x 10, they must be 2 x 10",
    ),
    "places in space": (
        lambda m, a: a.update({"ClassMeans..now": np.zeros((10, 2, 10, 3), np.float32)}),
        "now are 2 x 10 x 3, they must be 2 x 10 x 2",
    ),
    "rows of no look": (lambda m, a: m.remove(of(m, "ClassMeans")), "has rows that belong to no message"),
    "a number for a row": (put("ClassMeans", now=0.5), "now: 0.5 is not the next of its 10 rows"),
}


@pytest.mark.parametrize("case", ABSURD)
def test_absurd_looks_are_named_and_refused(sound: bytes, tmp_path: Path, case: str) -> None:
    about, told, arrays = unpacked(sound)
    change, expected = ABSURD[case]
    change(told, arrays)
    sentence = refusal(packed(about | {"messages": json.dumps(told)}, arrays), tmp_path)
    assert "is not a sound run file: " in sentence
    assert expected in sentence


def test_a_file_without_looks_still_opens(tmp_path: Path) -> None:
    files.save(means.record([each for each in means.messages() if not isinstance(each, ClassMeans)]), tmp_path / "x")
    assert files.load(tmp_path / "x").means == {}


def test_a_probe_has_at_most_one_look() -> None:
    record = means.record()
    assert record.incremental is not None
    probes = [probe.step for probe in record.incremental.probes if isinstance(probe, Probe)]
    assert list(record.means) == probes
