"""From a data set to tensors: normalisation, output units, probe images and limits."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from lwf_gui import InputError
from lwf_gui.data import sources
from lwf_gui.data.sources import Dataset
from lwf_gui.engine.compute.compat import import_torchvision
from lwf_gui.engine.tasks import Batch, Split, Tasks, generator, make_tasks, normalise
from lwf_gui.recipe import Recipe
from lwf_gui.streams import STREAMS
from tests.conftest import needs_fashion_mnist

CPU = torch.device("cpu")
NAMES = tuple("abcdefghij")


def dataset(per_class: int = 12, *, without: tuple[tuple[str, int], ...] = ()) -> Dataset:
    """Return ten classes whose images are all different; ``without`` names (part, label) that are left out."""

    def part(name: str, count: int, offset: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
        labels = np.tile(np.arange(10, dtype=np.uint8), count)
        labels = labels[[(name, int(label)) not in without for label in labels]]
        images = np.zeros((len(labels), 3, 4), np.uint8)
        images[:, 0, 0], images[:, 1, 2], images[:, 2, 3] = labels, np.arange(len(labels)), offset
        return images, labels

    train_images, train_labels = part("train", per_class, 1)
    test_images, test_labels = part("test", 7, 2)
    return Dataset("small", "here", NAMES, train_images, train_labels, test_images, test_labels, 255, "f" * 64)


def tasks_of(found: Dataset, **changes: Any) -> Tasks:
    settings = {key.replace("__", "."): value for key, value in changes.items()}
    return make_tasks(found, Recipe().with_settings(settings), CPU)


def grey(split: Split) -> NDArray[np.uint8]:
    """Return the grey values of a split's images, from the normalised ones."""
    images = torch.cat([batch.images for batch in split.batches(7)])
    values: NDArray[np.uint8] = ((images[:, 0] * 0.5 + 0.5) * 255).round().byte().numpy()
    return values


# ---- normalisation


def by_torchvision(pixels: NDArray[np.uint8]) -> torch.Tensor:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchvision's own, on what it cannot load
        transforms = import_torchvision().transforms
    both = transforms.Compose([transforms.ToTensor(), transforms.Normalize((0.5,), (0.5,))])
    return torch.stack([both(image) for image in pixels])


def test_every_grey_value_is_normalised_as_by_torchvision_to_the_last_bit() -> None:
    pixels = np.arange(256, dtype=np.uint8).reshape(2, 16, 8)
    ours, theirs = normalise(torch.from_numpy(pixels).unsqueeze(1), 255), by_torchvision(pixels)
    assert ours.dtype == theirs.dtype == torch.float32
    assert ours.shape == theirs.shape == (2, 1, 16, 8)
    assert torch.equal(ours.view(torch.int32), theirs.view(torch.int32))
    assert (float(ours.min()), float(ours.max())) == (-1, 1)


@needs_fashion_mnist
def test_fashion_mnist_images_are_normalised_as_by_torchvision() -> None:
    pixels = sources.load("fashion-mnist").test_images[:50].copy()
    assert torch.equal(normalise(torch.from_numpy(pixels).unsqueeze(1), 255), by_torchvision(pixels))


def test_peak_becomes_one_and_the_pixels_stay_as_they_were() -> None:
    pixels = torch.tensor([[0, 8, 16]], dtype=torch.uint8)
    assert normalise(pixels, 16).tolist() == [[-1.0, 0.0, 1.0]]
    assert pixels.tolist() == [[0, 8, 16]]


def test_batches_go_through_a_split_in_order_and_each_knows_its_images_and_targets() -> None:
    split = tasks_of(dataset()).train[0]
    batches = list(split.batches(10))
    assert [len(batch.numbers) for batch in batches] == [10] * 7 + [2]
    assert torch.cat([batch.numbers for batch in batches]).tolist() == list(range(72))
    some = Batch(split, torch.tensor([5, 70, 0]))
    assert torch.equal(some.images, normalise(split.pixels[[5, 70, 0]], 255))
    assert some.targets.tolist() == split.targets[[5, 70, 0]].tolist()


# ---- splitting


