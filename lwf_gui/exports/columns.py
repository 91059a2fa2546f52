"""Columns of a run for tables: what a column is called, its unit, and its values at consecutive steps of one task.

A row of such a table is a learner at a step. Tasks count from 1 there, as people count them; steps count within a
phase, from 0, at which nothing is trained yet. The step that ends a task and begins the next has two rows: one of the
task that ends, with its losses and last full test, one of the task that begins, with what is seen as the head grows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import TEACHER, ProtocolName
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.track import Track

Values = NDArray[Any]
"""Shape (steps, learners): numbers, NaN where there is none; or texts, empty where there is none."""

MOST_STEPS = 4096
"""Steps whose rows are made together: enough for arrays to pay, few enough for the memory."""


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of consecutive steps of one task, first and last included."""

    record: Record
    track: Track
    task: int
    first: int
    last: int

    @property
    def learners(self) -> tuple[str, ...]:
        """The learners, of whom each has a row at every step."""
        return self.track.started.learners

    @property
    def steps(self) -> NDArray[np.int64]:
        """The steps, in order."""
        return np.arange(self.first, self.last + 1)

    def filled(self, value: object, dtype: Any = object) -> Values:
        """Return a column with one value everywhere."""
        return np.full((self.last - self.first + 1, len(self.learners)), value, dtype)

    def looks(self, steps: NDArray[np.int64]) -> tuple[NDArray[np.intp], NDArray[np.int64]]:
        """Return which of these steps, in order, are among the rows, and at which of these: where a look belongs.

        What is looked at where a task ends and the next one begins belongs to the next: there the head has grown.
        """
        axis = self.track.started.axis
        ends = self.last in axis.boundaries[1:] and axis.task(self.last) != self.task
        low, high = np.searchsorted(steps, (self.first, self.last + (0 if ends else 1)))
        return np.arange(low, high), steps[low:high] - self.first


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : without spaces, so that other programs can address it
    unit : what its numbers are counted in; empty of names
    values : gives them for some rows
    protocol : of an accuracy
    images : of an accuracy, those that it is a fraction of
    of : of an accuracy, which images these are: "probe" or "test"
    """

    name: str
    unit: str
    values: Callable[[Rows], Values]
    protocol: ProtocolName | None = None
    images: int = 0
    of: str = ""

    def heading(self, data: str) -> str:
        """Return the name with all that makes its numbers mean something: unit, images and data."""
        if not self.images:
            return f"{self.name} [{self.unit}]" if self.unit else self.name
        return f"{self.name} [{self.unit} of {self.images} {self.of} images of {data}]"

    def told(self) -> dict[str, Any]:
        """Return the same for JSON."""
        protocol = {"protocol": PROTOCOLS[self.protocol]} if self.protocol else {}
        images = {"images": self.images, "of": self.of} if self.images else {}
        return {**({"unit": self.unit} if self.unit else {}), **protocol, **images}


def accuracy(
    name: str, of: str, task: int, images: int, protocol: ProtocolName, values: Callable[[Rows], Values]
) -> Column:
    """Return the column of an accuracy on one task's images; its name says task and protocol."""
    return Column(f"{of}_{name}_task_{task + 1}_{protocol}", "fraction", values, protocol, images, of)


def rows_of(record: Record) -> Iterator[Rows]:
    """Yield all rows of a run in order, so many steps at a time that they fit the memory."""
    for track in record.tracks.values():
        axis = track.started.axis
        for part, begin in enumerate(axis.boundaries):
            if begin > track.steps:
                break
            end = min(axis.end(begin), track.steps)
            for first in range(begin, end + 1, MOST_STEPS):
                yield Rows(record, track, axis.first + part, first, min(first + MOST_STEPS - 1, end))


def tokens(values: Values) -> list[str]:
    """Return values row by row as text: the shortest that is read as the same number; empty where there is none."""
    flat = values.ravel()
    if is_text(values):
        return [str(text) for text in flat.tolist()]
    if flat.dtype.kind != "f":
        return list(map(str, flat.tolist()))
    known = np.isfinite(flat)
    found = np.full(len(flat), "", object)
    found[known] = [number.removesuffix(".0") for number in flat[known].astype(str).tolist()]
    return found.tolist()


def is_text(values: Values) -> bool:
    """Whether a column holds names, not numbers."""
    return values.dtype.kind in "OU"


def phase_of(rows: Rows) -> str:
    """Return how a table calls the phase of rows."""
    return rows.track.started.phase


def is_base(rows: Rows) -> bool:
    """Whether rows are of the first teacher's training."""
    return rows.learners == (TEACHER,) and phase_of(rows) == "base"
