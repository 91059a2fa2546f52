"""Rehearsal: what all methods share that store images of a task once it is learnt and train on them later."""

from __future__ import annotations

from typing import ClassVar

from lwf_gui.engine.methods.base import Method, State, Task
from lwf_gui.engine.methods.buffer import Buffer
from lwf_gui.engine.methods.mixing import MIXED_TERMS
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.groups import Group
from lwf_gui.method_rows.rehearsal import Replay as Settings


class Rehearsal(Method):
    """Every step gets stored images beside the new ones; what is minimised, `losses` says."""

    terms: ClassVar[tuple[str, ...]] = MIXED_TERMS

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self.buffer = Buffer(settings.per_class, seed)
        self._mix = settings.mix
        self._images = 0
        """Training images of the task that is learnt."""

    @property
    def memory(self) -> Split | None:
        """The stored images."""
        return self.buffer.memory

    def begin_task(self, task: Task) -> None:
        """Count a task's images."""
        self._images = len(task.train)

    def batch(self, batch: Batch) -> tuple[Batch, ...]:
        """Return the mini-batch and stored images, each drawn at random, with repetition."""
        return (batch, *self.buffer.draw(self.amount(batch)))

    def amount(self, batch: Batch) -> int:
        """Return how many stored images go with a mini-batch of new ones."""
        new = len(batch.numbers)
        if self._mix == "half" or self.memory is None:
            return new
        return max(1, round(new * len(self.memory) / self._images))

    def end_task(self, task: Task, network: Network) -> None:
        """Store images of every class of a task, the same number of each as far as there are so many."""
        self.buffer.store(task)

    def state(self) -> State:
        """Return the stored images and how many steps have drawn from them."""
        return self.buffer.state()

    def load_state(self, state: State) -> None:
        """Take stored images and steps."""
        self.buffer.load_state(state)

    @property
    def stored_bytes(self) -> int:
        """Return the bytes of the stored images with their labels."""
        return self.buffer.nbytes
