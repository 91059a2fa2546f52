"""LwF with learnable drift compensation: the backbone goes on learning, and the statistics of old classes move along.

The network trains by LwF with the cross-entropy over the new classes. It answers by linear discriminant analysis (see
`lwf_gui.engine.methods.slda`), whose means mu_k and within-class scatter S are of the features as they were when a
class was learnt. After every task the map from old to new features is fitted by ridge on the new task's images alone,

    x_new ~ A x_old + b,   least sum |A x_old + b - x_new|^2 + lambda N |A - I|^2

and the old classes' statistics go through it: mu_k <- A mu_k + b, S <- A S A^T. The new classes' own are added. Where
the new images show no drift, the map is the identity. A covariance that stays behind makes everything collapse, also
with means that moved. From a task's first step to its last, the network's own head answers. Published: a linear map
trained by Adam, on means alone, for a nearest-mean classifier; here it is ridge, with the covariance moved too.

Source: Gomez-Villa, Goswami, Wang, Bagdanov, Twardowski & van de Weijer 2024, "Exemplar-free continual representation
learning via learnable drift compensation" (2407.08536).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

import torch
from torch import Tensor
from torch.func import functional_call
from torch.nn import functional

from lwf_gui.engine.losses import lwf_terms
from lwf_gui.engine.methods.analytic import BASE_BATCH, exact, spread
from lwf_gui.engine.methods.base import Context, Means, State, Task, Terms
from lwf_gui.engine.methods.lwf import Lwf
from lwf_gui.engine.methods.ncm import class_means
from lwf_gui.engine.methods.slda import add_moments, discriminants, within_covariance
from lwf_gui.engine.methods.sums import Sums
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.groups import Group
from lwf_gui.method_rows.statistics import LwfLdc as Settings

Tensors = dict[str, Tensor]


class LwfLdc(Lwf):
    """LwF below a head of linear discriminant analysis whose statistics follow the backbone."""

    ends_at_precision: ClassVar[bool] = True

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self._own = settings
        self.statistics: Tensors = {}
        """By class "count" and "mean", shape (units, D), and the "scatter" of all, shape (D, D), float64."""
        self._head: Tensors = {}
        self._old: Tensors = {}
        """The backbone's weights after the last task: those of its teacher, which never change."""
        self._learning = False

    def losses(self, context: Context) -> Terms:
        """Return LwF's terms, with CE over the new classes."""
        live = replace(context.live, ce_scope="new")
        return lwf_terms(context.logits, context.targets, context.soft, live)._asdict()

    def after_step(self, context: Context) -> None:
        """Answer by the network's own head until the task is over: the statistics are of features that were."""
        self._learning = True

    @torch.no_grad()
    def end_task(self, task: Task, network: Network) -> None:
        """Move the statistics along, add those of the new classes, and work out the head."""
        splits: Sequence[Split] = (task.train,)
        if self._own.moved == "oracle":
            self.statistics, splits = {}, (*task.past, task.train)
        elif self.statistics and self._own.moved != "none":
            self._move(*drift(self._pairs(task.train, network), self._own.ridge))
        for split in splits:
            self._add(split, network, task.seen)
        mean, count = self.statistics["mean"], self.statistics["count"]
        with exact(mean):
            covariance = self.statistics["scatter"] / count.sum()
            self._head = discriminants(mean, torch.nonzero(count).flatten(), covariance, self._own.shrinkage)
        self._old = {name: weight.detach() for name, weight in network.backbone.named_parameters()}
        self._learning = False

    @torch.no_grad()
    def answers(self, network: Network, features: Tensor) -> Tensor:
        """Return the discriminants' logits; while a task is under way, those of the network's own head."""
        if self._learning or not self._head:
            return network.head(features)
        with exact(features):
            scores = functional.linear(features.float(), self._head["weight"], self._head["bias"])
        return spread(scores, self._head["units"], network.classifier.out_features)

    def means(self) -> Means:
        """Return the class means, as they were learnt or moved last: while a task is learnt they stay behind."""
        return Means(torch.nonzero(self.statistics["count"]).flatten(), self.statistics["mean"])

    def _pairs(self, split: Split, network: Network) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the features of images as they were before the task and as they are, each of shape (B, D)."""
        for batch in split.batches(BASE_BATCH):
            yield functional_call(network.backbone, self._old, (batch.images,)), network.backbone(batch.images)

    def _move(self, weight: Tensor, bias: Tensor) -> None:
        """Send means through the map, and the scatter too unless the settings leave it where it was."""
        moved = dict(self.statistics)
        moved["mean"] = moved["mean"] @ weight.T + bias
        if self._own.moved == "all":
            moved["scatter"] = weight @ moved["scatter"] @ weight.T
        self.statistics = moved

    def _add(self, split: Split, network: Network, classes: int) -> None:
        """Add count, mean and scatter of a split's classes."""
        sums = Sums()
        for batch in split.batches(BASE_BATCH):
            features = _features(network, batch)
            with exact(features):
                add_moments(sums, features, batch.targets, classes)
        with exact(sums["sum"]):
            means, units = class_means(sums)
            scatter = within_covariance(sums) * sums["count"].sum()
        new = {"count": sums["count"][units], "mean": means, "scatter": scatter}
        old = self.statistics or {name: value[:0] for name, value in new.items()}
        self.statistics = {name: torch.cat((old[name], new[name])) for name in ("count", "mean")}
        self.statistics["scatter"] = old["scatter"] + scatter if len(old["scatter"]) else scatter

    def state(self) -> State:
        """Return statistics, head, and the weights that the next map begins at."""
        parts = {"statistics": self.statistics, "head": self._head, "old": self._old}
        tensors = {f"{part}.{name}": value for part, named in parts.items() for name, value in named.items()}
        return {**tensors, "learning": int(self._learning)}

    def load_state(self, state: State) -> None:
        """Go on from such a state."""

        def part(prefix: str) -> Tensors:
            named = ((name.removeprefix(prefix), value) for name, value in state.items() if name.startswith(prefix))
            return {name: value for name, value in named if isinstance(value, Tensor)}

        self.statistics, self._head, self._old = part("statistics."), part("head."), part("old.")
        self._learning = bool(state["learning"])

    @property
    def stored_bytes(self) -> int:
        """Return the bytes of statistics and head; the old weights are its teacher's, which counts for no method."""
        parts = (self.statistics, self._head)
        return sum(tensor.nbytes for named in parts for tensor in named.values())


def _features(network: Network, batch: Batch) -> Tensor:
    features: Tensor = network.backbone(batch.images)
    return features


def drift(pairs: Iterator[tuple[Tensor, Tensor]], ridge: float) -> tuple[Tensor, Tensor]:
    """Return A, shape (D, D), and b, shape (D,), float64, of pairs of old and new features, batch by batch."""
    count, old_sum, new_sum, square, cross = 0, *(torch.zeros((), dtype=torch.float64) for _ in range(4))
    for before, after in pairs:
        with exact(before):
            x, y = before.double(), after.double()
            count += len(x)
            old_sum, new_sum = old_sum + x.sum(0), new_sum + y.sum(0)
            square, cross = square + x.T @ x, cross + x.T @ (y - x)  # the map less the identity is fitted
    with exact(square):
        x, y = old_sum / count, new_sum / count
        square = square / count - torch.outer(x, x)
        cross = cross / count - torch.outer(x, y - x)
        square.diagonal().add_(ridge)
        weight = torch.linalg.solve(square, cross).T
        weight.diagonal().add_(1)
        return weight, y - weight @ x
