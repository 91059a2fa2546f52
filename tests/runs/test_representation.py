"""Representations, in a record: figures, reasons, cut and joined records, and files that are not to be trusted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lwf_gui import InputError
from lwf_gui.documents import files
from lwf_gui.messages import Branch, Representation
from lwf_gui.runs.beside import Beside
from lwf_gui.runs.record import Record
from lwf_gui.runs.representation import NO_LOOKS, NOT_YET, RepresentationFigures, captions, representation
from lwf_gui.runs.selection import Selection
from tests.runs import five, representations, synthetic


def figures_of(record: Record, step: int | None = None) -> RepresentationFigures:
    figures = representation(record, Selection(step=step))
    assert figures is not None
    return figures


def test_figures_are_those_of_the_latest_look() -> None:
    record = representations.record()
    figures = figures_of(record)
    look = representations.look(30)
    assert (figures.step, figures.begin, figures.layers, figures.images) == (30, 0, ("fc1", "fc2"), 24)
    for row, name in enumerate(("fine-tune", "lwf")):
        assert [figures.at(name, layer) for layer in (0, 1)] == pytest.approx(look.cka[row].tolist())
        plane = figures.plane(name)
        assert plane is not None
        np.testing.assert_allclose(plane.now, look.points[row], atol=1e-6)
        assert plane.variance == representations.VARIANCE
        assert plane.moved() == pytest.approx(3 * (0.4, 0.05)[row], abs=1e-5)
    assert figures_of(record, 14).step == 10
    assert figures_of(record, 14).at("fine-tune") == pytest.approx(1 - 0.4 / 3)
    assert "24 old probe images of digits, step 30" in captions(record, figures)[0]


def test_axes_and_reach_stay_while_one_goes_through_time() -> None:
    record = representations.record()
    every = [figures_of(record, step) for step in representations.STEPS]
    for figures in every:
        np.testing.assert_array_equal(figures.reach, every[0].reach)
        np.testing.assert_array_equal(figures.planes[0].start, every[0].planes[0].now)
        assert figures.curves == every[0].curves
    assert [len(figures.planes[0].ways) for figures in every] == [1, 2, 3, 4]
    inside = (every[0].reach[0] <= every[-1].planes[0].ways) & (every[-1].planes[0].ways <= every[0].reach[1])
    assert inside.all()


def test_of_many_tasks_each_has_its_own_images_and_trails() -> None:
    record = representations.of_five()
    early, late = figures_of(record, 5), figures_of(record)
    assert (early.task, early.begin, early.classes, len(early.planes[0].ways)) == (1, 0, (0, 1), 3)
    assert (late.task, late.begin, late.classes) == (4, 24, tuple(range(8)))
    assert len(late.planes[0].ways) == sum(step >= 24 for step in five.PROBED)
    assert len(late.units) == 40
    assert late.images == 40
    assert "task 5, step 36" in captions(record, late)[0]


def test_without_looks_it_is_said_why() -> None:
    assert representation(Record(), Selection()) is None
    assert representation(representations.record(), Selection(step=-3)) is None
    assert figures_of(synthetic.record()).reason == NO_LOOKS
    late = synthetic.record()
    late.apply(representations.look(30))
    assert figures_of(late, 10).reason == NOT_YET


def test_who_is_not_known_is_left_out_with_a_sentence() -> None:
    record = representations.record()
    for look in record.representations.values():
        look.points[0], look.cka[0] = np.nan, np.nan
    figures = figures_of(record)
    assert figures.learners == ("lwf",)
    assert figures.plane("fine-tune") is None
    assert np.isnan(figures.at("fine-tune"))
    assert figures.left_out[0].startswith("Fine-tuning is not shown: ")
    for look in record.representations.values():
        look.points[1] = np.nan
    assert "LwF is not shown" in figures_of(record).reason


def test_places_that_fly_off_hide_nobody() -> None:
    record = representations.record()
    record.representations[15].points[0, 3] = 1e30
    np.testing.assert_array_equal(figures_of(record).reach, figures_of(representations.record()).reach)
    assert len(figures_of(record).planes[0].ways) == 3
    assert figures_of(record, 15).plane("fine-tune") is None


def test_a_fork_keeps_looks_before_it_and_a_branch_is_its_own_from_there() -> None:
    record = representations.record().forked(10, Branch("lwf+1@10", "lwf", 10, {"alpha": 3.0}))
    assert list(record.representations) == [0, 10]
    look, known = record.representations[10], representations.look(10)
    for name in ("cka", "points", "variance"):
        np.testing.assert_array_equal(getattr(look, name)[2], getattr(known, name)[1])
    figures = figures_of(record)
    branch = figures.cka[:, figures.learners.index("lwf+1@10")]
    assert np.isnan(branch[0]).all()
    assert np.isfinite(branch[1]).all()


def test_others_stand_beside_one_that_trains_alone() -> None:
    recorded = representations.record()
    beside = Beside(recorded, 0, "joint", place=1)
    ours = representations.look(30, learners=1)
    (joined,) = beside.joined(ours)
    (unknown,) = beside.joined(replace(ours, step=20))
    assert isinstance(joined, Representation)
    assert isinstance(unknown, Representation)
    for name in ("cka", "points", "variance"):
        np.testing.assert_array_equal(getattr(joined, name)[[0, 2]], getattr(recorded.representations[30], name))
        np.testing.assert_array_equal(getattr(joined, name)[1], getattr(ours, name)[0])
        assert np.isnan(getattr(unknown, name)[[0, 2]]).all()


@pytest.mark.parametrize("made", [representations.record, representations.of_five])
def test_looks_come_back_from_a_file(tmp_path: Path, made: Any) -> None:
    record, path = made(), tmp_path / "run.lwfrun"
    files.save(record, path)
    loaded = files.load(path)
    assert list(loaded.representations) == list(record.representations)
    for step, look in record.representations.items():
        for name in ("cka", "points", "variance"):
            np.testing.assert_array_equal(getattr(loaded.representations[step], name), getattr(look, name))


def spoilt(**changes: Any) -> Representation:
    return replace(representations.look(30), **changes)


def with_value(name: str, place: Any, value: float) -> Representation:
    look = representations.look(30)
    getattr(look, name)[place] = value
    return look


@pytest.mark.parametrize(
    ("look", "clause"),
    [
        (spoilt(cka=np.ones((2, 3), np.float32)), "cka are 2 x 3"),
        (spoilt(cka=np.ones((1, 2), np.float32)), "cka are 1 x 2"),
        (spoilt(points=np.ones((2, 14, 2), np.float32)), "points of 14 images, they must be of 15"),
        (spoilt(points=np.ones((2, 15, 3), np.float32)), "points are 2 x 15 x 3"),
        (spoilt(variance=np.ones((2, 1), np.float32)), "variance are 2 x 1"),
        (spoilt(step=31), "step = 31"),
        (with_value("cka", (0, 0), 1.5), "a CKA is not from 0 to 1"),
        (with_value("cka", (0, 0), -0.5), "a CKA is not from 0 to 1"),
        (with_value("variance", (0, 0), 0.9), "a variance is not from 0 to 1"),
        (with_value("variance", (0, 0), -0.1), "a variance is not from 0 to 1"),
        (with_value("points", (0, 0, 0), np.inf), "a point is infinite"),
        (with_value("points", (0, 0, 0), np.nan), "a point has half a place"),
        (with_value("points", (0, 0), np.nan), "some of the points are missing"),
    ],
)
def test_absurd_looks_are_refused(look: Representation, clause: str, tmp_path: Path) -> None:
    record = synthetic.record()
    record.representations[30] = look
    files.save(record, tmp_path / "x.lwfrun")
    with pytest.raises(InputError, match=clause):
        files.load(tmp_path / "x.lwfrun")


def test_a_point_of_an_image_that_is_not_old_is_refused(tmp_path: Path) -> None:
    record = representations.of_five()
    record.representations[0].points[:] = 0
    files.save(record, tmp_path / "x.lwfrun")
    with pytest.raises(InputError, match="a point of an image that is not old"):
        files.load(tmp_path / "x.lwfrun")
