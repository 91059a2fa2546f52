"""LwF with the labels trick: the cross-entropy is taken over the new task's classes alone, whatever the setting says.

    total = CE(z[:, k:], y - k) + alpha * T**2 * KD,   k old classes

New images then never push old outputs down: what the head says of an old class is left to distillation. It is LwF
with separate heads, as Li & Hoiem 2016 (*Learning without Forgetting*, arXiv 1606.09282) published it for several data
sets; "labels trick" is the name of Zeno et al. 2018 (*Task Agnostic Continual Learning Using Online Variational Bayes*,
arXiv 1803.10123). Published in the first: alpha 1, T 2.
"""

from __future__ import annotations

from dataclasses import replace

from lwf_gui.engine.losses import lwf_terms
from lwf_gui.engine.methods.base import Context, Terms
from lwf_gui.engine.methods.lwf import Lwf


class LwfLabels(Lwf):
    """Minimises LwF's loss with ``ce_scope`` = new."""

    def losses(self, context: Context) -> Terms:
        """Return CE over the new classes, KD, KL and the total."""
        new = replace(context.live, ce_scope="new")
        return lwf_terms(context.logits, context.targets, context.soft, new)._asdict()
