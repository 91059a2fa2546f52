"""Outline of a run for a list of runs: what it was, its final figures and its curves, as a small JSON text.

It stands beside a run file, so that a list need not read that; it is read as untrusted.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from lwf_gui import untrusted
from lwf_gui.exports import final
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.interrupted import end_of
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.record import Record
from lwf_gui.untrusted import Unsound

POINTS = 48
"""Of a curve: as many as a small picture can show."""

MOST_LEARNERS, MOST_COLUMNS = 16, 8
LONGEST = 200
"""Characters of a text."""

NO_POINT = -1
CURVE = "Old task, task-aware, % right of the probe images"
"""What the curves are of."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A run in a few lines.

    Attributes
    ----------
    began : ISO 8601 in UTC; empty where it is not known
    preset : the name of its preset
    end : how it ended
    heading, rows : final figures on the full test sets, with protocol and unit; no rows where none were counted
    tested : on what these were counted
    curves : by learner, accuracy in whole percent at evenly spread steps, `NO_POINT` where there is none
    """

    began: str
    preset: str
    dataset: str
    seed: int
    end: str
    learners: tuple[str, ...]
    heading: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    tested: str
    curves: dict[str, tuple[int, ...]]

    @property
    def labels(self) -> str:
        """The learners' labels, in their order."""
        return ", ".join(label_of(name) for name in self.learners)


def outline_of(record: Record, preset: str) -> Outline:
    """Return the outline of a run that has data."""
    assert record.data is not None, "a run that is kept has data"
    data, heading, rows = record.data, *final.table(record)
    learners = learners_of(record)[:MOST_LEARNERS]
    return Outline(
        began=record.provenance.began if record.provenance else "",
        preset=_text(preset),
        dataset=_text(data.dataset),
        seed=data.recipe.seed,
        end=_text(end_of(record)),
        learners=tuple(map(_text, learners)),
        heading=tuple(map(_text, heading[:MOST_COLUMNS])),
        rows=tuple(tuple(map(_text, row[:MOST_COLUMNS])) for row in rows[:MOST_LEARNERS]),
        tested=_text(final.tested_on(record)),
        curves={_text(name): _curve(record, name) for name in learners},
    )


def text_of(outline: Outline) -> str:
    """Return an outline as JSON."""
    return json.dumps({"version": 1, **asdict(outline)}) + "\n"


def read(text: str) -> Outline | None:
    """Return the outline that a text holds; None where it is none, or of another version."""
    try:
        told = json.loads(text, parse_constant=lambda _name: None)
        untrusted.check_tree(told, lines=False, longest=LONGEST)
        return _read(told)
    except (ValueError, RecursionError, TypeError, KeyError):  # `Unsound` among them
        return None


def _read(told: Any) -> Outline:
    _require(isinstance(told, dict) and told.pop("version") == 1 and told.keys() == set(Outline.__dataclass_fields__))
    for name in ("began", "preset", "dataset", "end", "tested"):
        _require(isinstance(told[name], str))
    _require(type(told["seed"]) is int)
    learners, heading = _texts(told["learners"], MOST_LEARNERS), _texts(told["heading"], MOST_COLUMNS)
    rows = told["rows"]
    _require(isinstance(rows, list) and len(rows) <= MOST_LEARNERS)
    table = tuple(_texts(row, MOST_COLUMNS) for row in rows)
    _require(all(len(row) == len(heading) for row in table))
    curves = told["curves"]
    _require(isinstance(curves, dict) and curves.keys() <= set(learners))
    read = {name: _points(points) for name, points in curves.items()}
    return Outline(**{**told, "learners": learners, "heading": heading, "rows": table, "curves": read})


def _points(points: Any) -> tuple[int, ...]:
    _require(isinstance(points, list) and len(points) == POINTS)
    _require(all(type(point) is int and NO_POINT <= point <= 100 for point in points))
    return tuple(points)


def _texts(told: Any, most: int) -> tuple[str, ...]:
    _require(isinstance(told, list) and len(told) <= most and all(isinstance(each, str) for each in told))
    return tuple(told)


def _require(sound: bool) -> None:
    if not sound:
        raise Unsound("it is no outline")


def _text(text: str) -> str:
    return untrusted.shortened(text, LONGEST)


def _curve(record: Record, learner: str) -> tuple[int, ...]:
    """Return a learner's accuracy on the old task at evenly spread steps, as far as it was probed."""
    steps, percent = accuracy_series(record, learner, "old", "task_aware")
    track = record.incremental
    if track is None or not len(steps):
        return (NO_POINT,) * POINTS
    places = np.linspace(0, track.started.steps, POINTS)
    values = np.interp(places, steps, percent, right=NO_POINT)
    return tuple(round(value) for value in values.tolist())
