"""The training loop: learners in lockstep, one mini-batch at a time, under the user's hand.

One loop serves both tasks. It knows nothing of where the images came from or who listens.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lwf_gui.axis import StepAxis
from lwf_gui.control import Control
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.workers import Workers
from lwf_gui.engine.gradients import Layers, length, probe_of
from lwf_gui.engine.learner import Answers, Learner, answers_on
from lwf_gui.engine.networks import freeze_backbone
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.snapshots import SnapshotStore
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.messages import (
    TERMS,
    Emit,
    LiveSettingsApplied,
    LogLine,
    MiniBatch,
    Notice,
    Paused,
    Phase,
    PhaseStarted,
    Probe,
    Resumed,
    Steps,
)
from lwf_gui.methods import METHODS, subject_of
from lwf_gui.recipe import LiveSettings

TOTAL = TERMS.index("total")

SECONDS_PER_BLOCK = 0.05
"""How often losses are sent: often enough to look live, seldom enough to cost nothing."""

EARLY_PROBES = frozenset({0, 1, 2, 4, 8, 16})
"""Forgetting is fastest in the first steps: the probe looks more often there."""

LOG_EVERY = 100
"""Steps between two log lines, as in the notebook."""

SHOWN_IMAGES = 16
"""Images of a mini-batch that are shown in slow motion."""


class Diverged(RuntimeError):  # noqa: N818 - what happened, in the field's word
    """The losses of all learners became infinite or not a number."""


class Trainer:
    """Trains learners on the tasks of one phase, step by step, and tells what happens.

    ``train`` are these tasks' images, ``classes`` the output units that there are at the end of all tasks.
    """

    def __init__(
        self,
        run_id: int,
        phase: Phase,
        learners: Sequence[Learner],
        train: Sequence[Split],
        probe: Split,
        classes: int,
        *,
        live_settings: LiveSettings,
        compute: ComputeConfig,
        workers: Workers,
        batch_size: int,
        probe_every: int,
        log: bool,
        control: Control,
        emit: Emit,
        epochs: int = 0,
        store: SnapshotStore | None = None,
    ) -> None:
        self.live_settings = live_settings
        self.step = 0
        self.live = True
        """Whether what happens is new: while a run goes back to a step, nothing of it is told."""
        self.hand = ""
        """Name of the learner that trains alone and takes the user's live changes for itself; empty: the run does."""
        self.axis = StepAxis.of(int(phase == "incremental"), epochs, [-(-len(split) // batch_size) for split in train])
        self.seconds = 0.0
        self._run_id, self._phase = run_id, phase
        self._splits, self._probe, self._classes = train, probe, classes
        self._compute, self._batch_size, self._probe_every, self._log = compute, batch_size, probe_every, log
        self._control, self._emit = control, emit
        self._workers = workers
        self._store = store
        self._layers = Layers(store.start.network, probe.pixels.shape[-2:]) if store else None
        self._images = 0
        self._probed = -1  # the step of the last look at the probe images
        self._resumed_at = 0.0  # 0 while the clock stands: in a pause, and outside epochs
        self._next_block = 0.0
        self._seat(learners)

    def start(self) -> None:
        """Announce the phase and take the first probe."""
        names = tuple(learner.name for learner in self.learners)
        layers, axis = self._layers.names if self._layers else (), self.axis
        self._emit(
            PhaseStarted(self._run_id, self._phase, names, axis.steps, axis.epoch_steps, axis.boundaries, layers=layers)
        )
        self._settle()
        self._keep()
        self.take_probe()

    def begin_task(self, learners: Sequence[Learner]) -> None:
        """Go on with the next task, for which the heads have grown; where it is told, take its first probe."""
        self._seat(learners)
        self._settle()
        self._keep()
        if self.live:
            self.take_probe()

    def stand(self, step: int, live_settings: LiveSettings, learners: Sequence[Learner]) -> None:
        """Stand after ``step`` steps of task 2, reached elsewhere, with these learners and live settings."""
        self.step, self.live_settings = step, live_settings
        self._probed = step
        self.seconds, self._images = 0.0, 0
        self._seat(learners)
        self._settle()

    def run_epoch(self, order: Tensor) -> None:
        """Train once on every image, or on what is left of the epoch under way, in the given order, shape (images,).

        Raises
        ------
        StopRequested
            If the user asked to stop.
        Diverged
            If no learner is left whose loss is finite.
        """
        self._resumed_at = time.perf_counter()
        task2 = self._phase == "incremental"
        for batch in self._rest_of(order):
            changes = self._control.next_step(self._on_pause, self._on_resume, self.step if task2 else -1)
            for planned in self._control.due(self.step) if task2 else ():
                self.turn(planned.values, planned.learner)
            if changes:
                self.turn(changes, self.hand)
            slow = task2 and self._control.slow
            updates = self.train_on(batch, weigh=slow or self._is_probed(self.step + 1), measure=slow)
            if self._log and self._in_epoch(self.step - 1) % LOG_EVERY == 0:
                self._log_loss()
            if self._filled == len(self._losses) or self._elapsed() > self._next_block or slow:
                self.flush()
            if slow:
                self._show(batch, updates)
            if self.axis.grows_at(self.step):
                break  # the heads grow first: see `begin_task`
            if slow or self._is_probed(self.step):
                self.take_probe()
            self._keep()
        self.flush()
        self.seconds, self._resumed_at = self._elapsed(), 0.0

    def replay(self, order: Tensor, until: int, on_step: Callable[[], None]) -> None:
        """Train as `run_epoch` does, to a step or to the end of the epoch, and tell nobody.

        Raises
        ------
        StopRequested
            If the user asked to stop.
        Diverged
            If no learner is left whose loss is finite.
        """
        for batch in self._rest_of(order):
            if self.step >= until:
                return
            self._control.check()
            self.train_on(batch)
            self._filled = self._images = 0
            if not self.axis.grows_at(self.step):
                self._keep()
            on_step()

    def apply(self, live_settings: LiveSettings, by: str) -> None:
        """Make live settings hold from the next step on; the optimisers keep their momentum."""
        old, new = asdict(self.live_settings), asdict(live_settings)
        changed = tuple(name for name in new if new[name] != old[name])
        if not changed:
            return
        self.live_settings = live_settings
        step = 0
        if self._phase == "incremental":
            step = self.step
            self._settle()
        if self.live:
            self.flush()
            self._emit(
                LiveSettingsApplied(self._run_id, step, live_settings, changed, "user" if by == "user" else "schedule")
            )

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
                    self.flush()
                    live_settings = replace(held, **own)
                    self._emit(LiveSettingsApplied(self._run_id, self.step, live_settings, tuple(own), "user", learner))

    def take_probe(self, *, layers: bool = True) -> None:
        """Classify the probe images with every learner, and with the teacher; with ``layers`` look into these, too."""
        self._probed = self.step
        self.flush()
        shown = self.shown

        def answers(learner: Learner) -> Answers:
            return answers_on(learner, self._probe, self._compute, self._control, teacher=learner is shown)

        logits = np.full((len(self.learners), len(self._probe), self._classes), -np.inf, np.float16)
        soft = None
        for row, found in zip(logits, self._workers.each(answers, self.learners), strict=True):
            row[:, : found.own.shape[1]] = _half(found.own)
            if found.teacher is not None:
                soft = np.full(logits.shape[1:], -np.inf, np.float16)
                soft[:, : found.teacher.shape[1]] = _half(found.teacher)
        self._emit(Probe(self._run_id, self._phase, self.step, logits, soft))
        if self._layers and layers:
            looked = self._layers
            states = self._workers.each(lambda learner: looked.state(learner.network), self.learners)
            self._emit(probe_of(self._run_id, self.step, self._products, states))
            self._products.fill_(torch.nan)

    def flush(self) -> None:
        """Send the losses that are not sent yet."""
        self._next_block = self._elapsed() + SECONDS_PER_BLOCK
        if not self._filled:
            return
        losses = self._losses[: self._filled].cpu().numpy().copy()
        first = self.step - self._filled + 1
        self._filled = 0
        self._emit(Steps(self._run_id, self._phase, first, losses, self._elapsed(), self._images))

    @property
    def samples_per_second(self) -> float:
        """Images trained on per second of training, each counted once per learner."""
        return self._images / self.seconds if self.seconds else 0.0

    @property
    def shown(self) -> Learner:
        """The learner whose teacher and log lines are shown: the last that distils, else the last."""
        own = [learner for learner in self.learners if learner.name in METHODS] or self.learners  # no branches
        distilling = [learner for learner in own if learner.name in METHODS and METHODS[learner.name].distils]
        return (distilling or own)[-1]

    def train_on(self, batch: Batch, *, weigh: bool = False, measure: bool = False) -> list[float]:
        """One step of every learner on one mini-batch; those whose loss is not finite learn no more.

        ``weigh`` compares the gradients of the two losses for the next `LayerProbe`. With ``measure`` it returns, by
        learner, the L2 length of the change of all weights, NaN for one that diverged.

        Raises
        ------
        Diverged
            If no learner is left whose loss is finite.
        """
        columns = range(len(self.learners))
        updates = self._workers.each(lambda column: self._update(batch, column, weigh, measure), columns)
        for column in self._diverged_now():
            updates[column] = math.nan
        self._filled += 1
        self.step += 1
        self._images += len(batch.numbers) * sum(not learner.diverged for learner in self.learners)
        return updates

    def _update(self, batch: Batch, column: int, weigh: bool, measure: bool) -> float:
        """One step of one learner; its loss terms go into its column of the block."""
        learner = self.learners[column]
        if learner.diverged:
            self._losses[self._filled, column] = torch.nan
            return math.nan
        live_settings = learner.settings(self.live_settings)
        with self._compute.autocast():
            features = learner.features(batch)
            logits = learner.network.head(features)
            soft = learner.teacher.responses(batch, features) if learner.teacher else logits[:, :0]
        terms = learner.objective(logits, batch.targets, soft, live_settings)
        if weigh and self._layers:
            pulls = self._layers.pulls(learner.network, terms, logits, soft, live_settings)
            terms.total.backward()  # type: ignore[no-untyped-call]
            self._products[column] = self._layers.products(learner.network, pulls)
        else:
            terms.total.backward()  # type: ignore[no-untyped-call]
        self._losses[self._filled, column].copy_(torch.stack(terms).detach())
        if not measure:
            learner.optimizer.step()
            return 0.0
        before = [parameter.detach().clone() for parameter in learner.optimizer.parameters]
        learner.optimizer.step()
        return float(length([now - then for now, then in zip(learner.optimizer.parameters, before, strict=True)]))

    def _diverged_now(self) -> list[int]:
        """Part with the learners whose loss in the step under way is the first that is not finite.

        They are told with the step's number; their columns are returned. All of them are checked at every step: once
        per block of losses, how long a learner goes on with what is no number would depend on the clock.
        """
        row, step = self._losses[self._filled], self.step + 1
        finite = torch.isfinite(row[:, TOTAL])
        if finite.all():
            return []
        lost = [i for i, fine in enumerate(finite.tolist()) if not (fine or self.learners[i].diverged)]
        losses = [float(row[column, TOTAL]) for column in lost]
        for column in lost:
            self.learners[column].diverge()
            row[column] = self._products[column] = torch.nan
        if all(learner.diverged for learner in self.learners) and not self.hand:  # else others are recorded
            self.flush()
            task = self.axis.task(self.step)
            setting = "task1.lr" if task == 0 else "the learning rate or alpha"
            raise Diverged(
                f"{self.learners[lost[0]].name} diverged: its loss is not a finite number at step {step} of "
                f"task{task + 1}; lower {setting} and run again."
            )
        if self.live and lost:
            what = " and ".join(
                f"{subject_of(self.learners[column].name)} diverged: its loss is {loss}"
                for column, loss in zip(lost, losses, strict=True)
            )
            text = (
                f"{what} at step {step}, so it learns no more while the others go on; try a smaller learning rate or "
                "alpha, in a fork at an earlier step or a new run."
            )
            self._emit(Notice(self._run_id, text))
        return lost

    def _seat(self, learners: Sequence[Learner]) -> None:
        """Give every learner its column."""
        self.learners = list(learners)
        device = self._compute.device
        self._losses = torch.zeros(256, len(learners), len(TERMS), device=device)
        self._filled = 0
        layers = len(self._layers.names) if self._layers else 0
        self._products = torch.full((len(learners), layers, 3), torch.nan, device=device)

    def _settle(self) -> None:
        """Bring optimisers and backbones to their live settings, in task 2; a frozen backbone is recorded."""
        if self._phase != "incremental":
            return
        for learner in self.learners:
            live_settings = learner.settings(self.live_settings)
            learner.optimizer.lr = live_settings.lr
            if live_settings.backbone_frozen == (learner.frozen_backbone is not None):
                continue
            freeze_backbone(learner.network, live_settings.backbone_frozen)
            learner.frozen_backbone = self._new_record(learner) if live_settings.backbone_frozen else None

    def _new_record(self, learner: Learner) -> OutputCache:
        if self._store and not self.step:  # right after surgery all backbones are equal: record one for all
            return self._store.start.backbone
        return OutputCache(learner.network.backbone)

    def _keep(self) -> None:
        if self._store:
            self._store.take(self.step, self.live_settings, self.learners)

    @property
    def _train(self) -> Split:
        """The images of the task that the next step belongs to."""
        return self._splits[self.axis.part(self.step)]

    def _rest_of(self, order: Tensor) -> Iterator[Batch]:
        """Yield the mini-batches of an epoch from the next step's on."""
        train = self._train
        for start in range(self._in_epoch(self.step) * self._batch_size, len(order), self._batch_size):
            yield Batch(train, order[start : start + self._batch_size])

    def _in_epoch(self, step: int) -> int:
        """Return how many steps of an epoch are done after a step, 0 where one is whole."""
        return self.axis.done(step)[1]

    def _is_probed(self, step: int) -> bool:
        """Whether a look at the probe images follows a step: so does one on every test after an epoch."""
        done = step - self.axis.begin(step)
        return done in EARLY_PROBES or done % self._probe_every == 0 or self._in_epoch(step) == 0

    def _show(self, batch: Batch, updates: list[float]) -> None:
        """Tell what the step just done was made of."""
        first = batch.indices[:SHOWN_IMAGES]
        images = batch.split.pixels[first, 0].cpu().numpy()
        labels = batch.targets[:SHOWN_IMAGES].cpu().numpy().astype(np.uint8)
        size, changes = len(batch.numbers), np.array(updates, np.float32)
        self._emit(MiniBatch(self._run_id, self.step, images, labels, size, changes))

    def _elapsed(self) -> float:
        """Return the seconds of training so far, without pauses."""
        return self.seconds + (time.perf_counter() - self._resumed_at if self._resumed_at else 0.0)

    def _on_pause(self) -> None:
        if self._probed != self.step:  # all that is shown in a pause is of the step at which the run stands
            self.take_probe(layers=False)  # how the losses pull was not measured in this step
        self.seconds, self._resumed_at = self._elapsed(), 0.0
        self._emit(Paused(self._run_id, self._phase, self.step))

    def _on_resume(self) -> None:
        self._resumed_at = time.perf_counter()
        self._emit(Resumed(self._run_id))

    def _log_loss(self) -> None:
        column = self.learners.index(self.shown)
        loss = float(self._losses[self._filled - 1, column, TOTAL])
        size = len(self._splits[self.axis.part(self.step - 1)])
        seen = min((self._in_epoch(self.step - 1) + 1) * self._batch_size, size)
        self._emit(LogLine(self._run_id, f"Loss: {loss:>7f}, {seen:>5d}/{size:>5d}"))


def _half(logits: Tensor) -> NDArray[np.float16]:
    half: NDArray[np.float16] = logits.clamp(-65504, 65504).cpu().numpy().astype(np.float16)
    return half
