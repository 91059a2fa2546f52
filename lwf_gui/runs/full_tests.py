"""What a record has of the full test sets: the evaluations after epochs, and a learner's accuracies in them."""

from __future__ import annotations

from dataclasses import dataclass

from lwf_gui.messages import Evaluated
from lwf_gui.runs.metrics import ProtocolName, accuracies
from lwf_gui.runs.record import Record


def evaluation_of(record: Record, task: int, epoch: int) -> Evaluated | None:
    """Return the evaluation on the full test sets after an epoch of a later task, 0 for right after the head grew."""
    return next((told for told in record.evaluations if (told.task, told.epoch) == (task, epoch)), None)


def evaluation_at(record: Record, task: int, step: int) -> Evaluated | None:
    """Return the evaluation on the full test sets at a step of a later task, if there was one."""
    return next((told for told in reversed(record.evaluations) if (told.task, told.step) == (task, step)), None)


@dataclass(frozen=True, slots=True)
class FullTest:
    """A learner on the full test sets after an epoch, in percent: of the earlier tasks and of the current one."""

    step: int
    old: float
    new: float
    task: int = 1


def full_tests(record: Record, learner: str, protocol: ProtocolName) -> list[FullTest]:
    """Return a learner's accuracies on the full test sets, from the head expansion on; none where it diverged."""
    found = (full_test(record, learner, protocol, told) for told in record.evaluations)
    return [test for test in found if test is not None]


def full_test(record: Record, learner: str, protocol: ProtocolName, told: Evaluated | None) -> FullTest | None:
    """Return a learner's accuracies in an evaluation; None where it was not there, or had diverged."""
    score = None if told is None else told.scores.get(learner)
    if record.data is None or told is None or score is None or score.diverged:
        return None
    found = accuracies(score.under(protocol), record.data.test_sizes)
    return FullTest(told.step, 100 * found.old, 100 * found.new, told.task)
