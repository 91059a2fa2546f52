"""Gradient conflict: in every layer, the gradient of the new task's CE against that of the distillation loss.

Pure functions of a record and a look; knows nothing of windows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lwf_gui.methods import method_of
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, layer_names, layers_at, settings_of

APART, TOGETHER = 120.0, 60.0
"""Degrees between the pulls: above the first they oppose each other, below the second they agree."""

NEGLIGIBLE = 1e-5
"""A force below this share of the other one has no direction: it is what float32 left over. So at the first step, where
the student still answers as the teacher does and KD has its minimum."""


@dataclass(frozen=True, slots=True)
class Pull:
    """The two forces on one layer, in nats per unit of weight.

    Attributes
    ----------
    new : L2 norm of the gradient of CE
    old : alpha times the L2 norm of the gradient of T² KD, of KD where T² is switched off
    angle : degrees between the two, 0 to 180; NaN where one of them is negligible or missing
    still : why nothing pulls: "frozen", "no step yet"; else empty
    """

    layer: str
    new: float
    old: float
    angle: float
    still: Literal["", "frozen", "no step yet"]

    @property
    def word(self) -> str:
        """How the two get on; empty where nothing pulls."""
        if math.isnan(self.angle):
            return "" if self.still else "new task alone" if self.new > self.old else "old task alone"
        return "pull apart" if self.angle > APART else "pull together" if self.angle < TOGETHER else "indifferent"


@dataclass(frozen=True, slots=True)
class Team:
    """The forces on one learner, layer by layer from images to logits.

    Attributes
    ----------
    alpha : what the distillation force is multiplied by, here; 1 where the learner's own alpha is 0 or it has none
    weighs : whether that force is multiplied by an alpha at all
    listens : whether the distillation force moves the learner at all
    why : why it does not listen, else empty
    term : whose gradient the distillation force is, before alpha: "T² KD", or "KD" where T² is switched off
    """

    learner: str
    alpha: float
    listens: bool
    why: str
    term: str
    weighs: bool
    pulls: tuple[Pull, ...]
    many: bool = False
    """Whether the run has more than two tasks: the old one is all earlier ones together."""

    def length(self, force: float) -> float:
        """Return how long to draw a force: the square root of its share of this learner's strongest one.

        Forces of one learner differ a hundredfold from layer to layer; their square roots only tenfold, so that both
        ends can be seen in one picture.
        """
        strongest = max((f for pull in self.pulls for f in (pull.new, pull.old) if math.isfinite(f)), default=0.0)
        return math.sqrt(force / strongest) if 0 < force < math.inf and strongest else 0.0


@dataclass(frozen=True, slots=True)
class GradientConflict:
    """The forces on all learners that have not diverged, in the mini-batch of one step.

    ``many``: the run has more than two tasks, and the old task is all earlier ones together.
    """

    step: int
    teams: tuple[Team, ...]
    many: bool = False


def gradient_conflict(record: Record, selection: Selection) -> GradientConflict | None:
    """Return the forces where one looks, or None while there are none."""
    probe = layers_at(record, selection)
    if probe is None or record.incremental is None:
        return None
    names = layer_names(record, probe.forces.shape[1])
    teams = []
    many = tasks_shown.are_many(record)
    begins = probe.step in record.incremental.started.boundaries
    for row in record.incremental.answering(probe.step):
        learner, forces = record.incremental.started.learners[row], probe.forces[row].astype(np.float64)
        method = method_of(learner)
        settings = settings_of(record, learner, probe.step)
        own = settings.alpha if settings is not None else 0.0
        why = "does not distil" if method is not None and not method.distils else "alpha is 0" if own == 0 else ""
        pull = "" if method is None or method.loss is None else method.loss.pull
        alpha = own or 1.0  # a force that is multiplied by 0 is drawn as it would be
        if pull:  # not multiplied by anything
            why, alpha = "", 1.0
        pulls = tuple(
            _pull(name, each, alpha, begins=begins) for name, each in zip(names, forces.tolist(), strict=True)
        )
        term = pull or ("T² KD" if settings is None or settings.scale_t2 else "KD")
        teams.append(Team(learner, alpha, not why, why, term, not pull, pulls, many))
    return GradientConflict(probe.step, tuple(teams), many)


def _pull(layer: str, forces: list[float], alpha: float, *, begins: bool) -> Pull:
    """Return the forces on a layer, from a row of `LayerProbe.forces`; ``begins``: before its task's first step."""
    new, old, cosine = forces
    if math.isnan(new):
        return Pull(layer, math.nan, math.nan, math.nan, "no step yet" if begins else "frozen")
    both = min(new, old) > NEGLIGIBLE * max(new, old)
    # Rounding may push the cosine of parallel forces just beyond 1.
    angle = math.degrees(math.acos(min(1.0, max(-1.0, cosine)))) if both else math.nan
    return Pull(layer, new, alpha * old, angle, "")
