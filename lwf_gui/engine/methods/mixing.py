"""Cross-entropy over mini-batches that mix new images with images of earlier tasks, for replay and joint training.

Knows nothing of where the images of earlier tasks come from.
"""

from __future__ import annotations

import torch
from torch.nn import functional

from lwf_gui.engine.methods.base import Context, Pulls, Terms

MIXED_TERMS = ("ce", "replay", "total")
"""Cross-entropy of the new task's images, that of the earlier tasks' images, and of all of them together, which is
minimised; each a mean over its images, over all classes seen so far."""


def mixed_terms(context: Context) -> Terms:
    """Return total = (n CE + m replay) / (n + m), of n new images and m of earlier tasks; without these, the CE."""
    each = functional.cross_entropy(context.logits.float(), context.targets, reduction="none")
    new, earlier = each[: context.new], each[context.new :]
    if not len(earlier):
        return {"ce": (ce := new.mean()), "replay": torch.full_like(ce, torch.nan), "total": ce}
    return {"ce": new.mean(), "replay": earlier.mean(), "total": each.mean()}


def mixed_pulls(terms: Terms) -> Pulls:
    """Return what pulls at the weights: the new images, and those of earlier tasks."""
    alone = terms["total"] is terms["ce"]
    return Pulls(None, None) if alone else Pulls(terms["ce"], terms["replay"])
