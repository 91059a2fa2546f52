"""The experiment: task 1, surgery, warm-up, joint phase, and the full test sets after every epoch.

Says what happens through one callback and is steered through one `Control`; knows nothing of threads or windows.
"""

from __future__ import annotations

import copy
import time
from dataclasses import asdict, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from lwf_gui.control import Control
from lwf_gui.engine.device import Machine
from lwf_gui.engine.lanes import Lanes
from lwf_gui.engine.learners import objective_of
from lwf_gui.engine.losses import LossTerms, cross_entropy, notebook_test_loss
from lwf_gui.engine.networks import Network, build, grow
from lwf_gui.engine.sgd import Sgd
from lwf_gui.engine.tasks import Split, Tasks, generator
from lwf_gui.engine.teacher import teacher_file
from lwf_gui.engine.training import Answers, Learner, Teacher, Trainer, answers_on
from lwf_gui.protocol import (
    TEACHER,
    Emit,
    Evaluated,
    LearnerScore,
    LogLine,
    Message,
    Notice,
    Phase,
    TeacherReady,
)
from lwf_gui.recipe import Hyper, Recipe
from lwf_gui.runs import metrics

NOTEBOOK_TEST_BATCH = 256
"""The notebook averages its test loss over batches of this size."""


class Experiment:
    """One run of a recipe on tasks that are in memory."""

    def __init__(
        self,
        run_id: int,
        recipe: Recipe,
        tasks: Tasks,
        fingerprint: str,
        machine: Machine,
        control: Control,
        emit: Emit,
    ) -> None:
        self._run_id, self._recipe, self._tasks = run_id, recipe, tasks
        self._fingerprint, self._machine = fingerprint, machine
        self._control, self._emit = control, emit
        self._hyper = recipe.hyper()
        self._labels = torch.cat([split.targets for split in tasks.test]).cpu().numpy()
        self._epochs: list[dict[str, Any]] = []

    def run(self) -> dict[str, Any]:
        """Run to the end and return the results: the JSON object of ``lwf-gui run`` without its loading time.

        Raises
        ------
        StopRequested
            If the user asked to stop.
        Diverged
            If a loss is not finite.
        """
        with Lanes(self._machine.lanes, self._machine.threads) as self._lanes:
            return self._run()

    def _run(self) -> dict[str, Any]:
        start = time.perf_counter()
        learner, cached = self._teacher()
        teacher, teacher_old = learner.network, self._accuracy_on_old(self._answers(learner, self._tasks.test[0]).own)
        self._emit(TeacherReady(self._run_id, teacher_old, cached))
        surgery = time.perf_counter()
        learners = self._surgery(teacher)
        trainer = self._trainer("task2", learners, self._tasks.train[1])
        scores = self._task2(trainer, teacher_old)
        end = time.perf_counter()
        return {
            "teacher": {"old": teacher_old, "cached": cached},
            "learners": {name: _as_json(score) for name, score in scores.items()},
            "epochs": self._epochs,
            "seconds": {"task1": surgery - start, "task2": end - surgery},
            "samples_per_second": trainer.samples_per_second,
        }

    def _teacher(self) -> tuple[Learner, bool]:
        """Return the learner of the old task, trained, and whether it came from the cache."""
        recipe, settings, train = self._recipe, self._recipe.task1, self._tasks.train[0]
        height, width = train.pixels.shape[-2:]
        network = self._machine.placed(
            build(recipe.model, height, width, self._tasks.old_classes, generator(recipe.seed, "teacher"))
        )
        optimizer = Sgd(
            network.parameters(), lr=settings.lr, momentum=settings.momentum, weight_decay=settings.weight_decay
        )
        learner = Learner(TEACHER, network, optimizer, _task1_objective, None)
        file = teacher_file(recipe, self._fingerprint, self._machine)
        told = file.load(network, self._run_id)
        if told is not None:
            for message in told:
                self._emit(message)
            return learner, True
        told = self._train_teacher(learner)
        try:
            file.save(network, told)
        except OSError as error:
            self._emit(Notice(self._run_id, f"The teacher was not kept for the next run: {error}."))
        return learner, False

    def _train_teacher(self, learner: Learner) -> list[Message]:
        """Train a learner on the old task; return what was told meanwhile."""
        recipe, told = self._recipe, list[Message]()

        def tell(message: Message) -> None:
            told.append(message)
            self._emit(message)

        trainer = self._trainer("task1", [learner], self._tasks.train[0], tell)
        trainer.start(recipe.task1.epochs)
        order = generator(recipe.seed, "task1 order")
        for epoch in range(recipe.task1.epochs):
            self._log(f"Epoch {epoch + 1}\n---------------------------", tell)
            trainer.run_epoch(self._shuffle(trainer, order))
            self._log_task1_test(learner, tell)
        if trainer.step % recipe.train.probe_every:
            trainer.take_probe()
        self._hyper = trainer.hyper  # sliders that moved meanwhile
        return told

    def _surgery(self, teacher: Network) -> list[Learner]:
        """Return learners that start from the same weights: the teacher's, with a grown head."""
        recipe, tasks = self._recipe, self._tasks
        new_classes = len(tasks.classes) - tasks.old_classes
        grown = self._machine.placed(grow(teacher, new_classes, recipe.model.growth, generator(recipe.seed, "surgery")))
        frozen = Teacher(teacher)
        learners = []
        for name in recipe.learners:
            network = copy.deepcopy(grown)
            told_by = frozen
            if recipe.lwf.teacher == "aliased":
                # The notebook's hidden bug: the teacher's trunk is the student's own, only its head is apart.
                told_by = Teacher(Network(network.trunk, copy.deepcopy(teacher.classifier)), aliased=True)
            learners.append(Learner(name, network, self._optimizer(network), objective_of(name), told_by))
        return learners

    def _optimizer(self, network: Network, *, weight_decay: float | None = None) -> Sgd:
        settings = self._recipe.task2
        return Sgd(
            network.parameters(),
            lr=self._hyper.lr,
            momentum=settings.momentum,
            weight_decay=settings.weight_decay if weight_decay is None else weight_decay,
        )

    def _task2(self, trainer: Trainer, teacher_old: float) -> dict[str, LearnerScore]:
        """Train all learners on the new task; return their last scores."""
        settings = self._recipe.task2
        trainer.start(settings.epochs)
        scores = self._evaluate(trainer, 0, teacher_old)
        order = generator(self._recipe.seed, "task2 order")
        for epoch in range(settings.epochs):
            if epoch == settings.warmup_epochs and epoch:
                trainer.apply(replace(trainer.hyper, trunk_frozen=False), by="schedule")
            if epoch >= settings.warmup_epochs and settings.optimizer == "restarted":
                self._hyper = trainer.hyper
                for learner in trainer.learners:
                    learner.optimizer = self._optimizer(learner.network, weight_decay=0.0)
            self._log(f"Epoch {epoch + 1}: ----------------------", self._emit)
            trainer.run_epoch(self._shuffle(trainer, order))
            scores = self._evaluate(trainer, epoch + 1, teacher_old)
        if trainer.step % self._recipe.train.probe_every:
            trainer.take_probe()
        return scores

    def _trainer(self, phase: Phase, learners: list[Learner], train: Split, emit: Emit | None = None) -> Trainer:
        recipe, tasks = self._recipe, self._tasks
        probe = tasks.probe
        return Trainer(
            self._run_id,
            phase,
            learners,
            train,
            probe,
            len(tasks.classes),
            hyper=self._hyper,
            machine=self._machine,
            lanes=self._lanes,
            batch_size=recipe.train.batch_size,
            probe_every=recipe.train.probe_every,
            log=recipe.train.log == "notebook",
            control=self._control,
            emit=emit or self._emit,
        )

    def _shuffle(self, trainer: Trainer, order: torch.Generator) -> Tensor:
        return torch.randperm(trainer.train_images, generator=order)

    def _evaluate(self, trainer: Trainer, epoch: int, teacher_old: float) -> dict[str, LearnerScore]:
        """Score every learner on the full test sets and tell it."""
        notebook = self._recipe.train.log == "notebook"

        def answers(learner: Learner) -> tuple[Answers, Answers]:
            assert learner.teacher is not None
            old, new = self._tasks.test
            logged = notebook and learner is trainer.shown and epoch > 0
            return (
                self._answers(learner, old, teacher=learner.teacher.aliased),
                self._answers(learner, new, teacher=logged),
            )

        scores = {}
        for learner, (old, new) in zip(trainer.learners, self._lanes.each(answers, trainer.learners), strict=True):
            if old.teacher is not None:
                teacher_old = self._accuracy_on_old(old.teacher)
            logits = torch.cat((old.own, new.own)).cpu().numpy()
            scores[learner.name] = metrics.score(logits, self._labels, self._tasks.old_classes, teacher_old)
            if new.teacher is not None:
                self._log_task2_test(new.own, new.teacher, scores[learner.name], trainer.hyper)
        self._epochs.append(
            {"epoch": epoch, "step": trainer.step, "learners": {n: _as_json(s) for n, s in scores.items()}}
        )
        self._emit(Evaluated(self._run_id, epoch, trainer.step, scores))
        return scores

    def _answers(self, learner: Learner, split: Split, *, teacher: bool = False) -> Answers:
        return answers_on(learner, split, self._machine, self._control, teacher=teacher)

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

    def _log_task2_test(self, own: Tensor, teacher: Tensor, score: LearnerScore, hyper: Hyper) -> None:
        """Log the notebook's test figures from the answers on the new task's test images."""
        batches = map(_test_batches, (own, self._tasks.test[1].targets, teacher))
        losses = [float(notebook_test_loss(z, y, s, hyper)) for z, y, s in zip(*batches, strict=True)]
        accuracies = score.class_incremental
        self._log(
            f"Test Error: \n Accuracy: {100 * accuracies.new:>0.1f}, Avg Loss: {np.mean(losses):>8f}\n"
            f"Validation Acc: {100 * accuracies.old}\n",
            self._emit,
        )


def _task1_objective(logits: Tensor, targets: Tensor, teacher: Tensor, hyper: Hyper) -> LossTerms:
    """Plain cross-entropy: there is nothing to remember yet."""
    ce = cross_entropy(logits.float(), targets, 0, "all")
    return LossTerms(ce, zero := torch.zeros_like(ce), zero, ce)


def _test_batches(rows: Tensor) -> tuple[Tensor, ...]:
    batches: tuple[Tensor, ...] = torch.split(rows, NOTEBOOK_TEST_BATCH)
    return batches


def _as_json(score: LearnerScore) -> dict[str, Any]:
    return asdict(score)
