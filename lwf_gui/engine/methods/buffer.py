"""A buffer of stored training images: balanced, class by class, never of test images.

Which images of a task are stored is drawn from the run's seed and the task alone, so that all methods that store as
many images a class store the same ones, whatever their networks became.
"""

from __future__ import annotations

from weakref import WeakValueDictionary

import torch
from torch import Tensor

from lwf_gui.engine.methods.base import State, Task, entropy, image_bytes
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.streams import DRAWN_IMAGES, STORED_IMAGES

_splits: WeakValueDictionary[int, Split] = WeakValueDictionary()
"""By the identity of their pixels, which live as long as they do."""


class Buffer:
    """Stored images of learnt classes, ``per_class`` of each as far as there are so many."""

    def __init__(self, per_class: int, seed: int) -> None:
        self.per_class = per_class
        self.memory: Split | None = None
        """All that is stored, in the order of the classes."""
        self._seed = seed
        self._steps = 0
        self._draw = torch.Generator()
        self._base = entropy(seed, DRAWN_IMAGES)

    def store(self, task: Task, numbers: Tensor | None = None) -> None:
        """Store images of a task, by number, shape (images,): those of `choice` if none are named."""
        chosen = (self.choice(task) if numbers is None else numbers).to(task.train.targets.device)
        pixels, targets = task.train.pixels[chosen], task.train.targets[chosen]
        if self.memory is not None:
            pixels, targets = torch.cat((self.memory.pixels, pixels)), torch.cat((self.memory.targets, targets))
        self.memory = _split(pixels, targets, task.train.peak)

    def choice(self, task: Task) -> Tensor:
        """Return the numbers of images of a task, shape (images,), drawn class by class."""
        generator = torch.Generator().manual_seed(entropy(self._seed, STORED_IMAGES, task.number))
        labels = task.train.targets.cpu()
        kept = []
        for unit in range(task.earlier, task.seen):
            there = torch.nonzero(labels == unit).flatten()
            kept.append(there[torch.randperm(len(there), generator=generator)[: self.per_class]])
        return torch.cat(kept)

    def draw(self, images: int, times: int = 1) -> tuple[Batch, ...]:
        """Return that many stored images for a step, drawn at random with repetition, ``times`` over; none of none."""
        if self.memory is None:
            return ()
        # A seed for every step, so that a step that is done again draws the same without any state but its number.
        self._draw.manual_seed(self._base + self._steps)
        self._steps += 1
        numbers = [torch.randint(len(self.memory), (images,), generator=self._draw) for _ in range(times)]
        return tuple(Batch(self.memory, drawn) for drawn in numbers)

    def state(self) -> State:
        """Return the stored images and how many steps have drawn from them."""
        if self.memory is None:
            return {"steps": self._steps}
        memory = self.memory
        return {"steps": self._steps, "pixels": memory.pixels, "targets": memory.targets, "peak": memory.peak}

    def load_state(self, state: State) -> None:
        """Take stored images and steps."""
        steps, peak = state["steps"], state.get("peak")
        assert isinstance(steps, int)
        self._steps, self.memory = steps, None
        if peak is not None:
            pixels, targets = state["pixels"], state["targets"]
            assert isinstance(pixels, Tensor)
            assert isinstance(targets, Tensor)
            assert isinstance(peak, int)
            self.memory = _split(pixels, targets, peak)

    @property
    def nbytes(self) -> int:
        """Bytes of the stored images with their labels."""
        return 0 if self.memory is None else image_bytes(self.memory)


def _split(pixels: Tensor, targets: Tensor, peak: int) -> Split:
    """Return the split of these very tensors, which are never changed: one, so that what was recorded of it is found.

    A teacher's answer that is worked out again in another mini-batch could differ in its last bit.
    """
    split = _splits.get(id(pixels))
    if split is None:
        split = _splits[id(pixels)] = Split(pixels, targets, peak)
    return split
