"""Trained teachers on disk, each under the hash of all that it depends on, with the record of its training.

Knows the file, not the training.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from lwf_gui import paths
from lwf_gui.engine.device import arithmetic
from lwf_gui.engine.networks import Network
from lwf_gui.protocol import LogLine, Message, PhaseStarted, Probe, Steps
from lwf_gui.recipe import Recipe

FORMAT = 1
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
                about = json.loads(file.metadata()["about"])
            record = {name: tensors.pop(name) for name in ("losses", "probe_steps", "probe_logits")}
            network.load_state_dict(tensors)
        except (OSError, SafetensorError, KeyError, ValueError, RuntimeError):
            return None  # absent, cut short or foreign: train anew and write it again
        self.path.touch()
        steps, per_epoch = len(record["losses"]), int(about["steps_per_epoch"])
        messages: list[Message] = [
            PhaseStarted(run_id, "task1", tuple(about["learners"]), steps, per_epoch, cached=True),
            Steps(run_id, "task1", 1, record["losses"].numpy(), float(about["seconds"]), int(about["images"])),
        ]
        for step, logits in zip(record["probe_steps"].tolist(), record["probe_logits"].numpy(), strict=True):
            messages.append(Probe(run_id, "task1", step, logits))
        return messages + [LogLine(run_id, line) for line in about["log"]]

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


def teacher_file(recipe: Recipe, fingerprint: str, device: torch.device) -> TeacherFile:
    """Return the cache's place for the teacher of a recipe, for data with that fingerprint, trained on that device."""
    depends_on = {
        "format": FORMAT,
        "data": fingerprint,
        "tasks": recipe.data.tasks,  # the new classes too: the probe shows images of both tasks
        "train_images": recipe.data.train_images,
        "network": [recipe.model.network, recipe.model.hidden],
        "task1": recipe.task1.model_dump(),
        "train": recipe.train.model_dump(),
        "seed": recipe.seed,
        "arithmetic": arithmetic(recipe.engine, device),
    }
    digest = hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()
    return TeacherFile(paths.cache_dir() / "teachers" / f"{digest[:32]}.safetensors")


def _prune(folder: Path) -> None:
    files = sorted(folder.glob("*.safetensors"), key=lambda file: file.stat().st_mtime, reverse=True)
    for file in files[MAX_TEACHERS:]:
        file.unlink(missing_ok=True)
