"""Layer re-initialisation (Zhang et al. 2019, arXiv 1902.01996): what learners know with the first teacher's layers.

Every combination of layers is tried, each layer the learner's or the first teacher's; of the head the teacher's rows
are put back, the new rows stay. Images pass a learner anyway, for a probe or a test: its hidden values are taken on the
way, those of the teacher are recorded once for all learners, and only what mixes the two is computed. A look changes
nothing: a run trains the same bits with and without it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from lwf_gui.axis import StepAxis
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.methods.base import Method, Task
from lwf_gui.engine.networks import Network
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.start import Start
from lwf_gui.engine.task_hits import TaskHits
from lwf_gui.engine.tasks import Batch
from lwf_gui.messages import PutBack
from lwf_gui.runs.metrics import NO_ANSWER, PROTOCOLS

SHARE = 0.005
"""Part of what training takes that looks between the ends of epochs may take, beside the `EARLY` ones."""

COST = {False: 0.3, True: 1.0}
"""What an image of a look takes, in images of training, with and without convolutions: measured on two cores in bf16,
.26 for the classroom's MLP with its 8 combinations, and .9 for the CNN with its 16."""

EARLY = (4, 16)
"""Steps of a task after which there is a look anyway: forgetting is fastest in the first ones."""

Part = Sequence[nn.Module]
"""A layer with weights, and what follows it up to the next one."""


def parts_of(backbone: nn.Module) -> list[Part]:
    """Return the parts of a backbone, from the images to its features; each has one layer with weights."""
    parts: list[list[nn.Module]] = [[]]
    for module in backbone.children():
        has_weights = any(True for _ in module.parameters())
        if has_weights and any(any(True for _ in each.parameters()) for each in parts[-1]):
            parts.append([])
        parts[-1].append(module)
    return list(parts)


def through(parts: Sequence[Part], images: Tensor) -> Tensor:
    """Return what parts make of images, or of hidden values, one after another."""
    for part in parts:
        for module in part:
            images = module(images)
    return images


class LayerLook:
    """One look at one learner, batch by batch as images pass its network; ``seen`` output units are there."""

    def __init__(self, looks: PuttingBack, learner: Learner) -> None:
        self._looks, self._learner, self._network = looks, learner, learner.network
        self._parts = parts_of(learner.network.backbone)
        old = looks.teacher
        pairs = [(_weights(mine), _weights(its)) for mine, its in zip(self._parts, looks.parts, strict=True)]
        pairs.append(([row[: looks.rows] for row in _weights([self._network.classifier])], _weights([old.classifier])))
        self._same = [all(map(torch.equal, mine, its)) for mine, its in pairs]
        self._caught: list[Tensor] = []
        self._masks: list[int] = []
        """The combinations that differ: those whose layers are none that is the teacher's anyway."""
        self._right: Tensor | None = None
        self._lost: Tensor | None = None

    @contextmanager
    def listening(self) -> Iterator[LayerLook]:
        """Catch the hidden values of each batch, but the last ones, which `hear` is told."""
        hooks = [part[-1].register_forward_hook(self._catch) for part in self._parts[:-1]]
        try:
            yield self
        finally:
            for hook in hooks:
                hook.remove()

    def _catch(self, _module: nn.Module, _inputs: object, output: Tensor) -> None:
        self._caught.append(output)

    def hear(self, batch: Batch, features: Tensor) -> None:
        """Count the right answers of all combinations on a batch, whose features, shape (N, hidden), are the own."""
        own = self.own(features)
        if int(batch.targets.min()) < self._learner.outputs:  # else all of them are of tasks to come
            self._count(batch, own if len(own) == len(self._parts) else [*self._unheard(batch), features])
        self._caught.clear()  # what was made on the way too

    def own(self, features: Tensor) -> list[Tensor]:
        """Return the hidden values of a batch, which are taken; the last ones alone where these were recorded."""
        caught, self._caught = self._caught, []
        return [*caught, features]

    def _unheard(self, batch: Batch) -> Iterator[Tensor]:
        """Yield the hidden values before the last ones of a backbone whose features were recorded."""
        for place in range(len(self._parts) - 1):
            is_old = all(self._same[: place + 1])
            yield self._looks.known[place].of(batch) if is_old else through(self._parts[: place + 1], batch.images)

    def _count(self, batch: Batch, own: Sequence[Tensor]) -> None:
        self._masks, logits = self._logits(self._hidden(batch, own))
        right, lost = self._looks.hits(logits, batch.targets), logits.isnan().flatten(1).any(1)
        self._right = right if self._right is None else self._right + right
        self._lost = lost if self._lost is None else self._lost | lost

    def _hidden(self, batch: Batch, own: Sequence[Tensor]) -> Mapping[int, Tensor]:
        """Return the features by combination of the backbone's layers, those left out that are the same anyway."""
        found, sames = {0: own[0]}, 0  # what enters the first layer is asked of nobody: both know what they make of it
        for place, (mine, its) in enumerate(zip(self._parts, self._looks.parts, strict=True)):
            bit, after = 1 << place, dict[int, Tensor]()
            sames |= bit * self._same[place]
            for mask, entering in found.items():
                for chosen in (mask,) if self._same[place] else (mask, mask | bit):
                    if not chosen:
                        after[chosen] = own[place]
                    elif (chosen | sames) == 2 * bit - 1:  # all of it is the teacher's
                        after[chosen] = self._looks.known[place].of(batch)
                    else:
                        after[chosen] = through([its if chosen & bit else mine], entering)
            found = after
        return found

    def _logits(self, features: Mapping[int, Tensor]) -> tuple[list[int], Tensor]:
        """Return combinations of all layers, and their logits, float32, shape (combinations, N, outputs)."""
        masks, bit = list(features), 1 << len(self._parts)
        every = torch.stack(list(features.values()))
        logits = self._network.classifier(every).float()
        if self._same[-1]:
            return masks, logits
        old = logits.clone()
        old[..., : self._looks.rows] = self._looks.teacher.classifier(every).float()
        return [*masks, *(mask | bit for mask in masks)], torch.cat((logits, old))

    def counts(self) -> NDArray[np.int32]:
        """Return the right answers of what was heard, shape (combinations, protocols, tasks)."""
        looks, same = self._looks, sum(1 << place for place, each in enumerate(self._same) if each)
        counts = looks.nothing()
        if self._right is None or self._lost is None:
            return counts
        right, lost = self._right.cpu().numpy(), self._lost.tolist()
        seen = sum(task.seen <= self._learner.outputs for task in looks.tasks)
        for combination in range(looks.combinations):
            mask = combination & ~same
            place = self._masks.index(mask)
            if not lost[place]:
                counts[combination, :, :seen] = right[:, place, :seen]
        return counts


