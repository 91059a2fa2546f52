"""LwF with learnable drift compensation: the backbone goes on learning, and the statistics of old classes move along.

The network trains by LwF with the cross-entropy over the new classes. It answers by linear discriminant analysis (see
`lwf_gui.engine.methods.slda`), whose means mu_k and within-class scatter S are of the features as they were when a
class was learnt: in the cnn of the pooled convolutions, else of the last hidden layer. After every task the map from
old to new features is fitted by ridge on N images: the new task's, and others mixed from these at random,

    x_new = A x_old + b + r,   least sum |r|^2 + lambda N |A - I|^2

and the statistics of the n old images go through it: mu_k <- A mu_k + b, S <- A S A^T + n Cov(r). The new classes' own
are added. Where the new images show no drift, the map is the identity; what it cannot tell, r, widens the covariance.
Means and covariance must go through the same map. A discriminant analysis stays the same when all features go through
a linear map, so that errors that both share do little; means alone cost three points and more, and with none of them
moved everything collapses. From a task's first step to its last, the network's own head answers. Published: a linear
map trained by Adam, on means alone, for a nearest-mean classifier; here it is ridge, with the covariance moved too.

Two things decide how far that carries, measured on five tasks of two classes in several orders. The new images alone
say nothing of directions that only old classes have: from nothing to 15 points are lost, by the order. Mixed images
(see `lwf_gui.engine.methods.mixed_images`) look in such directions, and no image need be kept for them. And the last
hidden layer drifts along no linear map, while the pooled convolutions, which are averages of local features, nearly do.
A backbone that learns at a share of the learning rate drifts less.

Source: Gomez-Villa, Goswami, Wang, Bagdanov, Twardowski & van de Weijer 2024, "Exemplar-free continual representation
learning via learnable drift compensation" (2407.08536).
"""

from __future__ import annotations

import copy
import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.nn import functional

from lwf_gui.engine.losses import lwf_terms
from lwf_gui.engine.methods.analytic import exact, spread
from lwf_gui.engine.methods.base import Context, Means, State, Task, Terms, entropy, image_bytes
from lwf_gui.engine.methods.extractor import with_convolutions
from lwf_gui.engine.methods.lwf import Lwf
from lwf_gui.engine.methods.mixed_images import mixed_images
from lwf_gui.engine.methods.ncm import class_means
from lwf_gui.engine.methods.slda import add_moments, discriminants, within_covariance
from lwf_gui.engine.methods.sums import Sums
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Split
from lwf_gui.groups import Group
from lwf_gui.method_rows.statistics import LwfLdc as Settings

Tensors = dict[str, Tensor]

AT_ONCE = 1000
"""Images whose features are taken together: a product of as many rows is faster than many small ones."""


