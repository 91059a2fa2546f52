"""Contexts of a step, made by hand, for methods whose losses are checked without a run."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from lwf_gui.engine.methods.base import Context, Method, Task
from lwf_gui.engine.networks import Network
from lwf_gui.engine.tasks import Batch, Split
from lwf_gui.recipe import LiveSettings


def context_of(logits: Tensor, targets: Tensor, soft: Tensor, live_settings: LiveSettings, new: int = -1) -> Context:
    """Return a step with these logits, of which the first ``new`` images are the new task's; -1: all."""
    images, classes = logits.shape
    train = Split(torch.zeros(images, 1, 2, 2, dtype=torch.uint8), targets, 255)
    numbers = torch.arange(images)
    parts = (Batch(train, numbers[: new % (images + 1)]), Batch(train, numbers[new % (images + 1) :]))
    return Context(
        batch=parts if len(parts[1].numbers) else parts[:1],
        logits=logits,
        features=logits.detach(),
        targets=targets,
        soft=soft,
        task=Task(1, soft.shape[1], classes, train),
        live=live_settings,
        network=Network(nn.Flatten(), nn.Linear(4, classes)),
    )


def step_of(
    method: Method, later: Task, network: Network, teacher: Network, live_settings: LiveSettings, numbers: Tensor
) -> Context:
    """Return a step of a method that has begun ``later``, on these of its images, as the stepper makes it."""
    parts = method.batch(Batch(later.train, numbers))
    images = torch.cat([part.images for part in parts])
    features = network.backbone(images)
    logits = network.head(features)
    with torch.no_grad():
        soft = teacher(images) if method.wants_teacher else logits[:, :0]
    targets = torch.cat([part.targets for part in parts])
    return Context(parts, logits, features, targets, soft, later, live_settings, network)


def small_tasks() -> tuple[Task, Task]:
    """Return a base task of classes 0 and 1 with 50 random images and a later one of 2 and 3 with 30."""
    random = torch.Generator().manual_seed(0)

    def split(images: int, units: tuple[int, int]) -> Split:
        pixels = torch.randint(0, 256, (images, 1, 2, 2), generator=random, dtype=torch.uint8)
        return Split(pixels, torch.tensor(units).repeat(images // 2), 255)

    old, new = split(50, (0, 1)), split(30, (2, 3))
    return Task(0, 0, 2, old), Task(1, 2, 4, new, (old,))
