"""Layers put back, in a record: figures, reasons, cut and joined records, and files that are not to be trusted."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lwf_gui import InputError, paths
from lwf_gui.documents import files
from lwf_gui.messages import Branch, ProtocolName, PutBack
from lwf_gui.runs.beside import Beside
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.put_back import HEAD, INSERTED, NO_LOOKS, put_back
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from tests.runs import layers_back, synthetic


def test_figures_are_shares_of_the_images_that_were_looked_at() -> None:
    figures = put_back(layers_back.record(), Selection())
    assert figures is not None
    assert (figures.step, figures.kind, figures.images) == (30, "test images", (1200, 80))
    assert figures.layers == ("fc1", "fc2", HEAD)
    assert figures.known["fine-tune"][4].old == pytest.approx(100 * 720 / 1200)
    assert figures.known["lwf"][0].old == pytest.approx(100 * 228 / 1200)
    assert figures.regained("fine-tune", figures.head) == pytest.approx(40)
    assert figures.lost("fine-tune") == pytest.approx(70)
    assert figures.price("fine-tune", figures.head) == pytest.approx(100 * 6 / 80, abs=1.3)
    assert figures.telling == (0, 4, 1, 2, 7)


def test_protocol_and_step_choose_what_is_shown() -> None:
    record = layers_back.record()
    early = put_back(record, Selection(step=15))
    assert early is not None
    assert (early.step, early.kind, early.images) == (10, "probe images", (24, 16))
    other = put_back(record, Selection("class_incremental"))
    assert other is not None
    assert other.known["fine-tune"][4].old == pytest.approx(30)


def test_without_looks_it_is_said_why() -> None:
    assert put_back(Record(), Selection()) is None
    assert put_back(layers_back.record(), Selection(step=-3)) is None
    older = put_back(synthetic.record(), Selection())
    assert older is not None
    assert older.reason == NO_LOOKS
    record = synthetic.record()
    assert record.data is not None
    recipe = record.data.recipe.with_settings({"model.growth": "random"})
    record.data = replace(record.data, recipe=recipe)
    inserted = put_back(record, Selection())
    assert inserted is not None
    assert inserted.reason == INSERTED


def test_who_has_no_numbers_is_left_out_with_a_sentence() -> None:
    record = layers_back.record()
    record.put_back[30].right[0] = -1
    figures = put_back(record, Selection())
    assert figures is not None
    assert figures.learners == ("lwf",)
    assert len(figures.left_out) == 1
    assert figures.left_out[0].startswith("Fine-tuning is not shown: ")


def test_a_run_of_an_earlier_version_says_that_it_has_none_and_the_bundled_one_has_them() -> None:
    bundled = files.load(paths.resources() / "runs" / "classroom.lwfrun")
    before = Record()
    for message in bundled.messages():
        if not isinstance(message, PutBack):
            before.apply(message)
    figures = put_back(before, Selection())
    assert figures is not None
    assert "Press Run" in figures.reason
    figures = put_back(bundled, Selection())
    assert figures is not None
    assert not figures.reason
    assert figures.known["fine-tune"][figures.head].old > figures.known["fine-tune"][0].old + 20


def test_a_fork_keeps_looks_before_it_and_a_branch_has_those_of_its_origin() -> None:
    record = layers_back.record().forked(10, Branch("lwf+1@10", "lwf", 10, {"alpha": 3.0}))
    assert list(record.put_back) == [0, 10]
    for look in record.put_back.values():
        np.testing.assert_array_equal(look.right[2], look.right[1])


def test_others_stand_beside_one_that_trains_alone() -> None:
    recorded = layers_back.record()
    beside = Beside(recorded, 0, "joint", place=2)
    ours = layers_back.look(30, full=True, learners=1)
    (joined,) = beside.joined(ours)
    (unknown,) = beside.joined(replace(ours, step=20))
    assert isinstance(joined, PutBack)
    assert isinstance(unknown, PutBack)
    np.testing.assert_array_equal(joined.right[:2], recorded.put_back[30].right)
    np.testing.assert_array_equal(joined.right[2:], ours.right)
    assert (unknown.right[:2] == -1).all()


def test_looks_come_back_from_a_file(tmp_path: Path) -> None:
    record, path = layers_back.record(), tmp_path / "run.lwfrun"
    files.save(record, path)
    loaded = files.load(path)
    assert list(loaded.put_back) == [0, 10, 30]
    for step, look in record.put_back.items():
        np.testing.assert_array_equal(loaded.put_back[step].right, look.right)


def spoilt(place: tuple[int, ...], value: int) -> Record:
    record = layers_back.record()
    record.put_back[30].right[place] = value
    return record


@pytest.mark.parametrize(
    ("record", "clause"),
    [
        (lambda: spoilt((0, 0, 0, 0), 1201), "more right answers than images"),
        (lambda: spoilt((0, 0, 0, 0), -2), "a number of right answers is -2"),
        (lambda: spoilt((0, 0, 0, 0), -1), "some of the right answers are missing"),
    ],
)
def test_absurd_counts_are_refused(record: object, clause: str, tmp_path: Path) -> None:
    files.save(record(), tmp_path / "x.lwfrun")  # type: ignore[operator]
    with pytest.raises(InputError, match=clause):
        files.load(tmp_path / "x.lwfrun")


@pytest.mark.parametrize("shape", [(2, 4, 2, 2), (1, 8, 2, 2), (2, 8, 1, 2), (2, 8, 2, 3)])
def test_absurd_shapes_are_refused(shape: tuple[int, ...], tmp_path: Path) -> None:
    record = synthetic.record()
    record.put_back[30] = replace(layers_back.look(30, full=True), right=np.zeros(shape, np.int32))
    files.save(record, tmp_path / "x.lwfrun")
    with pytest.raises(InputError, match="right are"):
        files.load(tmp_path / "x.lwfrun")


@pytest.mark.parametrize("protocol", ["task_aware", "class_incremental"])
def test_what_was_lost_is_counted_from_what_was_known_as_the_learners_began(protocol: ProtocolName) -> None:
    bundled = files.load(paths.resources() / "runs" / "classroom.lwfrun")
    figures = put_back(bundled, Selection(protocol))
    assert figures is not None
    for name in figures.learners:
        card = card_of(bundled, name, Selection(protocol))
        assert card.change is not None
        assert figures.lost(name) == pytest.approx(-card.change, abs=0.06), "as its card says"
    early = put_back(bundled, Selection(protocol, 4))
    assert early is not None
    assert early.before["lwf"] == pytest.approx(100 * bundled.put_back[0].right[1, 0, 0, 0] / 300)
