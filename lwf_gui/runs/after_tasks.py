"""What a learner got right after each task of a run: counts of task j (column) after task i (row), shape (T, T).

On the full test sets they are what the accuracy matrix is made of, see `lwf_gui.runs.continual`; on the probe images
they go as far as the step where one looks. Tasks count from 0.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np

from lwf_gui.messages import Evaluated
from lwf_gui.methods import method_of
from lwf_gui.runs.continual import accuracy_matrix
from lwf_gui.runs.full_tests import evaluation_at
from lwf_gui.runs.metrics import NO_ANSWER, Counts, ProtocolName, Shares
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment
from lwf_gui.runs.track import Track


def right_answers(
    evaluations: Iterable[Evaluated], teacher: int | None, learner: str, protocol: ProtocolName, tasks: int
) -> Counts:
    """Return a learner's right answers on task j after task i, shape (tasks, tasks), from what a run told.

    A row is taken from the last evaluation of its task; row 0 is the first teacher's, the same under both protocols. A
    learner with a head of its own answers by that after the first task too: its row 0 is what it tells where the second
    one begins, task-aware, for after the first task there are its classes alone.
    """
    counts = np.full((tasks, tasks), NO_ANSWER, np.int64)
    own = has_own_head(learner)
    if teacher is not None and not own:
        counts[0, 0] = teacher
    for told in evaluations:
        score = told.scores.get(learner)
        if own and (told.task, told.epoch) == (1, 0) and score is not None and score.task_aware:
            counts[0, 0] = score.task_aware[0]
        if told.epoch and told.task < tasks and score is not None:
            counts[told.task] = NO_ANSWER
            found = score.under(protocol)
            counts[told.task, : len(found)] = found
    return counts


def has_own_head(learner: str) -> bool:
    """Say whether a learner, or the one that it branches off, answers by another head than its network's."""
    row = method_of(learner)
    return row is not None and bool(row.answers_by)


def on_test_sets(record: Record, learner: str, protocol: ProtocolName) -> Counts | None:
    """Return a learner's right answers on the full test sets, as far as a record goes; None without data."""
    return None if record.data is None else _tested(record, record.evaluations, learner, protocol)


def matrix_of(record: Record, learner: str, protocol: ProtocolName) -> Shares | None:
    """Return a learner's accuracy matrix on the full test sets, as far as a record goes; None without data."""
    counts = on_test_sets(record, learner, protocol)
    return None if counts is None or record.data is None else accuracy_matrix(counts, record.data.test_sizes)


def _tested(record: Record, told: Iterable[Evaluated], learner: str, protocol: ProtocolName) -> Counts:
    assert record.data is not None, "what was tested was read before"
    teacher = None if record.teacher is None else record.teacher.right
    return right_answers(told, teacher, learner, protocol, record.data.scenario.tasks)


def tasks_done(record: Record) -> int:
    """Return the last task after which the learners were tested, -1 before there is any."""
    done = [told.task for told in record.evaluations if told.epoch]
    return max(done, default=-1 if record.teacher is None else 0)


def on_test_sets_before(record: Record, learner: str, protocol: ProtocolName, task: int) -> Counts:
    """Return right answers on the full test sets after each task before one."""
    before = [told for told in record.evaluations if (told.task, told.epoch) <= (task, 0)]
    return _tested(record, before, learner, protocol)


def on_test_sets_at(record: Record, learner: str, protocol: ProtocolName, at: Moment) -> Counts:
    """Return the same, and what is right at a moment."""
    counts = on_test_sets_before(record, learner, protocol, at.task)
    now = evaluation_at(record, at.task, at.step)
    assert now is not None, "a card of the full test sets is of an evaluation"
    found = now.scores[learner].under(protocol)
    counts[at.task, : len(found)] = found
    return counts


def on_probe_images_at(record: Record, learner: str, protocol: ProtocolName, at: Moment) -> Counts:
    """Return the same on the probe images: after each earlier task, at its last probe."""
    assert record.data is not None, "what was probed was read before"
    counts = np.full((record.data.scenario.tasks,) * 2, NO_ANSWER, np.int64)
    if has_own_head(learner):  # its own answers of task 1, where the second one begins
        counts[0, 0] = at.track.right["task_aware"].values[0, at.track.index(learner), 0]
    elif record.base is not None and record.base.probes:
        counts[0, 0] = record.base.right[protocol].values[-1, 0, 0]
    rows = at.track.right[protocol].values[:, at.track.index(learner)]
    for task, row in ends(at.track, at.task):
        counts[task] = rows[row]
    counts[at.task] = rows[at.index]
    return counts


def ends(track: Track, task: int) -> list[tuple[int, int]]:
    """Return (task, position of its last probe) of the later tasks before one; none of a task without a probe.

    It is of a step before the task's end: at the end the head has grown already.
    """
    axis = track.started.axis
    bounds = np.searchsorted(track.probe_steps.values, axis.boundaries).tolist()
    parts = enumerate(pairwise(bounds), axis.first)
    return [(each, end - 1) for each, (begin, end) in parts if each < task and end > begin]
