"""Those who learn and those who teach: a network with its optimiser and method, and who tells what the old one knew.

Knows no loop and no schedule.
"""

from __future__ import annotations

import copy
import statistics
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import torch
from torch import Tensor

from lwf_gui.control import Control
from lwf_gui.engine.clock import work_clock
from lwf_gui.engine.compute.adam import Adam
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.optimizer import Optimizer
from lwf_gui.engine.compute.sgd import Sgd
from lwf_gui.engine.methods import make
from lwf_gui.engine.methods.base import Method, State, Task
from lwf_gui.engine.networks import Network, freeze_backbone
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.messages import Branch
from lwf_gui.recipe import LiveSettings, Recipe, Task1, Task2

COUNTED = 255
"""Steps whose times are kept."""

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

    def responses(self, batch: Batch) -> Tensor:
        """Return logits, shape (B, K_old), of a batch, as a frozen teacher has them."""
        assert not self.aliased, "an aliased teacher has no backbone of its own"
        return self._recorded.of(batch)

    @torch.no_grad()
    def heard_by(self, features: Tensor) -> Tensor:
        """Return an aliased teacher's logits, shape (B, K_old), on the student's features, shape (B, hidden or more).

        A method may read more than the last hidden layer, which then stands first.
        """
        return self.network.head(features[:, : self.network.hidden])


@dataclass(eq=False)
class Cost:
    """What training takes of its thread's time, see `work_clock`; of its steps the median: one may have had to wait."""

    steps: deque[float] = field(default_factory=lambda: deque(maxlen=COUNTED))
    """Seconds a new image of the last steps."""
    images: int = 0
    """New images of all steps."""
    afterwards: float = 0.0
    """Seconds at the ends of tasks."""

    def add(self, seconds: float, images: int) -> None:
        """Count a step."""
        self.steps.append(seconds / images)
        self.images += images

    @property
    def per_image(self) -> float:
        """Seconds of training per new image; 0 before the first step."""
        return statistics.median(self.steps) + self.afterwards / self.images if self.steps else 0.0


