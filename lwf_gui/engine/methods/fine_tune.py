"""Fine-tuning: LwF with alpha = 0. Its distance to the teacher is measured, and takes no part in training."""

from __future__ import annotations

from dataclasses import replace

from torch import Tensor

from lwf_gui.engine.losses import LossTerms, lwf_terms
from lwf_gui.recipe import LiveSettings


def objective(logits: Tensor, targets: Tensor, teacher: Tensor, live_settings: LiveSettings) -> LossTerms:
    """Return total = CE."""
    return lwf_terms(logits, targets, teacher, replace(live_settings, alpha=0.0))
