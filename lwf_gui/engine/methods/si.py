"""Synaptic Intelligence: weights that brought the loss of earlier tasks down are held where they came to.

    total = CE + strength * sum_i Omega_i (theta_i - theta*_i)**2

    Omega_i <- max(0, Omega_i + omega_i / (delta_i**2 + xi)) at the end of every task

omega is the path integral of the gradient of the task's own CE, without the penalty, see
`lwf_gui.engine.methods.walk`; delta is how far each weight came in the task; theta* are the weights at its end; xi
keeps the quotient finite where a weight stayed. The base task's own path is walked with it, and kept with the teacher.

Source: Zenke et al. 2017, *Continual Learning Through Synaptic Intelligence* (arXiv 1703.04200), eq. 3 to 5; that Omega
never falls below 0 is from the authors' code. Published: Adam .001, strength 0.1 and xi 0.1 on permuted MNIST, xi
0.001 on CIFAR; van de Ven et al. 2022 take xi 0.1 and search the strength.
"""

from __future__ import annotations

from typing import ClassVar

from lwf_gui.engine.methods.base import Context, State, Task
from lwf_gui.engine.methods.importance import Quadratic, group_of, weights_of
from lwf_gui.engine.methods.regulariser import Regulariser
from lwf_gui.engine.methods.walk import Walk, Way
from lwf_gui.engine.networks import Network
from lwf_gui.groups import Group
from lwf_gui.method_rows.regularisation import Si as Settings


class Si(Regulariser):
    """Holds weights by what they did for the loss of earlier tasks."""

    wants_path: ClassVar[bool] = True

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self.xi = settings.xi
        self.walk: Walk | None = None
        """The way of the task that is learnt; None between tasks."""

    def begin_task(self, task: Task) -> None:
        """Stand where the last task ended: nothing was walked yet."""
        self.walk = Walk(self.memory.anchor if self.memory else None)

    def after_backward(self, context: Context) -> None:
        """Take note of the gradient of CE, then add that of the penalty."""
        assert self.walk is not None, "a task has begun"
        self.walk.before(context.network)
        super().after_backward(context)

    def after_step(self, context: Context) -> None:
        """Walk on."""
        assert self.walk is not None, "a task has begun"
        self.walk.after(context.network)

    def end_task(self, task: Task, network: Network) -> None:
        """Call important what brought the loss down, and move the anchor."""
        way = self.walk.way if self.walk else task.path
        self.walk = None
        if way is not None and way.omega:
            self.memory = self._held(way, network)

    def _held(self, way: Way, network: Network) -> Quadratic:
        known, anchor = self.memory.importance if self.memory else {}, weights_of(network, way.omega)
        total = {}
        for name, omega in way.omega.items():
            new = omega / ((anchor[name] - way.start[name]).square() + self.xi)
            if name in known:
                new[: len(known[name])] += known[name]
            total[name] = new.clamp_(min=0)
        return Quadratic(total, anchor)

    def state(self) -> State:
        """Return importance, anchors and the way so far."""
        way = self.walk.way if self.walk else Way({}, {})
        named = {"omega": way.omega, "start": way.start}
        walked = {f"{what}.{name}": tensor for what, each in named.items() for name, tensor in each.items()}
        return {**super().state(), **walked}

    def load_state(self, state: State) -> None:
        """Take importance and anchors, and go on after a way."""
        super().load_state(state)
        self.walk = Walk(self.memory.anchor if self.memory else None)
        self.walk.go_on(Way(group_of(state, "omega"), group_of(state, "start")))
