"""Which device, precision and threads to train with.

Knows the machine, not the experiment.
"""

from __future__ import annotations

import os
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

import torch

from lwf_gui import InputError
from lwf_gui.recipe import Recipe

MAX_AUTO_THREADS = 8
"""Mini-batches of small images give no more threads work."""

WORK_FOR_THREADS = 100_000_000
"""Multiplications of a step's forward pass below which training takes one thread.

The classroom's MLP (43 million) gains about a tenth from a second thread on two cores, and loses far more when the
window, or anything else, wants a core meanwhile; the CNN (205 million) gains a quarter."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a run computes on; all that decides about its last digit."""

    device: torch.device
    threads: int
    precision: Literal["fp32", "bf16"]

    def autocast(self) -> AbstractContextManager[object]:
        """Return the context in which networks compute at this precision."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.precision == "bf16")

    def memory_format(self) -> torch.memory_format:
        """Return the layout of convolution weights: channels last is 1.3 times as fast on processors."""
        return torch.contiguous_format if self.device.type == "mps" else torch.channels_last

    def describe(self) -> str:
        """Return device, threads and precision in a few words, for people."""
        if self.device.type == "cpu":
            return f"CPU, {self.threads} thread{'s' if self.threads > 1 else ''}, {self.precision}"
        name = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else self.device.type.upper()
        return f"{name}, {self.precision}"

    def arithmetic(self) -> dict[str, str | int]:
        """Return what a teacher's last digit depends on beside its recipe."""
        return {
            "torch": torch.__version__,
            "device": self.describe(),
            "threads": self.threads,
            "capability": torch.backends.cpu.get_cpu_capability(),
        }


def resolve(recipe: Recipe, pixels: int) -> Machine:
    """Return what to train on, for images of so many pixels; sets torch's thread count for the calling thread.

    The answer is the same with and without a window, so that the numbers are.

    Raises
    ------
    InputError
        If the recipe asks for a device that torch does not see.
    """
    engine = recipe.engine
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    name = engine.device
    if name == "auto":
        name = "cuda" if there["cuda"] else "cpu"
    if not there[name]:
        seen = " or ".join(device for device, found in there.items() if found)
        raise InputError(f"engine.device = {name} is not possible here: torch sees no such device; use auto or {seen}.")
    threads = _auto_threads(recipe, pixels) if engine.threads == "auto" else engine.threads
    torch.set_num_threads(threads)
    return Machine(torch.device(name), threads, "bf16" if engine.precision == "bf16" else "fp32")


def _auto_threads(recipe: Recipe, pixels: int) -> int:
    """Return one thread a core for networks with enough to do; small steps are over before a second one starts."""
    hidden = recipe.model.hidden
    # The CNN's largest layer reads 32 channels at half the height and width, 8 values for each pixel.
    weights = pixels * hidden + hidden**2 if recipe.model.network == "mlp" else 8 * pixels * hidden
    if recipe.train.batch_size * weights < WORK_FOR_THREADS:
        return 1
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(cores, MAX_AUTO_THREADS)
