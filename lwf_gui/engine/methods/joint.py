"""Joint training: the usual upper bound, which trains on the images of all tasks seen so far.

With every mini-batch of the new task come images of all earlier tasks, in the share of their sizes, so that one epoch
passes once over every image of all tasks: the same epochs as the other methods, and more images per step. Every epoch
has an order of its own for the earlier images. The loss is the cross-entropy over all classes seen so far; as in the
other methods, the network starts a task from what it was after the last one.

Source: the "joint" or "multitask" bound of Li & Hoiem 2016, section 4, and of van de Ven et al. 2022.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor

from lwf_gui.engine.methods.base import Context, Method, Pulls, State, Task, Terms, entropy, image_bytes
from lwf_gui.engine.methods.mixing import MIXED_TERMS, mixed_pulls, mixed_terms
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.groups import Group
from lwf_gui.streams import EARLIER_IMAGES


class Joint(Method):
    """Minimises the cross-entropy of new and earlier images together."""

    terms: ClassVar[tuple[str, ...]] = MIXED_TERMS

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        self._task: Task | None = None
        self._earlier: Split | None = None
        self._learnt = 0
        """Bytes of the task's own images once it is learnt."""
        self._done = 0
        self._drawn: tuple[int, Tensor] | None = None

    def begin_task(self, task: Task) -> None:
        """Take the images of all earlier tasks; nothing was trained of this one yet."""
        self._task, self._learnt, self._done, self._drawn = task, 0, 0, None
        if len(task.past) > 1:
            pixels = torch.cat([split.pixels for split in task.past])
            self._earlier = Split(pixels, torch.cat([split.targets for split in task.past]), task.train.peak)
        else:
            self._earlier = task.past[0] if task.past else None

    def batch(self, batch: Batch) -> tuple[Batch, ...]:
        """Return the mini-batch and its share of the earlier images: the next ones of the epoch's order."""
        task, earlier = self._task, self._earlier
        if task is None or earlier is None:
            return (batch,)
        epoch, first = divmod(self._done, len(task.train))
        last = first + len(batch.numbers)
        self._done += len(batch.numbers)
        # After n of N new images, n / N of the earlier ones have been seen, rounded down.
        start, end = (len(earlier) * done // len(task.train) for done in (first, last))
        numbers = self._order(epoch, task, len(earlier))[start:end]
        return (batch, Batch(earlier, numbers)) if len(numbers) else (batch,)

    def losses(self, context: Context) -> Terms:
        """Return CE of the new images, that of the earlier ones, and their mean over all images."""
        return mixed_terms(context)

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return CE of the new images and of the earlier ones."""
        return mixed_pulls(terms)

    def end_task(self, task: Task, network: Network) -> None:
        """Count a task's images among those that later tasks need."""
        self._learnt = image_bytes(task.train)

    def state(self) -> State:
        """Return how many images of the task have been trained on: the images themselves are the data set's."""
        return {"done": self._done}

    def load_state(self, state: State) -> None:
        """Go on after so many images."""
        done = state["done"]
        assert isinstance(done, int)
        self._done = done

    @property
    def stored_bytes(self) -> int:
        """Return the bytes of all images of the tasks that are learnt, with their labels."""
        return self._learnt + (0 if self._earlier is None else image_bytes(self._earlier))

    def _order(self, epoch: int, task: Task, images: int) -> Tensor:
        """Return the numbers of all earlier images, shape (images,), in an epoch's order."""
        if self._drawn is None or self._drawn[0] != epoch:
            generator = torch.Generator().manual_seed(entropy(self.seed, EARLIER_IMAGES, task.number, epoch))
            self._drawn = (epoch, torch.randperm(images, generator=generator))
        return self._drawn[1]
