"""Trained teachers on disk, each under the hash of all that it depends on, with the record of its training.

Beside the weights lies the path integral of the way to them, if a method has asked for it.

Knows the file, not the training.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from torch import Tensor

from lwf_gui import paths, untrusted
from lwf_gui.documents import writing
from lwf_gui.engine.compute.device import ComputeConfig
from lwf_gui.engine.methods.importance import Weights
from lwf_gui.engine.networks import Network
from lwf_gui.messages import TEACHER, TERMS, LogLine, Message, PhaseStarted, Probe, Steps
from lwf_gui.reasons import reason
from lwf_gui.recipe import Recipe

FORMAT = 4
"""Part of every key: raise it when training or the file changes its meaning."""

RECORD = ("losses", "probe_steps", "probe_logits")
"""Names of what was told, among the parameters' names."""

PATH = "path."
"""What the names of the path integral's tensors begin with; the rest is the parameter's name."""

MAX_ABOUT = 2**20
"""Bytes of the header at most: the log of a training of a hundred epochs has a tenth of that."""

MAX_TEACHERS = 40
"""The least recently used ones beyond this many are removed; a CNN's takes 13 MB."""


class UnusableTeacher(ValueError):  # noqa: N818 - what it is, in a word
    """There is a file, and it is not what a training left; the message completes "the file ..."."""


@dataclass(frozen=True, slots=True)
class Training:
    """What the record of a teacher's training must have: its steps, and what a probe answers."""

    steps: int
    steps_per_epoch: int
    probe_images: int
    classes: int
    old_classes: int


@dataclass(frozen=True, slots=True, eq=False)
class Kept:
    """What a file holds beside the weights: the messages of the training, and its path integral by parameter."""

    messages: list[Message]
    path: Weights


@dataclass(frozen=True, slots=True)
class TeacherFile:
    """The place of one teacher in the cache."""

    path: Path

    def load(self, network: Network, training: Training, run_id: int, *, path: bool = False) -> Kept | None:
        """Fill ``network`` and return what else is known of its training, or None if there is no file.

        With ``path`` the path integral is wanted. Nothing is copied before all is checked: a half-filled network would
        be another start. A checksum over everything finds what a disk has changed: weights with another bit are
        numbers too, and would be another teacher under the same name.

        Raises
        ------
        UnusableTeacher
            If the file is damaged, not of this network and training, or without a path integral that is wanted.
        """
        try:
            size = self.path.stat().st_size
        except (FileNotFoundError, NotADirectoryError):
            return None
        except OSError as error:
            raise UnusableTeacher(f"cannot be read ({reason(error)})") from error
        if size > _most_bytes(network, training):  # before memory is taken for it
            raise UnusableTeacher("is larger than what such a training leaves")
        try:
            with safe_open(self.path, framework="pt") as file:
                tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dict
                metadata = file.metadata() or {}
            text = metadata["about"]
            arrays = {name: each.numpy() for name, each in tensors.items()}
            if metadata["checksum"] != writing.checksum_of(arrays, text):
                raise UnusableTeacher("has changed since it was written")
            about = json.loads(text)
            untrusted.check_tree(about)
            messages = _replay(run_id, tensors, about, training)
        except FileNotFoundError:  # another process has removed it just now
            return None
        except UnusableTeacher:
            raise
        except (OSError, SafetensorError, KeyError, TypeError, ValueError, RuntimeError, OverflowError) as error:
            if isinstance(error, RuntimeError) and "No such file" in str(error):  # removed just now: torch's words
                return None
            raise UnusableTeacher("is damaged") from error
        walked = {name.removeprefix(PATH): tensors.pop(name) for name in list(tensors) if name.startswith(PATH)}
        kinds = _kinds(network.state_dict())
        if _kinds(tensors) != kinds or (walked and _kinds(walked) != kinds):
            raise UnusableTeacher("holds another network")
        if path and not walked:
            raise UnusableTeacher("lacks how its weights came about in training, which SI needs")
        if not all(bool(torch.isfinite(tensor).all()) for tensor in (*tensors.values(), *walked.values())):
            raise UnusableTeacher("holds weights that are no numbers")
        network.load_state_dict(tensors)
        with contextlib.suppress(OSError):  # a cache that can only be read is used all the same
            os.utime(self.path)  # not touch, which makes an empty file where another process has just removed it
        return Kept(messages, walked)

    def save(self, network: Network, messages: Iterable[Message], path: Weights | None = None) -> None:
        """Write the teacher, what its training told and, if it is known, its path integral, all or nothing.

        Raises
        ------
        OSError
            If the cache cannot be written.
        """
        messages = list(messages)
        blocks = [m for m in messages if isinstance(m, Steps)]
        probes = [m for m in messages if isinstance(m, Probe)]
        (started,) = [m for m in messages if isinstance(m, PhaseStarted)]
        tensors = {name: value.cpu().numpy() for name, value in network.state_dict().items()}
        record = (
            np.concatenate([block.losses for block in blocks]),
            np.array([probe.step for probe in probes], np.int64),
            np.stack([probe.logits for probe in probes]),
        )
        tensors |= {f"{PATH}{name}": value.cpu().numpy() for name, value in (path or {}).items()}
        tensors |= dict(zip(RECORD, record, strict=True))
        about = {
            "learners": started.learners,
            "steps_per_epoch": started.epoch_steps[0],
            "seconds": blocks[-1].seconds,
            "images": blocks[-1].images,
            "log": [m.text for m in messages if isinstance(m, LogLine)],
        }
        text = json.dumps(about)
        texts = {"about": text, "checksum": writing.checksum_of(tensors, text)}
        paths.write_atomically(self.path, lambda part: writing.write_arrays(part, tensors, texts))
        _prune(self.path)


