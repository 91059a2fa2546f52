"""A-GEM: the new task's gradient, projected so that to first order the loss on stored images does not rise.

    g = gradient of CE of the new images,   r = gradient of CE of stored images, over all weights that train
    g <- g - (g . r / r . r) r   where g . r < 0, else g stays

Stored images are never trained on themselves; they only forbid a direction. Both cross-entropies are over all classes
seen so far. Source: Chaudhry et al. 2019, *Efficient Lifelong Learning with A-GEM* (arXiv 1812.00420), eq. 11.
Reference batches, larger in the paper, are here of the size of the mini-batch. Weight decay is no part of g.

A step has twice the images of fine-tuning's and two backward passes over them.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, nn

from lwf_gui.engine.methods.base import Context, Pulls, Terms
from lwf_gui.engine.methods.mixing import mixed_terms
from lwf_gui.engine.methods.rehearsal import Rehearsal


class AGem(Rehearsal):
    """Minimises CE of the new images, as far as the stored ones allow."""

    _reference: dict[nn.Parameter, Tensor] | None = None
    """The gradient of the stored images in the step under way."""

    def losses(self, context: Context) -> Terms:
        """Return CE of the new images, which is the total, and that of the stored ones."""
        terms = mixed_terms(context)
        self._reference = None
        if len(context.batch) > 1:
            trained = [weight for weight in context.network.parameters() if weight.requires_grad]
            found = torch.autograd.grad(terms["replay"], trained, retain_graph=True)
            self._reference = dict(zip(trained, found, strict=True))
        return {"ce": terms["ce"], "replay": terms["replay"], "total": terms["ce"]}

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return nothing for the new images, whose CE is the whole loss, and CE of the stored ones."""
        return Pulls(None, terms["replay"] if len(context.batch) > 1 else None)

    def after_backward(self, context: Context) -> None:
        """Take from the gradient what would raise the loss of the stored images."""
        if self._reference is None:
            return
        gradients = [weight.grad for weight in self._reference if weight.grad is not None]
        project(gradients, tuple(self._reference.values()))
        self._reference = None


@torch.no_grad()
def project(gradients: Sequence[Tensor], reference: Sequence[Tensor]) -> None:
    """Project a gradient, in place, so that its product with a reference is not negative; both layer by layer."""
    along, length = (
        torch.stack(
            [first.flatten().dot(second.flatten()) for first, second in zip(mine, reference, strict=True)]
        ).sum()
        for mine in (gradients, reference)
    )
    # Without a branch, for the answer of one would have to be waited for on a graphics card.
    share = along.clamp_max(0) / length.clamp_min(torch.finfo(length.dtype).tiny)
    for gradient, other in zip(gradients, reference, strict=True):
        gradient.sub_(share * other)
