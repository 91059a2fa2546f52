"""Pinned runs beside the one that is shown: what each learner got right in the end, and by how many points they differ.

Learners are matched by name. All figures are of the full test sets, at the last evaluation of each run. Pure functions
of a record and of pins.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from lwf_gui.messages import DataReady, Evaluated
from lwf_gui.numbers import UNKNOWN
from lwf_gui.runs import shown as digits
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.captions import old_and_new
from lwf_gui.runs.continual import mean_accuracy
from lwf_gui.runs.differences import differences, verdict, why_apart
from lwf_gui.runs.full_tests import full_test
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.pins import Pins, beside
from lwf_gui.runs.record import Record

Part = Literal["old", "new", "average"]
PARTS: tuple[Part, ...] = ("old", "new", "average")
"""Accuracy on the earlier tasks' images together, on the last task's, and the plain mean over the tasks."""

NOT_ENDED = "the shown run goes on"
"""Why no differences are told before its last full test."""

SHOWN = "shown"
"""What the run that is shown is called, in place of a letter."""

NO_TEST = "no full test yet"


@dataclass(frozen=True, slots=True)
class Figure:
    """One accuracy in percent on so many images, NaN where there is none; and how the shown run's stands against it.

    ``points`` is by how much the shown run's is higher, both as they are shown; NaN where it is not told.
    """

    share: float = math.nan
    images: int = 0
    points: float = math.nan

    @property
    def text(self) -> str:
        """The accuracy without its unit."""
        return UNKNOWN if math.isnan(self.share) else digits.digits(self.share, self.images)

    @property
    def difference(self) -> str:
        """The difference with its sign, without its unit; empty where it is not told."""
        if math.isnan(self.points):
            return ""
        size = digits.digits(abs(self.points), self.images)
        return size if not self.points else f"{'+' if self.points > 0 else '-'}{size}"


Key = tuple[ProtocolName, str, Part]
"""A figure of a run: by which protocol, of which learner, on which part of the images."""


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One run of the table.

    Attributes
    ----------
    letter : of its pin; empty: it is the run that is shown
    differs : what it has that the shown one has not, as it is said; of the shown one beside a single pinned run, what
        that has not
    apart : why no differences are told; else empty
    when : of which evaluation its figures are, in words, if it is not that at its end; else empty
    figures : by protocol, learner and part
    """

    letter: str
    record: Record
    differs: tuple[str, ...]
    apart: str
    when: str
    figures: Mapping[Key, Figure]

    @property
    def name(self) -> str:
        """What its column is called."""
        return self.letter or SHOWN

    def has(self, learner: str) -> bool:
        """Whether it has a learner of this name."""
        return learner in learners_of(self.record)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """The table: the shown run first, then the pinned ones by letter; ``learners`` are those of all of them."""

    runs: tuple[Run, ...]
    learners: tuple[str, ...]

    @property
    def pinned(self) -> tuple[Run, ...]:
        """The pinned runs."""
        return self.runs[1:]

    def figure(self, run: Run, protocol: ProtocolName, learner: str, part: Part) -> Figure:
        """Return one cell; one without a number where there is none."""
        return run.figures.get((protocol, learner, part), Figure())


def compared(record: Record, pins: Pins) -> Compared | None:
    """Return the table of the run that is shown and the pinned ones; None without data."""
    if record.data is None:
        return None
    first = Run("", record, (), "", when(record), _figures(record))
    others = [_pinned(first, pin.letter, pin.record) for pin in beside(pins, record)]
    if len(others) == 1 and not others[0].apart:  # of two runs each has what the other has not
        told = differences(others[0].record, record)
        first = replace(
            first, differs=tuple(each for each in told if not each.startswith("seed "))
        )  # that is told anyway
    runs = (first, *others)
    return Compared(runs, tuple(dict.fromkeys(name for run in runs for name in learners_of(run.record))))


def when(record: Record) -> str:
    """Say of which evaluation a run's figures are; nothing of one that came to the end of its last task."""
    data, told = record.data, _last(record)
    if data is None or told is None or record.incremental is None:
        return NO_TEST
    epochs, many = record.incremental.started.axis.epochs(told.task), tasks_shown.are_many(record)
    if (told.task, told.epoch) == (data.scenario.tasks - 1, epochs):
        return ""
    task = f"task {told.task + 1} of {data.scenario.tasks}, " if many else ""
    return f"{task}epoch {told.epoch} of {epochs}" if told.epoch else f"{task}before its first epoch"


