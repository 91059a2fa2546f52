"""Fewer training images: which ones, and that every class is among them."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from lwf_gui import InputError
from lwf_gui.data.sampling import sample
from lwf_gui.recipe import Recipe
from tests.engine.test_tasks import dataset, grey, tasks_of

SORTED = np.repeat(np.arange(10, dtype=np.uint8), 50)
"""Files sorted by class, as some are: the first hundred images are of two classes."""


def counts(limit: int, labels: np.ndarray[tuple[int], np.dtype[np.uint8]] = SORTED, classes: int = 6) -> list[int]:
    chosen = sample(labels, range(classes), limit, (0, 5))
    assert len(set(chosen.tolist())) == len(chosen)
    return [int(count) for count in np.bincount(labels[chosen], minlength=classes)]


def test_smaller_training_set_of_sorted_files_has_every_class_alike() -> None:
    assert counts(60) == [10] * 6
    assert counts(64) == [11, 11, 11, 11, 10, 10]
    assert counts(6) == [1] * 6
    assert counts(10_000) == [50] * 6


def test_what_one_class_lacks_the_others_take() -> None:
    labels = np.repeat(np.arange(4, dtype=np.uint8), (2, 5, 100, 100))
    assert counts(47, labels, 4) == [2, 5, 20, 20]
    assert counts(48, labels, 4) == [2, 5, 21, 20]
    assert counts(207, labels, 4) == [2, 5, 100, 100]


@given(st.lists(st.integers(1, 30), min_size=1, max_size=8), st.integers(0, 100), st.integers(0, 3))
def test_sample_is_as_large_as_asked_for_and_part_of_every_larger_one(sizes: list[int], more: int, seed: int) -> None:
    labels = np.repeat(np.arange(len(sizes), dtype=np.uint8), sizes)
    limit = len(sizes) + more
    some, larger = (sample(labels, range(len(sizes)), size, (seed, 5)) for size in (limit, limit + 1))
    assert len(some) == min(limit, len(labels))
    assert set(some.tolist()) <= set(larger.tolist())
    assert set(labels[some].tolist()) == set(range(len(sizes)))
    assert some.tolist() == sorted(some.tolist())


def test_sample_hangs_on_the_seed_and_not_on_the_other_classes() -> None:
    first = sample(SORTED, [3, 4], 20, (0, 5))
    assert sample(SORTED, [3, 4], 20, (0, 5)).tolist() == first.tolist()
    assert sample(SORTED, [3, 4], 20, (1, 5)).tolist() != first.tolist()
    of_three = set(first[SORTED[first] == 3].tolist())
    assert of_three <= set(sample(SORTED, [9, 3, 1], 30, (0, 5)).tolist())


def test_fewer_images_than_classes_are_refused() -> None:
    with pytest.raises(InputError) as caught:
        tasks_of(dataset(), data__train_images=5)
    expected = "data.train_images = 5 is too few for a task of 6 classes: it must be 0, for all, or at least 6."
    assert str(caught.value) == expected


def test_limit_holds_for_each_task_and_leaves_the_test_images() -> None:
    whole, limited = tasks_of(dataset()), tasks_of(dataset(), data__train_images=12)
    assert [len(split) for split in limited.train] == [12, 12]
    assert [np.bincount(split.targets)[-4:].tolist() for split in limited.train] == [[2] * 4, [3] * 4]
    for few, all_of_them in zip(limited.train, whole.train, strict=True):
        assert {image.tobytes() for image in grey(few)} <= {image.tobytes() for image in grey(all_of_them)}
    assert [len(split) for split in limited.test] == [len(split) for split in whole.test] == [42, 28]


@pytest.mark.parametrize("limit", [0, 72, 10_000])
def test_all_images_keep_their_order(limit: int) -> None:
    found = dataset()
    split = tasks_of(found, data__train_images=limit).train[0]
    old = found.train_labels < 6
    np.testing.assert_array_equal(grey(split), found.train_images[old])
    assert torch.equal(split.targets, torch.from_numpy(found.train_labels[old]).long())


def test_setting_says_how_the_images_are_drawn() -> None:
    from lwf_gui.recipe import settings

    assert "the same number of each class" in settings()["data.train_images"].help
    assert Recipe().data.train_images == 0
