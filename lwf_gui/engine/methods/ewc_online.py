"""Online Elastic Weight Consolidation: one running Fisher information, held at the newest anchor alone.

    total = CE + strength / 2 * sum_i F_i (theta_i - theta*_i)**2,    F <- decay * F + F_k at the end of task k

theta* are the weights at the end of the last task. With decay below 1 earlier tasks count less and less.

Source: Schwarz et al. 2018, *Progress & Compress* (arXiv 1805.06370), section "Online EWC". Published: strength and
decay by search, a decay below 1; van de Ven et al. 2022 take 1.
"""

from __future__ import annotations

from lwf_gui.engine.methods.base import Task
from lwf_gui.engine.methods.ewc import Ewc
from lwf_gui.engine.methods.importance import held
from lwf_gui.engine.networks import Network
from lwf_gui.method_rows.regularisation import EwcOnline as Settings


class EwcOnline(Ewc):
    """Holds weights by a running Fisher information, where the last task left them."""

    def end_task(self, task: Task, network: Network) -> None:
        """Let what was important fade, add what the task's answers hang on, and move the anchor."""
        settings = self.settings
        assert isinstance(settings, Settings)
        self.memory = held(self.memory, self.fisher(task, network), network, settings.decay)
