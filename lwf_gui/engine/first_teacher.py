"""The base task: one network for all learners learns it, or comes from the cache, and becomes the first teacher."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import torch

from lwf_gui.control import StopOnly
from lwf_gui.engine.evaluation import Evaluation
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods import wants_path
from lwf_gui.engine.methods.base_task import BaseTask, WalkedBaseTask
from lwf_gui.engine.methods.importance import Weights, weights_of
from lwf_gui.engine.methods.walk import Way
from lwf_gui.engine.networks import Network, build
from lwf_gui.engine.optimizers import optimizer_of
from lwf_gui.engine.setup import Setup
from lwf_gui.engine.tasks import Order, generator
from lwf_gui.engine.teacher_cache import Kept, TeacherFile, Training, UnusableTeacher, teacher_file
from lwf_gui.messages import TEACHER, Message, Notice, Progress, Steps
from lwf_gui.reasons import reason
from lwf_gui.recipe import LiveSettings


def digest_of(network: Network) -> str:
    """Return the SHA-256 of a network's weights: of each tensor's name, type, shape and bytes, in the order of names.

    Two runs with the same digest have the same first teacher to the last bit.
    """
    digest = hashlib.sha256()
    for name, tensor in sorted(network.state_dict().items()):
        values = tensor.detach().cpu().contiguous()
        digest.update(f"{name} {values.dtype} {tuple(values.shape)}\n".encode())
        digest.update(values.numpy().tobytes())
    return digest.hexdigest()


class FirstTeacher:
    """Trains the first teacher of a run, or finds it in the cache; ``fingerprint`` is that of the images."""

    def __init__(self, setup: Setup, evaluation: Evaluation, fingerprint: str, live_settings: LiveSettings) -> None:
        self._setup, self._evaluation, self._fingerprint = setup, evaluation, fingerprint
        self.live_settings = live_settings
        """As the user's hand left them."""

    def learnt(self) -> tuple[Learner, bool]:
        """Return the learner of the base task, trained, and whether it came from the cache.

        Its task knows the way on which it was learnt, if one of the run's methods wants that.
        """
        setup, recipe, settings = self._setup, self._setup.recipe, self._setup.recipe.task1
        height, width = setup.tasks.train[0].pixels.shape[-2:]
        classes, stream = setup.scenario.seen(0), generator(recipe.seed, "teacher")
        network = setup.compute.placed(build(recipe.model, height, width, classes, stream))
        optimizer, base = optimizer_of(network, settings, lr=settings.lr), setup.for_methods[0]
        method = WalkedBaseTask(None, recipe.seed) if wants_path(recipe) else BaseTask(None, recipe.seed)
        learner, start = Learner(TEACHER, network, optimizer, method, None, base), weights_of(network)
        file = teacher_file(recipe, self._fingerprint, setup.compute)
        kept = self._kept(file, network, path=method.wants_path)
        omega = self._made(learner, file) if kept is None else kept.path
        for message in () if kept is None or setup.job.fork else kept.messages:
            setup.emit(message)
        if method.wants_path:
            # In the order of the layers, which a file has not: sums over them shall be the same to the last bit.
            omega = {name: torch.empty_like(at).copy_(omega[name]) for name, at in start.items()}
            learner.task = replace(base, path=Way(omega, start))
        return learner, kept is not None

    def _made(self, learner: Learner, file: TeacherFile) -> Weights:
        """Train the teacher and keep it for other runs; return the path integral of its training, if it is known."""
        told = self._train(learner)
        path = learner.method.walk.way.omega if isinstance(learner.method, WalkedBaseTask) else {}
        try:
            file.save(learner.network, told, path)
        except OSError as error:
            text = f"The teacher was not kept for the next run: {reason(error)}."
            self._setup.emit(Notice(self._setup.run_id, text))
        return path

    def _kept(self, file: TeacherFile, network: Network, *, path: bool) -> Kept | None:
        """Fill the teacher from the cache and return what else is kept; None where it must be trained."""
        setup, tasks = self._setup, self._setup.tasks
        axis, images, classes = setup.base, len(tasks.probe), len(tasks.classes)
        training = Training(axis.steps, axis.per_epoch(0), images, classes, tasks.scenario.seen(0))
        try:
            return file.load(network, training, setup.run_id, path=path)
        except UnusableTeacher as error:
            text = f"The teacher that was kept from an earlier run is not used: its file {error}. It is trained again."
            setup.emit(Notice(setup.run_id, text))
            return None

    def _train(self, learner: Learner) -> list[Message]:
        """Train a learner on the base task; return what was told meanwhile. A fork has told it before."""
        setup, told = self._setup, list[Message]()
        again = setup.job.fork is not None

        def tell(message: Message) -> None:
            told.append(message)
            if not again:
                setup.emit(message)
            elif isinstance(message, Steps):
                done = message.first + len(message.losses) - 1
                what = "Training the teacher again"
                setup.emit(Progress(setup.run_id, what, done, trainer.axis.steps, "steps"))

        control = StopOnly(setup.job.control) if again else None
        trainer = setup.trainer("base", [learner], self.live_settings, control=control, emit=tell)
        trainer.start()
        order = Order(len(setup.tasks.train[0]), generator(setup.recipe.seed, "task1 order"))
        for epoch in range(trainer.axis.epochs(0)):
            setup.log(f"Epoch {epoch + 1}\n---------------------------", tell)
            trainer.run_epoch(order(epoch))
            self._evaluation.log_base(learner, tell)
        self.live_settings = trainer.live_settings  # sliders that moved meanwhile
        return told
