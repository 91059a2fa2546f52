"""The optimiser that a task's settings ask for."""

from __future__ import annotations

from lwf_gui.engine.compute.adam import Adam
from lwf_gui.engine.compute.optimizer import Optimizer
from lwf_gui.engine.compute.sgd import Sgd
from lwf_gui.engine.networks import Network
from lwf_gui.recipe import Task1, Task2


def optimizer_of(
    network: Network, settings: Task1 | Task2, *, lr: float, weight_decay: float | None = None
) -> Optimizer:
    """Return a fresh optimiser for a network; a task's settings give what is not said."""
    decay = settings.weight_decay if weight_decay is None else weight_decay
    longest = settings.max_step if isinstance(settings, Task2) else 0.0
    if settings.algorithm == "adam":
        return Adam(network.parameters(), lr=lr, weight_decay=decay, max_step=longest)
    return Sgd(network.parameters(), lr=lr, momentum=settings.momentum, weight_decay=decay, max_step=longest)
