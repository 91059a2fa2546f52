"""LwF with weight aligning: once a task is learnt, the head's new rows are made as long as the old ones.

    w_i <- gamma * w_i for every new class i,   gamma = mean over old j of |w_j| / mean over new i of |w_i|

|w| is the L2 norm of a row of the head without its bias. What trains before is LwF with the labels trick: with the
cross-entropy over all classes and no stored image, the old outputs are pushed so far down in the first steps that the
length of rows no longer decides anything (class-incremental 20 % of five tasks, with and without aligning).

Source: Zhao et al. 2020, *Maintaining Discrimination and Fairness in Class Incremental Learning* (arXiv 1911.07053);
published with T = 2, distillation weighted by the share of old classes, and a buffer of images, of which there is none
here. The paper also clips the head's weights at 0 after every step, so that a longer row means a larger
logit. Here they are not clipped: the first teacher, which all learners share, has weights of both signs, and the clip
would break its head at the first step. Biases stay, for the paper has none in its formula.
"""

from __future__ import annotations

import torch
from torch import Tensor

from lwf_gui.engine.methods.base import Task
from lwf_gui.engine.methods.lwf_labels import LwfLabels
from lwf_gui.engine.networks import Network


def gamma(weight: Tensor, old: int) -> Tensor:
    """Return the factor of the rows from ``old`` on of a head's weight, shape (outputs, hidden)."""
    lengths: Tensor = torch.linalg.vector_norm(weight, dim=1)
    return lengths[:old].mean() / lengths[old:].mean().clamp_min(1e-12)


class LwfWa(LwfLabels):
    """Minimises LwF's loss with CE over the new classes, and aligns the head at a task's end."""

    @torch.no_grad()
    def end_task(self, task: Task, network: Network) -> None:
        """Scale the rows of the classes that the task brought; the base task has no others to compare with."""
        if task.earlier:
            weight = network.classifier.weight
            weight[task.earlier :] *= gamma(weight, task.earlier)
