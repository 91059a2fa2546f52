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
from contextlib import AbstractContextManager

import torch
from torch.nn import functional

from lwf_gui import paths
from lwf_gui.engine.networks import build
from lwf_gui.engine.sgd import Sgd
from lwf_gui.recipe import Recipe

ROUNDS, STEPS = 7, 3
"""The precisions take turns, so that whatever else the machine does meanwhile hits both."""

WORTH = 1.15
"""bf16 must be so many times as fast: below, the digits of fp32 are worth more."""

CLASSES = 10


def bf16_is_faster(
    recipe: Recipe,
    height: int,
    width: int,
    device: torch.device,
    threads: int,
    contexts: tuple[Callable[[], AbstractContextManager[object]], Callable[[], AbstractContextManager[object]]],
    on_trial: Callable[[], None],
) -> bool:
    """Return the remembered verdict on training steps of the recipe's network, else find and remember one.

    ``contexts`` make the context of a forward pass in fp32 and in bf16; ``on_trial`` is called before a trial.
    """
    about = {
        "torch": torch.__version__,
        "processor": str(torch.cpu.get_capabilities().get("cpu_name", "")),
        "device": torch.cuda.get_device_name(device) if device.type == "cuda" else device.type,
        "threads": threads,
        "model": recipe.model.model_dump(),
        "batch": recipe.train.batch_size,
        "size": [height, width],
    }
    key = hashlib.sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]
    file = paths.cache_dir() / "trials" / f"{key}.json"
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        return bool(json.loads(file.read_text("utf-8"))["bf16"])
    on_trial()
    fp32, bf16 = _seconds(recipe, height, width, device, contexts)
    verdict = {"bf16": fp32 / bf16 >= WORTH, "fp32_ms": 1000 * fp32, "bf16_ms": 1000 * bf16, "about": about}
    with contextlib.suppress(OSError):  # no cache: the next run tries again
        paths.write_atomically(file, lambda part: part.write_text(json.dumps(verdict, indent=1), "utf-8"))
    return bool(verdict["bf16"])


def _seconds(
    recipe: Recipe,
    height: int,
    width: int,
    device: torch.device,
    contexts: tuple[Callable[[], AbstractContextManager[object]], ...],
) -> tuple[float, float]:
    """Return the median time of a training step, in seconds, in each context."""
    random = torch.Generator().manual_seed(0)
    network = build(recipe.model, height, width, CLASSES, random).to(device).to(memory_format=torch.channels_last)  # type: ignore[call-overload]
    images = torch.rand(recipe.train.batch_size, 1, height, width, generator=random).to(device)
    targets = (torch.arange(recipe.train.batch_size) % CLASSES).to(device)
    optimizer = Sgd(network.parameters(), lr=1e-4, momentum=0.9, weight_decay=0.0)
    times: tuple[list[float], ...] = ([], [])
    for turn in range(2 + 2 * ROUNDS):  # the first turn of each warms it up
        which = turn % 2
        start = time.perf_counter()
        for _ in range(STEPS):
            with contexts[which]():
                logits = network(images)
            functional.cross_entropy(logits.float(), targets).backward()  # type: ignore[no-untyped-call]
            optimizer.step()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        if turn >= 2:
            times[which].append((time.perf_counter() - start) / STEPS)
    return statistics.median(times[0]), statistics.median(times[1])
