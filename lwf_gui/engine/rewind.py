"""Back to a step of a run that is over or left: its exact state, from a snapshot or from the start, and silently.

What happened to that run on the way, live changes and branches, happens again at the same steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from torch import Tensor

from lwf_gui.engine.networks import freeze_trunk
from lwf_gui.engine.snapshots import SnapshotStore
from lwf_gui.engine.students import Learner
from lwf_gui.engine.training import Trainer
from lwf_gui.protocol import Fork, HyperApplied
from lwf_gui.recipe import Recipe

Schedule = Callable[[Trainer, int], None]
"""Does what the recipe wants at the beginning of an epoch, 0 for the first."""

Order = Callable[[int], Tensor]
"""Returns the order of the images in an epoch, shape (images,)."""


class Rewind:
    """Brings a trainer to the state after ``fork.step`` steps of the run that is forked, whose recipe is ``recipe``."""

    def __init__(self, fork: Fork, recipe: Recipe, store: SnapshotStore, schedule: Schedule, order: Order) -> None:
        self._fork, self._recipe, self._store = fork, recipe, store
        self._schedule, self._order = schedule, order

    def run(self, trainer: Trainer, progress: Callable[[int, int], None]) -> None:
        """Go there; ``progress`` hears how many steps of training are done, and of how many, after every one.

        Raises
        ------
        StopRequested
            If the user asked to stop.
        """
        fork = self._fork
        trainer.live = False
        self._restore(trainer)
        first = trainer.step
        while trainer.step < fork.step:
            self._branch(trainer)
            self._meet(trainer)
            trainer.replay(
                self._order(trainer.step // trainer.steps_per_epoch),
                self._next_event(trainer.step),
                lambda: progress(trainer.step - first, fork.step - first),
            )
        # The next fork is likely to begin here too, with other settings.
        self._store.take(trainer.step, trainer.hyper, trainer.learners, anyway=True)
        self._branch(trainer)
        if not fork.step:
            self._change(trainer, fork.marks)  # made while the teacher trained
        trainer.live = True
        self._plan(trainer)
        trainer.apply(fork.hyper, by="user")

    def _restore(self, trainer: Trainer) -> None:
        """Take the state of the nearest snapshot, or else of the start."""
        store, recipe, fork = self._store, self._recipe, self._fork
        snapshot = store.nearest(fork.step, fork.branches)
        hyper = snapshot.hyper if snapshot else recipe.hyper()
        states = snapshot.learners if snapshot else {}
        learners: list[Learner] = []
        overrides = {branch.learner: branch.overrides for branch in fork.branches}
        for name in (*recipe.learners, *(branch for branch in overrides if branch in states)):
            learner = store.start.learner(name, recipe, hyper)
            learner.overrides = dict(overrides.get(name, {}))
            if name in states:
                states[name].restore(learner)
            if snapshot and snapshot.frozen and learner.settings(hyper).trunk_frozen:  # since step 0: see `take`
                freeze_trunk(learner.network, True)
                learner.frozen_trunk = store.start.trunk
            learners.append(learner)
        trainer.stand(snapshot.step if snapshot else 0, hyper, learners)

    def _branch(self, trainer: Trainer) -> None:
        """Let the branches begin that begin here."""
        known = {learner.name: learner for learner in trainer.learners}
        for branch in self._fork.branches:
            if branch.step == trainer.step and branch.learner not in known:
                known[branch.learner] = self._store.start.branch(branch, known[branch.origin])
        if len(known) > len(trainer.learners):
            names = (*self._recipe.learners, *(branch.learner for branch in self._fork.branches))
            trainer.stand(trainer.step, trainer.hyper, [known[name] for name in names if name in known])

    def _meet(self, trainer: Trainer) -> None:
        """Do what the schedule wants and the user changed at this step."""
        self._plan(trainer)
        self._change(trainer, [mark for mark in self._fork.marks if mark.step == trainer.step])

    def _plan(self, trainer: Trainer) -> None:
        """Do what the schedule wants at this step: before the user, who may freeze again what it unfroze."""
        epoch, done = divmod(trainer.step, trainer.steps_per_epoch)
        if not done and trainer.step < trainer.steps:
            self._schedule(trainer, epoch)

    def _change(self, trainer: Trainer, marks: Sequence[HyperApplied]) -> None:
        for mark in marks:
            if mark.by == "user":
                changes = {name: getattr(mark.hyper, name) for name in mark.changed}
                trainer.apply(replace(trainer.hyper, **changes), by="user")

    def _next_event(self, step: int) -> int:
        """Return the next step at which something other than training happens."""
        steps = [self._fork.step, *(x.step for x in self._fork.marks), *(x.step for x in self._fork.branches)]
        return min(later for later in steps if later > step)
