"""Head expansion between two later tasks: what a learner was becomes its teacher, and its head gets new output units.

The first expansion, after the base task, is the same for all learners: see `lwf_gui.engine.start.Start`. Here each
learner has become another network, so that each has a teacher of its own. An inserted layer comes with the first
expansion alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods.base import Task
from lwf_gui.engine.networks import expand_head
from lwf_gui.engine.optimizers import optimizer_of
from lwf_gui.engine.teacher import Teacher, aliased
from lwf_gui.engine.training import Trainer
from lwf_gui.recipe import Recipe


class HeadExpansion:
    """Grows the heads of a run's learners where one of its tasks begins."""

    def __init__(self, recipe: Recipe, tasks: Sequence[Task], compute: ComputeConfig) -> None:
        self._recipe, self._tasks, self._compute = recipe, tasks, compute

    def cross(self, trainer: Trainer) -> bool:
        """Where a trainer stands between two tasks, let its learners go on to the next; return whether they did.

        Those that have gone on already, as in a state that was kept, stay as they are.
        """
        task = self._tasks[trainer.axis.task(trainer.step)]
        if not any(learner.outputs < task.seen for learner in trainer.learners):
            return False
        for learner in trainer.learners:
            for each in learner.family:
                self._go_on(each, task)
        trainer.begin_task(trainer.learners)
        return True

    def _go_on(self, learner: Learner, task: Task) -> None:
        """Make a learner its own teacher, give it a task's output units and a fresh optimiser, and let it begin."""
        was = learner.network
        self._widen(learner, task.seen)
        learner.teacher = aliased(learner.network, was) if learner.is_aliased else Teacher(was)
        learner.begin_task(task)

    def _widen(self, learner: Learner, seen: int) -> None:
        """Give a learner ``seen`` output units, the new ones zero, and an optimiser that never made a step.

        Its network is a copy: what it was stays as it is.
        """
        was = learner.network
        more = seen - learner.outputs
        learner.network = self._compute.placed(expand_head(was, more, "none", torch.Generator()))
        learner.optimizer = optimizer_of(learner.network, self._recipe.task2, lr=learner.optimizer.lr)

    def restore(self, learner: Learner, seen: int, teacher: Teacher) -> None:
        """Bring a learner as it was at the first expansion to a later task, with the teacher that it had there.

        Its method begins that task; its state comes after.
        """
        self._widen(learner, seen)
        learner.teacher = aliased(learner.network, teacher.network) if teacher.aliased else teacher
        learner.begin_task(next(task for task in self._tasks if task.seen == seen))
