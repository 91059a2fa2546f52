"""DER++: dark experience replay. Stored images keep the logits that they had, and their labels; both are rehearsed.

    ce     = CE of the new images
    mse    = mean of (z - stored z)**2 over a draw of stored images and the classes that there were at storage
    replay = CE of another draw of stored images
    total  = ce + alpha * mse + beta * replay

All cross-entropies are over all classes seen so far. Source: Buzzega et al. 2020, *Dark Experience for General
Continual Learning: a Strong, Simple Baseline* (arXiv 2004.07211); published: alpha 0.1 to 1, beta 0.5 to 1, each draw
of the size of the mini-batch, so that a step has three times the images of fine-tuning's.

Logits are stored with an image at its task's end. Of classes that came later there are none, and nothing is asked of
those: in the paper the head has all classes from the start, and images keep what it then said of future ones.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from lwf_gui.engine.methods.base import Context, Pulls, State, Task, Terms
from lwf_gui.engine.methods.rehearsal import Rehearsal
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch
from lwf_gui.groups import Group
from lwf_gui.method_rows.rehearsal import Der as Settings

ABSENT = -torch.inf
"""Stored for units that were not there yet."""


class Der(Rehearsal):
    """Minimises CE of the new images, and what the stored ones once were answered and are labelled."""

    terms: ClassVar[tuple[str, ...]] = ("ce", "mse", "replay", "total")

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self._alpha, self._beta = settings.logits_weight, settings.labels_weight
        self.logits: Tensor | None = None
        """Float32, shape (stored images, units), in the buffer's order."""

    def batch(self, batch: Batch) -> tuple[Batch, ...]:
        """Return the mini-batch and two draws of stored images: for their logits, and for their labels."""
        return (batch, *self.buffer.draw(self.amount(batch), 2))

    def losses(self, context: Context) -> Terms:
        """Return CE of the new images, the distance from stored logits, CE of stored labels, and the total."""
        each = functional.cross_entropy(context.logits.float(), context.targets, reduction="none")
        ce = each[: context.new].mean()
        if len(context.batch) == 1:
            return {"ce": ce, "mse": (none := torch.full_like(ce, torch.nan)), "replay": none, "total": ce}
        first = context.new + len(context.batch[1].numbers)
        mse, replay = self._mse(context.logits[context.new : first].float(), context.batch[1]), each[first:].mean()
        return {"ce": ce, "mse": mse, "replay": replay, "total": ce + self._alpha * mse + self._beta * replay}

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return CE of the new images, and what is rehearsed, as weighted."""
        if len(context.batch) == 1:
            return Pulls(None, None)
        return Pulls(terms["ce"], self._alpha * terms["mse"] + self._beta * terms["replay"])

    def end_task(self, task: Task, network: Network) -> None:
        """Store images of a task with what the network says of them now."""
        chosen = self.buffer.choice(task)
        self.buffer.store(task, chosen)
        with torch.no_grad():
            logits = network(Batch(task.train, chosen).images).float()
        if self.logits is not None:
            earlier = functional.pad(self.logits, (0, task.seen - self.logits.shape[1]), value=ABSENT)
            logits = torch.cat((earlier, logits))
        self.logits = logits

    def state(self) -> State:
        """Return the stored images, their logits, and how many steps have drawn from them."""
        return {**self.buffer.state(), **({} if self.logits is None else {"logits": self.logits})}

    def load_state(self, state: State) -> None:
        """Take stored images, logits and steps."""
        self.buffer.load_state(state)
        logits = state.get("logits")
        assert logits is None or isinstance(logits, Tensor)
        self.logits = logits

    @property
    def stored_bytes(self) -> int:
        """Return the bytes of the stored images, their labels and their logits."""
        return self.buffer.nbytes + (0 if self.logits is None else self.logits.nbytes)

    def _mse(self, logits: Tensor, batch: Batch) -> Tensor:
        """Return the mean squared distance of logits, shape (B, seen), from the stored ones, over units of these."""
        assert self.logits is not None, "images are stored with their logits"
        stored = self.logits[batch.indices]
        there = stored > ABSENT
        gaps = torch.where(there, logits[:, : stored.shape[1]] - stored.masked_fill(~there, 0), 0)
        return gaps.square().sum() / there.sum()
