"""Back to a step of a run that is over or left: its exact state, from a snapshot or from the start, and silently.

What happened to that run on the way, live changes and branches, happens again at the same steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from torch import Tensor

from lwf_gui.engine.expansion import HeadExpansion
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.networks import freeze_backbone
from lwf_gui.engine.snapshots import SnapshotStore, State
from lwf_gui.engine.training import Trainer
from lwf_gui.messages import Fork, LiveSettingsApplied
from lwf_gui.recipe import LiveSettings, Recipe
from lwf_gui.runs.selection import overrides_of

Schedule = Callable[[Trainer, int], None]
"""Does what the recipe wants at the beginning of an epoch of a task, 0 for its first."""

Order = Callable[[int, int], Tensor]
"""Returns the order of a task's images in an epoch, shape (images,)."""


class Rewind:
    """Brings a trainer to the state after ``fork.step`` steps of the run that is forked, whose recipe is ``recipe``."""

    def __init__(
        self,
        fork: Fork,
        recipe: Recipe,
        store: SnapshotStore,
        schedule: Schedule,
        order: Order,
        expansion: HeadExpansion,
    ) -> None:
        self._fork, self._recipe, self._store = fork, recipe, store
        self._schedule, self._order, self._expansion = schedule, order, expansion

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
            self._expansion.cross(trainer)
            self._branch(trainer)
            self._meet(trainer)
            trainer.replay(
                self._order(trainer.axis.task(trainer.step), trainer.axis.done(trainer.step)[0]),
                self._next_event(trainer.step),
                lambda: progress(trainer.step - first, fork.step - first),
            )
        self._expansion.cross(trainer)
        # The next fork is likely to begin here too, with other settings.
        self._store.take(trainer.step, trainer.live_settings, trainer.learners, anyway=True)
        self._branch(trainer)
        if not fork.step:
            self._change(trainer, fork.marks)  # made while the teacher trained
        trainer.live = True
        trainer.hand = fork.alone
        self._plan(trainer)
        trainer.apply(fork.live_settings, by="user")

    def _restore(self, trainer: Trainer) -> None:
        """Take the state of the nearest snapshot, or else of the start."""
        store, recipe, fork = self._store, self._recipe, self._fork
        snapshot = store.nearest(fork.step, self._wanted_in_snapshot)
        live_settings = snapshot.live_settings if snapshot else recipe.live_settings()
        step, states = (snapshot.step, snapshot.learners) if snapshot else (0, {})
        learners: list[Learner] = []
        for name in self._wanted_in_snapshot(step):
            learner = store.start.learner(name, recipe, live_settings)
            own = overrides_of(fork.branches, fork.marks, name, step)
            learner.overrides = {**recipe.own_live_settings(name), **own}
            if name in states:
                self._give_back(states[name], learner)
            if snapshot and snapshot.frozen:
                self._freeze(learner, live_settings)
            learners.append(learner)
        trainer.stand(step, live_settings, learners)

    def _give_back(self, state: State, learner: Learner) -> None:
        """Bring a learner that is as at the start to a state that was kept."""
        if state.teacher is not None:
            self._expansion.restore(learner, state.outputs, state.teacher)
        state.restore(learner)
        for kept, end in zip(state.ends, learner.ends, strict=True):
            self._give_back(kept, end)

    def _freeze(self, learner: Learner, live_settings: LiveSettings) -> None:
        """Freeze the backbones that have been so since step 0: see `SnapshotStore.take`."""
        for each in learner.family:
            if each.settings(live_settings).backbone_frozen and each.mixture is None:
                freeze_backbone(each.network, True)
                each.frozen_backbone = self._store.start.backbone

    def _wanted_in_snapshot(self, step: int) -> tuple[str, ...]:
        """Return whose states a snapshot of a step must hold: a branch that begins there begins after it."""
        return self._fork.learners_at(step - 1, self._recipe.names)

    def _branch(self, trainer: Trainer) -> None:
        """Let the branches begin that begin here."""
        known = {learner.name: learner for learner in trainer.learners}
        for branch in self._fork.branches:
            if branch.step == trainer.step and branch.learner not in known and branch.origin in known:
                known[branch.learner] = self._store.start.branch(branch, known[branch.origin], self._recipe)
        names = self._fork.learners_at(trainer.step, self._recipe.names)
        if names != tuple(learner.name for learner in trainer.learners):
            trainer.stand(trainer.step, trainer.live_settings, [known[name] for name in names])

    def _meet(self, trainer: Trainer) -> None:
        """Do what the schedule wants and the user changed at this step."""
        self._plan(trainer)
        self._change(trainer, [mark for mark in self._fork.marks if mark.step == trainer.step])

    def _plan(self, trainer: Trainer) -> None:
        """Do what the schedule wants at this step: before the user, who may freeze again what it unfroze."""
        epoch, done = trainer.axis.done(trainer.step)
        if not done and trainer.step < trainer.axis.steps:
            self._schedule(trainer, epoch)

    def _change(self, trainer: Trainer, marks: Sequence[LiveSettingsApplied]) -> None:
        for mark in marks:
            if mark.by == "user":
                trainer.turn({name: getattr(mark.live_settings, name) for name in mark.changed}, mark.learner)

    def _next_event(self, step: int) -> int:
        """Return the next step at which something other than training happens."""
        steps = [self._fork.step, *(x.step for x in self._fork.marks), *(x.step for x in self._fork.branches)]
        return min(later for later in steps if later > step)
