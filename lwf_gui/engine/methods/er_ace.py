"""ER-ACE: replay with an asymmetric cross-entropy, so that new images do not push the old classes away.

    ce     = CE of the new images, over the classes of their own mini-batch alone
    replay = CE of the stored images, over all classes seen so far
    total  = ce + replay

Source: Caccia et al. 2022, *New Insights on Reducing Abrupt Representation Change in Online Continual Learning* (arXiv
2104.05025), section 4; published: both with weight 1, as many stored images as new ones. As in the paper the buffer has
images of the task under way too, without which nothing would tell new classes from old ones: here the ones that it
will have of them are stored when the task begins, in place of reservoir sampling.
"""

from __future__ import annotations

import torch
from torch.nn import functional

from lwf_gui.engine.methods.base import Context, Pulls, Task, Terms
from lwf_gui.engine.methods.mixing import mixed_pulls
from lwf_gui.engine.methods.rehearsal import Rehearsal
from lwf_gui.engine.networks import Network


class ErAce(Rehearsal):
    """Minimises the sum of both cross-entropies."""

    def begin_task(self, task: Task) -> None:
        """Store images of the task."""
        super().begin_task(task)
        self.buffer.store(task)

    def end_task(self, task: Task, network: Network) -> None:
        """Store images of the base task: those of later ones were stored as they began."""
        if not task.number:
            self.buffer.store(task)

    def losses(self, context: Context) -> Terms:
        """Return CE of the new images over their own classes, that of stored ones over all, and their sum."""
        logits, targets, new = context.logits.float(), context.targets, context.new
        absent = torch.ones(logits.shape[1], dtype=torch.bool, device=logits.device)
        absent[targets[:new]] = False
        ce = functional.cross_entropy(logits[:new].masked_fill(absent, -torch.inf), targets[:new])
        if len(targets) == new:
            return {"ce": ce, "replay": torch.full_like(ce, torch.nan), "total": ce}
        replay = functional.cross_entropy(logits[new:], targets[new:])
        return {"ce": ce, "replay": replay, "total": ce + replay}

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return both."""
        return mixed_pulls(terms)
