"""Counts by task of what networks answer on a batch: right answers under each protocol, and sums of any figure."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from lwf_gui.engine.methods.base import Task


class TaskHits:
    """Counts on a device, for networks whose output units belong to these tasks."""

    def __init__(self, tasks: Sequence[Task], device: torch.device) -> None:
        sizes = torch.tensor([task.seen - task.earlier for task in tasks])
        self.tasks = len(tasks)
        self.task_of = torch.repeat_interleave(torch.arange(self.tasks), sizes).to(device)
        """The task of each output unit, int64, shape (classes,)."""

    def right(self, logits: Tensor, targets: Tensor) -> Tensor:
        """Return right answers, int64, shape (protocols, networks, tasks), of logits, shape (networks, N, units).

        The first largest logit is the answer, as in `lwf_gui.runs.metrics`, where the protocols have their order too.
        """
        own = self.task_of[: logits.shape[-1]] == self.task_of[targets][:, None]
        aware = torch.where(own, logits, -torch.inf).argmax(-1)
        return self.sums((torch.stack((aware, logits.argmax(-1))) == targets).long(), targets)

    def sums(self, values: Tensor, targets: Tensor) -> Tensor:
        """Return the sums of an image's values by task, shape (..., tasks), of values, shape (..., N)."""
        return values.new_zeros(*values.shape[:-1], self.tasks).index_add_(-1, self.task_of[targets], values)
