"""Fine-tuning: LwF with alpha = 0. Its distance to the teacher is measured, and takes no part in training."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from lwf_gui.engine.losses import lwf_terms
from lwf_gui.engine.methods.base import Context, Terms
from lwf_gui.engine.methods.lwf import Lwf


class FineTune(Lwf):
    """Minimises total = CE: nothing asks it to remember."""

    measures_teacher: ClassVar[bool] = True

    def losses(self, context: Context) -> Terms:
        """Return CE, which is the total, and KD and KL as they come."""
        without = replace(context.live, alpha=0.0)
        return lwf_terms(context.logits, context.targets, context.soft, without)._asdict()