@dataclass(eq=False)
class Learner:
    """A network with its optimiser, the method it follows and the task it learns. ``teacher`` is None in the base task.

    ``frozen_backbone`` are the backbone's recorded features while it is frozen, None while it trains; the method may
    read others, which are not recorded. ``overrides`` are
    fields of `LiveSettings` that it has for itself. ``diverged`` says that it learns no more, see `diverge`.
    """

    name: str
    network: Network
    optimizer: Optimizer
    method: Method
    teacher: Teacher | None
    task: Task
    frozen_backbone: OutputCache | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    diverged: bool = False
    cost: Cost = field(default_factory=Cost)

    @property
    def outputs(self) -> int:
        """Output units of its head."""
        return self.network.classifier.out_features

    @property
    def keeps_backbone(self) -> bool:
        """Whether its backbone never trains, and so is the first teacher's in all tasks."""
        return self.method.trains != "all"

    @property
    def reads_record(self) -> bool:
        """Whether its features of new images are recorded ones."""
        return self.frozen_backbone is not None and not self.method.own_features

    @property
    def measures_teacher(self) -> bool:
        """Whether it asks a recorded teacher to measure alone."""
        return self.method.measures_teacher and self.teacher is not None and not self.teacher.aliased

    @property
    def is_aliased(self) -> bool:
        """Whether its teacher's backbone is its own."""
        return self.teacher is not None and self.teacher.aliased

    def end_task(self, compute: ComputeConfig) -> None:
        """Let the method keep what it wants of the task, whose last step was made; none of one that diverged."""
        if not self.diverged:
            began = work_clock()
            with compute.autocast() if self.method.ends_at_precision else nullcontext():
                self.method.end_task(self.task, self.network)
            self.cost.afterwards += work_clock() - began

    def begin_task(self, task: Task) -> None:
        """Learn a task from now on, for which the head has grown."""
        self.task = task
        self.method.begin_task(task)

    @torch.no_grad()
    def diverge(self) -> None:
        """Learn no more: all weights become NaN, and with them all answers, for no number of it means anything."""
        self.diverged = True
        self.optimizer.moments = {}
        for parameter in self.network.parameters():
            parameter.fill_(torch.nan)

    def features(self, batch: Sequence[Batch]) -> Tensor:
        """Return the backbone's features of a batch's parts, shape (B, hidden): with gradient where it trains."""
        if self.frozen_backbone is not None and self.reads_record:
            return _joined([self.frozen_backbone.of(part) for part in batch])
        return self.method.features(self.network, _joined([part.images for part in batch]))

    def soft(self, batch: Sequence[Batch], features: Tensor) -> Tensor:
        """Return the teacher's logits, shape (B, K_old), of a batch's parts, whose features are the student's own."""
        if self.teacher is None:
            return features.new_empty(len(features), 0)
        if self.teacher.aliased:
            return self.teacher.heard_by(features)
        return _joined([self.teacher.responses(part) for part in batch])

    def settings(self, live_settings: LiveSettings) -> LiveSettings:
        """Return the live settings of this learner, where ``live_settings`` are the run's."""
        return replace(live_settings, **self.overrides) if self.overrides else live_settings

    def settle(self, live_settings: LiveSettings, common: OutputCache | None) -> None:
        """Bring optimiser and backbone to live settings, its own; a frozen backbone is recorded, in ``common`` if any.

        ``common`` is a record of a backbone that is equal to this one. One that the method never trains stays frozen.
        """
        self.optimizer.lr = live_settings.lr
        frozen = live_settings.backbone_frozen or self.keeps_backbone
        if frozen == (self.frozen_backbone is not None):
            return
        freeze_backbone(self.network, frozen)
        self.frozen_backbone = (common or OutputCache(self.network.backbone)) if frozen else None


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
        return Learner(name, network, optimizer, method, teacher, self.tasks[1], overrides=overrides)

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
        network = copy.deepcopy(origin.network)
        assert origin.teacher is not None, "branches begin in the later tasks"
        recorded = origin.frozen_backbone
        if (
            recorded is not None and recorded is not self.backbone
        ):  # of a backbone that may go on training without this one
            recorded = recorded.copied(network.backbone)
        method = make(branch.learner, recipe)
        method.begin_task(origin.task)
        method.load_state(origin.method.state())
        return Learner(
            branch.learner,
            network,
            origin.optimizer.copied(network.parameters()),
            method,
            aliased(network, origin.teacher.network) if origin.teacher.aliased else origin.teacher,
            origin.task,
            recorded,
            {**recipe.own_live_settings(branch.learner), **branch.overrides},
            origin.diverged,
        )


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
            features = learner.features((batch,))
            own.append(learner.method.answers(learner.network, features).float())
            if teacher and learner.teacher is not None:
                soft.append(learner.soft((batch,), features).float())
    learner.network.train()
    return Answers(torch.cat(own), torch.cat(soft) if soft else None)


def optimizer_of(
    network: Network, settings: Task1 | Task2, *, lr: float, weight_decay: float | None = None
) -> Optimizer:
    """Return a fresh optimiser for a network; a task's settings give what is not said."""
    decay = settings.weight_decay if weight_decay is None else weight_decay
    longest = settings.max_step if isinstance(settings, Task2) else 0.0
    if settings.algorithm == "adam":
        return Adam(network.parameters(), lr=lr, weight_decay=decay, max_step=longest)
    return Sgd(network.parameters(), lr=lr, momentum=settings.momentum, weight_decay=decay, max_step=longest)


def _teacher_of(recipe: Recipe, name: str) -> str:
    """Return which teacher a learner has: its own choice, if its method lets it have one."""
    return str(dict(recipe.learner(name).own).get("teacher", recipe.lwf.teacher))


def _joined(parts: Sequence[Tensor]) -> Tensor:
    """Return parts one after another; what has one part is not copied."""
    return parts[0] if len(parts) == 1 else torch.cat(tuple(parts))


def aliased(student: Network, teacher: Network) -> Teacher:
    """Return a teacher whose backbone is the student's own and whose head is like that of ``teacher``."""
    head, inserted = copy.deepcopy(teacher.classifier), copy.deepcopy(teacher.new_fc)
    return Teacher(Network(student.backbone, head, inserted), aliased=True)
