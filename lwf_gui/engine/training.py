"""The training loop: learners in lockstep, one mini-batch at a time, under the user's hand.

One loop serves all tasks. It knows nothing of where the images came from or who listens.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

from torch import Tensor

from lwf_gui.engine import divergence
from lwf_gui.engine.class_means import Looks
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.workers import Workers
from lwf_gui.engine.gradients import Layers
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.phase import Channel, Plan
from lwf_gui.engine.probing import Prober, shown_of
from lwf_gui.engine.put_back import PuttingBack
from lwf_gui.engine.reporter import Reporter
from lwf_gui.engine.representation import Representations
from lwf_gui.engine.snapshots import SnapshotStore
from lwf_gui.engine.stepping import Stepper
from lwf_gui.engine.straight_path import StraightPaths
from lwf_gui.engine.tasks import Batch
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs.step_scale import first_steps


class Trainer:
    """Trains learners on the tasks of one phase, step by step: an epoch, live settings, those who diverge."""

    def __init__(
        self,
        channel: Channel,
        plan: Plan,
        learners: Sequence[Learner],
        live_settings: LiveSettings,
        compute: ComputeConfig,
        workers: Workers,
        store: SnapshotStore | None = None,
    ) -> None:
        self.live_settings = live_settings
        self.step = 0
        self.live = True
        """Whether what happens is new: while a run goes back to a step, nothing of it is told."""
        self.hand = ""
        """Name of the learner that trains alone and takes the user's live changes for itself; empty: the run does."""
        self.axis = plan.axis
        self._phase, self._control = channel.phase, channel.control
        self._settings_are_live = channel.phase == "incremental"
        self._eased = False
        """Whether the step under way is one of a slow start."""
        self._plan, self._store = plan, store
        self._layers = Layers(store.start.network, plan.probe.images.pixels.shape[-2:]) if store else None
        self._compute = compute
        self._stepper = Stepper(compute, workers, plan.columns, self._layers)
        means = Looks(store.start.network, plan.probe.images, plan.probe.classes) if store else None
        self.put_back = PuttingBack.of(store.start) if store else None
        """Who looks at what learners would know with layers of the first teacher."""
        self.paths = StraightPaths.of(store.start, plan, channel, compute, workers) if store else None
        """Who looks at the straight paths between networks."""
        self._representations = Representations.of(store.start, plan.probe.images, compute) if store else None
        looks = (self._layers, means, self.put_back, self._representations)
        prober = Prober(plan.probe, compute, workers, channel.control, *looks)
        self._reporter = Reporter(channel, self._stepper, prober)
        self._seat(learners)

    def start(self) -> None:
        """Announce the phase and take the first probe."""
        self._reporter.started(self.axis, self._layers.names if self._layers else ())
        self._settle()
        self._keep()
        self._probe()

    def begin_task(self, learners: Sequence[Learner]) -> None:
        """Go on with the next task, for which the heads have grown; where it is told, take its first probe."""
        self._seat(learners)
        self._settle()
        self._keep()
        if self.live:
            self._probe()

    def task_ended(self) -> None:
        """Look, on the probe images, at learners with layers of the first teacher: a task ended, no head has grown."""
        self._reporter.task_ended(self.step, self.axis.task(self.step - 1))

    def stand(self, step: int, live_settings: LiveSettings, learners: Sequence[Learner]) -> None:
        """Stand after ``step`` steps of the later tasks, reached elsewhere, with these learners and live settings."""
        self.step, self.live_settings = step, live_settings
        self._reporter.begin_anew(step)
        self._seat(learners)
        self._settle()

    def run_epoch(self, order: Tensor) -> None:
        """Train once on every image, or on what is left of the epoch under way, in the given order, shape (images,).

        A task that ends within an epoch ends it.

        Raises
        ------
        StopRequested
            If the user asked to stop.
        Diverged
            If no learner is left whose loss is finite.
        """
        reporter = self._reporter
        reporter.clock.go()
        for batch in self._plan.batches(order, self.step):
            self._hear()
            slow = self._settings_are_live and (self._control.slow or self._eased)
            weigh = slow or self._plan.is_weighed(self.step + 1)
            updates = self.train_on(batch, weigh=weigh, measure=slow)
            self._log()
            if self._stepper.full or reporter.clock.block_due or slow:
                self.flush()
            if slow:
                reporter.made_of(self.step, batch, updates)
            if self.axis.grows_at(self.step):
                break  # the heads grow first: see `begin_task`
            if slow or self._plan.is_probed(self.step):
                self._probe(layers=weigh)
            self._keep()
            if self.step == self.axis.steps:
                break
        self.flush()
        reporter.clock.stand()

    def replay(self, order: Tensor, until: int, on_step: Callable[[], None]) -> None:
        """Train as `run_epoch` does, to a step or to the end of the epoch, and tell nobody.

        Raises
        ------
        StopRequested
            If the user asked to stop.
        Diverged
            If no learner is left whose loss is finite.
        """
        for batch in self._plan.batches(order, self.step):
            if self.step >= until:
                return
            self._control.check()
            self.train_on(batch)
            self._stepper.take()
            self._reporter.images = 0
            if not self.axis.grows_at(self.step):
                self._keep()
            on_step()
            if self.axis.ends_at(self.step):
                return

    def apply(self, live_settings: LiveSettings, by: str) -> None:
        """Make live settings hold from the next step on; the optimisers keep their momentum."""
        old, new = asdict(self.live_settings), asdict(live_settings)
        changed = tuple(name for name in new if new[name] != old[name])
        if not changed:
            return
        self.live_settings = live_settings
        self._settle()
        if self.live:
            self.flush()
            step = self.step if self._settings_are_live else 0
            self._reporter.changed(step, live_settings, changed, "user" if by == "user" else "schedule")

    def turn(self, changes: Mapping[str, Any], learner: str = "") -> None:
        """Make the user's live changes hold from the next step on: for the run, or for one learner, if it is here."""
        if not learner:
            self.apply(replace(self.live_settings, **changes), by="user")
            return
        for one in (each for each in self.learners if each.name == learner):
            held = one.settings(self.live_settings)
            own = {name: value for name, value in changes.items() if value != getattr(held, name)}
            if own:
                one.overrides = {**one.overrides, **own}
                self._settle()
                if self.live:
                    self._reporter.changed(self.step, replace(held, **own), tuple(own), learner=learner)

    def flush(self) -> None:
        """Send the losses that are not sent yet."""
        self._reporter.losses(self.step)

    def train_on(self, batch: Batch, *, weigh: bool = False, measure: bool = False) -> list[float]:
        """One step of every learner on one mini-batch, as `Stepper.step`; who diverges is told, and learns no more.

        Raises
        ------
        Diverged
            If no learner is left whose loss is finite.
        """
        updates = self._stepper.step(batch, self.live_settings, weigh=weigh, measure=measure)
        for place in self._part_with_lost():
            updates[place] = math.nan
        self.step += 1
        if self.axis.ends_at(self.step):
            with self._reporter.clock.standing():  # no step is trained: the rate, and the time left, are of steps
                for learner in self.learners:
                    self._reporter.ends_task(learner)
                    learner.end_task(self._compute)
        self._reporter.images += len(batch.numbers) * sum(not learner.diverged for learner in self.learners)
        return updates

    @property
    def learners(self) -> list[Learner]:
        """Who trains, in the order of the rows."""
        return self._stepper.learners

    @property
    def samples_per_second(self) -> float:
        """Images of the task trained on per second of training, each counted once per learner."""
        seconds = self._reporter.clock.seconds
        return self._reporter.images / seconds if seconds else 0.0

    @property
    def shown(self) -> Learner:
        """The learner whose teacher and log lines are shown."""
        return shown_of(self.learners)

    def _hear(self) -> None:
        """Do what the user wants before the next step, and what was planned for it."""
        self._eased = False
        if self._settings_are_live and self.step - self.axis.begin(self.step) < first_steps(self.axis, self.step):
            with self._reporter.clock.standing():
                self._eased = self._control.ease()
        changes = self._control.next_step(
            lambda: self._reporter.paused(self.step),
            self._reporter.resumed,
            self.step if self._settings_are_live else -1,
        )
        for planned in self._control.due(self.step) if self._settings_are_live else ():
            self.turn(planned.values, planned.learner)
        if changes:
            self.turn(changes, self.hand)

    def _part_with_lost(self) -> list[int]:
        """Part with the learners that diverged in the step under way; return their places."""
        losses, lost = self._stepper.last, self._stepper.lost()
        if not lost:
            return []
        told = {self.learners[place].name: float(losses[place]) for place in lost}
        self._stepper.forget(lost)
        step = self.step + 1
        if all(learner.diverged for learner in self.learners) and not self.hand:  # else others are recorded
            self._stepper.drop_last()  # of this step nobody has a number
            self.flush()
            names = [learner.name for learner in self.learners]
            raise divergence.of_all(names, names[lost[0]], step, self.axis.task(self.step))
        if self.live:
            self._reporter.noted(divergence.of_some(told, step))
        return lost

    def _seat(self, learners: Sequence[Learner]) -> None:
        """Give every learner its place."""
        self._stepper.seat(learners)

    def _settle(self) -> None:
        """Bring optimisers and backbones to their live settings; a frozen backbone is recorded."""
        if not self._settings_are_live:
            return
        # Right after the head expansion all backbones are equal, and one that never trains stays so: one record is for
        # all of them.
        common = self._store.start.backbone if self._store else None
        for learner in (each for one in self.learners for each in one.family):
            is_first = not self.step or learner.keeps_backbone
            learner.settle(learner.settings(self.live_settings), common if is_first else None)

    def _keep(self) -> None:
        if self._store:
            self._store.take(self.step, self.live_settings, self.learners)

    def _probe(self, *, layers: bool = True) -> None:
        plan, probe, due, compared = self._plan, self._plan.probe, False, False
        planned = plan.is_probed(self.step)  # slow motion has more probes, and no more looks
        if self.put_back is not None and planned:
            due = self.put_back.due(self.axis, self.step, len(probe.images), plan.batch_size, probe.every)
        if self.paths is not None and planned and self.paths.due(self.axis, self.step):
            self.paths.look(self.axis.task(self.step), self.step, self.learners)
        if self._representations is not None and planned:
            compared = self._representations.due(self.axis, self.step, probe.every)
        back = self.axis.task(self.step) if due else 0
        self._reporter.probe(self.step, layers=layers, layers_back=back, compared=compared)

    def _log(self) -> None:
        """Log the loss where the notebook does."""
        if (seen := self._plan.logged(self.step)) is not None:
            self._reporter.log_loss(*seen)
