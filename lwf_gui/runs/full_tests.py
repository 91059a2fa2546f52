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
    if record.data is None:
        return []
    told = [(e, e.scores[learner]) for e in record.evaluations if learner in e.scores]
    sizes = record.data.test_sizes
    pairs = [(e, accuracies(score.under(protocol), sizes)) for e, score in told if not score.diverged]
    return [FullTest(e.step, 100 * pair.old, 100 * pair.new, e.task) for e, pair in pairs]
