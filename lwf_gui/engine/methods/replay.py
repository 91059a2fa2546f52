"""Experience replay: a small balanced memory of earlier classes, mixed half and half into every mini-batch.

Source: Chaudhry et al. 2019, *On Tiny Episodic Memories in Continual Learning* (arXiv 1902.10486), algorithm 1: each
step minimises the loss on the union of the new mini-batch and as many images drawn from the memory. The memory is
filled class by class at the end of a task, here by a seeded choice. Published there: a batch from the memory of the
size of the new one; 1 to 20 images a class.
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
from lwf_gui.method_rows.rehearsal import Replay as Settings

CHOICE, DRAW = 1, 2
"""What is drawn: the images that are kept, and those of a step."""


class Replay(Method):
    """Minimises the cross-entropy, over all classes seen so far, of the new mini-batch and as many stored images."""

    terms: ClassVar[tuple[str, ...]] = MIXED_TERMS

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self.per_class = settings.per_class
        self.memory: Split | None = None
        """The stored images of all earlier classes."""
        self._steps = 0
        self._draw = torch.Generator()
        self._base = entropy(seed, DRAW)

    def batch(self, batch: Batch) -> tuple[Batch, ...]:
        """Return the mini-batch and as many stored images, each drawn at random, with repetition."""
        if self.memory is None:
            return (batch,)
        # A seed for every step, so that a step that is done again draws the same without any state but its number.
        self._draw.manual_seed(self._base + self._steps)
        self._steps += 1
        numbers = torch.randint(len(self.memory), (len(batch.numbers),), generator=self._draw)
        return batch, Batch(self.memory, numbers)

    def losses(self, context: Context) -> Terms:
        """Return CE of the new images, that of the stored ones, and their mean over all images."""
        return mixed_terms(context)

    def pulls(self, context: Context, terms: Terms) -> Pulls:
        """Return CE of the new images and of the stored ones."""
        return mixed_pulls(terms)

    def end_task(self, task: Task, network: Network) -> None:
        """Store images of every class of a task, the same number of each as far as there are so many."""
        chosen = self._chosen(task)
        pixels, targets = task.train.pixels[chosen], task.train.targets[chosen]
        if self.memory is not None:
            pixels, targets = torch.cat((self.memory.pixels, pixels)), torch.cat((self.memory.targets, targets))
        self.memory = Split(pixels, targets, task.train.peak)

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
            self.memory = Split(pixels, targets, peak)

    @property
    def stored_bytes(self) -> int:
        """Return the bytes of the stored images with their labels."""
        return 0 if self.memory is None else image_bytes(self.memory)

    def _chosen(self, task: Task) -> Tensor:
        """Return the numbers of the images of a task that are stored, class by class."""
        generator = torch.Generator().manual_seed(entropy(self.seed, CHOICE, task.number))
        labels = task.train.targets.cpu()
        kept = []
        for unit in range(task.earlier, task.seen):
            there = torch.nonzero(labels == unit).flatten()
            kept.append(there[torch.randperm(len(there), generator=generator)[: self.per_class]])
        return torch.cat(kept).to(task.train.targets.device)
