"""The table of results: every learner under both protocols, with what it stores and what training costs it.

Pure functions of a record and a selection. Averages and forgetting are those of the accuracy matrix.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lwf_gui.messages import LearnerScore
from lwf_gui.numbers import UNKNOWN, compact, counted
from lwf_gui.runs import matrix_words
from lwf_gui.runs.matrix import Matrices, Matrix, matrices
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection

Value = tuple[float, str]
"""A number to sort by, NaN where there is none, and the same as it is shown, without its unit."""

NOTHING: Value = (math.nan, UNKNOWN)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of figures.

    Attributes
    ----------
    group, name, unit : its heading: what it is of, in two lines
    help : its definition, one sentence
    high : whether more is better
    short : the name where that has no room
    """

    group: str
    name: str
    unit: str
    help: str
    high: bool = False
    short: str = ""


AVERAGE = "Average accuracy: the plain mean over the tasks learnt so far (Lopez-Paz & Ranzato 2017)."
FORGOTTEN = (
    "Forgetting: the best accuracy after an earlier task less the last one, mean over the earlier tasks "
    "(Chaudhry et al. 2018)."
)
STORED = (
    "What the method keeps beside its network once a task is learnt: images, statistics, how much weights matter and "
    "where they were. A teacher, the copy of the network while a task is learnt, counts for none."
)
COST = (
    "Time of training per image of the new tasks, in microseconds of this machine's processor; what all learners "
    "share is not counted."
)
TIMES = "Time of training per image of the new tasks, as a multiple of fine-tuning's."

COLUMNS = (
    *(
        column
        for label in PROTOCOLS.values()
        for column in (
            Column(label, "average", "%", f"{label.capitalize()}. {AVERAGE}", high=True, short="mean"),
            Column(label, "forgetting", "points", f"{label.capitalize()}. {FORGOTTEN}", short="forgot"),
        )
    ),
    Column("stored", "beside net", "KB", STORED, short="kept"),
    Column("time per image", "training", "µs", COST, short="train"),
    Column("time per image", "fine-tuning", "times", TIMES, short="FT"),
)


@dataclass(frozen=True, slots=True)
class Results:
    """The table: a row for every learner, in the order of `COLUMNS`; and of which moment and images it is."""

    rows: Mapping[str, tuple[Value, ...]]
    where: str
    images: str

    def order(self, column: int | None, *, turned: bool = False) -> list[str]:
        """Return the learners, the best of a column first, or ``turned``; None: as the run has them.

        Those without a number are last either way.
        """
        names = list(self.rows)
        if column is None:
            return names
        down = COLUMNS[column].high != turned

        def place(name: str) -> tuple[bool, float]:
            value = self.rows[name][column][0]
            return math.isnan(value), -value if down else value

        return sorted(names, key=place)

    def best(self, column: int) -> str:
        """Return the best figure of a column, as it is shown: more than one learner may have it."""
        return self.rows[self.order(column)[0]][column][1]


def results(record: Record, selection: Selection) -> Results | None:
    """Return the table at or before the step where one looks; None before a later task was tested."""
    data = record.data
    told = [each for each in record.evaluations if selection.step is None or each.step <= selection.step]
    if data is None or not told:
        return None
    found = [matrices(record, replace(selection, protocol=protocol)) for protocol in PROTOCOLS]
    figures: dict[ProtocolName, Matrices] = {each.protocol: each for each in found if each is not None}
    if len(figures) < len(PROTOCOLS):
        return None
    last = next((each for each in reversed(told) if each.epoch), None)  # an epoch 0 has learnt nothing of its task
    after, scores = (0, told[0].scores) if last is None else (last.task, last.scores)
    base = scores["fine-tune"].seconds if "fine-tune" in scores else 0.0
    of = {name: [each.of(name) for each in figures.values()] for name in scores}
    rows = {name: tuple(_row(of[name], score, base, after)) for name, score in scores.items()}
    sizes = data.test_sizes[: after + 1]
    where = next(iter(figures.values())).where
    return Results(rows, where, f"all {sum(sizes):,} test images of {counted(len(sizes), 'task')} of {data.dataset}")


def _row(found: Iterable[Matrix], score: LearnerScore, base: float, after: int) -> Iterator[Value]:
    for matrix in found:
        yield from _accuracies(matrix, after)
    yield score.stored_bytes / 1e3, kilobytes(score.stored_bytes)
    yield (1e6 * score.seconds, compact(1e6 * score.seconds, digits=3)) if score.seconds else NOTHING
    times = score.seconds / base if base else math.nan
    yield (times, f"{times:.1f}" if times >= 1 else compact(times)) if score.seconds and base else NOTHING


def _accuracies(matrix: Matrix, after: int) -> Iterator[Value]:
    """Yield average accuracy and forgetting after a task; nothing of a learner that has diverged before."""
    if matrix.learnt <= after:
        yield from (NOTHING, NOTHING)
        return
    average, lost = matrix.average(after), matrix.mean_forgetting()
    yield NOTHING if math.isnan(average) else (average, matrix_words.average_text(matrix, after))
    yield NOTHING if math.isnan(lost) else (lost, matrix_words.forgetting_text(matrix, None))


def kilobytes(count: int) -> str:
    """Return bytes as kilobytes of 1,000: whole ones from 10 on."""
    return f"{count / 1e3:,.0f}" if count >= 10_000 or not count else f"{count / 1e3:.1f}"


def stored_size(count: int) -> str:
    """Return bytes that a method stores, with their unit: kilobytes of 1,000 bytes, of many megabytes."""
    if not count:
        return "nothing"
    return f"{count / 1e6:.1f} MB" if count >= 1e6 else f"{kilobytes(count)} KB"


def table(shown: Results, learners: list[str]) -> tuple[list[str], list[list[str]]]:
    """Return heading and rows of the table for a file or another program: every heading whole, every cell a text."""
    heading = ["learner", *(f"{column.group}, {column.name} ({column.unit})" for column in COLUMNS)]
    return heading, [[label_of(name), *(text for _, text in shown.rows[name])] for name in learners]
