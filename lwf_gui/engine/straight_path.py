"""Linear mode connectivity (Frankle et al. 2020, arXiv 1912.05671; Mirzadeh et al. 2021, arXiv 2010.04495).

Two networks of one form are joined by a straight line in the space of all their weights. If what both know stays right
all the way, they lie in one valley of the loss; if not, there is a ridge between them.

The old network is the first teacher as its head has just grown. In later tasks too, for a head's new rows are zero as
it grows: the first teacher with zeros in the rows of all later classes is the network from which everything began. So
one end stays the same for the whole run. A look changes nothing: a run trains the same bits with and without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from lwf_gui.axis import StepAxis
from lwf_gui.engine.answers import EVALUATION_BATCH
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.workers import Workers
from lwf_gui.engine.interpolation import Known, Point, Walk, cut, paths
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.networks import Network, expand_head
from lwf_gui.engine.phase import Channel, Plan
from lwf_gui.engine.put_back import answers_by_network, through
from lwf_gui.engine.start import Start
from lwf_gui.engine.task_hits import TaskHits
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.messages import PAIRED, POINTS, StraightPath
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS

BETWEEN, AT_END, CONVOLVED = 100, 1000, 300
"""Images of a task at most: probe images between tasks' ends; test images as a task ends; probe images then, where the
network has convolutions. Two learners' three paths have 21 networks between their ends: their full test sets would take
the classroom's MLP some 7 % of its run of 10 s."""

EARLY = 16
"""Steps of a task after which there is a look anyway: by then fine-tuning has forgotten most."""

SHARE, COST = 0.01, 1.1
"""Part of what training takes that looks at epochs' ends may take, and what an image of a look takes, in images of
training: measured on two cores in bf16 with the classroom's MLP and two learners."""


class Looked(NamedTuple):
    """The images of a look: splits with numbers in them, and how many are of each task so far."""

    parts: Sequence[tuple[Split, Tensor]]
    counts: tuple[int, ...]

    @property
    def batches(self) -> list[Batch]:
        """All of them, one batch after another."""
        size = EVALUATION_BATCH
        return [
            Batch(split, numbers[first : first + size])
            for split, numbers in self.parts
            for first in range(0, len(numbers), size)
        ]


class StraightPaths:
    """Looks of one run at the straight paths between its networks, which it tells itself."""

    def __init__(self, start: Start, plan: Plan, channel: Channel, compute: ComputeConfig, workers: Workers) -> None:
        self._old, self._plan, self._channel = start.network, plan, channel
        self._compute, self._workers = compute, workers
        self._hits = TaskHits(start.tasks, self._old.classifier.weight.device)
        self._convolves = any(isinstance(module, nn.Conv2d) for module in self._old.modules())

    @classmethod
    def of(
        cls, start: Start, plan: Plan, channel: Channel, compute: ComputeConfig, workers: Workers
    ) -> StraightPaths | None:
        """Return who looks; None where networks keep statistics beside their weights, as batch normalisation does.

        Those of a mixed network would have to be taken anew, on training images.
        """
        return None if any(True for _ in start.network.buffers()) else cls(start, plan, channel, compute, workers)

    def due(self, axis: StepAxis, step: int) -> bool:
        """Whether there is a look after a step that is probed; not at step 0, where all networks are one, nor at ends.

        By steps alone, not by the clock: who trains alone later is looked at where the others were.
        """
        done, per_epoch = step - axis.begin(step), axis.per_epoch(step)
        if not done or axis.ends_at(step) or self._convolves:
            return False
        images = BETWEEN * (axis.task(step) + 1)
        apart = images * COST / (SHARE * self._plan.batch_size)
        return done == EARLY or done % (per_epoch * max(1, -int(-apart // per_epoch))) == 0

    def look(self, task: int, step: int, learners: Sequence[Learner], tests: Sequence[Split] = ()) -> None:
        """Tell what is known on all paths; as a task ends ``tests`` are the test sets of all tasks so far.

        Raises
        ------
        StopRequested
            If the user asked to stop meanwhile.
        """
        tested = bool(tests) and not self._convolves
        images = of_tests(tests) if tested else self._probed(task, CONVOLVED if tests else BETWEEN)
        taking = [place for place, learner in enumerate(learners) if takes_part(learner)]
        paired, ends = len(learners) <= PAIRED, [0, *(place + 1 for place in taking)]
        shape = (StraightPath.ends(len(learners)), len(learners), POINTS)
        right = np.full((*shape, len(PROTOCOLS), self._hits.tasks), NO_ANSWER, np.int32)
        loss = np.full((*shape, self._hits.tasks), np.nan, np.float32)
        ways = paths(len(taking), paired=paired)
        networks = [self._teacher(learners[0].outputs), *(learners[place].network for place in taking)]
        known = self._known(networks, sorted({point for way in ways.values() for point in way}), images)
        for (start, end), way in ways.items():
            at = ends[start], taking[end - 1]
            if all(np.isfinite(known[point].loss).all() for point in way):
                right[at][..., : task + 1] = [known[point].right for point in way]
                loss[at][..., : task + 1] = [known[point].loss for point in way]
        self._channel.emit(StraightPath(self._channel.run_id, task, step, tested, images.counts, right, loss))

    def _known(self, ends: Sequence[Network], points: Sequence[Point], images: Looked) -> Mapping[Point, Known]:
        """Return what the networks at all points between some ends know."""
        count = min(self._compute.workers, len(points))
        walks = [Walk(ends, points[part::count], self._hits) for part in range(count)]
        for batch in images.batches if walks else ():
            self._channel.control.check()
            batch.make(images=True)
            entering = self._workers.each(partial(self._entering, batch), ends)
            self._workers.each(partial(self._heard, batch, entering), walks)
        return {point: known for walk in walks for point, known in walk.known(images.counts).items()}

    @torch.inference_mode()
    def _entering(self, batch: Batch, end: Network) -> Tensor:
        """Return what an end's first layer makes of a batch."""
        with self._compute.autocast():
            return through([cut(end)[0]], batch.images)

    @torch.inference_mode()
    def _heard(self, batch: Batch, entering: Sequence[Tensor], walk: Walk) -> None:
        with self._compute.autocast():
            walk.hear(batch, entering)

    def _teacher(self, outputs: int) -> Network:
        """Return the old network with so many output units: zeros in the rows of classes that came later."""
        more = outputs - self._old.classifier.out_features
        return self._compute.placed(expand_head(self._old, more, "none", torch.Generator())) if more else self._old

    def _probed(self, task: int, most: int) -> Looked:
        """Return probe images of all tasks so far, at most so many of each."""
        probe = self._plan.probe.images
        tasks = self._hits.task_of[probe.targets].cpu()
        every = [torch.nonzero(tasks == each).flatten() for each in range(task + 1)]
        chosen = [numbers[even(len(numbers), most)] for numbers in every]
        return Looked([(probe, torch.cat(chosen))], tuple(map(len, chosen)))


def takes_part(learner: Learner) -> bool:
    """Whether a learner's network is an end: it answers by that, and has not diverged."""
    return not learner.diverged and answers_by_network(learner.method)


def even(count: int, most: int) -> Tensor:
    """Return at most so many of the numbers below a count, evenly spread."""
    return torch.arange(min(count, most)) * count // max(1, min(count, most))


def of_tests(tests: Sequence[Split]) -> Looked:
    """Return test images, evenly drawn from each task's."""
    parts = [(test, even(len(test), AT_END)) for test in tests]
    return Looked(parts, tuple(len(numbers) for _, numbers in parts))
