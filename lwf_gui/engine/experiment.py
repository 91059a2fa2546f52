"""The experiment: task 1, surgery, warm-up, joint phase, and the full test sets after every epoch.

Says what happens through one callback and is steered through one `Control`; knows nothing of threads or windows.
"""

from __future__ import annotations

import math
import time
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lwf_gui import InputError
from lwf_gui.control import Control, StopOnly
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.workers import Workers
from lwf_gui.engine.learner import Answers, Learner, Start, Teacher, answers_on, optimizer_of
from lwf_gui.engine.losses import notebook_test_loss
from lwf_gui.engine.methods import loss_columns
from lwf_gui.engine.methods.base import Task
from lwf_gui.engine.methods.base_task import BaseTask
from lwf_gui.engine.networks import Network, build, grow
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.rewind import Rewind
from lwf_gui.engine.snapshots import LIMIT, SnapshotStore
from lwf_gui.engine.tasks import Order, Split, Tasks, generator
from lwf_gui.engine.teacher import TeacherFile, Training, UnusableTeacher, teacher_file
from lwf_gui.engine.training import SECONDS_PER_BLOCK, Channel, Plan, ProbeImages, Trainer
from lwf_gui.messages import (
    TEACHER,
    Emit,
    Evaluated,
    Fork,
    LearnerScore,
    LogLine,
    Message,
    Notice,
    Phase,
    Progress,
    Steps,
    TeacherReady,
)
from lwf_gui.recipe import LiveSettings, Recipe
from lwf_gui.runs import metrics
from lwf_gui.runs.collapse import Watch

NOTEBOOK_TEST_BATCH = 256
"""The notebook averages its test loss over batches of this size."""


