"""The experiment: the base task, then every later one: the head grows, warm-up, unfreeze, and the full test sets.

Says what happens through one callback and is steered through one `Control`; knows nothing of threads or windows.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lwf_gui import InputError
from lwf_gui.engine.clock import SECONDS_PER_BLOCK
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.workers import Workers
from lwf_gui.engine.evaluation import Evaluation, Scores
from lwf_gui.engine.expansion import HeadExpansion
from lwf_gui.engine.first_teacher import FirstTeacher, digest_of
from lwf_gui.engine.job import Job
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods import make
from lwf_gui.engine.networks import expand_head
from lwf_gui.engine.optimizers import optimizer_of
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.rewind import Rewind
from lwf_gui.engine.setup import Orders, Setup
from lwf_gui.engine.snapshots import LIMIT, SnapshotStore
from lwf_gui.engine.start import Start
from lwf_gui.engine.tasks import Tasks, generator
from lwf_gui.engine.teacher import Teacher
from lwf_gui.engine.training import Trainer
from lwf_gui.messages import Emit, Fork, Message, Notice, Progress, TeacherReady
from lwf_gui.runs.collapse import Watch


class Experiment:
    """One run of a recipe on tasks that are in memory, or, with a fork, the rest of one.

    Parameters
    ----------
    fingerprint : of the images, for the teacher cache
    store : for a fork, what is kept of the run that is forked, up to its step; None: it is trained again
    snapshots : bytes that may be kept of this run for forks; 0 keeps nothing
    """

    def __init__(
        self,
        job: Job,
        tasks: Tasks,
        fingerprint: str,
        compute: ComputeConfig,
        emit: Emit,
        *,
        store: SnapshotStore | None = None,
        snapshots: int = LIMIT,
    ) -> None:
        self.store = store
        """From the first head expansion on: what forks of this run start from."""
        self._job, self._recipe, self._fork = job, job.recipe, job.fork
        self._fingerprint, self._snapshots = fingerprint, snapshots
        self._live_settings = job.recipe.live_settings()
        self._compute = compute
        self._setup_with: Callable[[Workers], Setup] = lambda workers: Setup(job, tasks, compute, workers, emit)

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
        with Workers(self._compute.workers, self._compute.threads) as workers:
            self._setup = self._setup_with(workers)
            self._evaluation = Evaluation(self._setup)
            self._order = Orders(self._setup)
            self._expansion = HeadExpansion(self._recipe, self._setup.for_methods, self._setup.compute)
            return self._run()

    def _run(self) -> dict[str, Any]:
        began = time.perf_counter()
        for note in () if self._fork else [make(name, self._recipe).note for name in self._recipe.names]:
            if note:
                self._setup.emit(Notice(self._job.run_id, note))
        cached = self._start()
        assert self.store is not None
        start = self.store.start
        self._evaluation.begin(start)
        expanded = time.perf_counter()
        learners = [] if self._fork else self._learners(start)
        trainer = self._setup.trainer(
            "incremental", learners, self._live_settings, emit=self._watched(), store=self.store
        )
        if self._fork:
            self._go_back(self._fork, trainer, self.store)
        scores = self._later_tasks(trainer)
        end = time.perf_counter()
        return {
            "teacher": {"old": start.teacher_right / len(self._setup.tasks.test[0]), "cached": cached},
            **self._evaluation.results(scores),
            "seconds": {
                "task1": expanded - began,
                "task2": end - expanded,
                "per_image": {name: score.seconds or None for name, score in scores.items()},
            },
            "samples_per_second": trainer.samples_per_second,
        }

    def _start(self) -> bool:
        """Make sure that there is a network after the first expansion; return whether its teacher was there before."""
        if self.store is not None:
            return True
        first = FirstTeacher(self._setup, self._evaluation, self._fingerprint, self._live_settings)
        learner, cached = first.learnt()
        self._live_settings = first.live_settings
        right = self._evaluation.base_right(learner)
        if not self._fork:
            self._setup.emit(TeacherReady(self._job.run_id, right, cached, digest_of(learner.network)))
        start = self._first_expansion(learner, right)
        steps, emit = self._setup.later.steps, self._setup.emit
        self.store = SnapshotStore(self._job.run_id, start, steps, emit, limit=self._snapshots)
        return cached

    def _first_expansion(self, first: Learner, right: int) -> Start:
        """Return what all learners start from: the teacher's weights, with a grown head."""
        teacher, tasks = first.network, (first.task, *self._setup.for_methods[1:])
        recipe, new_classes = self._recipe, len(self._setup.scenario.units(1))
        grown = expand_head(teacher, new_classes, recipe.model.growth, generator(recipe.seed, "head expansion"))
        grown = self._setup.compute.placed(grown)
        record, autocast = OutputCache(grown.backbone), self._setup.compute.autocast
        return Start(grown, Teacher(teacher), right, record, tasks, autocast)

    def _watched(self) -> Emit:
        """Return where the later tasks put their messages: what they show of a collapse is told with them."""
        setup, branches = self._setup, self._fork.branches if self._fork else ()
        all_names = (*self._recipe.names, *(branch.learner for branch in branches))
        names = (self._fork.alone,) if self._fork and self._fork.alone else all_names
        labels = setup.tasks.probe.targets.cpu().numpy()
        watch = Watch(names, branches, labels, setup.scenario, setup.later, self._recipe)

        def emit(message: Message) -> None:
            setup.emit(message)
            for collapse in watch.hear(message):
                setup.emit(Notice(setup.run_id, collapse.sentence(setup.tasks.classes)))

        return emit

    def _learners(self, start: Start) -> list[Learner]:
        return [start.learner(name, self._recipe, self._live_settings) for name in self._recipe.names]

    def _go_back(self, fork: Fork, trainer: Trainer, store: SnapshotStore) -> None:
        """Bring the trainer to where the fork continues."""
        if not 0 <= fork.step <= trainer.axis.steps:
            raise InputError(f"There is no step {fork.step} to go back to: this run has {trainer.axis.steps}.")
        told = 0.0

        def progress(done: int, total: int) -> None:
            nonlocal told
            if (now := time.perf_counter()) - told > SECONDS_PER_BLOCK:
                told = now
                what = f"Going back to step {fork.step:,}"
                self._setup.emit(Progress(self._job.run_id, what, done, total, "steps"))

        back = Rewind(fork, self._recipe, store, self._schedule, self._order, self._expansion)
        back.run(trainer, progress)

    def _later_tasks(self, trainer: Trainer) -> Scores:
        """Train all learners on the later tasks, from the step at which the trainer stands; return the last scores."""
        axis, scores = trainer.axis, Scores()
        if not self._fork or self._fork.added:
            trainer.start()
            scores = self._evaluation.told(trainer, 1, 0)
        while trainer.step < axis.steps:
            task, (epoch, done) = axis.task(trainer.step), axis.done(trainer.step)
            if self._expansion.cross(trainer):
                self._evaluation.goes_on(trainer.learners, scores)
                scores = self._evaluation.told(trainer, task, 0)
            if not done:
                if not (self._fork and trainer.step == self._fork.step):  # there the way back has done it
                    self._schedule(trainer, epoch)
                self._setup.log(f"Epoch {epoch + 1}: ----------------------")
            trainer.run_epoch(self._order(task, epoch))
            scores = self._evaluation.told(trainer, task, epoch + 1)
        # A fork from the last step trains nothing.
        return scores or self._evaluation.score(trainer, axis.task(trainer.step))

    def _schedule(self, trainer: Trainer, epoch: int) -> None:
        """Do what the recipe wants at the beginning of a task's epoch: freeze, unfreeze, or restart the optimisers."""
        settings = self._recipe.task2
        if epoch == settings.warmup_epochs and epoch:
            trainer.apply(replace(trainer.live_settings, backbone_frozen=False), by="schedule")
        elif not epoch and settings.warmup_epochs and trainer.step:  # the first of them begins frozen
            trainer.apply(replace(trainer.live_settings, backbone_frozen=True), by="schedule")
        if epoch >= settings.warmup_epochs and settings.optimizer == "restarted":
            for learner in (each for one in trainer.learners for each in one.family):
                lr = learner.settings(trainer.live_settings).lr
                learner.optimizer = optimizer_of(learner.network, settings, lr=lr, weight_decay=0.0)
