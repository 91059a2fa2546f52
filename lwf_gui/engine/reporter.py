"""What a phase tells of its training: losses in blocks, probes, pauses, changed settings, the notebook's log lines.

It looks at learners and at what the stepper measured, and changes nothing that training depends on.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from lwf_gui.axis import StepAxis
from lwf_gui.engine.clock import Clock
from lwf_gui.engine.learner import Learner
from lwf_gui.engine.phase import Channel
from lwf_gui.engine.probing import Prober, shown_of
from lwf_gui.engine.stepping import Stepper
from lwf_gui.engine.tasks import Batch
from lwf_gui.messages import (
    LiveSettingsApplied,
    LogLine,
    MiniBatch,
    Notice,
    Paused,
    PhaseStarted,
    Progress,
    Resumed,
    Steps,
)
from lwf_gui.methods import subject_of
from lwf_gui.recipe import LiveSettings

SHOWN_IMAGES = 16
"""Images of a mini-batch that are shown in slow motion."""


class Reporter:
    """Tells one phase of a run, step by step."""

    def __init__(self, channel: Channel, stepper: Stepper, prober: Prober) -> None:
        self.clock = Clock()
        self.images = 0
        """Trained on so far, each counted once per learner that has not diverged."""
        self.probed = -1
        """The step of the last look at the probe images."""
        self._run_id, self._phase, self._emit = channel.run_id, channel.phase, channel.emit
        self._stepper, self._prober = stepper, prober

    def begin_anew(self, step: int) -> None:
        """Count from a step that was reached elsewhere."""
        self.clock.reset()
        self.images, self.probed = 0, step

    def started(self, axis: StepAxis, layers: tuple[str, ...]) -> None:
        """Announce the phase."""
        names = tuple(learner.name for learner in self._stepper.learners)
        steps, columns = (axis.steps, axis.epoch_steps, axis.boundaries), self._stepper.columns
        self._emit(PhaseStarted(self._run_id, self._phase, names, *steps, layers=layers, columns=columns))

    def losses(self, step: int) -> None:
        """Send the losses up to a step that are not sent yet."""
        self.clock.block_sent()
        taken = self._stepper.take()
        if len(taken):
            losses = taken.cpu().numpy().copy()
            first = step - len(losses) + 1
            self._emit(Steps(self._run_id, self._phase, first, losses, self.clock.seconds, self.images))

    def probe(self, step: int, *, layers: bool = True, layers_back: int = 0, compared: bool = False) -> None:
        """Classify the probe images with every learner, and with the teacher; with ``layers`` look into these, too.

        ``layers_back`` is the task, if it is to be told what learners would know with layers of the first teacher.
        ``compared`` tells how their hidden layers compare with their teachers'.
        """
        self.probed = step
        self.losses(step)
        learners = self._stepper.learners
        back = bool(layers_back)
        answers, means = self._prober.answers(
            self._run_id, self._phase, step, learners, layers_back=back, compared=compared
        )
        seen = self._prober.representation(self._run_id, step, learners) if compared else None
        if seen is not None:
            self._emit(seen)
        if back:  # before the probe, so that whoever sees that moment sees all of it
            self._tell_put_back(step, layers_back, heard=True)
        self._emit(answers)
        if means is not None:
            self._emit(means)
        looked = self._prober.layers(self._run_id, step, learners, self._stepper.products) if layers else None
        if looked is not None:
            self._emit(looked)

    def task_ended(self, step: int, task: int) -> None:
        """Tell what learners would know on the probe images with layers of the first teacher as a task ends."""
        self._tell_put_back(step, task, heard=False)

    def _tell_put_back(self, step: int, task: int, *, heard: bool) -> None:
        told = self._prober.layers_put_back(self._run_id, task, step, self._stepper.learners, heard=heard)
        if told is not None:
            self._emit(told)

    def made_of(self, step: int, batch: Batch, updates: list[float]) -> None:
        """Tell what the step just done was made of."""
        first = batch.indices[:SHOWN_IMAGES]
        images = batch.split.pixels[first, 0].cpu().numpy()
        labels = batch.targets[:SHOWN_IMAGES].cpu().numpy().astype(np.uint8)
        size, changes = len(batch.numbers), np.array(updates, np.float32)
        self._emit(MiniBatch(self._run_id, step, images, labels, size, changes))

    def changed(
        self,
        step: int,
        live_settings: LiveSettings,
        fields: tuple[str, ...],
        by: Literal["user", "schedule"] = "user",
        learner: str = "",
    ) -> None:
        """Tell which live settings hold from the next step on, after the losses before it."""
        self.losses(step)
        self._emit(LiveSettingsApplied(self._run_id, step, live_settings, fields, by, learner))

    def paused(self, step: int) -> None:
        """Tell that training waits; all that is shown in a pause is of the step at which it stands."""
        if self.probed != step:
            self.probe(step, layers=False)  # how the losses pull was not measured in this step
        self.clock.stand()
        self._emit(Paused(self._run_id, self._phase, step))

    def resumed(self) -> None:
        """Tell that training goes on."""
        self.clock.go()
        self._emit(Resumed(self._run_id))

    def ends_task(self, learner: Learner) -> None:
        """Tell what a learner does when a task is over, where that takes long; the losses sent next say it is done."""
        if learner.method.end_words:
            self._emit(Progress(self._run_id, f"{subject_of(learner.name)} {learner.method.end_words}", 0, 0))

    def noted(self, text: str) -> None:
        """Tell what the user should know."""
        self._emit(Notice(self._run_id, text))

    def log_loss(self, seen: int, size: int) -> None:
        """Log the last step's loss as the notebook does, after so many images of the task."""
        learners = self._stepper.learners
        loss = float(self._stepper.last[learners.index(shown_of(learners))])
        self._emit(LogLine(self._run_id, f"Loss: {loss:>7f}, {seen:>5d}/{size:>5d}"))
