"""LwF with weight aligning: once a task is learnt, the head's new rows are made as long as the old ones.

    w_i <- gamma * w_i for every new class i,   gamma = mean over old j of |w_j| / mean over new i of |w_i|
    W   <- max(W, 0) after every step

|w| is the L2 norm of a row of the head without its bias. Features are not negative, so that with weights that are not
negative either a longer row means a larger logit, and aligning makes old and new classes comparable. Without the clip
the cross-entropy over all classes pushes old logits far below zero, and the length of rows decides nothing: on five
tasks without a stored image LwF then ends at 20 %, class-incremental, with and without aligning.

Source: Zhao et al. 2020, *Maintaining Discrimination and Fairness in Class Incremental Learning* (arXiv 1911.07053);
published with T = 2, distillation weighted by the share of old classes, and a buffer of images. Here alpha is LwF's
setting, and no image is stored. As in the paper the head is clipped and biases stay as they are. The first teacher,
which all learners share, was learnt without the clip: its head is clipped by the first step.
"""

from __future__ import annotations

import torch
from torch import Tensor

from lwf_gui.engine.methods.base import Context, Task
from lwf_gui.engine.methods.lwf import Lwf
from lwf_gui.engine.networks import Network


def gamma(weight: Tensor, old: int) -> Tensor:
    """Return the factor of the rows from ``old`` on of a head's weight, shape (outputs, hidden)."""
    lengths: Tensor = torch.linalg.vector_norm(weight, dim=1)
    return lengths[:old].mean() / lengths[old:].mean().clamp_min(1e-12)


class LwfWa(Lwf):
    """Minimises LwF's loss with a head of no negative weights, which is aligned at a task's end."""

    @torch.no_grad()
    def after_step(self, context: Context) -> None:
        """Clip the head's weights at 0."""
        context.network.classifier.weight.clamp_(min=0)

    @torch.no_grad()
    def end_task(self, task: Task, network: Network) -> None:
        """Scale the rows of the classes that the task brought; the base task has no others to compare with."""
        if task.earlier:
            weight = network.classifier.weight
            weight[task.earlier :] *= gamma(weight, task.earlier)
