"""Elastic Weight Consolidation: weights that the answers to earlier tasks hang on are held the harder.

    total = CE + sum_k strength / 2 * sum_i F_ki (theta_i - theta*_ki)**2

k are the earlier tasks, theta*_k the weights at the end of task k, and F_k the diagonal of the Fisher information
there: how much the log-likelihood of the answers to the task's images changes with each weight. "model" takes the
expectation over the network's own answers, the true one, and "empirical" the labels in their place. The parabolas of
all tasks are kept as one, see `lwf_gui.engine.methods.importance.joined`: the same sum, for the memory and time of a
single task.

Source: Kirkpatrick et al. 2017, *Overcoming catastrophic forgetting in neural networks* (arXiv 1612.00796), eq. 3.
Published: SGD, a strength found by search for every experiment. van de Ven et al. 2022 (arXiv 1904.07734) search 1 to
10^14 on split MNIST with Adam.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from lwf_gui.engine.methods.base import Task
from lwf_gui.engine.methods.importance import joined
from lwf_gui.engine.methods.regulariser import Regulariser
from lwf_gui.engine.methods.sensitivity import MEASURES, of_answers, of_labels, sensitivity
from lwf_gui.engine.networks import Network
from lwf_gui.method_rows.regularisation import Ewc as Settings


class Ewc(Regulariser):
    """Holds weights by the Fisher information of every earlier task at its own anchor."""

    factor: ClassVar[float] = 0.5
    end_words: ClassVar[str] = MEASURES

    def end_task(self, task: Task, network: Network) -> None:
        """Measure what the task's answers hang on, and hold it where it is."""
        self.memory = joined(self.memory, self.fisher(task, network), network)

    def fisher(self, task: Task, network: Network) -> dict[str, Tensor]:
        """Return the diagonal of a task's Fisher information, by weight."""
        settings = self.settings
        assert isinstance(settings, Settings)
        of = of_answers if settings.fisher == "model" else of_labels
        return sensitivity(network, task, of(task.earlier, self.scope), torch.square, settings.samples, self.seed)
