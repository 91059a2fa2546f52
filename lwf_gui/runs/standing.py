"""How far a run is: its task, epoch and step, how fast it trains, and the time left. Pure functions of a record.

Whoever says at which step or in which epoch a run is takes it from here, so that all say the same: where its newest
probe is, as all panels do, though a few steps more may have been trained. The time left is of all that is trained.
"""

from __future__ import annotations

from dataclasses import dataclass

from lwf_gui.axis import StepAxis
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import moment
from lwf_gui.runs.track import Track


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands; ``seconds_left`` of all its training is None while it is not known."""

    task: str
    step: int
    steps: int
    epoch: int
    epochs: int
    images_per_second: float
    seconds_left: float | None

    @property
    def fraction(self) -> float:
        """The part of the task's steps that are done."""
        return self.step / self.steps if self.steps else 0.0

    @property
    def text(self) -> str:
        """Where the run stands, in words."""
        return f"{self.task}, epoch {self.epoch} of {self.epochs}, step {self.step:,} of {self.steps:,}"


def standing(record: Record, pace: float | None = None) -> Standing | None:
    """Return where a run stands; None before its first task. ``pace`` are steps of the later tasks a second at most.

    Their time is guessed from the base task's rate until they have one of their own.
    """
    track = record.track
    if track is None or record.data is None:
        return None
    seen, step = _seen(record, track)
    axis, tasks = seen.started.axis, record.data.scenario.tasks
    many = f" of {tasks}" if tasks > 2 else ""
    task = f"task 1{many}, the teacher" if seen is record.base else f"task {axis.task(step) + 1}{many}"
    epoch, epochs = axis.epoch(step)
    left = _seconds_left(record, track, pace)
    return Standing(task, step, seen.started.steps, epoch, epochs, track.rate()[0], left)


def _seen(record: Record, track: Track) -> tuple[Track, int]:
    """Return the phase and the step of the newest probe; the newest step where no probe will come or came yet."""
    newest = moment(record, None)
    if newest is None or not track.answering(track.steps):
        return track, track.steps
    return newest.track, newest.probe.step


def _seconds_left(record: Record, track: Track, pace: float | None) -> float | None:
    rate = track.rate()[1]
    left = _later_axis(record).steps - (record.incremental.steps if record.incremental else 0)
    if track is record.incremental:
        slow = min(filter(None, (rate, pace)), default=0.0)
        return left / slow if slow else None
    if not rate:
        return None
    assert record.data is not None
    # Every learner trains on every batch, so a later step costs about as much as that many of the base task.
    later = rate / len(record.data.recipe.learners)
    return (track.started.steps - track.steps) / rate + left / min(later, pace or later)


def _later_axis(record: Record) -> StepAxis:
    if record.incremental is not None:
        return record.incremental.started.axis
    assert record.data is not None
    task2, size = record.data.recipe.task2, record.data.recipe.train.batch_size
    return StepAxis.of(1, task2.epochs, [-(-images // size) for images in record.data.train_sizes[1:]], task2.steps)