def test_labels_become_output_units_in_the_order_of_the_split() -> None:
    found = dataset()
    tasks = tasks_of(found, data__tasks=[[9, 2], [0, 5]])
    assert tasks.classes == ("j", "c", "a", "f")
    assert tasks.scenario.sizes[0] == 2
    unit_of = {9: 0, 2: 1, 0: 2, 5: 3}
    for splits, images, labels in (
        (tasks.train, found.train_images, found.train_labels),
        (tasks.test, found.test_images, found.test_labels),
    ):
        for split, classes in zip(splits, ([9, 2], [0, 5]), strict=True):
            chosen = np.isin(labels, classes)
            np.testing.assert_array_equal(grey(split), images[chosen])
            assert split.targets.tolist() == [unit_of[int(label)] for label in labels[chosen]]
            assert split.targets.dtype is torch.int64
            assert len(split) == chosen.sum() > 0


def test_training_and_test_images_are_kept_apart() -> None:
    tasks = tasks_of(dataset())
    assert {int(image[2, 3]) for split in tasks.train for image in grey(split)} == {1}
    assert {int(image[2, 3]) for split in tasks.test for image in grey(split)} == {2}


@pytest.mark.parametrize(
    ("found", "label", "sentence"),
    [
        (dataset(), 10, "data.tasks names class 10, but small has the classes 0 to 9."),
        (dataset(), 300, "data.tasks names class 300, but small has the classes 0 to 9."),
        (
            dataset(without=(("train", 3), ("test", 3))),
            3,
            "data.tasks names class 3, but small has the classes 0 to 2, 4 to 9.",
        ),
        (dataset(without=(("train", 3),)), 3, "data.tasks names class 3, but small has no training image of it."),
        (dataset(without=(("test", 3),)), 3, "data.tasks names class 3, but small has no test image of it."),
    ],
)
def test_class_that_the_data_lack_is_named(found: Dataset, label: int, sentence: str) -> None:
    with pytest.raises(InputError) as caught:
        tasks_of(found, data__tasks=[[0, 1], [label]])
    assert str(caught.value) == sentence


# ---- probe


def test_probe_is_balanced_test_images_old_task_first() -> None:
    found = dataset()
    tasks = tasks_of(found, train__probe_images=14)
    units = tasks.probe.targets.tolist()
    assert [units.count(unit) for unit in range(10)] == [3, 3, 2, 2, 2, 2, 4, 4, 3, 3]
    assert units == sorted(units)
    assert tasks.probe_pixels.dtype == np.uint8
    np.testing.assert_array_equal(grey(tasks.probe), tasks.probe_pixels)
    assert {int(image[2, 3]) for image in tasks.probe_pixels} == {2}  # test images
    assert [int(image[0, 0]) for image in tasks.probe_pixels] == units  # which are what their units say
    assert len({image.tobytes() for image in tasks.probe_pixels}) == len(units)


def test_probe_of_a_shuffled_split_shows_the_classes_in_its_order() -> None:
    tasks = tasks_of(dataset(), data__tasks=[[9, 2], [0, 5]], train__probe_images=4)
    assert [int(image[0, 0]) for image in tasks.probe_pixels] == [9, 9, 2, 2, 0, 0, 5, 5]
    assert tasks.probe.targets.tolist() == [0, 0, 1, 1, 2, 2, 3, 3]


def test_probe_follows_from_the_seed_alone() -> None:
    def probe(**changes: Any) -> NDArray[np.uint8]:
        return tasks_of(dataset(), train__probe_images=14, **changes).probe_pixels

    np.testing.assert_array_equal(probe(), probe())
    np.testing.assert_array_equal(probe(), probe(task2__lr=0.5, data__train_images=10))
    assert not np.array_equal(probe(), probe(seed=1))


def test_probe_takes_all_test_images_where_there_are_too_few() -> None:
    assert len(tasks_of(dataset(), train__probe_images=10_000).probe) == 70


# ---- random streams


def test_random_streams_repeat_and_differ_by_purpose_and_by_seed() -> None:
    def draw(seed: int, purpose: str) -> tuple[int, ...]:
        return tuple(torch.randint(2**62, (4,), generator=generator(seed, purpose)).tolist())

    draws = {draw(seed, purpose) for seed in (0, 1, 2**31 - 1) for purpose in STREAMS}
    assert len(draws) == 3 * len(STREAMS)
    assert draw(0, "teacher") in draws
