"""Runs that are looked at while they train: the networks as they were at every look."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

from lwf_gui.engine.networks import Network
from lwf_gui.messages import Message, PutBack, StraightPath
from tests.engine.lab import Lab, Ran

THREE = ("data.tasks=[[0,1,2],[3,4],[5,6]]", "task2.epochs=1")


@dataclass
class Watched:
    """A run whose networks were copied whenever a look was told."""

    ran: Ran
    networks: dict[tuple[int, str], Network] = field(default_factory=dict)


def watched(look: type[PutBack] | type[StraightPath], *changes: str) -> Watched:
    """Return a run, with its networks by step and name at every look of a kind."""
    seen: dict[tuple[int, str], Network] = {}

    def hook(ran: Ran, message: Message) -> None:
        if isinstance(message, look):
            for name, learner in ran.learners.items():
                seen[message.step, name] = copy.deepcopy(learner.network)

    return Watched(Lab().run("train.probe_every=4", *changes, hook=hook), seen)
