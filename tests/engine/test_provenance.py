"""What the engine says of where a run's numbers come from."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import numpy as np
import torch

from lwf_gui import __version__
from lwf_gui.engine.first_teacher import digest_of
from lwf_gui.engine.job import Job
from lwf_gui.engine.networks import build
from lwf_gui.engine.runner import Runner
from lwf_gui.engine.tasks import generator
from lwf_gui.messages import DataReady, Message, Provenance, TeacherReady
from lwf_gui.recipe import Recipe, compose

QUICK = compose(
    "digits",
    ["engine.threads=1", "engine.device=cpu", "model.hidden=16", "task1.epochs=1", "task2.epochs=1", "learners=lwf"],
)


def told(recipe: Recipe = QUICK) -> list[Message]:
    messages: list[Message] = []
    Runner(forks=False).run(Job(1, recipe), messages.append)
    return messages


def test_a_run_says_when_and_with_what_it_was_computed_and_the_same_teacher_has_the_same_digest() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    first, again, other = told(), told(), told(QUICK.with_settings({"seed": 1}))
    (provenance,) = [message for message in first if isinstance(message, Provenance)]
    assert isinstance(first[first.index(provenance) - 1], DataReady)
    assert before <= datetime.fromisoformat(provenance.began) <= datetime.now(UTC)
    versions = {"lwf-gui": __version__, "torch": torch.__version__, "numpy": np.__version__}
    assert versions.items() <= provenance.versions.items()
    assert (provenance.threads, provenance.cores > 0) == (1, True)
    teachers = [next(m for m in messages if isinstance(m, TeacherReady)) for messages in (first, again, other)]
    assert [teacher.cached for teacher in teachers] == [False, True, False]
    assert teachers[0].digest == teachers[1].digest != teachers[2].digest


def test_a_digest_hangs_on_every_weight_name_and_shape() -> None:
    network = build(QUICK.model, 8, 8, 6, generator(0, "teacher"))
    known = hashlib.sha256()
    for name in sorted(network.state_dict()):
        values = network.state_dict()[name]
        known.update(f"{name} torch.float32 {tuple(values.shape)}\n".encode() + values.contiguous().numpy().tobytes())
    assert digest_of(network) == known.hexdigest()
    with torch.no_grad():
        next(iter(network.parameters())).view(-1)[0] += 1e-3
    assert digest_of(network) != known.hexdigest()
