"""Analytic heads: statistics of a frozen network's features from which a head is worked out, with no gradient at all.

Every training image of a task is seen once, in the task's first epoch, and leaves its share in sums alone: no image is
kept. The head is worked out anew as the images seen of a task grow by half (a dear one more seldom), and when the first
epoch is over: at fixed steps, whoever looks, so that a run is the same with and without a look. The loss that is shown
is the cross-entropy of the head's answers on each mini-batch, before that is learnt; nothing minimises it.
"""

from __future__ import annotations

from typing import ClassVar

import torch
from torch import Tensor
from torch.nn import functional

from lwf_gui.engine.methods.base import Context, Method, State, Task, Terms, Trains
from lwf_gui.engine.methods.extractor import Extractor
from lwf_gui.engine.methods.sums import Sums
from lwf_gui.engine.networks import Network
from lwf_gui.groups import Group
from lwf_gui.method_rows.statistics import Features

BASE_BATCH = 250
"""Images of the base task at a time."""

GROWTH = 1.5
"""The head is worked out anew when so many times the images of the task have been seen as at the last time."""


class Analytic(Method):
    """A head of statistics: subclasses say what is summed (`learn`), and what head comes of it (`solve`, `score`)."""

    terms: ClassVar[tuple[str, ...]] = ("ce", "total")
    trains: ClassVar[Trains] = "nothing"
    ends_at_precision: ClassVar[bool] = True
    patience: int = 0
    """Images of the task at least between two heads: more than 0 where working one out is dear."""

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Features)
        self._extractor = Extractor(settings, seed)
        self.own_features = self._extractor.is_own
        self.sums = Sums()
        self.head: dict[str, Tensor] = {}
        """What `score` reads; "units" are the classes of which there was an image, in the order of its columns."""
        self.classes = 0
        """Output units up to the task's last one."""
        self.seen = 0
        """Images of the task that have been learnt."""
        self._left, self._due = 0, 1

    # ---- what a subclass fills in

    def learn(self, features: Tensor, targets: Tensor) -> None:
        """Add to the sums: features, shape (N, D), float32, and output units, shape (N,)."""
        raise NotImplementedError

    def solve(self) -> dict[str, Tensor]:
        """Return the head that the sums give; "units" among it."""
        raise NotImplementedError

    def score(self, features: Tensor) -> Tensor:
        """Return logits, shape (N, units), float32, by the head as it is."""
        return functional.linear(features, self.head["weight"], self.head["bias"])

    def pass_over(self) -> None:
        """Every image of the task has been seen."""

    # ---- hooks

    def features(self, network: Network, images: Tensor) -> Tensor:
        """Return what the extractor reads of images."""
        return self._extractor(network, images)

    def begin_task(self, task: Task) -> None:
        """Expect the images of a task, each once."""
        self._expect(task)

    def _expect(self, task: Task) -> None:
        self.classes, self.seen, self._left, self._due = task.seen, 0, len(task.train), 1

    def losses(self, context: Context) -> Terms:
        """Return the cross-entropy of the head's answers, for show: nothing minimises it."""
        ce = functional.cross_entropy(context.logits.detach().float(), context.targets)
        return {"ce": ce, "total": ce}

    @torch.no_grad()
    def after_step(self, context: Context) -> None:
        """Learn the mini-batch, if the task's first epoch is under way."""
        if not self._left:
            return
        self._add(context.features[: self._left], context.targets[: self._left])
        self._left -= min(self._left, len(context.features))
        if not self._left:
            self._end_pass()
        elif self.seen >= self._due:
            self._work_out()

    @torch.no_grad()
    def end_task(self, task: Task, network: Network) -> None:
        """Learn the base task, whose steps this method has not seen; or end a first epoch that was cut short."""
        if not task.number:
            self._expect(task)
            for batch in task.train.batches(BASE_BATCH):
                self._add(self.features(network, batch.images), batch.targets)
        if self._left:
            self._left = 0
            self._end_pass()

    @torch.no_grad()
    def answers(self, network: Network, features: Tensor) -> Tensor:
        """Return the head's logits; a class of which there was no image gets an image's lowest."""
        with exact(features):
            scores = self.score(features.float())
        return spread(scores, self.head["units"], network.classifier.out_features)

    def _add(self, features: Tensor, targets: Tensor) -> None:
        with exact(features):
            self.learn(features.float(), targets)
        self.seen += len(targets)

    def _end_pass(self) -> None:
        with exact(self.sums["count"]):
            self.pass_over()
        self._work_out()

    def _work_out(self) -> None:
        with exact(self.sums["count"]):
            self.head = self.solve()
        self._due = max(int(self.seen * GROWTH), self.seen + self.patience)

    # ---- state

    def state(self) -> State:
        """Return sums, head, and how much of the task's first epoch is over."""
        heads = {f"head.{name}": tensor for name, tensor in self.head.items()}
        return {**self.sums.hand_out(), **heads, "seen": self.seen, "left": self._left, "due": self._due}

    def load_state(self, state: State) -> None:
        """Go on from sums and a head that were handed out."""
        tensors = {name: value for name, value in state.items() if isinstance(value, Tensor)}
        self.head = {name[5:]: value for name, value in tensors.items() if name.startswith("head.")}
        self.sums.take({name: value for name, value in tensors.items() if not name.startswith("head.")})
        self.seen, self._left, self._due = (int(state[name]) for name in ("seen", "left", "due"))

    @property
    def stored_bytes(self) -> int:
        """Return the bytes of sums and head: no image is among them."""
        return self.sums.nbytes + sum(tensor.nbytes for tensor in self.head.values())


def spread(scores: Tensor, units: Tensor, outputs: int) -> Tensor:
    """Return scores, shape (N, units), as logits of all output units, shape (N, outputs): of the others the lowest."""
    return scores.amin(1, keepdim=True).repeat(1, outputs).index_copy_(1, units, scores)


def exact(features: Tensor) -> torch.autocast:
    """Return the context in which nothing is rounded to the networks' precision."""
    return torch.autocast(features.device.type, enabled=False)


def linear_head(weight: Tensor, bias: Tensor, units: Tensor) -> dict[str, Tensor]:
    """Return a linear head of float32: weight, shape (units, D), and bias, shape (units,)."""
    return {"weight": weight.float().contiguous(), "bias": bias.float(), "units": units}
