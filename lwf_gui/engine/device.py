"""Which device, threads and precision to train with.

Knows the machine and the size of the work, not the experiment.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

import torch

from lwf_gui import InputError
from lwf_gui.engine import trial
from lwf_gui.engine.networks import Network
from lwf_gui.recipe import Recipe

Precision = Literal["fp32", "bf16"]

MAX_AUTO_THREADS = 8
"""Mini-batches of small images give no more threads work."""

WORK_FOR_THREADS = 100_000_000
"""Multiplications of a step's forward pass from which one learner takes all cores, as the CNN does (205 million).

Below, as for the classroom's MLP (43 million), threads that share a matrix product wait for each other too often: each
learner takes one core, and learners train side by side."""

WORK_FOR_BF16 = 10_000_000
"""Multiplications below which bf16 is not tried: the digits' step (5 million) is mostly Python's time."""


@dataclass(frozen=True, slots=True)
class Machine:
    """What a run computes on; all that decides about its last digit.

    ``threads`` are those of one learner, of whom ``lanes`` train at the same time.
    """

    device: torch.device
    threads: int
    lanes: int
    precision: Precision

    def autocast(self) -> AbstractContextManager[object]:
        """Return the context in which networks compute at this precision."""
        return torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.precision == "bf16")

    def placed(self, network: Network) -> Network:
        """Move a network to the device, in its fastest memory layout, and return it."""
        # Convolutions are 1.3 times as fast on processors where the weights of a place lie together.
        layout = torch.contiguous_format if self.device.type == "mps" else torch.channels_last
        placed: Network = network.to(self.device).to(memory_format=layout)  # type: ignore[call-overload]
        return placed

    def describe(self) -> str:
        """Return device, threads and precision in a few words, for people."""
        if self.device.type == "cpu":
            threads = f"{self.threads} thread{'s' if self.threads > 1 else ''}"
            return f"CPU, {threads}{' a learner' if self.lanes > 1 else ''}, {self.precision}"
        return f"{self._name()}, {self.precision}"

    def arithmetic(self) -> dict[str, str | int]:
        """Return what a teacher's last digit depends on beside its recipe; it trains alone, in one lane."""
        return {
            "torch": torch.__version__,
            "device": self._name(),
            "precision": self.precision,
            "threads": self.threads,
            "capability": torch.backends.cpu.get_cpu_capability(),
        }

    def _name(self) -> str:
        return torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else self.device.type.upper()


def resolve(recipe: Recipe, height: int, width: int, on_trial: Callable[[], None] = lambda: None) -> Machine:
    """Return what to train on, for images of that size; sets torch's thread count for the calling thread.

    The answer is the same with and without a window, so that the numbers are. ``on_trial`` is called before a trial
    of the precisions, which takes half a second where none is remembered.

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
    work = _work(recipe, height * width)
    cores = min(_cores(), MAX_AUTO_THREADS) if engine.threads == "auto" else engine.threads
    lanes = min(cores, len(recipe.learners)) if name == "cpu" and work < WORK_FOR_THREADS else 1
    threads = 1 if engine.threads == "auto" and work < WORK_FOR_THREADS else cores // lanes
    torch.set_num_threads(threads)
    device = torch.device(name)
    fp32, bf16 = (Machine(device, threads, lanes, precision) for precision in ("fp32", "bf16"))
    if engine.precision != "auto":
        return bf16 if engine.precision == "bf16" else fp32
    if work < WORK_FOR_BF16 or not _has_bf16(name):
        return fp32
    return bf16 if trial.bf16_is_faster(recipe, height, width, fp32, bf16, on_trial) else fp32


def _work(recipe: Recipe, pixels: int) -> int:
    """Return about how many multiplications the forward pass of one step takes in the fully connected layers."""
    hidden = recipe.model.hidden
    # The CNN's largest layer reads 32 channels at half the height and width, 8 values for each pixel.
    weights = pixels * hidden + hidden**2 if recipe.model.network == "mlp" else 8 * pixels * hidden
    return recipe.train.batch_size * weights


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _has_bf16(device: str) -> bool:
    """Whether the device has instructions for bf16: without, it would be imitated, many times slower."""
    if device == "cpu":
        capabilities = torch.cpu.get_capabilities()
        return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
