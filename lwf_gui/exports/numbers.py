"""The figures of a run as files for other programs: a table with a row a figure (CSV), or what `run --json` prints.

Every row of the table says protocol, unit, data and how many images; a figure that is not known has no row.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator

import numpy as np

from lwf_gui import InputError
from lwf_gui.exports import report
from lwf_gui.exports.tables import no_formula
from lwf_gui.messages import Finished, ProtocolName
from lwf_gui.runs import continual
from lwf_gui.runs.after_tasks import tested
from lwf_gui.runs.metrics import PROTOCOLS, counted, ratio
from lwf_gui.runs.names import learners_of
from lwf_gui.runs.record import Record

CSV, JSON = ".csv", ".json"
ENDINGS = (CSV, JSON)

HEADING = ("learner", "protocol", "figure", "after_task", "on_task", "value", "unit", "test_images", "data")

Row = tuple[str, ...]


def text_of(record: Record, ending: str) -> str:
    """Return a run's figures as a file with this ending holds them.

    Raises
    ------
    InputError
        If there are none yet.
    """
    if ending == JSON:
        if not isinstance(record.outcome, Finished):
            raise InputError(
                "JSON is of a finished run, and this one is not: a name that ends in .csv takes what it has."
            )
        return json.dumps(report.result(record), indent=2) + "\n"
    rows = list(table(record))
    if not rows:
        raise InputError("There are no figures of full test sets yet: the first come when task 1 is learnt.")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((HEADING, *rows))
    return text.getvalue()


def table(record: Record) -> Iterator[Row]:
    """Yield the accuracy matrix of every learner under both protocols, and what follows from it, a row a figure."""
    if record.data is None:
        return
    for learner in learners_of(record):
        for protocol in PROTOCOLS:
            yield from _figures(record, learner, protocol)
        yield from _costs(record, learner)


def _costs(record: Record, learner: str) -> Iterator[Row]:
    """Yield what a learner stores and what a new image costs it, as the last full test tells it."""
    told = record.evaluations[-1] if record.evaluations else None
    if told is None or learner not in told.scores or record.data is None:
        return
    score, data = told.scores[learner], no_formula(record.data.dataset)
    figures = [("stored_bytes", str(score.stored_bytes), "bytes")]
    figures += [("seconds_per_image", repr(score.seconds), "seconds per training image")] if score.seconds else []
    for name, value, unit in figures:
        yield (no_formula(learner), "", name, str(told.task + 1), "", value, unit, "", data)


def _figures(record: Record, learner: str, protocol: ProtocolName) -> Iterator[Row]:
    counts, data = tested(record, learner, protocol), record.data
    assert counts is not None, "there are data"
    assert data is not None, "there are data"
    sizes = data.test_sizes
    matrix = continual.accuracy_matrix(counts, sizes)
    after = continual.last_row(matrix)

    def row(figure: str, after: int, task: str, value: float, images: int, unit: str = "fraction") -> Row:
        written = "" if np.isnan(value) else repr(float(value))
        return (
            no_formula(learner),
            protocol,
            figure,
            str(after + 1),
            task,
            written,
            unit,
            str(images),
            no_formula(data.dataset),
        )

    for done, accuracies in enumerate(matrix.tolist()):
        told = [(task, value) for task, value in enumerate(accuracies) if not np.isnan(value)]
        yield from (row("accuracy", done, str(task + 1), value, sizes[task]) for task, value in told)
    if after < 0:
        return
    images = sum(sizes[: after + 1])
    average = {"average": continual.average_accuracy(matrix, after)}
    average["average_weighted"] = ratio(counted(counts[after, : after + 1]), sizes)
    for name, value in {**average, **continual.figures(matrix, after)}.items():
        if not np.isnan(value):
            yield row(name, after, "", value, images)
