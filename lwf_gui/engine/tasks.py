"""From a data set to tensors: classes become output units, images are normalised and split into tasks.

Knows nothing of networks or training.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lwf_gui import InputError
from lwf_gui.data.dataset import Dataset, spans
from lwf_gui.data.sampling import sample
from lwf_gui.recipe import Recipe
from lwf_gui.scenario import Scenario
from lwf_gui.streams import STREAMS, seed_of


def generator(seed: int, purpose: str, task: int = 0) -> torch.Generator:
    """Return the random stream of one purpose of a run, see `lwf_gui.streams`."""
    return torch.Generator().manual_seed(seed_of(seed, purpose, task))


@dataclass(frozen=True, eq=False)
class Split:
    """Images of one task as grey values, uint8, shape (N, 1, H, W); output units, int64, shape (N,).

    ``peak`` is the grey value that becomes 1; a test image may go beyond it.


    Kept as bytes, a quarter of the memory of floats: a mini-batch is normalised faster than four times as many
    bytes would come from memory.
    """

    pixels: Tensor
    targets: Tensor
    peak: int

    def __len__(self) -> int:
        return len(self.targets)

    def batches(self, size: int) -> Iterator[Batch]:
        """Yield all images in order, ``size`` at a time."""
        for start in range(0, len(self), size):
            yield Batch(self, torch.arange(start, min(start + size, len(self))))


@dataclass(frozen=True, eq=False)
class Batch:
    """Some images of a split, by number: int64, shape (B,), in the processor's memory wherever the images are."""

    split: Split
    numbers: Tensor

    @cached_property
    def indices(self) -> Tensor:
        """The numbers, shape (B,), on the images' device."""
        return self.numbers.to(self.split.targets.device)

    @cached_property
    def images(self) -> Tensor:
        """Normalised images, float32, shape (B, 1, H, W): made when first asked for, which may be never."""
        return normalise(self.split.pixels[self.indices], self.split.peak)

    @cached_property
    def targets(self) -> Tensor:
        """Output units, int64, shape (B,)."""
        return self.split.targets[self.indices]

    def make(self, *, images: bool) -> tuple[Tensor, ...]:
        """Make what is made when first asked for, so that whoever asks first does not wait for it; return it."""
        return (self.targets, self.images) if images else (self.targets,)


class Order:
    """The order of the images in every epoch of a task, drawn one after another from the task's random stream."""

    def __init__(self, images: int, stream: torch.Generator) -> None:
        self._images, self._stream = images, stream
        self._drawn = 0
        self._last = torch.empty(0, dtype=torch.int64)

    def __call__(self, epoch: int) -> Tensor:
        """Return the numbers of all images, shape (images,), for an epoch, 0 or later, but not before the last one."""
        assert epoch >= self._drawn - 1, "the stream does not run backwards"
        while self._drawn <= epoch:
            self._last = torch.randperm(self._images, generator=self._stream)
            self._drawn += 1
        return self._last


@dataclass(frozen=True, eq=False)
class Tasks:
    """The experiment's images, on the training device.

    ``train`` and ``test`` hold one split a task. The probe images are test images of all tasks, in their order;
    ``probe_pixels`` are the same for people.
    """

    train: tuple[Split, ...]
    test: tuple[Split, ...]
    classes: tuple[str, ...]
    scenario: Scenario
    probe: Split
    probe_pixels: NDArray[np.uint8]


def normalise(pixels: Tensor, peak: int) -> Tensor:
    """Return grey values as float32 of the same shape: 0 becomes -1, ``peak`` becomes 1.

    The same arithmetic, to the last bit, as torchvision's ``ToTensor`` and ``Normalize((0.5,), (0.5,))``.
    """
    return pixels.float().div_(peak).sub_(0.5).mul_(2)


def make_tasks(dataset: Dataset, recipe: Recipe, device: torch.device) -> Tasks:
    """Split a data set as the recipe says.

    Raises
    ------
    InputError
        If a task names a class that the data do not have, or is to have fewer training images than classes.
    """
    order = [label for task in recipe.data.tasks for label in task]
    _require_classes(dataset, order)
    unit_of = np.full(256, 255, np.uint8)
    unit_of[order] = np.arange(len(order), dtype=np.uint8)
    scenario = Scenario(tuple(map(len, recipe.data.tasks)))
    train_units, test_units = unit_of[dataset.train_labels], unit_of[dataset.test_labels]

    def split(pixels: NDArray[np.uint8], units: NDArray[np.uint8], chosen: NDArray[np.intp]) -> Split:
        images, targets = torch.from_numpy(pixels[chosen]).unsqueeze(1), torch.from_numpy(units[chosen]).long()
        return Split(images.to(device), targets.to(device), dataset.peak)

    ranges = [scenario.units(task) for task in range(scenario.tasks)]
    limit, stream = recipe.data.train_images, (recipe.seed, STREAMS["training images"])

    def train(units: range) -> Split:
        everything = _of(train_units, units)
        wanted = order[units.start : units.stop]
        chosen = sample(dataset.train_labels, wanted, limit, stream) if limit else everything
        return split(dataset.train_images, train_units, chosen)

    def test(units: range) -> Split:
        return split(dataset.test_images, test_units, _of(test_units, units))

    probe = _choose_probe(test_units, ranges, recipe)
    return Tasks(
        train=tuple(map(train, ranges)),
        test=tuple(map(test, ranges)),
        classes=tuple(dataset.classes[label] for label in order),
        scenario=scenario,
        probe=split(dataset.test_images, test_units, probe),
        probe_pixels=np.minimum(dataset.test_images[probe], np.uint8(dataset.peak)),
    )


def _of(units: NDArray[np.uint8], wanted: range) -> NDArray[np.intp]:
    return np.flatnonzero((units >= wanted.start) & (units < wanted.stop))


def _choose_probe(units: NDArray[np.uint8], ranges: Sequence[range], recipe: Recipe) -> NDArray[np.intp]:
    """Choose the probe images of each task: as many of each class as possible, in the order of the classes."""
    random = np.random.default_rng([recipe.seed, STREAMS["probe"]])
    chosen = []
    for task in ranges:
        wanted, classes = recipe.train.probe_images, len(task)
        for position, unit in enumerate(task):
            quota = wanted // classes + (position < wanted % classes)
            chosen.append(np.sort(random.permutation(np.flatnonzero(units == unit))[:quota]))
    return np.concatenate(chosen)


def _require_classes(dataset: Dataset, order: list[int]) -> None:
    has = dataset.labels()
    parts = (("training", set(dataset.train_labels.tolist())), ("test", set(dataset.test_labels.tolist())))
    for label in order:
        if label not in has:
            raise InputError(f"data.tasks names class {label}, but {dataset.name} has the classes {spans(has)}.")
        for part, labels in parts:
            if label not in labels:
                raise InputError(f"data.tasks names class {label}, but {dataset.name} has no {part} image of it.")
