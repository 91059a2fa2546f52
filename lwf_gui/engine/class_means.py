"""Looks at class means: those that methods keep, and those of the probe images as the features are now, in a plane.

    u_j = (x - c) . a_j / sigma,   j = 1, 2

The plane is fixed once for each learner, by the network as it is when the head first grows, and so by the first
teacher's backbone: c is the mean of the classes' means over all probe images, a_1 and a_2 are the first two principal
axes of these means, and sigma, the unit of all that is told, is the spread: the root mean square distance of a probe
image's features from their class's mean. The probe images of classes to come count too: no method ever sees any of
them. A look changes nothing.
"""

from __future__ import annotations

import copy
import functools
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lwf_gui.engine.answers import EVALUATION_BATCH, Listener
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods.analytic import exact
from lwf_gui.engine.methods.base import Method
from lwf_gui.engine.methods.ncm import add_classes, class_means
from lwf_gui.engine.methods.sums import Sums
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Split
from lwf_gui.messages import ClassMeans

ROW = 5
"""What is told of a class: its place now, x and y, the place that the head has for it, and how far they are apart."""

FLAT = 1e-6
"""A principal axis that is so many times shorter than the first is none: of two classes there is one."""


@dataclass(frozen=True, eq=False)
class Plane:
    """The plane of one learner: ``centre``, shape (D,), ``axes``, shape (D, 2), and ``spread``; float64.

    ``means``, shape (classes, D), are those that it was made of.
    """

    centre: Tensor
    axes: Tensor
    spread: float
    means: Tensor

    @classmethod
    def of(cls, sums: Sums, squares: float, classes: int) -> Plane:
        """Return the plane of images whose features have these sums by class, and these squares in all."""
        means, units = class_means(sums)
        count, centre = sums["count"][units], means.mean(0)
        within = squares - float((count * means.square().sum(1)).sum())
        spread = math.sqrt(max(within, 0.0) / float(count.sum())) or math.nan
        _, lengths, axes = torch.linalg.svd(torch.nan_to_num(means - centre), full_matrices=False)
        axes = torch.where((lengths > FLAT * lengths[0])[:, None], axes, 0.0)[:2]
        axes = torch.cat((axes, axes.new_zeros(2 - len(axes), axes.shape[1])))
        places = (means - centre) @ axes.T
        ends = places.gather(0, places.abs().argmax(0, keepdim=True))[0]
        axes = torch.where(ends < 0, -1.0, 1.0)[:, None] * axes  # an axis has no sign: its farthest class is in front
        return cls(centre, axes.T, spread, _by_unit(means, units, classes))

    def row(self, now: Tensor, kept: Tensor) -> NDArray[np.float32]:
        """Return what is told, shape (classes, ROW), of class means, shape (classes, D); NaN is none."""
        places = [(points - self.centre) @ self.axes for points in (now, kept)]
        apart = torch.linalg.vector_norm(kept - now, dim=1, keepdim=True)
        row: NDArray[np.float32] = (torch.cat((*places, apart), dim=1) / self.spread).float().cpu().numpy()
        row[~np.isfinite(row)] = np.nan  # of training that diverges
        for place in (row[:, :2], row[:, 2:4]):
            place[np.isnan(place).any(1)] = np.nan
        row[np.isnan(row[:, :4]).any(1), 4] = np.nan
        return row


class Looks:
    """Looks of one run; ``first`` is the network as the head first grows, ``images`` are the probe images."""

    def __init__(self, first: Network, images: Split, classes: int) -> None:
        self._given, self._images, self._classes = first, images, classes
        self._planes: dict[str, Plane] = {}

    def listener(self, learner: Learner, sums: Sums) -> Listener | None:
        """Return who sums up the features of the probe images; None where nobody needs to.

        That is where the learner keeps no means, or where its features are what they were.
        """
        if learner.diverged or learner.keeps_backbone or learner.method.means() is None:
            return None
        return lambda batch, features: self._add(learner.method, features, batch.targets, sums)

    def row(self, learner: Learner, sums: Sums) -> NDArray[np.float32] | None:
        """Return what is told of a learner, shape (classes, ROW); None if it keeps no means."""
        means = learner.method.means()
        if means is None:
            return None
        if learner.diverged:
            return np.full((self._classes, ROW), np.nan, np.float32)
        plane = self._plane(learner.name, learner.method)
        now = plane.means.clone() if learner.keeps_backbone else _by_unit(*class_means(sums), self._classes)
        now[learner.outputs :] = math.nan  # of a class that is still to come nothing is told
        return plane.row(now, _by_unit(means.means.double(), means.units, self._classes))

    @functools.cached_property
    def _first(self) -> Network:
        """The first network as where answers are asked for; the one given is others' too."""
        return copy.deepcopy(self._given).eval()

    def _plane(self, name: str, method: Method) -> Plane:
        """Return the plane of a learner, made at its first look."""
        if name not in self._planes:
            sums, squares = Sums(), 0.0
            for batch in self._images.batches(EVALUATION_BATCH):
                features = method.features(self._first, batch.images)
                squares += self._add(method, features, batch.targets, sums)
            self._planes[name] = Plane.of(sums, squares, self._classes)
        return self._planes[name]

    def _add(self, method: Method, features: Tensor, targets: Tensor, sums: Sums) -> float:
        """Add features, as the method places them, to the sums by class; return the sum of all their squares."""
        with exact(features):
            x = method.placed(features)
            add_classes(sums, x, targets, self._classes)
            return float(x.double().square().sum())


def told(run_id: int, step: int, rows: Sequence[NDArray[np.float32] | None]) -> ClassMeans | None:
    """Return the message of what is told of all learners; None where none of them keeps means."""
    known = next((row for row in rows if row is not None), None)
    if known is None:
        return None
    nothing = np.full_like(known, np.nan)
    whole = np.stack([nothing if row is None else row for row in rows])
    return ClassMeans(run_id, step, whole[..., :2].copy(), whole[..., 2:4].copy(), whole[..., 4].copy())


def _by_unit(means: Tensor, units: Tensor, classes: int) -> Tensor:
    """Return class means with a row for every class, NaN where there is none."""
    whole = means.new_full((classes, means.shape[1]), math.nan)
    whole[units] = means
    return whole