def teacher_file(recipe: Recipe, fingerprint: str, compute: ComputeConfig) -> TeacherFile:
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
        "arithmetic": compute.arithmetic(),
    }
    digest = hashlib.sha256(json.dumps(depends_on, sort_keys=True).encode()).hexdigest()
    return TeacherFile(paths.cache_dir() / "teachers" / f"{digest[:32]}.safetensors")


def _replay(run_id: int, tensors: dict[str, Tensor], about: dict[str, Any], training: Training) -> list[Message]:
    """Take the record out of a file's ``tensors`` and return it as the messages of the training."""
    losses, probe_steps, probe_logits = (tensors.pop(name).numpy() for name in RECORD)
    seconds, images, log = float(about["seconds"]), int(about["images"]), list(about["log"])
    probes, at = len(probe_steps), probe_steps.tolist()
    sound = (
        about["learners"] == [TEACHER]
        and about["steps_per_epoch"] == training.steps_per_epoch
        and _is(losses, "float32", (training.steps, 1, len(TERMS)))
        and _is(probe_steps, "int64", (probes,))
        and _is(probe_logits, "float16", (probes, 1, training.probe_images, training.classes))
        and at == sorted(set(at))
        and at[:1] == [0]
        and at[-1:] == [training.steps]
        and np.isfinite(losses).all()
        and np.isfinite(probe_logits[..., : training.old_classes]).all()
        and np.isneginf(probe_logits[..., training.old_classes :]).all()
        and 0 <= seconds < math.inf
        and images >= 0
        and all(isinstance(line, str) for line in log)
    )
    if not sound:
        raise UnusableTeacher("holds the record of another training, or a damaged one")
    started = PhaseStarted(run_id, "base", (TEACHER,), training.steps, (training.steps_per_epoch,), cached=True)
    block = Steps(run_id, "base", 1, losses, seconds, images)
    told = [Probe(run_id, "base", step, logits) for step, logits in zip(at, probe_logits, strict=True)]
    return [started, block, *told, *(LogLine(run_id, line) for line in log)]


def _is(values: NDArray[Any], dtype: str, shape: tuple[int, ...]) -> bool:
    return values.dtype.name == dtype and values.shape == shape


def _kinds(tensors: Mapping[str, Tensor]) -> dict[str, tuple[torch.Size, torch.dtype]]:
    return {name: (tensor.shape, tensor.dtype) for name, tensor in tensors.items()}


def _most_bytes(network: Network, training: Training) -> int:
    """Return how large a file of such a training is at most: weights and their path, losses, and a probe a step."""
    weights: int = sum(tensor.nbytes for tensor in network.state_dict().values())
    losses = 4 * training.steps * len(TERMS)
    probes = (training.steps + 1) * (8 + 2 * training.probe_images * training.classes)
    return 2 * weights + losses + probes + MAX_ABOUT


def _prune(written: Path) -> None:
    """Remove the teachers that were used least recently, but for the one just written, whatever the clock says.

    Other processes do the same, and may be faster.
    """
    times = {}
    for file in written.parent.glob("*.safetensors"):
        with contextlib.suppress(OSError):
            times[file] = file.stat().st_mtime
    times.pop(written, None)
    for file in sorted(times, key=lambda file: times[file], reverse=True)[MAX_TEACHERS - 1 :]:
        with contextlib.suppress(OSError):
            file.unlink(missing_ok=True)
