"""Trained teachers on disk, each under the hash of all that it depends on, with the record of its training.

Knows the file, not the training.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor

from lwf_gui import paths
from lwf_gui.engine.device import Machine
from lwf_gui.engine.networks import Network
from lwf_gui.protocol import LogLine, Message, PhaseStarted, Probe, Steps
from lwf_gui.recipe import Recipe

FORMAT = 3
"""Part of every key: raise it when training or the file changes its meaning."""

MAX_TEACHERS = 40
"""The least recently used ones beyond this many are removed; a CNN's takes 13 MB."""


@dataclass(frozen=True, slots=True)
class TeacherFile:
    """The place of one teacher in the cache."""

    path: Path

    def load(self, network: Network, run_id: int) -> list[Message] | None:
        """Fill ``network`` and return the messages of its training, or None if there is no sound file."""
        try:
            with safe_open(self.path, framework="pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
                about = json.loads((file.metadata() or {})["about"])
            messages = _replay(run_id, tensors, about)
        except (OSError, SafetensorError, KeyError, TypeError, ValueError):
            return None  # absent, cut short or foreign: train anew and write it again
        if _shapes(tensors) != _shapes(network.state_dict()):
            return None  # seen before anything is copied: a half-filled network would be another start
        network.load_state_dict(tensors)
        with contextlib.suppress(OSError):  # a cache that can only be read is used all the same
            self.path.touch()
        return messages

    def save(self, network: Network, messages: Iterable[Message]) -> None:
        """Write the teacher and what its training told, all or nothing.

        Raises
        ------
        OSError
            If the cache cannot be written.
        """
        messages = list(messages)
        blocks = [m for m in messages if isinstance(m, Steps)]
        probes = [m for m in messages if isinstance(m, Probe)]
        (started,) = [m for m in messages if isinstance(m, PhaseStarted)]
        tensors = {name: value.cpu().contiguous() for name, value in network.state_dict().items()}
        tensors["losses"] = torch.from_numpy(np.concatenate([block.losses for block in blocks]))
        tensors["probe_steps"] = torch.tensor([probe.step for probe in probes])
        tensors["probe_logits"] = torch.from_numpy(np.stack([probe.logits for probe in probes]))
        about = {
            "learners": started.learners,
            "steps_per_epoch": started.steps_per_epoch,
            "seconds": blocks[-1].seconds,
            "images": blocks[-1].images,
            "log": [m.text for m in messages if isinstance(m, LogLine)],
        }
        paths.write_atomically(self.path, lambda part: save_file(tensors, part, {"about": json.dumps(about)}))
        _prune(self.path.parent)


def teacher_file(recipe: Recipe, fingerprint: str, machine: Machine) -> TeacherFile:
    """Return the cache's place for the teacher of a recipe, for data with that fingerprint, trained on that machine."""
    depends_on = {
        "format": FORMAT,
        "data": fingerprint,
        "tasks": recipe.data.tasks,  # the new classes too: the probe shows images of both tasks
        "train_images": recipe.data.train_images,
        "network": [recipe.model.network, recipe.model.hidden],
        "task1": recipe.task1.model_dump(),
        "train": recipe.train.model_dump(),
        "seed": recipe.seed,
        "arithmetic": machine.arithmetic(),
    }
    digest = hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()
    return TeacherFile(paths.cache_dir() / "teachers" / f"{digest[:32]}.safetensors")


def _replay(run_id: int, tensors: dict[str, Tensor], about: dict[str, Any]) -> list[Message]:
    """Take the record out of a file's ``tensors`` and return it as the messages of the training."""
    losses, probe_steps, probe_logits = (tensors.pop(name) for name in ("losses", "probe_steps", "probe_logits"))
    started = PhaseStarted(
        run_id, "task1", tuple(about["learners"]), len(losses), int(about["steps_per_epoch"]), cached=True
    )
    block = Steps(run_id, "task1", 1, losses.numpy(), float(about["seconds"]), int(about["images"]))
    probes = [
        Probe(run_id, "task1", step, logits)
        for step, logits in zip(probe_steps.tolist(), probe_logits.numpy(), strict=True)
    ]
    return [started, block, *probes, *(LogLine(run_id, line) for line in about["log"])]


def _shapes(tensors: Mapping[str, Tensor]) -> dict[str, torch.Size]:
    return {name: tensor.shape for name, tensor in tensors.items()}


def _prune(folder: Path) -> None:
    files = sorted(folder.glob("*.safetensors"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MAX_TEACHERS:]:
        file.unlink(missing_ok=True)
