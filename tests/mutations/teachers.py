"""A small teacher in the cache's file format, and its loader; apart, for it needs torch."""

from __future__ import annotations

import functools
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import torch

from lwf_gui import InputError
from lwf_gui.engine.networks import Network, build
from lwf_gui.engine.tasks import generator
from lwf_gui.engine.teacher_cache import TeacherFile, Training, UnusableTeacher
from lwf_gui.messages import TEACHER, TERMS, LogLine, Message, PhaseStarted, Probe, Steps
from lwf_gui.recipe import compose

TRAINING = Training(steps=6, steps_per_epoch=3, probe_images=10, classes=4, old_classes=2)
NAME = "teacher.safetensors"


def network() -> Network:
    """Return an untrained network, always the same."""
    model = compose("digits", ["model.hidden=8"]).model
    return build(model, 4, 4, TRAINING.old_classes, generator(0, "teacher"))


def told() -> list[Message]:
    """Return what the training of a teacher tells."""
    random = np.random.default_rng(0)

    def probe(step: int) -> Probe:
        logits = np.full((1, TRAINING.probe_images, TRAINING.classes), -np.inf, np.float16)
        logits[..., : TRAINING.old_classes] = random.normal(size=(1, TRAINING.probe_images, TRAINING.old_classes))
        return Probe(1, "base", step, logits)

    losses = random.uniform(0, 3, (TRAINING.steps, 1, len(TERMS))).astype(np.float32)
    started = PhaseStarted(1, "base", (TEACHER,), TRAINING.steps, (TRAINING.steps_per_epoch,))
    return [started, Steps(1, "base", 1, losses, 0.5, 96), probe(0), probe(3), probe(6), LogLine(1, "Epoch 1")]


@functools.cache
def sound() -> list[dict[str, bytes]]:
    """Return folders with one teacher, without and with the way of its weights."""
    made = []
    for walked in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / NAME
            learnt = network()
            way = {name: torch.ones_like(value) for name, value in learnt.state_dict().items()} if walked else None
            TeacherFile(path).save(learnt, told(), way)
            made.append({NAME: path.read_bytes()})
    return made


def load(folder: Path) -> Any:
    """Load a teacher; one that cannot be used is told so by the engine, in a sentence, and trained anew."""
    try:
        return TeacherFile(folder / NAME).load(network(), TRAINING, 1)
    except UnusableTeacher as error:
        raise InputError(f"The teacher cannot be used: the file {error}.") from error
