"""The classes that a recipe can split into tasks: their labels, what they are called, and an image of each.

The run that is shown tells names and images, where it was on the same data; no data are read for this.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lwf_gui.data.fashion_mnist import CLASSES, FASHION_MNIST, FASHION_MNIST_PART
from lwf_gui.gui.choice import same_data
from lwf_gui.messages import DataReady
from lwf_gui.recipe import Recipe

CLOTHES = ("auto", FASHION_MNIST, FASHION_MNIST_PART)
"""Data whose classes are clothes, for all that is known before they are read."""

DIGITS = "digits"

KNOWN = 10
"""Classes of each of the data sets that are known by name."""


@dataclass(frozen=True, slots=True, eq=False)
class ClassList:
    """Classes by label.

    Attributes
    ----------
    names : what they are called
    images : uint8, shape (H, W), in grey values up to ``peak``; of those alone that the run shown has
    """

    names: Mapping[int, str]
    images: Mapping[int, NDArray[np.uint8]]
    peak: int = 255

    @property
    def labels(self) -> tuple[int, ...]:
        """All of them, in order."""
        return tuple(sorted(self.names))


def class_list(recipe: Recipe, data: DataReady | None) -> ClassList:
    """Return the classes of a recipe's data, and those that it names, with what the data of a run tell of them."""
    spec = recipe.data.dataset
    told, images = _told(data) if data is not None and same_data(data, spec) else ({}, {})
    known = range(KNOWN) if spec in (*CLOTHES, DIGITS) else ()
    labels = {*known, *(label for task in recipe.data.tasks for label in task), *told}
    clothes = spec in CLOTHES and all(_is_clothes(label, name) for label, name in told.items())
    names = {label: CLASSES[label] if clothes and label < len(CLASSES) else str(label) for label in labels}
    return ClassList({**names, **told}, images, data.peak if data is not None else 255)


def _told(data: DataReady) -> tuple[dict[int, str], dict[int, NDArray[np.uint8]]]:
    """Return the names and the first images of a run's classes, by label: its output units are ordered by task."""
    labels = [label for task in data.recipe.data.tasks for label in task]
    first = {unit: data.first_image(unit) for unit in set(data.probe_labels.tolist())}
    names = dict(zip(labels, data.classes, strict=False))
    return names, {label: data.probe_images[first[unit]] for unit, label in enumerate(labels) if unit in first}


def _is_clothes(label: int, name: str) -> bool:
    return label < len(CLASSES) and CLASSES[label] == name
