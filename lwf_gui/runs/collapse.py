"""Collapse of a learner: one answer to nearly everything while its loss is above its start, heard as a run tells it.

A collapse has numbers, unlike a divergence, and they look like a result: this tells that they are none. What
fine-tuning forgets is no collapse: it answers the new task's images rightly.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.axis import StepAxis
from lwf_gui.messages import TOTAL, Branch, LiveSettingsApplied, Message, Probe, Steps
from lwf_gui.methods import method_of, subject_of
from lwf_gui.numerals import written
from lwf_gui.recipe import Recipe, settings
from lwf_gui.runs import metrics
from lwf_gui.runs.metrics import Labels, Logits
from lwf_gui.scenario import Scenario

NEARLY_ALL = 0.95
"""Share of the images that get the same answer."""

LASTING = 20
"""Steps for which it must hold: a first step that is too long is often made good."""


@dataclass(frozen=True, slots=True)
class OneAnswer:
    """A class that is answered to ``count`` of ``images`` probe images (class-incremental).

    ``both`` says that these are the images of all tasks so far, not of the new one alone.
    """

    unit: int
    count: int
    images: int
    both: bool


@dataclass(frozen=True, slots=True)
class Collapse:
    """What a learner does from ``step`` on; ``loss`` is the mean of its last steps, ``start`` its first, in nats.

    ``advice`` is what can be tried, of what is not done yet.
    """

    learner: str
    step: int
    answer: OneAnswer
    loss: float
    start: float
    advice: str = "try a smaller learning rate"

    def sentence(self, classes: Sequence[str]) -> str:
        """Say it to people, who know the classes by name."""
        images = f"{self.answer.images:,} {'' if self.answer.both else 'new-task '}probe images"
        return (
            f"{subject_of(self.learner)} collapsed: at step {self.step:,} it answers "
            f"{classes[self.answer.unit]} to {self.answer.count:,} of {images} (class-incremental), and its loss, "
            f"{self.loss:.3g}, is above its start, {self.start:.3g}. Its figures from here on say nothing of the "
            f"method; {self.advice}, in a fork at an earlier step or a new run."
        )


def one_answer(logits: Logits, labels: Labels, scenario: Scenario, task: int) -> OneAnswer | None:
    """Return the answer that nearly all images of a task, or of all so far, get wrongly; None if there is none.

    Parameters
    ----------
    logits : shape (N, classes), of one learner
    labels : shape (N,), output units
    """
    taken = metrics.predictions(logits, labels, scenario, "class_incremental")
    units = scenario.units(task)
    for both in (True, False):
        chosen = (labels < units.stop) & (both | (labels >= units.start))
        answers = taken[chosen & (taken != metrics.NO_ANSWER)]
        counts = np.bincount(answers, minlength=1)
        unit, images = int(counts.argmax()), int(chosen.sum())
        right = int((labels[chosen] == unit).sum())
        if images and counts[unit] >= NEARLY_ALL * images and right < NEARLY_ALL * counts[unit]:
            return OneAnswer(unit, int(counts[unit]), images, both)
    return None


class Watch:
    """Hears what a run tells of the later tasks, message by message, and says once of each learner that it collapsed.

    With each task, what a learner minimises begins anew, and so does its watch.

    Parameters
    ----------
    learners : in the order of the columns of losses and logits
    branches : those among them, with the settings that live changes pass by
    labels : shape (P,), output units of the probe images
    axis : which step is of which task
    recipe : what the run is trained with: what can be advised depends on it
    """

    def __init__(
        self,
        learners: Sequence[str],
        branches: Iterable[Branch],
        labels: Labels,
        scenario: Scenario,
        axis: StepAxis,
        recipe: Recipe,
    ) -> None:
        overrides = {branch.learner: branch.overrides for branch in branches}
        self._learners = [_Learner(name, overrides.get(name, {}), recipe) for name in learners]
        self._labels, self._scenario, self._axis = labels, scenario, axis

    def hear(self, message: Message) -> list[Collapse]:
        """Return the collapses that a message shows: those that a probe of the later tasks does."""
        match message:
            case Steps(phase="incremental"):
                for learner, totals in zip(self._learners, message.losses[..., TOTAL].T, strict=True):
                    learner.train(message.first, totals)
            case LiveSettingsApplied():
                for learner in self._learners:
                    learner.change(message)
            case Probe(phase="incremental") if self._axis.grows_at(message.step):
                for learner in self._learners:
                    learner.restart()
            case Probe(phase="incremental"):
                return list(self._answered(message))
        return []

    def _answered(self, probe: Probe) -> Iterator[Collapse]:
        """Yield the collapses that a probe shows."""
        task = self._axis.task(probe.step)
        for learner, logits in zip(self._learners, probe.logits, strict=True):
            one = one_answer(logits, self._labels, self._scenario, task) if learner.is_suspect() else None
            collapse = learner.answer(probe.step, one)
            if collapse is not None:
                yield collapse


class _Learner:
    """What is known of one learner since its loss became the sum that it is.

    ``_parts`` are the settings in that sum that it shares with the run, ``_own`` those that pass it by.
    """

    def __init__(self, name: str, own: Mapping[str, Any], recipe: Recipe) -> None:
        self.name, self.told = name, False
        self._parts, self._own = _parts(name) - own.keys(), own
        self._lr: float = own.get("lr", recipe.task2.lr)
        self._limited = recipe.task2.max_step > 0
        self._totals: list[NDArray[np.float32]] = []
        self.restart()

    def change(self, message: LiveSettingsApplied) -> None:
        """Hear of live settings; where the loss becomes another sum, its next value is the start."""
        if message.learner not in ("", self.name):
            return
        if message.learner or "lr" not in self._own:
            self._lr = message.live_settings.lr
        if self._parts & set(message.changed):
            self.restart()

    def restart(self) -> None:
        """Take the next loss as the start."""
        self._start, self._since = math.nan, 0
        self._totals.clear()

    def train(self, first: int, totals: NDArray[np.float32]) -> None:
        """Hear of losses, shape (steps,), the first of which is that of step ``first``."""
        if math.isnan(self._start):
            self._start, self._since = float(totals[0]), first - 1
        self._totals.append(totals)

    def is_suspect(self) -> bool:
        """Whether the loss since the last probe is above its start, and nothing was told yet."""
        return self._loss() > self._start and not self.told

    def _loss(self) -> float:
        return float(np.concatenate(self._totals).mean()) if self._totals else math.nan

    def answer(self, step: int, one: OneAnswer | None) -> Collapse | None:
        """Hear of a probe, and the one answer that it shows, if any; return the collapse that this is, once."""
        loss = self._loss()
        self._totals.clear()
        if one is None:
            self._since = step
        elif step - self._since >= LASTING:
            self.told = True
            return Collapse(self.name, step, one, loss, self._start, self._advice())
        return None

    def _advice(self) -> str:
        """Return what can be tried that is not done already: fine-tuning has no alpha, and a limit may be there."""
        slider = settings()["task2.lr"].slider
        high = ""
        if slider is not None and self._lr > slider[1]:
            high = f"its learning rate, {written(self._lr)}, is above the slider's end, {slider[1]:g}: "
        method = method_of(self.name)
        alpha = " or alpha" if method and method.distils else ""
        limit = "" if self._limited else ", or a longest step (task2.max_step)"
        return f"{high}try a smaller learning rate{alpha}{limit}"


def _parts(learner: str) -> set[str]:
    """Return the live settings that decide what a learner's loss is the sum of."""
    method = method_of(learner)
    return {"ce_scope", "alpha", "temperature", "scale_t2"} if method and method.distils else {"ce_scope"}
