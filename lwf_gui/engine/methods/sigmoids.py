"""Binary cross-entropy of one sigmoid per class, for the methods of Rebuffi et al. 2017: LwF.MC and iCaRL.

    BCE(z, t) = -t log s(z) - (1 - t) log(1 - s(z)),   s(z) = 1 / (1 + exp(-z))
    bce  = mean over images of the sum over new classes i of BCE(z_i, [y = i])
    bkd  = mean over images of the sum over old classes j of BCE(z_j, s(the teacher's logit j))
    total = bce + alpha * bkd

Every class is asked for itself: a new image never says that it is no old class, for there the teacher's own answer is
the target. Source: Rebuffi et al. 2017, *iCaRL: Incremental Classifier and Representation Learning* (arXiv 1611.07725),
algorithm 3; published: alpha 1, SGD. Published code takes the mean over classes with a learning rate of 2; this is the
sum as in the paper, for the learning rates of this program.
"""

from __future__ import annotations

from torch import Tensor
from torch.nn import functional

from lwf_gui.engine.methods.base import Context, Pulls, Terms

SIGMOID_TERMS = ("bce", "bkd", "total")


def sigmoid_terms(context: Context) -> Terms:
    """Return the loss on all images of a step; stored ones are of no new class."""
    logits, soft = context.logits.float(), context.soft.float()
    old, alpha = soft.shape[1], context.live.alpha
    # No label of an old class is asked for: one_hot of all units, then only the new ones.
    hot = functional.one_hot(context.targets, logits.shape[1])[:, old:].to(logits.dtype)
    bce, bkd = _per_image(logits[:, old:], hot), _per_image(logits[:, :old], soft.sigmoid())
    return {"bce": bce, "bkd": bkd, "total": bce + alpha * bkd if alpha else bce}


def sigmoid_pulls(context: Context, terms: Terms) -> Pulls:
    """Return what the new classes ask for, and what the teacher does, as weighed."""
    new = None if terms["total"] is terms["bce"] else terms["bce"]
    return Pulls(new, context.live.alpha * terms["bkd"])


def _per_image(logits: Tensor, targets: Tensor) -> Tensor:
    """Return the binary cross-entropy, summed over classes, mean over images."""
    loss = functional.binary_cross_entropy_with_logits(logits, targets, reduction="sum")
    return loss / len(logits)
