"""Representations: what learners' hidden layers make of old images, against what these made of them at the boundary.

How they are compared says `lwf_gui.engine.cka`. The teacher here is the learner's own network as its task began: in the
first of the later tasks the one right after the head expansion, which all share, then each learner's frozen teacher.
A look changes nothing: a run trains the same bits with and without it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from weakref import WeakKeyDictionary

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lwf_gui.axis import StepAxis
from lwf_gui.engine.answers import Listener
from lwf_gui.engine.cka import Reference
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.hidden_values import Heard, hidden_layers
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods.extractor import averaged
from lwf_gui.engine.networks import Network
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
