"""The losses of Learning without Forgetting, each formula once.

Logits come in, numbers come out; knows nothing of networks or training.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional

from lwf_gui.recipe import LiveSettings


class LossTerms(NamedTuple):
    """One mini-batch's loss, term by term, in nats per image; the columns of `lwf_gui.messages.TERMS`.

    KD and KL are without the factor T**2, which is part of ``total`` alone.
    """

    ce: Tensor
    kd: Tensor
    kl: Tensor
    total: Tensor


def distillation_loss(student: Tensor, teacher: Tensor, temperature: float, *, scale_t2: bool) -> Tensor:
    """Soft cross-entropy between teacher and student over the old classes.

    Parameters
    ----------
    student : Tensor, shape (N, K_old), logits of the student, sliced before the softmax
    teacher : Tensor, shape (N, K_old), logits of the teacher
    temperature : float > 0, dimensionless
    scale_t2 : bool, multiply by temperature**2 so that gradients keep their size

    Returns
    -------
    Tensor, scalar, in nats per image (times temperature**2 if ``scale_t2``)

    Source: Li & Hoiem 2016, eq. 2-4; T**2 from Hinton et al. 2015, section 2.1.
    """
    # p_j = exp(s_j / T) / sum_i exp(s_i / T): what the teacher believes, softened.
    p = functional.softmax(teacher / temperature, dim=1)
    # -sum_j p_j log q_j, averaged over images. torch's cross_entropy takes log q by log_softmax, never as
    # log(softmax): in float32 a softmax is 0 from a gap of about 104, and log 0 = -inf.
    loss = functional.cross_entropy(student / temperature, p)
    return loss * temperature**2 if scale_t2 else loss


def teacher_entropy(teacher: Tensor, temperature: float) -> Tensor:
    """Return what KD is for a student that answers exactly as the teacher: its least value, in nats per image.

    KD less this entropy is the Kullback-Leibler divergence from teacher to student, 0 for perfect memory. Of k old
    classes it is at most ln k.
    """
    return distillation_loss(teacher, teacher, temperature, scale_t2=False)


def cross_entropy(logits: Tensor, targets: Tensor, old_classes: int, scope: str) -> Tensor:
    """Cross-entropy of the new task's labels.

    Parameters
    ----------
    logits : Tensor, shape (N, K_old + K_new)
    targets : Tensor, shape (N,), output units
    old_classes : K_old
    scope : "all", one softmax over all classes, which pushes old outputs down on every new image; or "new", over the
        new task's logits alone, as with separate heads, also called the labels trick
    """
    if scope == "new":
        return functional.cross_entropy(logits[:, old_classes:], targets - old_classes)
    return functional.cross_entropy(logits, targets)


def lwf_terms(logits: Tensor, targets: Tensor, teacher: Tensor, live_settings: LiveSettings) -> LossTerms:
    """Return total = CE + alpha * T**2 * KD with its parts, on images of the new task; T**2 only where switched on.

    With alpha = 0 the distillation loss is measured but takes no part in the gradient, so that fine-tuning is LwF
    with alpha = 0 to the last bit.

    Parameters
    ----------
    logits : Tensor, shape (N, K_old + K_new), of the student
    targets : Tensor, shape (N,), output units of the new task
    teacher : Tensor, shape (N, K_old), logits of the teacher on the same images, without gradient
    """
    # Losses need float32 whatever the networks computed in: bf16 keeps 8 bits of the logits.
    logits, teacher = logits.float(), teacher.float()
    old_classes = teacher.shape[1]
    ce = cross_entropy(logits, targets, old_classes, live_settings.ce_scope)
    # The slice comes before the softmax: the teacher knows the old classes alone, so the student's answer is
    # compared as if there were no others.
    with torch.set_grad_enabled(torch.is_grad_enabled() and live_settings.alpha > 0):
        kd = distillation_loss(logits[:, :old_classes], teacher, live_settings.temperature, scale_t2=False)
        total = ce + live_settings.alpha * (kd * live_settings.kd_factor) if live_settings.alpha > 0 else ce
    with torch.no_grad():
        kl = kd - teacher_entropy(teacher, live_settings.temperature)
    return LossTerms(ce, kd, kl, total)


def notebook_test_loss(logits: Tensor, targets: Tensor, teacher: Tensor, live_settings: LiveSettings) -> Tensor:
    """Return the notebook's test loss: alpha * CE + (1 - alpha) * T**2 * KD, unlike its training loss.

    Shapes as for `lwf_terms`. Kept for its log lines alone.
    """
    terms = lwf_terms(logits, targets, teacher, live_settings)
    return live_settings.alpha * terms.ce + (1 - live_settings.alpha) * (terms.kd * live_settings.kd_factor)
