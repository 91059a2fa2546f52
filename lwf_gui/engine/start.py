"""The start of the later tasks: what all learners of a run, and of its forks, begin with at the first expansion."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from typing import Any

from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods import make
from lwf_gui.engine.methods.base import Method, State, Task
from lwf_gui.engine.mixture import Mixture
from lwf_gui.engine.networks import Network
from lwf_gui.engine.optimizers import optimizer_of
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.teacher import Teacher, aliased
from lwf_gui.messages import Branch
from lwf_gui.method_rows.averaging import OLD_NETWORK, Average
from lwf_gui.recipe import LiveSettings, Recipe


@dataclass(eq=False)
class Start:
    """What the learners of a run begin with: the network right after the head expansion, which itself never trains.

    ``backbone`` records its backbone's features: those of every learner in a warm-up that began at step 0. Runs that
    continue this one share it and the teacher, with all that these recorded: the same image in another mini-batch
    could give another last bit.
    """

    network: Network
    teacher: Teacher
    """The network of task 1, frozen; never an aliased one."""
    teacher_right: int
    """The teacher's right answers on the full test set of the base task."""
    backbone: OutputCache
    tasks: tuple[Task, ...]
    """All of the scenario: the first one the teacher has learnt, the second one begins."""
    autocast: Callable[[], AbstractContextManager[object]]
    """Returns the context in which networks compute at the run's precision."""
    begun: dict[str, State] = field(default_factory=dict)
    """States of methods as the second task begins, by learner of the recipe: found once, for the run and its forks."""

    def learner(self, name: str, recipe: Recipe, live_settings: LiveSettings) -> Learner:
        """Return a learner as its head has just grown; ``name`` is one of the recipe's learners or a branch's."""
        network = copy.deepcopy(self.network)
        method = self._method(name, recipe)
        # The notebook's hidden bug: the teacher's backbone is the student's own, only its head is apart. Where that
        # backbone never trains, both teachers are the same.
        shares = _teacher_of(recipe, name) == "aliased" and method.trains == "all"
        teacher = aliased(network, self.teacher.network) if shares else self.teacher
        overrides = recipe.own_live_settings(name)
        optimizer = optimizer_of(network, recipe.task2, lr=overrides.get("lr", live_settings.lr))
        mixture = self._mixture(method, recipe, live_settings)
        return Learner(name, network, optimizer, method, teacher, self.tasks[1], overrides=overrides, mixture=mixture)

    def _mixture(self, method: Method, recipe: Recipe, live_settings: LiveSettings) -> Mixture[Learner] | None:
        """Return what trains along for a method that mixes the weights of others; None for all other methods."""
        mixed = method.settings
        if not isinstance(mixed, Average):
            return None
        start, end = (
            None if name == OLD_NETWORK else self.learner(name, recipe.having(name), live_settings)
            for name in mixed.ends
        )
        return Mixture(self.network, start, end, mixed.share)

    def _method(self, name: str, recipe: Recipe) -> Method:
        """Return a learner's method, which has ended the base task and begun the next."""
        method, known = make(name, recipe), recipe.learner(name).name
        if known not in self.begun:
            with self.autocast() if method.ends_at_precision else nullcontext():
                method.end_task(self.tasks[0], self.teacher.network)
        method.begin_task(self.tasks[1])
        if known in self.begun:
            method.load_state(self.begun[known])
        self.begun[known] = method.state()
        return method

    def branch(self, branch: Branch, origin: Learner, recipe: Recipe) -> Learner:
        """Return a copy of ``origin`` as it is now; who admits it to training gives it its settings."""
        own = recipe.own_live_settings(branch.learner)
        return self._copied(origin, branch.learner, recipe, {**own, **branch.overrides})

    def _copied(self, origin: Learner, name: str, recipe: Recipe, overrides: Mapping[str, Any]) -> Learner:
        """Return a copy of a learner as it is now, and of those that train along, under a name and with settings."""
        network = copy.deepcopy(origin.network)
        assert origin.teacher is not None, "branches begin in the later tasks"
        recorded = origin.frozen_backbone
        if (
            recorded is not None and recorded is not self.backbone
        ):  # of a backbone that may go on training without this one
            recorded = recorded.copied(network.backbone)
        method = make(name, recipe)
        method.begin_task(origin.task)
        method.load_state(origin.method.state())
        mixture = origin.mixture and origin.mixture.copied(
            lambda end: self._copied(end, end.name, recipe.having(end.name), end.overrides)
        )
        return Learner(
            name,
            network,
            origin.optimizer.copied(network.parameters()),
            method,
            aliased(network, origin.teacher.network) if origin.teacher.aliased else origin.teacher,
            origin.task,
            recorded,
            overrides,
            origin.diverged,
            mixture=mixture,
        )


def _teacher_of(recipe: Recipe, name: str) -> str:
    """Return which teacher a learner has: its own choice, if its method lets it have one."""
    return str(dict(recipe.learner(name).own).get("teacher", recipe.lwf.teacher))
