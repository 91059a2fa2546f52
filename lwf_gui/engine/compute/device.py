"""Compute configuration: with which device, threads and precision to train.

Knows the machine and the size of the work, not the experiment.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Literal

import torch

from lwf_gui import InputError, processor
from lwf_gui.engine.compute.exact import make_exact, versions
from lwf_gui.engine.networks import Network
from lwf_gui.recipe import Recipe

Precision = Literal["fp32", "bf16"]

MAX_AUTO_THREADS = 8
"""Mini-batches of small images give no more threads work."""

WORK_FOR_THREADS = 100_000_000
"""Multiplications of a step's forward pass from which one learner takes all cores, as the CNN does (205 million).

Below, as for the classroom's MLP (43 million), threads that share a matrix product wait for each other too often: each
learner takes one core, and learners train side by side."""

WORK_FOR_BF16 = {"cpu": {"mlp": 30_000_000, "cnn": 10_000_000}, "cuda": {"mlp": 10**10, "cnn": 10**10}}
"""Multiplications of a step's forward pass from which bf16 is worth its lost digits, by device and network.

Measured on a processor with AVX-512 and bf16, how many times as fast a step is: the MLP .9 at 5 million (the digits),
1.1 at 17 and 21, 1.3 to 1.4 at 43 (the classroom), 1.6 to 1.7 at 371; the CNN, whose convolutions come on top, 1.0 to
1.2 at 4 million, 1.5 to 1.7 from 13 on. A graphics card waits for launches at all of these sizes, and bf16 adds some.
"""


@dataclass(frozen=True, slots=True)
class ComputeConfig:
    """What a run computes on; all that decides about its last digit.

    ``threads`` are those of one learner, of whom ``workers`` train at the same time.
    """

    device: torch.device
    threads: int
    workers: int
    precision: Precision
    note: str = ""
    """One sentence where the same seed may not give the same numbers here, else empty."""

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
            return f"CPU, {threads}{' a learner' if self.workers > 1 else ''}, {self.precision}"
        return f"{self._name()}, {self.precision}"

    def arithmetic(self) -> dict[str, str | int | bool]:
        """Return what a teacher's last digit depends on beside its recipe; it trains alone, on one worker."""
        return {
            "torch": torch.__version__,
            "device": self._name(),
            "precision": self.precision,
            "threads": self.threads,
            "capability": torch.backends.cpu.get_cpu_capability(),
            "processor": str(torch.cpu.get_capabilities().get("cpu_name", "")),
            **(versions() if self.device.type == "cuda" else {}),
        }

    def _name(self) -> str:
        return torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else self.device.type.upper()


def resolve(recipe: Recipe, height: int, width: int) -> ComputeConfig:
    """Return what to train on, for images of that size; sets torch's thread count for the calling thread.

    The answer hangs on the recipe, the device and its instructions alone: not on a clock, a load or a file, so that
    the same recipe gives the same numbers every time, with and without a window.

    Raises
    ------
    InputError
        If the recipe asks for a device that torch does not see.
    """
    engine = recipe.engine
    name = _device(engine.device)
    work = _work(recipe, height * width)
    cores = min(processor.cores(), MAX_AUTO_THREADS) if engine.threads == "auto" else engine.threads
    workers = min(cores, len(recipe.learners)) if name == "cpu" and work < WORK_FOR_THREADS else 1
    threads = 1 if engine.threads == "auto" and work < WORK_FOR_THREADS else cores // workers
    torch.set_num_threads(threads)
    note = make_exact(name)
    precision: Precision = _precision(name, recipe, work) if engine.precision == "auto" else engine.precision
    return ComputeConfig(torch.device(name), threads, workers, precision, note)


def _device(asked: str) -> str:
    there = {"cpu": True, "cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if asked == "auto":
        return "cuda" if there["cuda"] else "cpu"
    if not there[asked]:
        seen = " or ".join(device for device, found in there.items() if found)
        raise InputError(
            f"engine.device = {asked} is not possible here: torch sees no such device; use auto or {seen}."
        )
    return asked


def _precision(device: str, recipe: Recipe, work: int) -> Precision:
    least = WORK_FOR_BF16.get(device, {}).get(recipe.model.network)
    return "bf16" if least is not None and work >= least and _has_bf16(device) else "fp32"


def _work(recipe: Recipe, pixels: int) -> int:
    """Return about how many multiplications the forward pass of one step takes in the fully connected layers.

    The head is left out: its ten rows do not count.
    """
    hidden = recipe.model.hidden
    # The CNN's largest layer reads 32 channels at half the height and width, 8 values for each pixel.
    weights = pixels * hidden + hidden**2 if recipe.model.network == "mlp" else 8 * pixels * hidden
    return recipe.train.batch_size * weights


def _has_bf16(device: str) -> bool:
    """Whether the device has instructions for bf16: without, it would be imitated, many times slower."""
    if device == "cpu":
        capabilities = torch.cpu.get_capabilities()
        return any(capabilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16"))
    return device == "cuda" and torch.cuda.is_bf16_supported(including_emulation=False)
