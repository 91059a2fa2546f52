"""LwF.MC: one sigmoid per class, and on old classes the teacher's own sigmoid is the target; no image is stored.

Formulas and source: `lwf_gui.engine.methods.sigmoids`. It is iCaRL without exemplars, answering by its head, the
baseline "LwF.MC" of that paper. The first teacher is learnt with softmax, as for all learners here; its logits'
sigmoids are the first targets. alpha is LwF's setting, 1 as published.
"""

from __future__ import annotations

from typing import ClassVar

from lwf_gui.engine.methods.base import Context, Method, Pulls, Terms
from lwf_gui.engine.methods.sigmoids import SIGMOID_TERMS, sigmoid_pulls, sigmoid_terms


class LwfMc(Method):
    """Minimises bce + alpha * bkd."""

    terms: ClassVar[tuple[str, ...]] = SIGMOID_TERMS
    wants_teacher: ClassVar[bool] = True

    def losses(self, context: Context) -> Terms:
        """Return the new classes' loss, distillation, and the total."""
        return sigmoid_terms(context)

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return both parts."""
        return sigmoid_pulls(context, terms)
