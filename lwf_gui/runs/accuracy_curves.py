"""Curves of accuracy on the probe images, by step: of the earlier tasks and the current one, or of one task."""

from __future__ import annotations

from typing import Literal

import numpy as np

from lwf_gui.messages import TEACHER
from lwf_gui.runs.metrics import ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.series import EMPTY, Series, known_part


def accuracy_series(record: Record, learner: str, task: Literal["old", "new"], protocol: ProtocolName) -> Series:
    """Return (steps since the head expansion, accuracy in percent on the probe images) of a learner, till it diverged.

    "old" are all tasks before that of each step, "new" is that task. The first teacher learns at negative steps, before
    the head expansion; after it, its accuracy is task-aware whatever the protocol, for it knows the old classes alone.
    It ends where the second of several later tasks begins: from there on each learner has a teacher of its own.
    """
    track = record.base if learner == TEACHER else record.incremental
    if track is None or learner not in track.started.learners:
        return EMPTY
    percent = 100 * track.accuracies(protocol)[:, track.index(learner), 0 if task == "old" else 1]
    steps = track.probe_steps.values.astype(np.float64)
    if learner == TEACHER:
        steps -= track.started.steps
        if (after := record.incremental) is not None:
            later = after.started.boundaries[1:2]  # from there on each learner has a teacher of its own
            shared = int(np.searchsorted(after.probe_steps.values, later[0])) if later else None
            steps = np.append(steps, after.probe_steps.values[:shared])
            percent = np.append(percent, 100 * after.teacher_accuracy()[:shared])
    return known_part(steps, percent)


def task_series(record: Record, learner: str, task: int, protocol: ProtocolName) -> Series:
    """Return (steps since the head expansion, accuracy in percent on one task's probe images) of a learner.

    Tasks count from 0. It begins where the head grew for the task, and ends where the learner diverged.
    """
    track = record.incremental
    if track is None or learner not in track.started.learners:
        return EMPTY
    percent = 100 * track.of_task(protocol, task)[:, track.index(learner)]
    return known_part(track.probe_steps.values.astype(np.float64), percent)
