"""The figures of a run as files for other programs: a table with a row a figure (CSV), or what `run --json` prints.

Every row of the table says protocol, unit, data and how many images; a figure that is not known has no row.
"""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from lwf_gui import InputError, paths
from lwf_gui.exports import final
from lwf_gui.exports.tables import no_formula
from lwf_gui.messages import Finished, ProtocolName
from lwf_gui.runs import continual
from lwf_gui.runs.after_tasks import on_test_sets
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
        return json.dumps(final.result(record), indent=2) + "\n"
    rows = list(table(record))
    if not rows:
        raise InputError("There are no figures of full test sets yet: the first come when task 1 is learnt.")
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((HEADING, *rows))
    return text.getvalue()


def write_csv(record: Record, path: Path) -> None:
    """Write the table of figures.

    Raises
    ------
    InputError
        If there are none yet.
    OSError
        If the file cannot be written.
    """
    text = text_of(record, CSV)
    paths.write_text_atomically(path, text)


def table(record: Record) -> Iterator[Row]:
    """Yield the accuracy matrix of every learner under both protocols, and what follows from it, a row a figure."""
    data = record.data
    if data is None:
        return
    for learner in learners_of(record):
        said = [(protocol, figure) for protocol in PROTOCOLS for figure in _figures(record, learner, protocol)]
        for protocol, figure in (*said, *(("", figure) for figure in _costs(record, learner))):
            after, images = str(figure.after + 1), str(figure.images) if figure.images else ""
            number = (figure.name, after, figure.on, figure.value, figure.unit, images)
            yield (no_formula(learner), protocol, *number, no_formula(data.dataset))


class _Figure(NamedTuple):
    """A figure of a learner after a task, on one task or on all so far; those of time and memory have no images."""

    name: str
    after: int
    value: str
    unit: str = "fraction"
    images: int = 0
    on: str = ""


def _costs(record: Record, learner: str) -> Iterator[_Figure]:
    """Yield what a learner stores and what a new image costs it, as the last full test tells it."""
    told = record.evaluations[-1] if record.evaluations else None
    if told is None or learner not in told.scores:
        return
    score = told.scores[learner]
    yield _Figure("stored_bytes", told.task, str(score.stored_bytes), "bytes")
    if score.seconds:
        yield _Figure("seconds_per_image", told.task, repr(score.seconds), "seconds per training image")


def _figures(record: Record, learner: str, protocol: ProtocolName) -> Iterator[_Figure]:
    counts, data = on_test_sets(record, learner, protocol), record.data
    assert counts is not None, "there are data"
    assert data is not None, "there are data"
    sizes = data.test_sizes
    matrix = continual.accuracy_matrix(counts, sizes)
    for done, accuracies in enumerate(matrix.tolist()):
        for task, value in enumerate(accuracies):
            if not math.isnan(value):
                yield _Figure("accuracy", done, repr(value), images=sizes[task], on=str(task + 1))
    after = continual.last_row(matrix)
    if after < 0:
        return
    average = {"average": continual.average_accuracy(matrix, after)}
    average["average_weighted"] = ratio(counted(counts[after, : after + 1]), sizes)
    for name, value in {**average, **continual.figures(matrix, after)}.items():
        if not math.isnan(value):
            yield _Figure(name, after, repr(value), images=sum(sizes[: after + 1]))
