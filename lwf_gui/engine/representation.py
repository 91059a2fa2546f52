"""Representations: what learners' hidden layers make of old images, against what these made of them at the boundary.

Two networks may have quite different weights and yet see the same likenesses among images. Linear CKA, centred kernel
alignment (Kornblith et al. 2019, arXiv 1905.00414), asks for just that. Of N images let the rows of X, shape (N, p),
be what a layer of the one network makes of them, and those of Y, shape (N, q), what the other one's does, both with
their means over the images taken out. Then

    CKA = ||Y' X||_F^2 / (||X' X||_F ||Y' Y||_F)

Since ||Y' X||_F^2 = tr(X X' Y Y') = <X X', Y Y'>, the same is the cosine of two tables, K = X X' and L = Y Y', each of
shape (N, N): entry (i, j) of K says how alike the layer sees images i and j. So CKA compares likenesses and not single
units: it is 1 where one layer is the other one turned or made larger as a whole, and 0 where no likeness that the one
sees tells of any that the other sees. It is a similarity, and no part of anything. Of fewer images than units it is
somewhat too high, so compare figures of equally many images alone.

The points are the last hidden layer's features on two axes that stand still while a task is learnt: the first two
principal axes of what the teacher made of the same images as the task began (PCA: along the first one these differ
most, along the second one most of what is left). With Y = U S V', the axes are the first two columns of V; the part of
the variance along axis j is S_j^2 / sum S^2. The unit is the root mean square distance of the teacher's features from
their mean, so what moves by 1 has moved as far as two typical images are from the middle.

The teacher is the learner's own network as its task began. A look changes nothing: a run trains the same bits with it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lwf_gui.axis import StepAxis
from lwf_gui.engine.answers import Listener
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods.extractor import averaged
from lwf_gui.engine.networks import FlattenChannelsLast, Network
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.put_back import parts_of
from lwf_gui.engine.start import Start
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.messages import Representation
from lwf_gui.runs.old_images import measured, shown
from lwf_gui.scenario import Scenario

EARLY = frozenset({0, 1, 2, 4, 8, 12, 16, 24, 32, 40})
"""Steps after a task began at which there is a look anyway: all of them are probed."""

APART = 40
"""Steps between two later looks at least, beside those at epochs' ends: a look takes some fifth of a step."""

FLAT = 1e-6
"""A length that is so many times shorter than another one is what rounding left of zero."""


def hidden_layers(network: Network) -> list[nn.Module]:
    """Return the modules whose outputs are the backbone's hidden values: each part's last one before a flattening."""
    flattening = (nn.Flatten, FlattenChannelsLast)
    return [[each for each in part if not isinstance(each, flattening)][-1] for part in parts_of(network.backbone)]


def table_of(values: Tensor) -> Tensor:
    """Return K = X X', float32, shape (N, N), of hidden values, shape (N, ...), centred over the images."""
    x = values.float().flatten(1)
    x = x - x.mean(0)
    return x @ x.T


@dataclass(frozen=True, eq=False)
class Reference:
    """What a teacher made of the old images as a task began.

    Attributes
    ----------
    tables : by hidden layer, L / ||L||_F, shape (N, N)
    centre, axes : shapes (p,) and (p, 2), of the last layer's features; the axes are as long as one unit is short
    variance : part of the features' variance along each axis
    """

    tables: list[Tensor]
    centre: Tensor
    axes: Tensor
    variance: tuple[float, float]

    @classmethod
    def of(cls, hidden: Sequence[Tensor]) -> Reference:
        """Return the reference of a teacher's hidden values, each of shape (N, ...)."""
        tables = [table_of(values) for values in hidden]
        features = hidden[-1].double()
        centre = features.mean(0)
        y = features - centre
        # Y Y' = U S^2 U' is much smaller than Y' Y, and gives the same axes: V = Y' U / S.
        squares, places = torch.linalg.eigh(y @ y.T)
        squares, places = squares[-2:].flip(0).clamp_min(0), places[:, -2:].flip(1)  # they come in rising order
        # An axis has no direction of its own: the image that is farthest along it shall be in front.
        ends = places.gather(0, places.abs().argmax(0, keepdim=True))
        axes = (y.T @ torch.where(ends < 0, -places, places)) / squares.sqrt()
        axes = torch.where(squares > FLAT**2 * squares[0], axes, 0.0)
        total = float(y.square().sum())
        unit = math.sqrt(total / len(features)) or math.nan
        one, other = (squares / (total or math.nan)).tolist()
        return cls([table / table.norm() for table in tables], centre, axes / unit, (one, other))

    def cka(self, hidden: Sequence[Tensor]) -> NDArray[np.float32]:
        """Return the linear CKA of hidden values with the teacher's, by layer."""
        tables = map(table_of, hidden)
        found = torch.stack([(k * ours).sum() / k.norm() for k, ours in zip(tables, self.tables, strict=True)])
        cka: NDArray[np.float32] = found.clamp(0, 1).cpu().numpy()  # rounding may leave 1.0000001
        return cka

    def points(self, features: Tensor) -> NDArray[np.float32]:
        """Return where features, shape (n, p), are on the axes, shape (n, 2); none at all where one has no place."""
        places: NDArray[np.float32] = ((features.double() - self.centre) @ self.axes).float().cpu().numpy()
        return places if np.isfinite(places).all() else np.full_like(places, np.nan)


