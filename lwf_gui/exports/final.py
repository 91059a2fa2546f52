"""The final figures of a run, on the full test sets, for people: tables of texts, and a sentence on what was run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from lwf_gui import untrusted
from lwf_gui.messages import Finished, ProtocolName
from lwf_gui.runs import continual, shown, tasks_shown
from lwf_gui.runs.after_tasks import matrix_of, tasks_done
from lwf_gui.runs.interrupted import end_of
from lwf_gui.runs.metrics import PROTOCOLS, Accuracies, accuracies
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.private import without_path
from lwf_gui.runs.record import Record

Row = tuple[str, ...]


def table(record: Record) -> tuple[Row, list[Row]]:
    """Return heading and rows of the final accuracies on the full test sets, and the change since the head expansion.

    All is shown with the digits that the number of images supports, and adds up. Of more than two tasks there are the
    average accuracy and the forgetting in place of old and new.
    """
    if tasks_shown.are_many(record):
        return _long_table(record)
    told = [f"{name}, old / new in %" for name in PROTOCOLS.values()]
    heading = ("learner", *told, f"{PROTOCOLS['task_aware']}, old since {tasks_shown.HEAD_EXPANSION} in points")
    rows = []
    for learner, score in record.evaluations[-1].scores.items() if record.evaluations else ():
        pairs = [accuracies(score.under(protocol), _sizes(record)) for protocol in PROTOCOLS]
        cells = [" / ".join(map(shown.digits, _percents(pair), _sizes(record))) for pair in pairs]
        cells.append(_change(record, learner))
        rows.append((label_of(learner), *(["diverged"] * len(cells) if score.diverged else cells)))
    return heading, rows


def _long_table(record: Record) -> tuple[Row, list[Row]]:
    """Return heading and rows of average accuracy and forgetting after the last task that was tested."""
    after = tasks_done(record)
    heading = ["learner"]
    for name in PROTOCOLS.values():
        heading += [f"{name}, average of {after + 1} tasks in %", f"{name}, forgetting in points"]
    rows = []
    for learner in record.evaluations[-1].scores if after > 0 else ():
        cells = [cell for protocol in PROTOCOLS for cell in _averages(record, learner, protocol, after)]
        rows.append((label_of(learner), *cells))
    return tuple(heading), rows


def _averages(record: Record, learner: str, protocol: ProtocolName, after: int) -> tuple[str, str]:
    matrix, images = matrix_of(record, learner, protocol), sum(_sizes(record)[: after + 1])
    assert matrix is not None, "what was tested was read before"
    average, lost = continual.average_accuracy(matrix, after), continual.forgetting(matrix, after)
    if np.isnan(average):
        return "diverged", "diverged"
    return shown.digits(100 * average, images), "-" if np.isnan(lost) else shown.digits(100 * lost, images)


def _percents(pair: Accuracies) -> tuple[float, float]:
    return 100 * pair.old, 100 * pair.new


def _sizes(record: Record) -> tuple[int, ...]:
    assert record.data is not None, "what was tested was read before"
    return record.data.test_sizes


def _change(record: Record, learner: str) -> str:
    """Return the old task's change since the head expansion with its sign; a dash without a test there."""
    first, last = record.evaluations[0], record.evaluations[-1]
    if first.epoch or learner not in first.scores:
        return "-"
    sizes = _sizes(record)
    before, after = (100 * accuracies(each.scores[learner].task_aware, sizes).old for each in (first, last))
    images = _sizes(record)[0]
    change = shown.difference(after, before, images)
    sign = "+" if change > 0 else "-" if change < 0 else ""
    return sign + shown.digits(abs(change), images)


def tested_on(record: Record) -> str:
    """Say on which images the final accuracies are taken."""
    if record.data is None:
        return "the full test sets"
    if tasks_shown.are_many(record):
        return f"the full test sets of {record.data.dataset}, {_of_tasks(record.data.test_sizes)}"
    old, new = record.data.test_sizes
    return f"the full test sets of {record.data.dataset}, {old:,} images of the old task and {new:,} of the new"


def about(record: Record, *, paths: bool = True) -> str:
    """Return one sentence on what was run, and on what; of a run that was stopped, without its times.

    ``paths``: whether folders of the machine that it ran on are named; what is handed on need not have them.
    """
    data, outcome = record.data, record.outcome
    if data is None:
        return "Nothing was run yet."
    parts = [
        f"{data.dataset} ({data.source if paths else without_path(data.source)})",
        _of_tasks(data.test_sizes)
        if tasks_shown.are_many(record)
        else f"{data.test_sizes[0]:,} old-task and {data.test_sizes[1]:,} new-task test images",
        f"seed {data.recipe.seed}",
        data.device,
    ]
    if record.teacher is not None:
        right = shown.percent(100 * record.teacher.right / max(data.test_sizes[0], 1), data.test_sizes[0])
        task = "task 1" if tasks_shown.are_many(record) else "the old task"
        parts.append(f"teacher {right} right on {task} (task-aware)")
    if isinstance(outcome, Finished):
        seconds, rate = outcome.summary["seconds"]["total"], outcome.summary["samples_per_second"]
        later = "the later tasks" if tasks_shown.are_many(record) else "task 2"
        parts.append(f"{seconds:.1f} s in all, {rate:,.0f} samples/s in {later}")
    elif outcome is not None:
        parts.append(end_of(record))
    return untrusted.printable("; ".join(parts) + ".")


def _of_tasks(sizes: tuple[int, ...]) -> str:
    return f"{sum(sizes):,} test images of {len(sizes)} tasks"


def diverged(record: Record) -> dict[str, int | None]:
    """Return at which step after the first head expansion each learner diverged; None of one that did not."""
    track = record.incremental
    return {} if track is None else {learner: track.diverged(learner) for learner in track.started.learners}


def result(record: Record) -> dict[str, Any]:
    """Return the results of a finished run for JSON: what the engine summed up, and who diverged."""
    assert isinstance(record.outcome, Finished)
    return {**record.outcome.summary, "diverged": diverged(record)}


def accuracy_matrices(record: Record) -> Iterator[tuple[str, Row, list[Row]]]:
    """Yield title, heading and rows of the accuracy matrix of every learner under both protocols.

    Row i is after task i, column j of task j; a cell is empty where nothing is known.
    """
    sizes = _sizes(record)
    heading = ("", *(f"task {task + 1}" for task in range(len(sizes))))
    for learner in learners_of(record):
        for protocol, name in PROTOCOLS.items():
            matrix = matrix_of(record, learner, protocol)
            assert matrix is not None, "there are learners, so there are data"
            rows = [
                (f"after task {after + 1}", *(_cell(share, sizes[task]) for task, share in enumerate(row)))
                for after, row in enumerate(matrix.tolist())
            ]
            yield f"{label_of(learner)}, {name}: percent right of the test images of each task", heading, rows


def _cell(share: float, images: int) -> str:
    return "" if np.isnan(share) else shown.digits(100 * share, images)
