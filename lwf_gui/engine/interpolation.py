"""Linear interpolation of weights: what networks on the straight line between two others know, batch by batch.

A share s of the way from weights theta_0 to theta_1 stands the network (1 - s) theta_0 + s theta_1.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lwf_gui.engine.networks import Network
from lwf_gui.engine.put_back import through
from lwf_gui.engine.task_hits import TaskHits
from lwf_gui.engine.tasks import Batch
from lwf_gui.messages import POINTS


class Point(NamedTuple):
    """A network on the way between two ends, by their numbers: so many parts of the way from the first."""

    start: int
    end: int
    parts: int = 0

    @property
    def share(self) -> float:
        """The share of the way, 0 to 1."""
        return self.parts / (POINTS - 1)


class Known(NamedTuple):
    """Right answers of a network, shape (protocols, tasks), and its mean loss, shape (tasks,), of all tasks so far."""

    right: NDArray[np.int64]
    loss: NDArray[np.float64]


class Walk:
    """Some points of the paths between networks, and what they know. One thread counts it."""

    def __init__(self, ends: Sequence[Network], points: Sequence[Point], hits: TaskHits) -> None:
        self._weights, self._points, self._hits = [list(end.parameters()) for end in ends], points, hits
        self._mixed = copy.deepcopy(ends[0]).requires_grad_(False)  # else autocast would keep its weights of before
        self._behind = cut(self._mixed)[1]
        self._right = self._lost = torch.zeros(())

    def hear(self, batch: Batch, entering: Sequence[Tensor]) -> None:
        """Count on a batch, of which the ends' first layers made ``entering``.

        What a layer makes of an image is linear in its weights: of a mixed layer it need not be computed anew.
        """
        logits, targets = torch.stack([self._logits(point, entering) for point in self._points]), batch.targets
        losses = nn.functional.cross_entropy(logits.transpose(1, 2), targets.expand(len(logits), -1), reduction="none")
        self._right = self._right + self._hits.right(logits, targets)
        self._lost = self._lost + self._hits.sums(losses, targets)

    def _logits(self, point: Point, entering: Sequence[Tensor]) -> Tensor:
        """Return the logits, float32, of the network at a point."""
        first, last, share = self._weights[point.start], self._weights[point.end], point.share
        for mine, start, end in zip(self._mixed.parameters(), first, last, strict=True):
            mine.copy_(torch.lerp(start, end, share))
        values = torch.lerp(entering[point.start], entering[point.end], share)
        return self._mixed.head(through([self._behind], values)).float()

    def known(self, images: Sequence[int]) -> Mapping[Point, Known]:
        """Return what is known of the points, after so many images of each task."""
        right = self._right.cpu().numpy()[..., : len(images)]
        loss = self._lost.double().cpu().numpy()[..., : len(images)] / images
        return {point: Known(right[:, row], loss[row]) for row, point in enumerate(self._points)}


def paths(learners: int, *, paired: bool) -> dict[tuple[int, int], list[Point]]:
    """Return the points of every path, from an end to a learner: end 0 is the old network, learner k is end k.

    Of a path and the way back the points are the same ones. Unless ``paired`` all of them begin at the old network.
    """
    ends = range(1, learners + 1)
    pairs = [*((0, each) for each in ends), *(combinations(ends, 2) if paired else ())]
    found = {
        (start, end): [
            Point(start, start),
            *(Point(start, end, each) for each in range(1, POINTS - 1)),
            Point(end, end),
        ]
        for start, end in pairs
    }
    if paired:
        found |= {(end, start): points[::-1] for (start, end), points in found.items() if start}
        found |= {(each, each): [Point(each, each)] * POINTS for each in ends}
    return found


def cut(network: Network) -> tuple[Sequence[nn.Module], Sequence[nn.Module]]:
    """Return the modules of a backbone up to its first layer with weights, and those behind it."""
    modules = list(network.backbone.children())
    first = next(place for place, each in enumerate(modules) if any(True for _ in each.parameters()))
    return modules[: first + 1], modules[first + 1 :]
