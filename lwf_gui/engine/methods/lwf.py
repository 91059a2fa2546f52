"""Learning without Forgetting (Li & Hoiem 2016): on new images, go on answering as the teacher does."""

from __future__ import annotations

from typing import ClassVar

from lwf_gui.engine.losses import LossTerms, distillation_loss, lwf_terms
from lwf_gui.engine.methods.base import Context, Method, Pulls, Terms


class Lwf(Method):
    """Minimises total = CE + alpha * T**2 * KD, eq. 1 to 4 of the paper; see `lwf_terms`."""

    terms: ClassVar[tuple[str, ...]] = LossTerms._fields
    wants_teacher: ClassVar[bool] = True

    def losses(self, context: Context) -> Terms:
        """Return CE, KD, KL and the total."""
        return lwf_terms(context.logits, context.targets, context.soft, context.live)._asdict()

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return CE and KD, before alpha; KD also where alpha is 0, and nothing follows from it."""
        live, soft = context.live, context.soft.float()
        student = context.logits[:, : soft.shape[1]].float()
        kd = distillation_loss(student, soft, live.temperature, scale_t2=live.scale_t2)
        return Pulls(None if terms["total"] is terms["ce"] else terms["ce"], kd)