class Heard:
    """Hidden values of some images, caught as batches pass a backbone as a whole, on their way to a learner's answers.

    Others send mixed values through its layers one by one: these are not caught.
    """

    def __init__(self, backbone: nn.Module, layers: Sequence[nn.Module], images: NDArray[np.intp]) -> None:
        self._backbone, self._layers, self._images = backbone, layers, images
        self._passing = False
        self._caught: dict[int, Tensor] = {}
        self._rows: list[list[Tensor]] = [[] for _ in layers]

    @contextmanager
    def listening(self) -> Iterator[Heard]:
        """Catch what the layers make of each batch until it is heard of."""
        hooks = [layer.register_forward_hook(self._catch(place)) for place, layer in enumerate(self._layers)]
        hooks.append(self._backbone.register_forward_pre_hook(self._begin))
        hooks.append(self._backbone.register_forward_hook(self._end))
        try:
            yield self
        finally:
            for hook in hooks:
                hook.remove()

    def _begin(self, _module: nn.Module, _inputs: object) -> None:
        self._passing = True
        self._caught.clear()

    def _end(self, _module: nn.Module, _inputs: object, _output: object) -> None:
        self._passing = False

    def _catch(self, place: int) -> Callable[[nn.Module, object, Tensor], None]:
        def catch(_module: nn.Module, _inputs: object, output: Tensor) -> None:
            if self._passing:
                self._caught[place] = output

        return catch

    def hear(self, batch: Batch, _features: Tensor) -> None:
        """Keep what was made of those images that are in a batch, whose numbers follow each other."""
        first = int(batch.numbers[0])
        rows = self._images[(self._images >= first) & (self._images < first + len(batch.numbers))] - first
        if len(rows):
            for place, values in self._caught.items():
                self._rows[place].append(values[torch.from_numpy(rows).to(values.device)])
        self._caught.clear()

    def values(self) -> list[Tensor] | None:
        """Return the hidden values of all images, layer by layer; None where some did not pass these layers."""
        counts = {sum(map(len, rows)) for rows in self._rows}
        return [torch.cat(rows) for rows in self._rows] if counts == {len(self._images)} else None


