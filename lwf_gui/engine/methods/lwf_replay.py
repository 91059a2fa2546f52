"""LwF with a buffer: the cross-entropy of new and stored images, and distillation on all of them.

    total = mean CE over new and stored images + alpha * T**2 * KD over the same images

The cross-entropy is over all classes seen so far. KD as in Li & Hoiem 2016 (arXiv 1606.09282); distilling on stored
images as well as on new ones is common to the methods after iCaRL (Rebuffi et al. 2017, arXiv 1611.07725), such as
BiC (Wu et al. 2019, arXiv 1905.13260), whose loss this is before its bias correction. The buffer is replay's.
"""

from __future__ import annotations

from typing import ClassVar

import torch

from lwf_gui.engine.losses import distillation_loss, teacher_entropy
from lwf_gui.engine.methods.base import Context, Pulls, Terms
from lwf_gui.engine.methods.mixing import mixed_terms
from lwf_gui.engine.methods.rehearsal import Rehearsal


class LwfReplay(Rehearsal):
    """Minimises replay's loss and the distance from the teacher, on the same images."""

    terms: ClassVar[tuple[str, ...]] = ("ce", "kd", "kl", "replay", "total")
    wants_teacher: ClassVar[bool] = True

    def losses(self, context: Context) -> Terms:
        """Return CE of the new and of the stored images, KD and KL over all of them, and the total."""
        live, soft = context.live, context.soft.float()
        mixed = mixed_terms(context)
        kd = distillation_loss(context.logits[:, : soft.shape[1]].float(), soft, live.temperature, scale_t2=False)
        with torch.no_grad():
            kl = kd - teacher_entropy(soft, live.temperature)
        total = mixed["total"] + live.alpha * live.kd_factor * kd
        return {"ce": mixed["ce"], "kd": kd, "kl": kl, "replay": mixed["replay"], "total": total}

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return CE of the new images, and what keeps the old: the stored images and distillation, as weighted."""
        distilled = context.live.alpha * context.live.kd_factor * terms["kd"]
        return Pulls(terms["ce"], terms["replay"] + distilled if len(context.batch) > 1 else distilled)
