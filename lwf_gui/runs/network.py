"""The network strip: all learners' machines where one looks, with the images that are learnt, and what came of it.

Pure functions of a record and a look; knows nothing of windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from lwf_gui.messages import TEACHER, DataReady, MiniBatch
from lwf_gui.numbers import counted
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.captions import when
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.network_lane import Lane as Lane
from lwf_gui.runs.network_lane import base_lane, lane_of
from lwf_gui.runs.network_outcome import outcomes
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment

MOST_IMAGES = 4
"""Pictures of new images."""


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """All learners' machines at one step.

    Attributes
    ----------
    phase : nothing trained yet; the base task; or a later one
    task : that is learnt, or will be first; its name, with its classes
    images : numbers of probe images of the task; of none where ``batch``, the step's mini-batch, has its own
    step : of the later tasks; 0 before these
    grown : whether the head has just grown, and no step of the task is trained
    when, since : the step in words, and the moment from which ``moved`` counts
    """

    phase: Literal["ahead", "base", "later"]
    task: int
    name: str
    lanes: tuple[Lane, ...]
    images: tuple[int, ...]
    batch: MiniBatch | None
    step: int
    grown: bool
    when: str
    since: str
    many: bool

    @property
    def learners(self) -> tuple[str, ...]:
        """Whose lanes there are."""
        return tuple(lane.learner for lane in self.lanes)


def machine(record: Record, selection: Selection, *, guessed: bool = False) -> Machine | None:
    """Return the machines where one looks; None without data. ``guessed``: what came of it is to be guessed first."""
    data, at = record.data, moment(record, selection.step)
    if data is None:
        return None
    base = record.base is not None and (at is None or at.track is record.base) and record.track is not None
    started = base or (at is not None and at.track is record.incremental)
    task = 0 if base else max(1, at.task) if at is not None else 1
    grown = at is not None and not base and at.step in at.track.started.boundaries
    found = outcomes(record, selection, (TEACHER,) if base else learners_of(record), guessed=guessed)
    lanes = tuple(
        base_lane(record, outcome) if base else lane_of(record, selection, at, learner, task, outcome)
        for learner, outcome in found.items()
    )
    batch = None if at is None or base else record.batches.get(at.step)
    return Machine(
        "base" if base else "later" if started else "ahead",
        task,
        tasks_shown.name(record, task),
        lanes,
        () if batch is not None else _images(data, task),
        batch,
        0 if at is None or base else at.step,
        grown,
        when(at, record) if at is not None else "nothing trained yet",
        tasks_shown.beginning(record),
        tasks_shown.are_many(record),
    )


def _images(data: DataReady, task: int) -> tuple[int, ...]:
    """Return the numbers of some probe images of a task, class after class, and again where it has few."""
    kinds = [np.flatnonzero(data.probe_labels == unit).tolist() for unit in data.scenario.units(task)]
    turns = (kind[turn] for turn in range(MOST_IMAGES) for kind in kinds if turn < len(kind))
    return tuple(sorted([image for image, _ in zip(turns, range(MOST_IMAGES), strict=False)]))


def captions(record: Record, figures: Machine, *, lanes: str = "") -> tuple[str, ...]:
    """Return which images, protocol and moment the outcomes are of, and shorter wordings."""
    told = next((lane.outcome for lane in figures.lanes if lane.outcome.now), None)
    dataset = "" if record.data is None else f" of {record.data.dataset}"
    begin = f"{lanes}: " if lanes else ""
    if told is None:
        return (f"{begin}{figures.when}", lanes or figures.when)
    pushed = next((lane.outcome for lane in figures.lanes if lane.outcome.pushed), None)
    what = "change of old scores" if pushed is not None else "old images right"
    images = told.images
    if pushed is not None and record.data is not None:
        new = record.data.probe_sizes[figures.task]
        images = f"mean of {counted(new, 'new probe image')}"
    return (
        f"{begin}{what}: {told.protocol}, {images}{dataset}, {figures.when}",
        f"{begin}{what}: {told.protocol}, {images}, {figures.when}",
        f"{begin}{told.protocol}, {images}, {figures.when}",
        f"{begin}{told.protocol}, {figures.when}",
        f"{begin}{told.protocol}",
        told.protocol,
    )
