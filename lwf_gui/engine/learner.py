"""A learner: a network with its optimiser, the method that it follows and the teacher that it was; and what it costs.

Knows no loop and no schedule.
"""

from __future__ import annotations

import statistics
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from lwf_gui.engine.clock import work_clock
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.compute.optimizer import Optimizer
from lwf_gui.engine.methods.base import Method, Task
from lwf_gui.engine.mixture import Mixture
from lwf_gui.engine.networks import Network, freeze_backbone
from lwf_gui.engine.output_cache import OutputCache
from lwf_gui.engine.tasks import Batch
from lwf_gui.engine.teacher import Teacher
from lwf_gui.recipe import LiveSettings

COUNTED = 255
"""Steps whose times are kept."""


@dataclass(eq=False)
class Cost:
    """What training takes of its thread's time, see `work_clock`; of its steps the median: one may have had to wait."""

    steps: deque[float] = field(default_factory=lambda: deque(maxlen=COUNTED))
    """Seconds a new image of the last steps."""
    images: int = 0
    """New images of all steps."""
    afterwards: float = 0.0
    """Seconds at the ends of tasks."""

    def add(self, seconds: float, images: int) -> None:
        """Count a step."""
        self.steps.append(seconds / images)
        self.images += images

    @property
    def per_image(self) -> float:
        """Seconds of training per new image; 0 before the first step."""
        return statistics.median(self.steps) + self.afterwards / self.images if self.steps else 0.0


@dataclass(eq=False)
class Learner:
    """A network with its optimiser, the method it follows and the task it learns. ``teacher`` is None in the base task.

    ``frozen_backbone`` are the backbone's recorded features while it is frozen, None while it trains; the method may
    read others, which are not recorded. ``overrides`` are
    fields of `LiveSettings` that it has for itself. ``diverged`` says that it learns no more, see `diverge`.
    ``mixture`` are those that train along, where its weights are mixed of theirs.
    """

    name: str
    network: Network
    optimizer: Optimizer
    method: Method
    teacher: Teacher | None
    task: Task
    frozen_backbone: OutputCache | None = None
    overrides: Mapping[str, Any] = field(default_factory=dict)
    diverged: bool = False
    cost: Cost = field(default_factory=Cost)
    mixture: Mixture[Learner] | None = None

    @property
    def ends(self) -> tuple[Learner, ...]:
        """Those that train along, of which its weights are mixed; mostly none."""
        return () if self.mixture is None else self.mixture.ends

    @property
    def family(self) -> Iterator[Learner]:
        """All that train for it, and itself, those first that others are mixed of."""
        for end in self.ends:
            yield from end.family
        yield self

    @property
    def stored_bytes(self) -> int:
        """Memory that the methods need beside the networks, of those that train along too."""
        return sum(each.method.stored_bytes for each in self.family)

    @property
    def outputs(self) -> int:
        """Output units of its head."""
        return self.network.classifier.out_features

    @property
    def keeps_backbone(self) -> bool:
        """Whether its backbone never trains, and so is the first teacher's in all tasks."""
        return self.method.trains in ("head", "nothing")

    @property
    def reads_record(self) -> bool:
        """Whether its features of new images are recorded ones."""
        return self.frozen_backbone is not None and not self.method.own_features

    @property
    def measures_teacher(self) -> bool:
        """Whether it asks a recorded teacher to measure alone."""
        return self.method.measures_teacher and self.teacher is not None and not self.teacher.aliased

    @property
    def is_aliased(self) -> bool:
        """Whether its teacher's backbone is its own."""
        return self.teacher is not None and self.teacher.aliased

    def end_task(self, compute: ComputeConfig) -> None:
        """Let the method keep what it wants of the task, whose last step was made; none of one that diverged."""
        if not self.diverged:
            began = work_clock()
            for end in self.ends:
                end.end_task(compute)
            self.mix()
            with compute.autocast() if self.method.ends_at_precision else nullcontext():
                self.method.end_task(self.task, self.network)
            self.cost.afterwards += work_clock() - began

    def begin_task(self, task: Task) -> None:
        """Learn a task from now on, for which the head has grown."""
        self.task = task
        self.method.begin_task(task)

    def mix(self) -> None:
        """Take the weights that are mixed of others', where they are."""
        if self.mixture is not None:
            self.mixture.mix_into(self.network)

    @torch.no_grad()
    def diverge(self) -> None:
        """Learn no more: all weights become NaN, and with them all answers, for no number of it means anything."""
        for end in self.ends:
            end.diverge()
        self.diverged = True
        self.optimizer.moments = {}
        for parameter in self.network.parameters():
            parameter.fill_(torch.nan)

    def features(self, batch: Sequence[Batch]) -> Tensor:
        """Return the backbone's features of a batch's parts, shape (B, hidden): with gradient where it trains."""
        if self.frozen_backbone is not None and self.reads_record:
            return _joined([self.frozen_backbone.of(part) for part in batch])
        return self.method.features(self.network, _joined([part.images for part in batch]))

    def soft(self, batch: Sequence[Batch], features: Tensor) -> Tensor:
        """Return the teacher's logits, shape (B, K_old), of a batch's parts, whose features are the student's own."""
        if self.teacher is None:
            return features.new_empty(len(features), 0)
        if self.teacher.aliased:
            return self.teacher.heard_by(features)
        return _joined([self.teacher.responses(part) for part in batch])

    def settings(self, live_settings: LiveSettings) -> LiveSettings:
        """Return the live settings of this learner, where ``live_settings`` are the run's."""
        return replace(live_settings, **self.overrides) if self.overrides else live_settings

    def settle(self, live_settings: LiveSettings, common: OutputCache | None) -> None:
        """Bring optimiser and backbone to live settings, its own; a frozen backbone is recorded, in ``common`` if any.

        ``common`` is a record of a backbone that is equal to this one. One that the method never trains stays frozen;
        one that is mixed of others' is as they are, and not recorded.
        """
        self.optimizer.lr = live_settings.lr
        if self.mixture is not None:
            return
        frozen = live_settings.backbone_frozen or self.keeps_backbone
        if frozen == (self.frozen_backbone is not None):
            return
        freeze_backbone(self.network, frozen)
        self.frozen_backbone = (common or OutputCache(self.network.backbone)) if frozen else None


def _joined(parts: Sequence[Tensor]) -> Tensor:
    """Return parts one after another; what has one part is not copied."""
    return parts[0] if len(parts) == 1 else torch.cat(tuple(parts))