def images_text(record: Record) -> str:
    """Say on which images the figures of a run are."""
    data, told = record.data, _last(record)
    if data is None:
        return ""
    old, new = old_and_new(data.test_sizes, 1 if told is None else told.task)
    first, second = parts_called(record)[:2]
    return f"all test images of {data.dataset}: {old:,} {first}, {new:,} {second}"


def parts_called(record: Record) -> tuple[str, ...]:
    """Return what the parts are called: of many tasks the earlier ones together, the last one, and the mean of all."""
    return ("earlier", "last", "average") if tasks_shown.are_many(record) else PARTS


def table(found: Compared) -> tuple[list[str], list[list[str]]]:
    """Return heading and rows for a file or another program, under both protocols: every cell a text."""
    heading = ["learner", "protocol", "accuracy"]
    for run in found.runs:
        said = "; ".join((*run.differs, *([run.when] if run.when else [])))
        heading.append(f"{run.name}{f' ({said})' if said else ''}, %")
        if run.letter:
            heading.append(f"{SHOWN} minus {run.letter}, points")
    rows = []
    for learner in found.learners:
        for protocol, label in PROTOCOLS.items():
            for part, called in zip(PARTS, parts_called(found.runs[0].record), strict=True):
                figures = [(run, found.figure(run, protocol, learner, part)) for run in found.runs]
                rows.append([label_of(learner), label, called, *_cells(figures)])
    return heading, rows


def _cells(figures: Sequence[tuple[Run, Figure]]) -> Iterator[str]:
    for run, figure in figures:
        yield figure.text
        if run.letter:
            yield figure.difference.lstrip("+") or UNKNOWN  # a spreadsheet takes what begins with + for a formula


def _pinned(first: Run, letter: str, record: Record) -> Run:
    """Return a pinned run beside the shown one, with the differences of their figures where these are of one thing."""
    shown, figures = first.record, _figures(record)
    apart = why_apart(shown, record)
    one, two = _last(shown), _last(record)
    if not apart and one is not None and two is not None and one.task != two.task:
        apart = f"tested after task {two.task + 1}, the shown run after task {one.task + 1}"
    if not apart and shown.outcome is None and when(shown) != when(record):
        apart = NOT_ENDED
    if not apart:
        figures = {key: _against(figure, first.figures.get(key)) for key, figure in figures.items()}
    return Run(letter, record, verdict(shown, record), apart, when(record), figures)


def _against(figure: Figure, other: Figure | None) -> Figure:
    """Return a figure with how much higher the other one is, the shown run's, both as they are shown."""
    if other is None or math.isnan(figure.share) or math.isnan(other.share):
        return figure
    return Figure(figure.share, figure.images, digits.difference(other.share, figure.share, figure.images))


def _figures(record: Record) -> dict[Key, Figure]:
    """Return all figures of a run's last evaluation; none of a learner that had diverged by then."""
    data, told = record.data, _last(record)
    if data is None or told is None:
        return {}
    return {
        (protocol, learner, part): figure
        for protocol in PROTOCOLS
        for learner in learners_of(record)
        for part, figure in _of_learner(record, data, told, learner, protocol)
    }


def _of_learner(
    record: Record, data: DataReady, told: Evaluated, learner: str, protocol: ProtocolName
) -> Iterator[tuple[Part, Figure]]:
    test = full_test(record, learner, protocol, told)
    if test is None:
        return
    counts, sizes = told.scores[learner].under(protocol), data.test_sizes[: told.task + 1]
    old, new = old_and_new(data.test_sizes, told.task)
    yield "old", Figure(test.old, old)
    yield "new", Figure(test.new, new)
    mean = mean_accuracy([right / size for right, size in zip(counts, sizes, strict=True)])
    yield "average", Figure(100 * mean, min(sizes))


def _last(record: Record) -> Evaluated | None:
    """Return a run's last evaluation on the full test sets after an epoch: before one nothing is learnt of a task."""
    learnt = [each for each in record.evaluations if each.epoch]
    return learnt[-1] if learnt else next(iter(record.evaluations), None)
