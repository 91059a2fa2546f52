"""One training step of LwF with the CNN, batch 64, the backbone training, teacher included: median milliseconds.

    python -m tests.benchmarks.step plain|fp32|bf16

*plain* is the notebook's loop: fp32, contiguous, torch.optim.SGD unfused, a live teacher, and nothing of the engine
imported. *fp32* and *bf16* are the engine's own `Trainer`, whose teacher's answers are recorded.
"""

from __future__ import annotations

import importlib
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

IMAGES, BATCH, WARM_UP, STEPS = 3200, 64, 10, 60


def plain() -> Callable[[], None]:
    """Return a step of the plain loop."""
    import torch
    from torch.nn import functional

    from tests.benchmarks.notebook_loop import CNN

    teacher, student = CNN(6), CNN(10)
    teacher.requires_grad_(False)
    optimizer = torch.optim.SGD(student.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4)
    images, targets = torch.rand(IMAGES, 1, 28, 28), torch.randint(6, 10, (IMAGES,))

    def step() -> None:
        chosen = torch.randint(0, IMAGES, (BATCH,))
        x, y = images[chosen], targets[chosen]
        z, s = student(x), teacher(x)
        p = torch.softmax(s / 2, 1)
        kd = -(p * functional.log_softmax(z[:, :6] / 2, 1)).sum(1).mean() * 4
        (functional.cross_entropy(z, y) + kd).backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        optimizer.zero_grad()

    return step


def ours(precision: Any) -> Callable[[], None]:
    """Return a step of the engine's trainer, after the epoch that records the teacher."""
    import torch

    from lwf_gui.axis import StepAxis
    from lwf_gui.control import Control
    from lwf_gui.engine.compute import device
    from lwf_gui.engine.compute.sgd import Sgd
    from lwf_gui.engine.compute.workers import Workers
    from lwf_gui.engine.learner import Learner
    from lwf_gui.engine.methods import loss_columns, make
    from lwf_gui.engine.methods.base import Task
    from lwf_gui.engine.networks import build, expand_head
    from lwf_gui.engine.phase import Channel, Plan
    from lwf_gui.engine.probing import ProbeImages
    from lwf_gui.engine.tasks import Batch, Split
    from lwf_gui.engine.teacher import Teacher
    from lwf_gui.engine.training import Trainer
    from lwf_gui.recipe import load_preset

    recipe = load_preset("cnn").recipe.with_settings({"engine.precision": precision, "engine.device": "cpu"})
    compute = device.resolve(recipe, 28, 28)
    random = torch.Generator().manual_seed(0)
    pixels = torch.randint(0, 256, (IMAGES, 1, 28, 28), generator=random, dtype=torch.uint8)
    train = Split(pixels, torch.randint(6, 10, (IMAGES,), generator=random), 255)
    teacher = compute.placed(build(recipe.model, 28, 28, 6, random))
    student = compute.placed(expand_head(teacher, 4, "none", random))
    longest = recipe.task2.max_step
    optimizer = Sgd(student.parameters(), lr=1e-4, momentum=0.9, weight_decay=5e-4, max_step=longest)
    learner = Learner("lwf", student, optimizer, make("lwf", recipe), Teacher(teacher), Task(1, 6, 10, train))
    axis = StepAxis.of(1, 1, [-(-len(train) // BATCH)])
    trainer = Trainer(
        Channel(0, "incremental", Control(), lambda message: None),
        Plan(axis, [train], BATCH, ProbeImages(train, 10, 10**6), loss_columns(recipe)),
        [learner],
        recipe.live_settings(),
        compute,
        Workers(1, compute.threads),
    )
    for batch in train.batches(BATCH):
        trainer.train_on(batch)

    def step() -> None:
        trainer.train_on(Batch(train, torch.randint(0, IMAGES, (BATCH,))))
        trainer.flush()

    return step


def main() -> None:
    """Measure one side."""
    side = sys.argv[1]
    if side != "plain":
        importlib.import_module("lwf_gui.engine")  # sets up threads and memory: before torch is imported
    step = plain() if side == "plain" else ours(side)
    times = []
    for number in range(WARM_UP + STEPS):
        start = time.perf_counter()
        step()
        if number >= WARM_UP:
            times.append(1000 * (time.perf_counter() - start))
    sys.stdout.write(f"{statistics.median(times)}\n")


if __name__ == "__main__":
    main()
