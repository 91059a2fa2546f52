"""Straight paths, in a record: figures, reasons, cut and joined records, and files that are not to be trusted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lwf_gui import InputError
from lwf_gui.documents import files
from lwf_gui.messages import POINTS, TEACHER, Branch, StraightPath
from lwf_gui.runs import path_ends
from lwf_gui.runs.beside import Beside
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.straight_path import NO_LOOKS, NOT_YET, SAME, StraightPathFigures, captions, straight_path
from tests.runs import straight_paths, synthetic


def figures_of(record: Record, selection: Selection = Selection()) -> StraightPathFigures:  # noqa: B008
    figures = straight_path(record, selection)
    assert figures is not None
    return figures


def test_figures_are_shares_of_the_images_that_were_looked_at() -> None:
    record = straight_paths.record()
    figures = figures_of(record)
    assert (figures.step, figures.kind, figures.images, figures.drawn) == (30, "test images", (1000, 80), True)
    path = figures.paths[TEACHER, "fine-tune"]
    np.testing.assert_allclose(path.old, straight_paths.FORGETS[0], atol=0.1)
    np.testing.assert_allclose(path.new, straight_paths.FORGETS[1], atol=100 / 80)
    means = (np.array(path.old) + path.new) / 2
    assert path.best == int(means.argmax())
    assert path.gain == pytest.approx(means.max() - max(means[0], means[-1]))
    assert "1,000 of the old task and 80 of the new task; task-aware, step 30" in captions(record, figures)[0]
    assert "drawn evenly" in captions(record, figures)[0]


def test_dips_and_barriers_are_what_lies_beyond_both_ends() -> None:
    path = figures_of(straight_paths.record()).paths["fine-tune", "lwf"]
    assert path.dip(0) == pytest.approx(min(path.old[0], path.old[-1]) - min(path.old))
    losses = path.losses[1]
    assert path.barrier(1) == pytest.approx(max(losses) - max(losses[0], losses[-1]))
    assert path.barrier(1) > 0
    assert figures_of(straight_paths.record()).paths[TEACHER, "lwf"].dip(0) <= 1


def test_protocol_and_step_choose_what_is_shown() -> None:
    record = straight_paths.record()
    early = figures_of(record, Selection(step=15))
    assert (early.step, early.kind, early.images) == (10, "probe images", (20, 16))
    other = figures_of(record, Selection("class_incremental")).paths[TEACHER, "fine-tune"]
    assert other.old[0] == pytest.approx(45)


def test_ends_are_different_networks_and_each_can_be_the_start() -> None:
    figures = figures_of(straight_paths.record())
    assert figures.ends == ("fine-tune", "lwf")
    assert figures.starts("lwf") == (TEACHER, "fine-tune")
    there, back = figures.paths["fine-tune", "lwf"], figures.paths["lwf", "fine-tune"]
    assert there.old[0] == back.old[-1]


def test_without_looks_it_is_said_why() -> None:
    assert straight_path(Record(), Selection()) is None
    assert straight_path(straight_paths.record(), Selection(step=-3)) is None
    assert figures_of(synthetic.record()).reason == NO_LOOKS
    begun = synthetic.up_to_step(15)
    assert figures_of(begun, Selection(step=0)).reason == SAME
    assert figures_of(begun).reason == NOT_YET
    assert figures_of(straight_paths.record(), Selection(step=0)).reason == SAME


def test_who_has_no_path_is_left_out_with_a_sentence() -> None:
    record = straight_paths.record()
    record.paths[30].right[:, 0] = -1
    record.paths[30].right[1] = -1
    figures = figures_of(record)
    assert figures.ends == ("lwf",)
    assert figures.left_out[0].startswith("Fine-tuning is not shown: ")
    record.paths[30].right[:] = -1
    assert "LwF is not shown" in figures_of(record).reason


def test_a_fork_keeps_paths_before_it_and_a_branch_has_those_of_its_origin() -> None:
    record = straight_paths.record().forked(10, Branch("lwf+1@10", "lwf", 10, {"alpha": 3.0}))
    assert list(record.paths) == [10]
    look, known = record.paths[10], straight_paths.look(10, tested=False)
    np.testing.assert_array_equal(look.right[:, 2], look.right[:, 1])
    np.testing.assert_array_equal(look.right[:3, :2], known.right)
    np.testing.assert_array_equal(look.right[2, 2], known.right[2, 1])
    assert (look.right[2, 2] == look.right[2, 2, 0]).all(), "to its origin nothing changes"


def test_a_fifth_learner_leaves_the_paths_from_the_old_network_alone() -> None:
    four = straight_paths.look(10, tested=False, learners=4)
    five = path_ends.of_learners(four, [0, 1, 2, 3, 1])
    np.testing.assert_array_equal(five.right, four.right[:1, [0, 1, 2, 3, 1]])
    again = path_ends.of_learners(five, [0, 1, 2, 3])
    np.testing.assert_array_equal(again.right[0], four.right[0])
    assert again.right.shape == four.right.shape
    assert (again.right[1:] == -1).all()


def test_others_stand_beside_one_that_trains_alone() -> None:
    recorded = straight_paths.record()
    beside = Beside(recorded, 0, "joint", place=1)
    ours = straight_paths.look(30, tested=True, learners=1)
    (joined,) = beside.joined(ours)
    (unknown,) = beside.joined(replace(ours, step=20))
    assert isinstance(joined, StraightPath)
    assert isinstance(unknown, StraightPath)
    known = recorded.paths[30]
    np.testing.assert_array_equal(joined.right[0, [0, 2]], known.right[0])
    np.testing.assert_array_equal(joined.right[np.ix_([1, 3], [0, 2])], known.right[1:])
    np.testing.assert_array_equal(joined.right[0, 1], ours.right[0, 0])
    assert (joined.right[2, [0, 2]] == -1).all(), "of two that never trained in one run nothing is known"
    assert np.isnan(joined.loss[2, [0, 2]]).all()
    assert (unknown.right[:, [0, 2]] == -1).all()


def test_paths_come_back_from_a_file(tmp_path: Path) -> None:
    record, path = straight_paths.record(), tmp_path / "run.lwfrun"
    files.save(record, path)
    loaded = files.load(path)
    assert list(loaded.paths) == [10, 30]
    for step, look in record.paths.items():
        again = loaded.paths[step]
        assert (again.tested, again.images, again.task) == (look.tested, look.images, look.task)
        np.testing.assert_array_equal(again.right, look.right)
        np.testing.assert_array_equal(again.loss, look.loss)


def spoilt(**changes: Any) -> StraightPath:
    return replace(straight_paths.look(30, tested=True), **changes)


def with_value(name: str, place: tuple[int, ...], value: float) -> StraightPath:
    look = straight_paths.look(30, tested=True)
    getattr(look, name)[place] = value
    return look


@pytest.mark.parametrize(
    ("look", "clause"),
    [
        (spoilt(images=(1000,)), "images of 1 tasks, of 2"),
        (spoilt(images=(1000, 81)), "a number of images"),
        (spoilt(images=(0, 80)), "a number of images"),
        (spoilt(tested=False, images=(1000, 80)), "more images were looked at than there are"),
        (spoilt(task=2), "task = 2"),
        (spoilt(right=np.zeros((1, 2, POINTS, 2, 2), np.int32)), "right are"),
        (spoilt(right=np.zeros((3, 2, 8, 2, 2), np.int32)), "right are"),
        (spoilt(loss=np.zeros((3, 2, POINTS, 3), np.float32)), "loss are"),
        (with_value("right", (0, 0, 0, 0, 0), 1001), "more right answers than images"),
        (with_value("right", (0, 0, 0, 0, 0), -2), "a number of right answers is -2"),
        (with_value("right", (0, 0, 0, 0, 0), -1), "some of the right answers are missing"),
        (with_value("right", (0, 0, 3), -1), "a part of a path is missing"),
        (with_value("loss", (0, 0, 0, 0), np.nan), "losses without right answers"),
        (with_value("loss", (0, 0, 0, 0), np.inf), "a loss is infinite"),
        (with_value("loss", (0, 0, 0, 0), -0.5), "a loss is below 0"),
    ],
)
def test_absurd_looks_are_refused(look: StraightPath, clause: str, tmp_path: Path) -> None:
    record = synthetic.record()
    record.paths[30] = look
    files.save(record, tmp_path / "x.lwfrun")
    with pytest.raises(InputError, match=clause):
        files.load(tmp_path / "x.lwfrun")
