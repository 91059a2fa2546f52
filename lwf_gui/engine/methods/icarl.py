"""iCaRL: exemplars chosen by herding, one sigmoid per class with distillation, and answers by the nearest mean.

    phi(x)  features of the backbone, scaled to length 1
    mu_y    mean of phi over all images of class y, at its task's end
    p_k     = argmin over x of | mu_y - (phi(x) + sum over j < k of phi(p_j)) / k |     exemplars of y, in their order
    answer  = argmin over y of | phi(x) - m_y |,   m_y the mean of phi over the exemplars, scaled to length 1

It learns with the loss of `lwf_gui.engine.methods.sigmoids` on new images and exemplars. Source: Rebuffi et al. 2017,
*iCaRL: Incremental Classifier and Representation Learning* (arXiv 1611.07725), algorithms 1 to 4. Published: 2,000
exemplars in all, mixed with the new images by their share (``replay.mix`` "share"); here as many a class as replay
stores, and by default as many in every step as new images. While a task is learnt its classes have no exemplars yet,
and their means are those of as many of its images, drawn at random. Means are those of the network as it is, worked out
once a look.

A task's end costs one pass without gradient over its images.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from lwf_gui.engine.methods.base import Context, Pulls, State, Task, Terms
from lwf_gui.engine.methods.rehearsal import Rehearsal
from lwf_gui.engine.methods.sigmoids import SIGMOID_TERMS, sigmoid_pulls, sigmoid_terms
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch
from lwf_gui.groups import Group

IMAGES = 250
"""Images per forward pass."""


class Icarl(Rehearsal):
    """Minimises bce + alpha * bkd, and answers by the nearest mean of exemplars."""

    terms: ClassVar[tuple[str, ...]] = SIGMOID_TERMS
    wants_teacher: ClassVar[bool] = True

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        self._under_way: Batch | None = None
        """Images of the task that is learnt, as many of each class as there will be exemplars."""
        self._means: Tensor | None = None
        """Of the network as it is, shape (units, hidden); None where it has changed since."""

    def begin_task(self, task: Task) -> None:
        """Let images of the task stand for its classes until there are exemplars."""
        super().begin_task(task)
        self._under_way, self._means = Batch(task.train, self.buffer.choice(task)), None

    def losses(self, context: Context) -> Terms:
        """Return the new classes' loss, distillation, and the total."""
        return sigmoid_terms(context)

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return both parts."""
        return sigmoid_pulls(context, terms)

    def after_step(self, context: Context) -> None:
        """Take note that the means are another network's."""
        self._means = None

    def end_task(self, task: Task, network: Network) -> None:
        """Store exemplars of every class of a task, in the order of the herding."""
        every = torch.arange(len(task.train))
        features = directions(network, Batch(task.train, every)).cpu()
        labels, chosen = task.train.targets.cpu(), []
        for unit in range(task.earlier, task.seen):
            there = torch.nonzero(labels == unit).flatten()
            chosen.append(there[herded(features[there], self.buffer.per_class)])
        self.buffer.store(task, torch.cat(chosen))
        self._under_way = self._means = None

    def load_state(self, state: State) -> None:
        """Take exemplars and steps."""
        super().load_state(state)
        self._means = None

    def answers(self, network: Network, features: Tensor) -> Tensor:
        """Return minus the squared distance to the mean of every class's exemplars, shape (N, units)."""
        if self._means is None:
            self._means = self._means_of(network)
        # Both have length 1, so that |a - b|**2 = 2 - 2 a . b.
        return 2 * functional.normalize(features.float()) @ self._means.T - 2

    def _means_of(self, network: Network) -> Tensor:
        """Return the mean direction of every class seen so far, of length 1, shape (units, hidden)."""
        stored = [] if self.memory is None else [Batch(self.memory, torch.arange(len(self.memory)))]
        parts = [*stored, *([] if self._under_way is None else [self._under_way])]
        features = torch.cat([directions(network, part) for part in parts])
        targets = torch.cat([part.targets for part in parts])
        sums = features.new_zeros(network.classifier.out_features, features.shape[1])
        return functional.normalize(sums.index_add_(0, targets, features))


@torch.no_grad()
def directions(network: Network, batch: Batch) -> Tensor:
    """Return the features of images, float32, scaled to length 1, shape (B, hidden)."""
    parts = [Batch(batch.split, numbers) for numbers in torch.split(batch.numbers, IMAGES)]
    return functional.normalize(torch.cat([network.backbone(part.images).float() for part in parts]))


def herded(features: Tensor, wanted: int) -> Tensor:
    """Return the rows, shape (k,), whose mean comes nearest to that of all, one after another; each at most once.

    Parameters
    ----------
    features : Tensor, shape (N, hidden), of one class
    wanted : how many; k is that or N
    """
    if wanted >= len(features):
        return torch.arange(len(features))
    mean, together = features.mean(0), torch.zeros(features.shape[1])
    lengths, taken, chosen = features.square().sum(1), torch.zeros(len(features), dtype=torch.bool), list[Tensor]()
    for k in range(1, wanted + 1):
        # |k mean - together - x|**2 without what is the same for all x: one product in place of a difference for each.
        gaps = lengths - 2 * features @ (k * mean - together)
        best = gaps.masked_fill_(taken, torch.inf).argmin()
        taken[best], together = True, together + features[best]
        chosen.append(best)
    return torch.stack(chosen)
