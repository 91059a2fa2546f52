"""Memory Aware Synapses: weights that the length of the output hangs on are held, whatever the labels are.

    total = CE + strength * sum_i Omega_i (theta_i - theta*_i)**2

    Omega_i <- Omega_i + mean_n |d ||f(x_n)||**2 / d theta_i| at the end of every task

f are the logits, x_n the task's images, theta* the weights at the end of the last task.

Source: Aljundi et al. 2018, *Memory Aware Synapses: Learning what (not) to forget* (arXiv 1711.09601), eq. 2 to 4 and
the squared L2 norm of section 4.1. Published: a strength of 1.
"""

from __future__ import annotations

from typing import ClassVar

import torch

from lwf_gui.engine.methods.base import Task
from lwf_gui.engine.methods.importance import held
from lwf_gui.engine.methods.regulariser import Regulariser
from lwf_gui.engine.methods.sensitivity import MEASURES, of_outputs, sensitivity
from lwf_gui.engine.networks import Network
from lwf_gui.method_rows.regularisation import Mas as Settings


class Mas(Regulariser):
    """Holds weights by how much the outputs' length changes with them."""

    end_words: ClassVar[str] = MEASURES

    def end_task(self, task: Task, network: Network) -> None:
        """Add what the outputs hang on, and move the anchor."""
        settings = self.settings
        assert isinstance(settings, Settings)
        omega = sensitivity(network, task, of_outputs, torch.abs, settings.samples, self.seed)
        self.memory = held(self.memory, omega, network)
