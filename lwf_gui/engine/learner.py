"""Those who learn and those who teach: a network with its optimiser and method, and who tells what the old one knew.

Knows no loop and no schedule.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lwf_gui.control import Control
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.sgd import Sgd
from lwf_gui.engine.methods import Objective, objective_of
from lwf_gui.engine.networks import Network
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.messages import Branch
from lwf_gui.recipe import LiveSettings, Recipe, Task1, Task2

EVALUATION_BATCH = 250
"""Images per forward pass without gradient: activations of more of them leave the processor's cache."""


class Teacher:
    """Who tells what the old network answers on an image.

    A frozen network's answers never change, so they are recorded. An aliased one, whose backbone is the student's own,
    answers anew every time: its head on the student's features, for these are its features too.
    """

    def __init__(self, network: Network, *, aliased: bool = False) -> None:
        self.network = network if aliased else network.eval()
        self.aliased = aliased
        self._recorded = OutputCache(network)

    def responses(self, batch: Batch, features: Tensor | None = None) -> Tensor:
        """Return logits, shape (B, K_old), of a batch; an aliased teacher wants the student's features, (B, hidden)."""
        if not self.aliased:
            return self._recorded.of(batch)
        assert features is not None, "an aliased teacher has no backbone of its own"
        with torch.no_grad():
            return self.network.head(features)


@dataclass(eq=False)
class Learner:
    """A network with its optimiser, and the method it follows. ``teacher`` is None while it learns task 1.

    ``frozen_backbone`` are the backbone's recorded features while it is frozen, None while it trains. ``overrides`` are
    fields of `LiveSettings` that a branch has for itself. ``diverged`` says that it learns no more, see `diverge`.
    """

    name: str
    network: Network
    optimizer: Sgd
    objective: Objective
    teacher: Teacher | None
    frozen_backbone: OutputCache | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    diverged: bool = False

    @property
    def outputs(self) -> int:
        """Output units of its head."""
        return self.network.classifier.out_features

    @property
    def is_aliased(self) -> bool:
        """Whether its teacher's backbone is its own."""
        return self.teacher is not None and self.teacher.aliased

    @torch.no_grad()
    def diverge(self) -> None:
        """Learn no more: all weights become NaN, and with them all answers, for no number of it means anything."""
        self.diverged = True
        self.optimizer.velocity = {}
        for parameter in self.network.parameters():
            parameter.fill_(torch.nan)

    def features(self, batch: Batch) -> Tensor:
        """Return the backbone's features of a batch, shape (B, hidden): with gradient where the backbone trains."""
        if self.frozen_backbone is not None:
            return self.frozen_backbone.of(batch)
        features: Tensor = self.network.backbone(batch.images)
        return features

    def settings(self, live_settings: LiveSettings) -> LiveSettings:
        """Return the live settings of this learner, where ``live_settings`` are the run's."""
        return replace(live_settings, **self.overrides) if self.overrides else live_settings


@dataclass(eq=False)
class Start:
    """What the learners of a run begin with: the network right after surgery, which itself never trains.

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

    def learner(self, name: str, recipe: Recipe, live_settings: LiveSettings) -> Learner:
        """Return a learner as it is right after surgery; ``name`` is a method's or a branch's."""
        network = copy.deepcopy(self.network)
        # The notebook's hidden bug: the teacher's backbone is the student's own, only its head is apart.
        teacher = aliased(network, self.teacher.network) if recipe.lwf.teacher == "aliased" else self.teacher
        return Learner(
            name, network, optimizer_of(network, recipe.task2, lr=live_settings.lr), objective_of(name), teacher
        )

    def branch(self, branch: Branch, origin: Learner) -> Learner:
        """Return a copy of ``origin`` as it is now; who admits it to training gives it its settings."""
        network = copy.deepcopy(origin.network)
        optimizer = origin.optimizer.copied(network.parameters())
        assert origin.teacher is not None, "branches begin in task 2"
        teacher = aliased(network, origin.teacher.network) if origin.teacher.aliased else origin.teacher
        recorded = origin.frozen_backbone
        if (
            recorded is not None and recorded is not self.backbone
        ):  # of a backbone that may go on training without this one
            recorded = recorded.copied(network.backbone)
        objective = objective_of(branch.learner)
        overrides = dict(branch.overrides)
        return Learner(branch.learner, network, optimizer, objective, teacher, recorded, overrides, origin.diverged)


class Answers(NamedTuple):
    """Logits, float32, on the images of a split: the learner's, shape (N, outputs), and its teacher's, (N, K_old)."""

    own: Tensor
    teacher: Tensor | None


@torch.inference_mode()
def answers_on(
    learner: Learner, split: Split, compute: ComputeConfig, control: Control, *, teacher: bool = False
) -> Answers:
    """Return what a learner answers on a whole split, and if asked for what its teacher does.

    Raises
    ------
    StopRequested
        If the user asked to stop meanwhile.
    """
    own, soft = [], []
    learner.network.eval()
    with compute.autocast():
        for batch in split.batches(EVALUATION_BATCH):
            control.check()
            features = learner.features(batch)
            own.append(learner.network.head(features).float())
            if teacher and learner.teacher is not None:
                soft.append(learner.teacher.responses(batch, features).float())
    learner.network.train()
    return Answers(torch.cat(own), torch.cat(soft) if soft else None)


def optimizer_of(network: Network, settings: Task1 | Task2, *, lr: float, weight_decay: float | None = None) -> Sgd:
    """Return a fresh optimiser for a network; a task's settings give what is not said."""
    decay = settings.weight_decay if weight_decay is None else weight_decay
    longest = settings.max_step if isinstance(settings, Task2) else 0.0
    return Sgd(network.parameters(), lr=lr, momentum=settings.momentum, weight_decay=decay, max_step=longest)


def aliased(student: Network, teacher: Network) -> Teacher:
    """Return a teacher whose backbone is the student's own and whose head is like that of ``teacher``."""
    head, inserted = copy.deepcopy(teacher.classifier), copy.deepcopy(teacher.new_fc)
    return Teacher(Network(student.backbone, head, inserted), aliased=True)