class Experiment:
    """One run of a recipe on tasks that are in memory, or, with a ``fork``, the rest of one.

    Parameters
    ----------
    store : for a fork, what is kept of the run that is forked, up to its step; None: it is trained again
    snapshots : bytes that may be kept of this run for forks; 0 keeps nothing
    """

    def __init__(
        self,
        run_id: int,
        recipe: Recipe,
        tasks: Tasks,
        fingerprint: str,
        compute: ComputeConfig,
        control: Control,
        emit: Emit,
        *,
        fork: Fork | None = None,
        store: SnapshotStore | None = None,
        snapshots: int = LIMIT,
    ) -> None:
        self.store = store
        """From the surgery on: what forks of this run start from."""
        self._run_id, self._recipe, self._tasks = run_id, recipe, tasks
        self._fingerprint, self._compute = fingerprint, compute
        self._control, self._emit, self._fork = control, emit, fork
        self._snapshots = snapshots
        self._live_settings = recipe.live_settings()
        self._labels = torch.cat([split.targets for split in tasks.test]).cpu().numpy()
        self._epochs: list[dict[str, Any]] = []
        old, new = tasks.train
        self._base = Task(0, 0, tasks.old_classes, old)
        self._later = Task(1, tasks.old_classes, len(tasks.classes), new, (old,))
        self._order = Order(len(tasks.train[1]), generator(recipe.seed, "task2 order"))

    def run(self) -> dict[str, Any]:
        """Run to the end and return the results: the JSON object of ``lwf-gui run`` without its loading time.

        Raises
        ------
        StopRequested
            If the user asked to stop.
        Diverged
            If no learner is left whose loss is finite.
        InputError
            If the step to continue from is none of this recipe's.
        """
        with Workers(self._compute.workers, self._compute.threads) as self._workers:
            return self._run()

    def _run(self) -> dict[str, Any]:
        began = time.perf_counter()
        cached = self._start()
        assert self.store is not None
        surgery = time.perf_counter()
        learners = [] if self._fork else self._learners(self.store.start)
        trainer = self._trainer("task2", learners, self._control, self._watched())
        if self._fork:
            self._go_back(self._fork, trainer, self.store)
        scores = self._task2(trainer, self.store.start.teacher_old)
        end = time.perf_counter()
        stored = {each.name: {"stored_bytes": each.method.stored_bytes} for each in trainer.learners}
        return {
            "teacher": {"old": self.store.start.teacher_old, "cached": cached},
            "learners": {name: {**_as_json(score), **stored[name]} for name, score in scores.items()},
            "epochs": self._epochs,
            "seconds": {"task1": surgery - began, "task2": end - surgery},
            "samples_per_second": trainer.samples_per_second,
        }

    def _start(self) -> bool:
        """Make sure that there is a network after surgery; return whether its teacher was there before."""
        if self.store is not None:
            return True
        learner, cached = self._teacher()
        old = self._accuracy_on_old(self._answers(learner, self._tasks.test[0]).own)
        if not self._fork:
            self._emit(TeacherReady(self._run_id, old, cached))
        steps = self._recipe.task2.epochs * -(-len(self._tasks.train[1]) // self._recipe.train.batch_size)
        start = self._surgery(learner.network, old)
        self.store = SnapshotStore(self._run_id, start, steps, self._emit, limit=self._snapshots)
        return cached

    def _teacher(self) -> tuple[Learner, bool]:
        """Return the learner of the old task, trained, and whether it came from the cache."""
        recipe, settings, train = self._recipe, self._recipe.task1, self._tasks.train[0]
        height, width = train.pixels.shape[-2:]
        network = self._compute.placed(
            build(recipe.model, height, width, self._tasks.old_classes, generator(recipe.seed, "teacher"))
        )
        optimizer = optimizer_of(network, settings, lr=settings.lr)
        learner = Learner(TEACHER, network, optimizer, BaseTask(None, recipe.seed), None, self._base)
        file = teacher_file(recipe, self._fingerprint, self._compute)
        told = self._kept(file, network)
        if told is not None:
            for message in () if self._fork else told:
                self._emit(message)
            return learner, True
        told = self._train_teacher(learner)
        try:
            file.save(network, told)
        except OSError as error:
            self._emit(Notice(self._run_id, f"The teacher was not kept for the next run: {error}."))
        return learner, False

    def _kept(self, file: TeacherFile, network: Network) -> list[Message] | None:
        """Fill the teacher from the cache and return what its training told; None where it must be trained."""
        recipe, tasks = self._recipe, self._tasks
        per_epoch = -(-len(tasks.train[0]) // recipe.train.batch_size)
        steps = recipe.task1.epochs * per_epoch
        training = Training(steps, per_epoch, len(tasks.probe), len(tasks.classes), tasks.old_classes)
        try:
            return file.load(network, training, self._run_id)
        except UnusableTeacher as error:
            text = f"The teacher that was kept from an earlier run is not used: its file {error}. It is trained again."
            self._emit(Notice(self._run_id, text))
            return None

    def _train_teacher(self, learner: Learner) -> list[Message]:
        """Train a learner on the old task; return what was told meanwhile. A fork has told it before."""
        recipe, told = self._recipe, list[Message]()
        again = self._fork is not None

        def tell(message: Message) -> None:
            told.append(message)
            if not again:
                self._emit(message)
            elif isinstance(message, Steps):
                done = message.first + len(message.losses) - 1
                self._emit(Progress(self._run_id, "Training the teacher again", done, trainer.steps, "steps"))

        trainer = self._trainer("task1", [learner], StopOnly(self._control) if again else self._control, tell)
        trainer.start()
        order = Order(len(self._tasks.train[0]), generator(recipe.seed, "task1 order"))
        for epoch in range(recipe.task1.epochs):
            self._log(f"Epoch {epoch + 1}\n---------------------------", tell)
            trainer.run_epoch(order(epoch))
            self._log_task1_test(learner, tell)
        self._live_settings = trainer.live_settings  # sliders that moved meanwhile
        return told

    def _surgery(self, teacher: Network, teacher_old: float) -> Start:
        """Return what all learners start from: the teacher's weights, with a grown head."""
        recipe, tasks = self._recipe, self._tasks
        new_classes = len(tasks.classes) - tasks.old_classes
        grown = self._compute.placed(grow(teacher, new_classes, recipe.model.growth, generator(recipe.seed, "surgery")))
        return Start(grown, Teacher(teacher), teacher_old, OutputCache(grown.backbone), self._base, self._later)

    def _watched(self) -> Emit:
        """Return where task 2 puts its messages: what they show of a collapse is told with them."""
        branches = self._fork.branches if self._fork else ()
        all_names = (*self._recipe.names, *(branch.learner for branch in branches))
        names = (self._fork.alone,) if self._fork and self._fork.alone else all_names
        labels = self._tasks.probe.targets.cpu().numpy()
        watch = Watch(names, branches, labels, self._tasks.old_classes)

        def emit(message: Message) -> None:
            self._emit(message)
            for collapse in watch.hear(message):
                self._emit(Notice(self._run_id, collapse.sentence(self._tasks.classes)))

        return emit

    def _learners(self, start: Start) -> list[Learner]:
        return [start.learner(name, self._recipe, self._live_settings) for name in self._recipe.names]

    def _go_back(self, fork: Fork, trainer: Trainer, store: SnapshotStore) -> None:
        """Bring the trainer to where the fork continues."""
        if not 0 <= fork.step <= trainer.steps:
            raise InputError(f"There is no step {fork.step} to go back to: this run has {trainer.steps}.")
        told = 0.0

        def progress(done: int, total: int) -> None:
            nonlocal told
            if (now := time.perf_counter()) - told > SECONDS_PER_BLOCK:
                told = now
                what = f"Going back to step {fork.step:,}"
                self._emit(Progress(self._run_id, what, done, total, "steps"))

        Rewind(fork, self._recipe, store, self._schedule, self._order).run(trainer, progress)

    def _task2(self, trainer: Trainer, teacher_old: float) -> dict[str, LearnerScore]:
        """Train all learners on the new task, from the step at which the trainer stands; return their last scores."""
        scores = {}
        if not self._fork:
            trainer.start()
            scores = self._evaluate(trainer, 0, teacher_old)
        for epoch in range(trainer.step // trainer.steps_per_epoch, self._recipe.task2.epochs):
            if trainer.step % trainer.steps_per_epoch == 0:
                if not (self._fork and trainer.step == self._fork.step):  # there the way back has done it
                    self._schedule(trainer, epoch)
                self._log(f"Epoch {epoch + 1}: ----------------------", self._emit)
            trainer.run_epoch(self._order(epoch))
            scores = self._evaluate(trainer, epoch + 1, teacher_old)
        return scores or self._score(trainer, teacher_old)  # a fork from the last step trains nothing

    def _schedule(self, trainer: Trainer, epoch: int) -> None:
        """Do what the recipe wants at the beginning of an epoch of task 2: unfreeze, or restart the optimisers."""
        settings = self._recipe.task2
        if epoch == settings.warmup_epochs and epoch:
            trainer.apply(replace(trainer.live_settings, backbone_frozen=False), by="schedule")
        if epoch >= settings.warmup_epochs and settings.optimizer == "restarted":
            for learner in trainer.learners:
                lr = learner.settings(trainer.live_settings).lr
                learner.optimizer = optimizer_of(learner.network, settings, lr=lr, weight_decay=0.0)

    def _trainer(self, phase: Phase, learners: list[Learner], control: Control, emit: Emit) -> Trainer:
        recipe, tasks = self._recipe, self._tasks
        task2 = phase == "task2"
        settings = recipe.task2 if task2 else recipe.task1
        columns = loss_columns(recipe) if task2 else BaseTask.terms
        probe = ProbeImages(tasks.probe, len(tasks.classes), recipe.train.probe_every)
        return Trainer(
            Channel(self._run_id, phase, control, emit),
            Plan(settings.epochs, recipe.train.batch_size, probe, columns, recipe.train.log == "notebook"),
            self._later if task2 else self._base,
            learners,
            self._live_settings,
            self._compute,
            self._workers,
            self.store if task2 else None,
        )

    def _evaluate(self, trainer: Trainer, epoch: int, teacher_old: float) -> dict[str, LearnerScore]:
        """Score every learner after an epoch and tell it."""
        scores = self._score(trainer, teacher_old, log=self._recipe.train.log == "notebook" and epoch > 0)
        self._epochs.append(
            {"epoch": epoch, "step": trainer.step, "learners": {n: _as_json(s) for n, s in scores.items()}}
        )
        self._emit(Evaluated(self._run_id, epoch, trainer.step, scores))
        return scores

    def _score(self, trainer: Trainer, teacher_old: float, *, log: bool = False) -> dict[str, LearnerScore]:
        """Score every learner on the full test sets; with ``log`` the shown one as the notebook does."""

        def answers(learner: Learner) -> tuple[Answers, Answers]:
            assert learner.teacher is not None
            old, new = self._tasks.test
            return (
                self._answers(learner, old, teacher=learner.teacher.aliased),
                self._answers(learner, new, teacher=log and learner is trainer.shown),
            )

        scores = {}
        for learner, (old, new) in zip(trainer.learners, self._workers.each(answers, trainer.learners), strict=True):
            if old.teacher is not None:
                teacher_old = self._accuracy_on_old(old.teacher)
            logits = torch.cat((old.own, new.own)).cpu().numpy()
            scores[learner.name] = metrics.score(logits, self._labels, self._tasks.old_classes, teacher_old)
            if new.teacher is not None:
                self._log_task2_test(new.own, new.teacher, scores[learner.name], trainer.live_settings)
        return scores

    def _answers(self, learner: Learner, split: Split, *, teacher: bool = False) -> Answers:
        return answers_on(learner, split, self._compute, self._control, teacher=teacher)

    def _accuracy_on_old(self, logits: Tensor) -> float:
        """Return the fraction right, task-aware, of answers on the old task's test images."""
        labels = self._tasks.test[0].targets.cpu().numpy()
        return metrics.accuracies(logits.cpu().numpy(), labels, self._tasks.old_classes, "task_aware").old

    def _log(self, text: str, emit: Emit) -> None:
        if self._recipe.train.log == "notebook":
            for line in text.split("\n"):
                emit(LogLine(self._run_id, line))

    def _log_task1_test(self, learner: Learner, emit: Emit) -> None:
        if self._recipe.train.log != "notebook":
            return
        old = self._tasks.test[0]
        logits = self._answers(learner, old).own
        losses = [
            float(torch.nn.functional.cross_entropy(z, y))
            for z, y in zip(*map(_test_batches, (logits, old.targets)), strict=True)
        ]
        correct = float((logits.argmax(1) == old.targets).float().mean())
        self._log(f"Test Error: \n Accuracy: {100 * correct:>0.1f}, Avg Loss: {np.mean(losses):>8f}\n", emit)

    def _log_task2_test(self, own: Tensor, teacher: Tensor, score: LearnerScore, live_settings: LiveSettings) -> None:
        """Log the notebook's test figures from the answers on the new task's test images."""
        batches = map(_test_batches, (own, self._tasks.test[1].targets, teacher))
        losses = [float(notebook_test_loss(z, y, s, live_settings)) for z, y, s in zip(*batches, strict=True)]
        accuracies = score.class_incremental
        self._log(
            f"Test Error: \n Accuracy: {100 * accuracies.new:>0.1f}, Avg Loss: {np.mean(losses):>8f}\n"
            f"Validation Acc: {100 * accuracies.old}\n",
            self._emit,
        )


def _test_batches(rows: Tensor) -> tuple[Tensor, ...]:
    batches: tuple[Tensor, ...] = torch.split(rows, NOTEBOOK_TEST_BATCH)
    return batches


def _as_json(score: LearnerScore) -> dict[str, Any]:
    """Return a score for JSON, which has no NaN: what a learner that diverged does not have is null."""

    def entries(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in pairs}

    return asdict(score, dict_factory=entries)