class PuttingBack:
    """Looks of one run at learners that the first teacher's layers are put back into."""

    def __init__(self, start: Start) -> None:
        self.teacher: Network = start.teacher.network
        self.parts = parts_of(self.teacher.backbone)
        self.tasks: tuple[Task, ...] = start.tasks
        self.rows = self.teacher.classifier.out_features
        self.combinations = 1 << (len(self.parts) + 1)
        # Hidden values of the teacher: the same for all learners, and for one look after another.
        self.known = [OutputCache(partial(through, self.parts[: place + 1])) for place in range(len(self.parts))]
        self._convolves = any(isinstance(module, nn.Conv2d) for module in self.teacher.modules())
        self.hits = TaskHits(self.tasks, self.teacher.classifier.weight.device).right
        self._found: dict[str, NDArray[np.int32]] = {}

    @classmethod
    def of(cls, start: Start) -> PuttingBack | None:
        """Return who looks; None where learners have a layer more than the first teacher: none can be put back."""
        return cls(start) if start.network.new_fc is None else None

    @property
    def full_tests(self) -> bool:
        """Whether the network is so small that as a task ends the full test sets are looked at."""
        return not self._convolves

    def due(self, axis: StepAxis, step: int, images: int, batch_size: int, every: int) -> bool:
        """Whether a look follows a probe of so many images that is taken ``every`` so many steps; not at tasks' ends.

        By steps alone, not by the clock: who trains alone later is looked at where the others were.
        """
        done, per_epoch = step - axis.begin(step), axis.per_epoch(step)
        if not step or not done or axis.ends_at(step):
            return not step
        apart = every * max(1, -int(-images * COST[self._convolves] // (SHARE * batch_size * every)))
        return done in EARLY or done % per_epoch % apart == 0

    @contextmanager
    def beside(self, learner: Learner) -> Iterator[Callable[[Batch, Tensor], object] | None]:
        """Yield who is to hear the batches that pass a learner, and keep what was counted; None for one left out."""
        if learner.diverged or not answers_by_network(learner.method):
            self._found.pop(learner.name, None)
            yield None
            return
        with LayerLook(self, learner).listening() as look:
            yield look.hear
        self._found[learner.name] = look.counts()

    @contextmanager
    def recording(self, learner: Learner) -> Iterator[Callable[[Batch, Tensor], object]]:
        """Yield who is to hear the batches that pass a learner at step 0: what it makes of them, the teacher does."""
        with LayerLook(self, learner).listening() as look:

            def hear(batch: Batch, features: Tensor) -> None:
                own = look.own(features)
                for known, values in zip(self.known, own if len(own) == len(self.parts) else (), strict=False):
                    known.take(batch, values)

            yield hear

    def told(self, run_id: int, task: int, step: int, learners: Sequence[Learner], *, full: bool) -> PutBack:
        """Return the message of what was counted beside learners, which is taken."""
        rows = [self._found.pop(learner.name, self.nothing()) for learner in learners]
        return PutBack(run_id, task, step, full, np.stack(rows))

    def nothing(self) -> NDArray[np.int32]:
        """Return what is known of who is left out, shape (combinations, protocols, tasks)."""
        return np.full((self.combinations, len(PROTOCOLS), len(self.tasks)), NO_ANSWER, np.int32)


def answers_by_network(method: Method) -> bool:
    """Whether a learner's answers come from its network's own backbone and head."""
    kind = type(method)
    return kind.answers is Method.answers and kind.features is Method.features


def _weights(modules: Part) -> list[Tensor]:
    return [weight.detach() for module in modules for weight in module.parameters()]
