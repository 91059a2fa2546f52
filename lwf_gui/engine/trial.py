"""A short trial of whether bf16 is faster than fp32 for a network on this machine.

The verdict is remembered in the cache, so that the same recipe computes with the same precision every time.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

import torch
from torch.nn import functional

from lwf_gui import paths
from lwf_gui.engine.networks import build
from lwf_gui.engine.sgd import Sgd
from lwf_gui.recipe import Recipe

if TYPE_CHECKING:
    from lwf_gui.engine.device import Machine

ROUNDS, STEPS = 7, 3
"""The precisions take turns, so that whatever else the machine does meanwhile hits both."""

WORTH = 1.15
"""bf16 must be so many times as fast: below, the digits of fp32 are worth more."""

CLASSES = 10


def bf16_is_faster(
    recipe: Recipe,
    height: int,
    width: int,
    fp32: Machine,
    bf16: Machine,
    on_trial: Callable[[], None],
) -> bool:
    """Return the remembered verdict on training steps of the recipe's network, else find and remember one.

    The machines differ in precision alone; ``on_trial`` is called before a trial.
    """
    about = {
        **fp32.arithmetic(),
        "processor": str(torch.cpu.get_capabilities().get("cpu_name", "")),
        "model": recipe.model.model_dump(),
        "batch": recipe.train.batch_size,
        "size": [height, width],
    }
    key = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]
    file = paths.cache_dir() / "trials" / f"{key}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return bool(json.loads(file.read_text("utf-8"))["bf16"])
    on_trial()
    slow, fast = _seconds(recipe, height, width, (fp32, bf16))
    verdict = {"bf16": slow / fast >= WORTH, "fp32_ms": 1000 * slow, "bf16_ms": 1000 * fast, "about": about}
    with contextlib.suppress(OSError):  # no cache: the next run tries again
        paths.write_atomically(file, lambda part: part.write_text(json.dumps(verdict, indent=1), "utf-8"))
    return bool(verdict["bf16"])


def _seconds(recipe: Recipe, height: int, width: int, machines: tuple[Machine, Machine]) -> tuple[float, float]:
    """Return the median time of a training step, in seconds, on each of two machines with the same device."""
    device = machines[0].device
    random = torch.Generator().manual_seed(0)
    network = machines[0].placed(build(recipe.model, height, width, CLASSES, random))
    images = torch.rand(recipe.train.batch_size, 1, height, width, generator=random).to(device)
    targets = (torch.arange(recipe.train.batch_size) % CLASSES).to(device)
    optimizer = Sgd(network.parameters(), lr=1e-4, momentum=0.9, weight_decay=0.0)
    times: tuple[list[float], ...] = ([], [])
    for turn in range(2 + 2 * ROUNDS):  # the first turn of each warms it up
        which = turn % 2
        start = time.perf_counter()
        for _ in range(STEPS):
            with machines[which].autocast():
                logits = network(images)
            functional.cross_entropy(logits.float(), targets).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        if turn >= 2:
            times[which].append((time.perf_counter() - start) / STEPS)
    return statistics.median(times[0]), statistics.median(times[1])
