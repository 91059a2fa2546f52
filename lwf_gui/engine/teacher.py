"""A learner's teacher: who tells what the old network answers on an image, and records what never changes."""

from __future__ import annotations

import copy

import torch
from torch import Tensor

from lwf_gui.engine.networks import Network
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.tasks import Batch


class Teacher:
    """What a learner was before its task, and answers on an image.

    A frozen network's answers never change, so they are recorded. An aliased one, whose backbone is the student's own,
    answers anew every time: its head on the student's features, for these are its features too.
    """

    def __init__(self, network: Network, *, aliased: bool = False) -> None:
        self.network = network if aliased else network.eval()
        self.aliased = aliased
        self._recorded = OutputCache(network)

    def responses(self, batch: Batch) -> Tensor:
        """Return logits, shape (B, K_old), of a batch, as a frozen teacher has them."""
        assert not self.aliased, "an aliased teacher has no backbone of its own"
        return self._recorded.of(batch)

    @torch.no_grad()
    def heard_by(self, features: Tensor) -> Tensor:
        """Return an aliased teacher's logits, shape (B, K_old), on the student's features, shape (B, hidden or more).

        A method may read more than the last hidden layer, which then stands first.
        """
        return self.network.head(features[:, : self.network.hidden])


def aliased(student: Network, teacher: Network) -> Teacher:
    """Return a teacher whose backbone is the student's own and whose head is like that of ``teacher``."""
    head, inserted = copy.deepcopy(teacher.classifier), copy.deepcopy(teacher.new_fc)
    return Teacher(Network(student.backbone, head, inserted), aliased=True)
