"""RanPAC: a random layer above the features of a frozen network, and a ridge regression onto the classes.

    h  = max(0, x P),  P of shape (D, M), each number normal with variance 1
    G  = sum_n h_n h_n^T,   C = sum_n h_n y_n^T   (y one-hot)
    W  = (G + lambda I)^-1 C,   logits = h W

G and C are sums over all images so far, whatever task they are of: so the head is that of all images at once, whoever
came first. The ridge lambda is chosen after every task among 10^-8 to 10^8, by the squared error on held-out training
images of the task: published on its last 20 %, fitted on its other 80 %. Here every fifth image is held out, 2,000 at
most, the fit is on all images so far without these, which then join them, and the way to the best lambda goes downhill
from the last one, one power of ten after another. Published settings: M = 10,000, a ViT-B/16 with adapters trained on
task 1.

Source: McDonnell, Gong, Parvaneh, Abbasnejad & van den Hengel 2023, "RanPAC: random projections and pre-trained models
for continual learning" (2307.02251), algorithm 1.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import torch
from torch import Tensor

from lwf_gui.engine.methods.analytic import Analytic
from lwf_gui.engine.methods.base import Means, State, entropy
from lwf_gui.engine.methods.kept import Kept
from lwf_gui.engine.methods.sums import one_hot
from lwf_gui.groups import Group
from lwf_gui.method_rows.statistics import Ranpac as Settings

PROJECTION = 4
"""What is drawn: the random layer."""

EVERY, MOST = 5, 2000
"""One in so many images of a task is held out, and so many at most."""

WIDEST = 8
"""The ridge is 10^-8 to 10^8."""

TOGETHER = 1000
"""Images whose products are summed at a time: with a mini-batch the processor would wait for the Gram matrix."""

LARGE = 100e6
"""Bytes of a Gram matrix from which the user is told before the run."""


class Ranpac(Analytic):
    """Sums the products of the random layer's outputs with each other, and by class."""

    def __init__(self, settings: Group | None, seed: int) -> None:
        super().__init__(settings, seed)
        assert isinstance(settings, Settings)
        self._units = settings.projection
        self._layer: Tensor | None = None
        self._exponent = 2
        """The ridge is 10 to the power of this."""
        self._held = Kept()
        """What is held out of the task under way."""
        self._waiting = Kept()
        """What is not summed yet."""
        self.patience = (self._units // 100) ** 2  # a head costs M^3 / 3 operations, an image's products M^2

    def learn(self, features: Tensor, targets: Tensor) -> None:
        """Add images to the sums, but for those that are held out."""
        places = torch.arange(self.seen, self.seen + len(targets), device=targets.device)
        out = (places % EVERY == EVERY - 1) & (places < EVERY * MOST)
        self._held.add(features[out], targets[out])
        self._waiting.add(features[~out], targets[~out])
        if len(self._waiting) >= TOGETHER or "count" not in self.sums:
            self._catch_up()

    def pass_over(self) -> None:
        """Choose the ridge, then learn what was held out."""
        self._catch_up()
        features, targets = self._held.take()
        if len(targets):
            hidden, wanted = self._hidden(features), one_hot(targets, self.classes, torch.float32)
            self._exponent = downhill(lambda power: self._error(power, hidden, wanted), self._exponent)
            self._sum(features, targets)

    def solve(self) -> dict[str, Tensor]:
        """Return the ridge regression's weights; what `learn` and `answers` project with comes along."""
        self._catch_up()
        weight = self._ridge(self._exponent)
        while weight is None:  # the smallest ridges of few images are lost in rounding
            self._exponent += 1
            weight = self._ridge(self._exponent)
        units = torch.nonzero(self.sums["count"]).flatten()
        return {"weight": weight[:, units].T.contiguous(), "units": units}

    def score(self, features: Tensor) -> Tensor:
        """Return the regression's outputs: 1 for a class, 0 for all others, as far as it can."""
        return self._hidden(features) @ self.head["weight"].T

    def means(self) -> Means:
        """Return the classes' means of the random layer's outputs, without those of images that are held out."""
        units = torch.nonzero(self.sums["count"]).flatten()
        return Means(units, self.sums["classes"][units] / self.sums["count"][units, None])

    def placed(self, features: Tensor) -> Tensor:
        """Return the random layer's outputs."""
        return self._hidden(features.float())

    def _catch_up(self) -> None:
        """Sum what waits."""
        if len(self._waiting):
            self._sum(*self._waiting.take())

    def _sum(self, features: Tensor, targets: Tensor) -> None:
        h, where = self._hidden(features), features.device
        own = one_hot(targets, self.classes, torch.float32)
        self.sums.mine("count", (self.classes,), torch.float32, where).add_(own.sum(0))
        self.sums.mine("gram", (self._units, self._units), torch.float32, where).addmm_(h.T, h)
        self.sums.mine("classes", (self.classes, self._units), torch.float32, where).addmm_(own.T, h)

    def _hidden(self, features: Tensor) -> Tensor:
        """Return the random layer's outputs, shape (N, M); the layer is drawn from the seed, and kept by nobody."""
        if self._layer is None:
            stream = torch.Generator().manual_seed(entropy(self.seed, PROJECTION))
            self._layer = torch.randn(features.shape[1], self._units, generator=stream).to(features.device)
        return torch.relu(features @ self._layer)

    def _ridge(self, power: int) -> Tensor | None:
        """Return W, shape (M, classes), for a ridge of 10^power; None where rounding leaves no solution."""
        ridged = self.sums["gram"].clone()
        ridged.diagonal().add_(10.0**power)
        factor, fault = torch.linalg.cholesky_ex(ridged)
        return None if fault else torch.cholesky_solve(self.sums["classes"].T, factor)

    def _error(self, power: int, hidden: Tensor, wanted: Tensor) -> float:
        """Return the mean squared error of a ridge on images that were held out."""
        weight = self._ridge(power)
        error = math.inf if weight is None else float((hidden @ weight - wanted).square().mean())
        return error if math.isfinite(error) else math.inf

    def state(self) -> State:
        """Return the sums, the head, the ridge, what is held out and what waits."""
        return {
            **super().state(),
            **self._held.state("held"),
            **self._waiting.state("waiting"),
            "exponent": self._exponent,
        }

    def load_state(self, state: State) -> None:
        """Go on from such a state."""
        self._held, self._waiting = Kept.of(state, "held"), Kept.of(state, "waiting")
        own = ("held.", "waiting.")
        super().load_state({name: value for name, value in state.items() if not name.startswith(own)})
        self._exponent = int(state["exponent"])

    @property
    def note(self) -> str:
        """Return what a large Gram matrix costs."""
        cost = 4 * self._units**2
        if cost < LARGE:
            return ""
        return (
            f"RanPAC keeps a Gram matrix of {self._units:,} x {self._units:,} numbers: {cost / 1e6:,.0f} MB, and three "
            "times that while its head is worked out."
        )

    @property
    def stored_bytes(self) -> int:
        """Return the bytes of sums, head, and what is held out and waits while a task is under way."""
        return super().stored_bytes + self._held.nbytes + self._waiting.nbytes


def downhill(error: Callable[[int], float], start: int) -> int:
    """Return the power of ten with the least error, by steps from the start that make it less."""
    best, least = start, error(start)
    while math.isinf(least) and best < WIDEST:  # rounding leaves no solution for so small a ridge
        best += 1
        least = error(best)
    start = best
    for direction in (1, -1):
        power = start + direction
        while abs(power) <= WIDEST and (found := error(power)) < least:
            best, least = power, found
            power += direction
        if best != start:
            break
    return best
