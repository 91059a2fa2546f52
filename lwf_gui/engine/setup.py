"""What every part of a run works with, and how its trainers are made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from torch import Tensor

from lwf_gui.axis import StepAxis
from lwf_gui.control import Control
from lwf_gui.engine.answers import Answers, Listener, answers_on
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.workers import Workers
from lwf_gui.engine.job import Job
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods import loss_columns
from lwf_gui.engine.methods.base import Task
from lwf_gui.engine.methods.base_task import BaseTask
from lwf_gui.engine.phase import Channel, Plan
from lwf_gui.engine.probing import ProbeImages
from lwf_gui.engine.snapshots import SnapshotStore
from lwf_gui.engine.tasks import Order, Split, Tasks, generator
from lwf_gui.engine.training import Trainer
from lwf_gui.messages import Emit, LogLine, Phase
from lwf_gui.recipe import LiveSettings, Recipe
from lwf_gui.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Setup:
    """One run's job, images, compute configuration and listener."""

    job: Job
    tasks: Tasks
    compute: ComputeConfig
    workers: Workers
    emit: Emit

    @property
    def run_id(self) -> int:
        """The run's number."""
        return self.job.run_id

    @property
    def recipe(self) -> Recipe:
        """The run's settings."""
        return self.job.recipe

    @property
    def scenario(self) -> Scenario:
        """Which output unit is of which task."""
        return self.tasks.scenario

    @property
    def base(self) -> StepAxis:
        """The step axis of the base task."""
        task1 = self.recipe.task1
        return StepAxis.of(0, task1.epochs, self._epoch_steps[:1], task1.steps)

    @property
    def later(self) -> StepAxis:
        """The step axis of all tasks after the base task."""
        task2 = self.recipe.task2
        return StepAxis.of(1, task2.epochs, self._epoch_steps[1:], task2.steps)

    @property
    def _epoch_steps(self) -> list[int]:
        """Steps of an epoch, task by task."""
        return [-(-len(train) // self.recipe.train.batch_size) for train in self.tasks.train]

    @cached_property
    def for_methods(self) -> tuple[Task, ...]:
        """All tasks, as methods are told of them."""
        scenario, train = self.scenario, self.tasks.train
        return tuple(
            Task(number, len(scenario.earlier(number)), scenario.seen(number), train[number], train[:number])
            for number in range(scenario.tasks)
        )

    def trainer(
        self,
        phase: Phase,
        learners: Sequence[Learner],
        live_settings: LiveSettings,
        *,
        control: Control | None = None,
        emit: Emit | None = None,
        store: SnapshotStore | None = None,
    ) -> Trainer:
        """Return who trains learners in a phase; the run's own hand and listener where no others are given."""
        return Trainer(
            Channel(self.run_id, phase, control or self.job.control, emit or self.emit),
            self._plan(phase),
            learners,
            live_settings,
            self.compute,
            self.workers,
            store,
        )

    def _plan(self, phase: Phase) -> Plan:
        recipe, tasks, base = self.recipe, self.tasks, phase == "base"
        size, columns = recipe.train.batch_size, BaseTask.terms if base else loss_columns(recipe)
        probe = ProbeImages(tasks.probe, len(tasks.classes), recipe.train.probe_every)
        axis, train = (self.base, tasks.train[:1]) if base else (self.later, tasks.train[1:])
        return Plan(axis, train, size, probe, columns, self.logs)

    def answers(
        self, learner: Learner, split: Split, *, teacher: bool = False, heard: Sequence[Listener] = ()
    ) -> Answers:
        """Return what a learner, and if asked for its teacher, answers on a whole split; ``heard`` hear each batch."""
        return answers_on(learner, split, self.compute, self.job.control, teacher=teacher, heard=heard)

    @property
    def logs(self) -> bool:
        """Whether the notebook's lines are wanted."""
        return self.recipe.train.log == "notebook"

    def log(self, text: str, emit: Emit | None = None) -> None:
        """Tell lines as the notebook prints them, if they are wanted."""
        if self.logs:
            for line in text.split("\n"):
                (emit or self.emit)(LogLine(self.run_id, line))


@dataclass(eq=False)
class Orders:
    """The order of the images in every epoch of every later task, each from a random stream of its own."""

    setup: Setup
    _drawn: dict[int, Order] = field(default_factory=dict)

    def __call__(self, task: int, epoch: int) -> Tensor:
        """Return the numbers of a task's images in an epoch, shape (images,); epochs of a task in their order."""
        if task not in self._drawn:
            stream = generator(self.setup.recipe.seed, "task2 order", task)
            self._drawn[task] = Order(len(self.setup.tasks.train[task]), stream)
        return self._drawn[task](epoch)