class LwfLdc(Lwf):
    """LwF below a head of linear discriminant analysis whose statistics follow the backbone."""

    ends_at_precision: ClassVar[bool] = True
    end_words: ClassVar[str] = "moves its statistics along"

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self._own = settings
        self.own_features = settings.features != "fc"
        self.statistics: Tensors = {}
        """By class "count" and "mean", shape (units, D), and the "scatter" of all, shape (D, D), float64."""
        self._head: Tensors = {}
        self._old: Tensors = {}
        """The backbone's weights after the last task: those of its teacher, which never change."""
        self._learning = False
        self._images = 0
        """Bytes of the images that the oracle needs."""

    def features(self, network: Network, images: Tensor) -> Tensor:
        """Return the last hidden layer, which trains; where it is only looked, what the statistics are of."""
        looked = not torch.is_grad_enabled()
        return self._read(network.backbone, images) if looked else super().features(network, images)

    def losses(self, context: Context) -> Terms:
        """Return LwF's terms, with CE over the new classes."""
        live = replace(context.live, ce_scope="new")
        return lwf_terms(context.logits, context.targets, context.soft, live)._asdict()

    def shares(self, network: Network) -> Mapping[Tensor, float]:
        """Return the backbone's share of the learning rate."""
        return dict.fromkeys(network.backbone.parameters(), self._own.backbone_rate)

    def after_step(self, context: Context) -> None:
        """Answer by the network's own head until the task is over: the statistics are of features that were."""
        self._learning = True

    @torch.no_grad()
    def end_task(self, task: Task, network: Network) -> None:
        """Move the statistics along, add those of the new classes, and work out the head."""
        splits: Sequence[Split] = (task.train,)
        if self._own.moved == "oracle":
            self.statistics, splits = {}, (*task.past, task.train)
            self._images = sum(map(image_bytes, splits))
        elif self.statistics and self._own.moved != "none":
            self._move(drift(self._pairs(task, network), self._own.ridge))
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
            return network.head(features[:, : network.hidden])
        with exact(features):
            scores = functional.linear(self.placed(features).float(), self._head["weight"], self._head["bias"])
        return spread(scores, self._head["units"], network.classifier.out_features)

    def means(self) -> Means:
        """Return the class means, as they were learnt or moved last: while a task is learnt they stay behind."""
        return Means(torch.nonzero(self.statistics["count"]).flatten(), self.statistics["mean"])

    def placed(self, features: Tensor) -> Tensor:
        """Return the part of features that the statistics are of: the last D."""
        return features[:, -self.statistics["mean"].shape[1] :]

    def _read(self, backbone: nn.Module, images: Tensor) -> Tensor:
        """Return all that head and statistics read: the last hidden layer, and then the pooled convolutions."""
        return with_convolutions(backbone, images) if self._own.features != "fc" else backbone(images)

    def _features(self, backbone: nn.Module, images: Tensor, hidden: int) -> Tensor:
        """Return what the statistics are of, shape (N, D)."""
        read = self._read(backbone, images)
        return read[:, hidden:] if self._own.features == "conv" and read.shape[1] > hidden else read

    def _pairs(self, task: Task, network: Network) -> Iterator[tuple[Tensor, Tensor]]:
        """Yield the features of images as they were before the task and as they are, each of shape (B, D)."""
        old = copy.deepcopy(network.backbone)
        old.load_state_dict(self._old)
        random = torch.Generator().manual_seed(entropy(self.seed, task.number))
        own = (batch.images for batch in task.train.batches(AT_ONCE))
        for images in itertools.chain(own, mixed_images(task.train, self._own.mixed, AT_ONCE, random)):
            before, after = (self._features(each, images, network.hidden) for each in (old, network.backbone))
            yield before, after

    def _move(self, found: Drift) -> None:
        """Send means through the map, and the scatter too unless the settings leave it where it was."""
        weight, moved = found.weight, dict(self.statistics)
        moved["mean"] = moved["mean"] @ weight.T + found.bias
        if self._own.moved == "all":
            moved["scatter"] = weight @ moved["scatter"] @ weight.T + moved["count"].sum() * found.rest
        self.statistics = moved

    def _add(self, split: Split, network: Network, classes: int) -> None:
        """Add count, mean and scatter of a split's classes."""
        sums = Sums()
        for batch in split.batches(AT_ONCE):
            features = self._features(network.backbone, batch.images, network.hidden)
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
        return {**tensors, "learning": int(self._learning), "images": self._images}

    def load_state(self, state: State) -> None:
        """Go on from such a state."""

        def part(prefix: str) -> Tensors:
            named = ((name.removeprefix(prefix), value) for name, value in state.items() if name.startswith(prefix))
            return {name: value for name, value in named if isinstance(value, Tensor)}

        self.statistics, self._head, self._old = part("statistics."), part("head."), part("old.")
        self._learning, self._images = bool(state["learning"]), int(state["images"])

    @property
    def stored_bytes(self) -> int:
        """Return the bytes of statistics and head, of the oracle's images too; the old weights are its teacher's."""
        parts = (self.statistics, self._head)
        return self._images + sum(tensor.nbytes for named in parts for tensor in named.values())


@dataclass(frozen=True, eq=False)
class Drift:
    """x_new = A x_old + b + r: A, shape (D, D), b, shape (D,), and the covariance of r, shape (D, D), float64."""

    weight: Tensor
    bias: Tensor
    rest: Tensor


def drift(pairs: Iterator[tuple[Tensor, Tensor]], ridge: float) -> Drift:
    """Return the map between pairs of old and new features that come batch by batch, each of shape (B, D).

    Sums of products are of float32, where the features are no float64: these products are nearly all of the time, and
    would take twice as long. They are taken about the first batch's means, so that no digits are lost.
    """
    moments = Moments()
    for before, after in pairs:
        with exact(before):
            moments.add(before, after)
    with exact(moments.squares):
        x, d, square, cross, change = moments.means()
        regular = square + ridge * torch.eye(len(x), dtype=x.dtype, device=x.device)
        weight = torch.linalg.solve(regular, cross).T
        told = weight @ cross
        rest = change - told - told.T + weight @ square @ weight.T
        bias = d - weight @ x
        weight.diagonal().add_(1)
        return Drift(weight, bias, rest)


class Moments:
    """Sums over pairs of old features x and their changes d: the map less the identity is fitted to these."""

    squares: Tensor
    """Sums of x'x, x'd and d'd about the first batch's means, shape (3, D, D)."""

    def __init__(self) -> None:
        self._count = 0

    def add(self, before: Tensor, after: Tensor) -> None:
        """Add pairs, each of shape (B, D)."""
        kind = torch.promote_types(before.dtype, torch.float32)
        x, d = before.to(kind), after.to(kind)
        d = d - x
        if not self._count:
            self._centres = x.mean(0), d.mean(0)
            self._sums = torch.zeros(2, x.shape[1], dtype=torch.float64, device=x.device)
            self.squares = torch.zeros(3, x.shape[1], x.shape[1], dtype=kind, device=x.device)
        x, d = x - self._centres[0], d - self._centres[1]
        self._count += len(x)
        self._sums += torch.stack((x.sum(0), d.sum(0)))
        for whole, (one, other) in zip(self.squares, ((x, x), (x, d), (d, d)), strict=True):
            whole.addmm_(one.T, other)

    def means(self) -> tuple[Tensor, Tensor, Tensor, Tensor, Tensor]:
        """Return the means of x and of d, shape (D,), and the covariances of x, of x and d, and of d, float64."""
        x, d = self._sums / self._count  # about the centres
        pairs = ((x, x), (x, d), (d, d))
        covariances = [
            whole.double() / self._count - torch.outer(*means) for whole, means in zip(self.squares, pairs, strict=True)
        ]
        return x + self._centres[0], d + self._centres[1], *covariances