class Representations:
    """Looks of one run; ``start`` is the network right after the first head expansion, ``images`` the probe images."""

    def __init__(self, start: Network, images: Split, scenario: Scenario, compute: ComputeConfig) -> None:
        self._start, self._images, self._compute = start, images, compute
        self._labels = images.targets.cpu().numpy()
        self._shown = shown(self._labels, scenario)
        self._layers = len(parts_of(start.backbone)) + (start.new_fc is not None)
        self._references: WeakKeyDictionary[Network, Reference] = WeakKeyDictionary()
        self._frozen: dict[str, tuple[OutputCache, int, list[Tensor]]] = {}
        """By learner: a frozen backbone's record, the old classes of a look, and the hidden values then."""
        self._rows: dict[str, tuple[Reference, NDArray[np.float32], NDArray[np.float32]]] = {}

    @classmethod
    def of(cls, start: Start, images: Split, compute: ComputeConfig) -> Representations:
        """Return who looks at the learners of a run."""
        scenario = Scenario(tuple(task.seen - task.earlier for task in start.tasks))
        return cls(start.network, images, scenario, compute)

    @staticmethod
    def due(axis: StepAxis, step: int, every: int) -> bool:
        """Whether a look follows a probe that is taken ``every`` so many steps.

        By steps alone, not by the clock: who trains alone later is looked at where the others were.
        """
        done, apart = step - axis.begin(step), every * max(1, -(-APART // every))
        at_ends = done % axis.per_epoch(step) == 0 or step == axis.steps or axis.grows_at(step + 1)
        return done in EARLY or done % apart == 0 or at_ends

    @torch.inference_mode()
    def prepare(self, learners: Sequence[Learner]) -> None:
        """Know what the learners' teachers made of the old images: one thread asks for all, for some share theirs."""
        for learner in learners:
            teacher = self._teacher_of(learner)
            if teacher is not None and not learner.diverged and teacher not in self._references:
                self._references[teacher] = Reference.of(self._hidden(teacher, self._measured(learner)))

    @contextmanager
    def beside(self, learner: Learner) -> Iterator[Listener | None]:
        """Yield who is to hear the batches that pass a learner, and keep what was seen; None for one left out."""
        self._rows.pop(learner.name, None)
        teacher = self._teacher_of(learner)
        if teacher is None or learner.diverged:
            yield None
            return
        network = learner.network
        with Heard(network.backbone, hidden_layers(network), self._measured(learner)).listening() as heard:
            yield heard.hear
        with torch.inference_mode():
            self._see(learner, heard, self._references[teacher])

    def _see(self, learner: Learner, heard: Heard, reference: Reference) -> None:
        hidden = heard.values()
        if hidden is None:  # its features are recorded, or are not its network's own
            hidden = self._of_recorded(learner)
        hidden = self._with_inserted(learner.network, hidden)
        images, points = self._measured(learner), np.full((len(self._shown), 2), np.nan, np.float32)
        old = self._labels[self._shown] < learner.task.earlier
        rows = torch.from_numpy(np.searchsorted(images, self._shown[old])).to(hidden[-1].device)
        points[old] = reference.points(hidden[-1][rows])
        self._rows[learner.name] = reference, reference.cka(hidden), points

    def told(self, run_id: int, step: int, learners: Sequence[Learner]) -> Representation:
        """Return the message of what was seen beside learners, which is taken."""
        cka = np.full((len(learners), self._layers), np.nan, np.float32)
        points = np.full((len(learners), len(self._shown), 2), np.nan, np.float32)
        variance = np.full((len(learners), 2), np.nan, np.float32)
        for row, learner in enumerate(learners):
            if learner.name in self._rows:
                reference, cka[row], points[row] = self._rows.pop(learner.name)
                variance[row] = reference.variance
        return Representation(run_id, step, cka, points, variance)

    def _teacher_of(self, learner: Learner) -> Network | None:
        """Return a learner's network as its task began; None where that trained on since, as an aliased one does."""
        if learner.task.number == 1:
            return self._start
        return None if learner.teacher is None or learner.teacher.aliased else learner.teacher.network

    def _measured(self, learner: Learner) -> NDArray[np.intp]:
        return measured(self._labels, learner.task.earlier)

    def _of_recorded(self, learner: Learner) -> list[Tensor]:
        """Return the hidden values of a learner's backbone; of one that stands still those of the look before."""
        record, old = learner.frozen_backbone, learner.task.earlier
        known = self._frozen.get(learner.name)
        if record is not None and known is not None and known[:2] == (record, old):
            return known[2]
        hidden = self._of_backbone(learner.network, self._measured(learner))
        if record is not None:
            self._frozen[learner.name] = record, old, hidden
        return hidden

    def _hidden(self, network: Network, images: NDArray[np.intp]) -> list[Tensor]:
        return self._with_inserted(network, self._of_backbone(network, images))

    def _of_backbone(self, network: Network, images: NDArray[np.intp]) -> list[Tensor]:
        """Return what a backbone's layers make of images, by their numbers."""
        values, found = Batch(self._images, torch.from_numpy(images)).images, list[Tensor]()
        layers = hidden_layers(network)
        with self._compute.autocast():
            for module in network.backbone.children():
                values = module(values)
                if module in layers:
                    found.append(values)
        return found

    def _with_inserted(self, network: Network, hidden: Sequence[Tensor]) -> list[Tensor]:
        """Return hidden values as they are compared: convolutions pooled, and those of an inserted layer after them."""
        found = [averaged(values.float()) if values.ndim > 2 else values for values in hidden]
        if network.new_fc is not None:
            with self._compute.autocast():
                found.append(torch.relu(network.new_fc(hidden[-1])))
        return found
