"""Evaluation on the full test sets of all tasks so far, and the results of a run that come from it.

It scores networks and never changes them.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import torch
from torch import Tensor

from lwf_gui.engine.answers import Answers, Listener
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.losses import notebook_test_loss
from lwf_gui.engine.setup import Setup
from lwf_gui.engine.start import Start
from lwf_gui.engine.teacher import Teacher
from lwf_gui.engine.training import Trainer
from lwf_gui.messages import Emit, Evaluated, LearnerScore, ProtocolName
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs import continual, metrics
from lwf_gui.runs.after_tasks import has_own_head, right_answers
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS, Counts, Labels, Shares

NOTEBOOK_TEST_BATCH = 256
"""The notebook averages its test loss over batches of this size."""

Scores = dict[str, LearnerScore]

Beside = Callable[[Learner], AbstractContextManager[Listener | None]]
"""Returns, for the time in which images pass a learner, who hears them."""


class Evaluation:
    """Scores the learners of a run and keeps what it found, for the run's results."""

    def __init__(self, setup: Setup) -> None:
        self._setup = setup
        self._told: list[Evaluated] = []
        self._teachers: WeakKeyDictionary[Teacher, tuple[int, ...]] = WeakKeyDictionary()
        """Right answers of frozen teachers on the tasks that they know."""
        self._sizes = tuple(map(len, setup.tasks.test))
        self._start: Start | None = None

    def begin(self, start: Start) -> None:
        """Take note of what the learners begin with."""
        self._start = start
        self._teachers[start.teacher] = (start.teacher_right,)

    def goes_on(self, learners: Sequence[Learner], scores: Mapping[str, LearnerScore]) -> None:
        """Take note that learners have become their own teachers, with these scores as the last before.

        A teacher answers by the network's head: where its learner does not, what it tells must be found out.
        """
        for learner in learners:
            if has_own_head(learner.name):
                continue
            if learner.teacher is not None and not learner.is_aliased and learner.name in scores:
                self._teachers[learner.teacher] = scores[learner.name].task_aware

    def base_right(self, learner: Learner) -> int:
        """Return how many of the base task's test images the first teacher gets right."""
        return int(self._right([self._setup.answers(learner, self._setup.tasks.test[0]).own])[0])

    def told(self, trainer: Trainer, task: int, epoch: int) -> Scores:
        """Score every learner after an epoch of a task and tell it."""
        looks = trainer.put_back if epoch and trainer.axis.ends_at(trainer.step) else None
        whole = looks is not None and looks.full_tests
        beside = looks.beside if looks is not None and whole else self._recording(trainer)
        scores = self.score(trainer, task, log=self._setup.logs and epoch > 0, beside=beside)
        message = Evaluated(self._setup.run_id, task, epoch, trainer.step, scores)
        self._told.append(message)
        if looks is not None and whole:
            self._setup.emit(looks.told(self._setup.run_id, task, trainer.step, trainer.learners, full=True))
        elif looks is not None:
            trainer.task_ended()
        if trainer.paths is not None and epoch and trainer.axis.ends_at(trainer.step):
            trainer.paths.look(task, trainer.step, trainer.learners, self._setup.tasks.test[: task + 1])
        self._setup.emit(message)
        return scores

    @staticmethod
    def _recording(trainer: Trainer) -> Beside | None:
        """Return how the first look is prepared: at step 0 any learner makes of the images what the teacher does."""
        looks, first = trainer.put_back, trainer.learners[0]
        if looks is None or not looks.full_tests or trainer.step:
            return None
        return lambda learner: looks.recording(learner) if learner is first else nullcontext()

    def score(self, trainer: Trainer, task: int, *, log: bool = False, beside: Beside | None = None) -> Scores:
        """Score every learner on the test sets up to a task; with ``log`` the shown one as the notebook does.

        ``beside`` returns who is to hear what passes a learner on the way.
        """

        def answers(learner: Learner) -> list[Answers]:
            wanted = learner.teacher is not None and learner.teacher not in self._teachers  # an aliased one never is
            logged = log and learner is trainer.shown
            splits = self._setup.tasks.test[: task + 1]
            with beside(learner) if beside else nullcontext() as listener:
                heard = [] if listener is None else [listener]
                asked = zip(splits, [wanted] * task + [logged], strict=True)
                return [self._setup.answers(learner, split, teacher=each, heard=heard) for split, each in asked]

        scores = {}
        for learner, parts in zip(trainer.learners, self._setup.workers.each(answers, trainer.learners), strict=True):
            teacher = self._of_teacher(learner, [part.teacher for part in parts[:-1] if part.teacher is not None])
            logits = torch.cat([part.own for part in parts]).cpu().numpy()
            scored = metrics.score(logits, self._labels(task), self._setup.scenario, task, teacher)
            stored, seconds = learner.stored_bytes, learner.cost.per_image
            scores[learner.name] = replace(scored, stored_bytes=stored, seconds=seconds)
            if parts[-1].teacher is not None:
                self._log(parts[-1], task, scores[learner.name], trainer.live_settings)
        return scores

    def _of_teacher(self, learner: Learner, answers: list[Tensor]) -> tuple[int, ...]:
        """Return a teacher's right answers on the tasks that it knows, from what it answers where that is new."""
        assert learner.teacher is not None, "learners of later tasks have teachers"
        if not answers:
            return self._teachers[learner.teacher]
        right = metrics.counted(self._right(answers)[: len(answers)])
        if not learner.is_aliased:
            self._teachers[learner.teacher] = right
        return right

    def _right(self, answers: Sequence[Tensor]) -> Counts:
        """Return right answers by task, task-aware, of logits on the test sets of the first tasks."""
        logits = torch.cat(list(answers)).cpu().numpy()
        return metrics.right(logits, self._labels(len(answers) - 1), self._setup.scenario, "task_aware")

    def _labels(self, task: int) -> Labels:
        """Return the output units of all test images up to a task."""
        labels: Labels = torch.cat([split.targets for split in self._setup.tasks.test[: task + 1]]).cpu().numpy()
        return labels

    def log_base(self, learner: Learner, emit: Emit) -> None:
        """Log the notebook's test figures of the base task."""
        if not self._setup.logs:
            return
        old = self._setup.tasks.test[0]
        logits = self._setup.answers(learner, old).own
        losses = [
            float(torch.nn.functional.cross_entropy(z, y))
            for z, y in zip(*map(_test_batches, (logits, old.targets)), strict=True)
        ]
        correct = float((logits.argmax(1) == old.targets).float().mean())
        text = f"Test Error: \n Accuracy: {100 * correct:>0.1f}, Avg Loss: {np.mean(losses):>8f}\n"
        self._setup.log(text, emit)

    def _log(self, answers: Answers, task: int, score: LearnerScore, live_settings: LiveSettings) -> None:
        """Log the notebook's test figures from the answers on the current task's test images."""
        assert answers.teacher is not None
        batches = map(_test_batches, (answers.own, self._setup.tasks.test[task].targets, answers.teacher))
        losses = [float(notebook_test_loss(z, y, s, live_settings)) for z, y, s in zip(*batches, strict=True)]
        accuracies = metrics.accuracies(score.class_incremental, self._sizes)
        self._setup.log(
            f"Test Error: \n Accuracy: {100 * accuracies.new:>0.1f}, Avg Loss: {np.mean(losses):>8f}\n"
            f"Validation Acc: {100 * accuracies.old}\n"
        )

    # ---- results

    def results(self, scores: Scores) -> dict[str, Any]:
        """Return what JSON says of the learners at the end, and after every epoch."""
        last = self._setup.scenario.last
        return {
            "learners": {
                name: {**self._as_json(score, last), **self._continual(name, score), "stored_bytes": score.stored_bytes}
                for name, score in scores.items()
            },
            "epochs": [
                {
                    "epoch": told.epoch,
                    "step": told.step,
                    "task": told.task + 1,
                    "learners": {name: self._as_json(score, told.task) for name, score in told.scores.items()},
                }
                for told in self._told
            ],
        }

    def _as_json(self, score: LearnerScore, task: int) -> dict[str, Any]:
        """Return a score after a task for JSON, which has no NaN: what one that diverged does not have is null."""
        told: dict[str, Any] = {name: self._by_task(score.under(name), task) for name in PROTOCOLS}
        return {**told, "teacher_old": continual.numbered(metrics.ratio(score.teacher, self._sizes))}

    def _by_task(self, counts: tuple[int, ...], task: int) -> dict[str, Any]:
        """Return one protocol's accuracies: old and new, of each task, and their averages."""
        pair = metrics.accuracies(counts, self._sizes)
        told = counts or (0,) * (task + 1)
        tasks = [count / size if counts and size else math.nan for count, size in zip(told, self._sizes, strict=False)]
        return {
            "old": continual.numbered(pair.old),
            "new": continual.numbered(pair.new),
            "tasks": [continual.numbered(share) for share in tasks],
            "average": continual.numbered(continual.mean_accuracy(tasks)),
            "average_weighted": continual.numbered(metrics.ratio(counts, self._sizes)),
        }

    def _continual(self, learner: str, last: LearnerScore) -> dict[str, Any]:
        """Return the accuracy matrices of a learner, whose last row is its last score, and what is taken from them."""
        tasks, teacher = self._setup.scenario.tasks, None if self._start is None else self._start.teacher_right
        fork = self._setup.job.fork
        told = [*(fork.evaluations if fork else ()), *self._told]

        def matrix(protocol: ProtocolName) -> Shares:
            counts = right_answers(told, teacher, learner, protocol, tasks)
            counts[-1] = last.under(protocol) or NO_ANSWER  # a fork from the last step trains and tells nothing
            return continual.accuracy_matrix(counts, self._sizes)

        return continual.as_json({protocol: matrix(protocol) for protocol in PROTOCOLS}, tasks - 1)


def _test_batches(rows: Tensor) -> tuple[Tensor, ...]:
    batches: tuple[Tensor, ...] = torch.split(rows, NOTEBOOK_TEST_BATCH)
    return batches
