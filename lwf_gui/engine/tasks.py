"""From a data set to tensors: classes become output units, images are normalised and split into tasks.

Knows nothing of networks or training.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lwf_gui import InputError
from lwf_gui.engine.data import Dataset
from lwf_gui.recipe import Recipe

# One random stream per purpose, so that none depends on how much another draws.
STREAMS = {name: number for number, name in enumerate(("teacher", "task1 order", "surgery", "task2 order", "probe"))}


def generator(seed: int, purpose: str) -> torch.Generator:
    """Return the random stream of one purpose of a run."""
    state = np.random.SeedSequence([seed, STREAMS[purpose]]).generate_state(1, np.uint64)[0]
    return torch.Generator().manual_seed(int(state) >> 1)


@dataclass(frozen=True, eq=False)
class Split:
    """Images of one task: float32, shape (N, 1, H, W), in -1 to 1; output units, int64, shape (N,)."""

    images: Tensor
    targets: Tensor

    def __len__(self) -> int:
        return len(self.targets)


@dataclass(frozen=True, eq=False)
class Tasks:
    """The experiment's images, on the training device.

    ``train`` and ``test`` hold the old task and the new one. The probe images are test images of both tasks, old
    ones first, as float32 in -1 to 1 for the networks and as grey values for people.
    """

    train: tuple[Split, Split]
    test: tuple[Split, Split]
    classes: tuple[str, ...]
    old_classes: int
    probe: Split
    probe_pixels: NDArray[np.uint8]


def normalise(pixels: NDArray[np.uint8], peak: int) -> Tensor:
    """Return grey values as float32 in -1 to 1, shape (N, 1, H, W), from uint8, shape (N, H, W).

    The same arithmetic, to the last bit, as torchvision's ``ToTensor`` and ``Normalize((0.5,), (0.5,))``, on all
    images at once.
    """
    images = torch.from_numpy(pixels).unsqueeze(1).float()
    return images.div_(peak).sub_(0.5).div_(0.5)


def make_tasks(dataset: Dataset, recipe: Recipe, device: torch.device) -> Tasks:
    """Split a data set as the recipe says.

    Raises
    ------
    InputError
        If a task names a class that the data do not have.
    """
    order = [label for task in recipe.data.tasks for label in task]
    _require_classes(dataset, order)
    unit_of = np.full(256, 255, np.uint8)
    unit_of[order] = np.arange(len(order), dtype=np.uint8)
    old_classes = len(recipe.data.tasks[0])
    train_units, test_units = unit_of[dataset.train_labels], unit_of[dataset.test_labels]

    def split(pixels: NDArray[np.uint8], units: NDArray[np.uint8], chosen: NDArray[np.intp]) -> Split:
        targets = torch.from_numpy(units[chosen].astype(np.int64))
        return Split(normalise(pixels[chosen], dataset.peak).to(device), targets.to(device))

    old, new = ((0, old_classes), (old_classes, len(order)))

    def both(pixels: NDArray[np.uint8], units: NDArray[np.uint8], limit: int | None) -> tuple[Split, Split]:
        return (
            split(pixels, units, _between(units, *old)[:limit]),
            split(pixels, units, _between(units, *new)[:limit]),
        )

    probe = _choose_probe(test_units, (old, new), recipe)
    return Tasks(
        train=both(dataset.train_images, train_units, recipe.data.train_images or None),
        test=both(dataset.test_images, test_units, None),
        classes=tuple(dataset.classes[label] for label in order),
        old_classes=old_classes,
        probe=split(dataset.test_images, test_units, probe),
        probe_pixels=dataset.test_images[probe],
    )


def _between(units: NDArray[np.uint8], low: int, high: int) -> NDArray[np.intp]:
    return np.flatnonzero((units >= low) & (units < high))


def _choose_probe(units: NDArray[np.uint8], ranges: tuple[tuple[int, int], ...], recipe: Recipe) -> NDArray[np.intp]:
    """Choose the probe images of each task: as many of each class as possible, in the order of the classes."""
    random = np.random.default_rng([recipe.seed, STREAMS["probe"]])
    chosen = []
    for low, high in ranges:
        wanted, classes = recipe.train.probe_images, high - low
        for position, unit in enumerate(range(low, high)):
            quota = wanted // classes + (position < wanted % classes)
            chosen.append(np.sort(random.permutation(np.flatnonzero(units == unit))[:quota]))
    return np.concatenate(chosen)


def _require_classes(dataset: Dataset, order: list[int]) -> None:
    last = len(dataset.classes) - 1
    for label in order:
        if label > last:
            raise InputError(f"data.tasks names class {label}, but {dataset.name} has the classes 0 to {last}.")
        for part, labels in (("training", dataset.train_labels), ("test", dataset.test_labels)):
            if not (labels == label).any():
                raise InputError(f"data.tasks names class {label}, but {dataset.name} has no {part} image of it.")
