"""The accuracy curves of a page: where moments, boundaries and ticks stand, and how high every curve is at each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Literal

from lwf_gui.messages import TEACHER
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.captions import old_and_new, old_and_new_images, probe_images
from lwf_gui.runs.chance import chances
from lwf_gui.runs.full_tests import full_tests
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.series import own_part
from lwf_gui.runs.step_scale import FIRST, StepScale

DIAMOND = "◆"
"""What stands for a full test."""

BASE = 0.14
"""Part of the width that task 1 takes, however long it was: what is told is what becomes of it."""

TICKS = 4
"""Round steps between two ends, about."""

SIDES: tuple[Literal["old", "new"], ...] = ("old", "new")

Heights = list[float | None]


class Axis:
    """Where steps stand, from 0 on the left to 1 on the right: task 1 in a narrow part, then all later tasks."""

    def __init__(self, record: Record) -> None:
        assert record.incremental is not None, "a page is of a run with a later task"
        self._later, self._scale = record.incremental.started, StepScale.of(record)
        base = record.base
        self._before = base.started.steps if base is not None and base.probes else 0
        self.base = BASE if self._before else 0.0

    def place(self, step: float) -> float:
        """Return where a step since the first head expansion stands."""
        if step < 0:
            return round(self.base * (1 + step / max(self._before, 1)), 5)
        return round(self.base + (1 - self.base) * self._scale.place(float(step)) / max(self._later.steps, 1), 5)

    def drawn(self, record: Record) -> dict[str, Any]:
        """Return what is drawn whatever the protocol: bands that are stretched, beginnings of tasks, ticks."""
        bands = [[self._at(place) for place in band] for band in self._scale.bands]
        return {"base": self.base, "bands": bands, "begins": self._begins(record), "ticks": self._ticks()}

    def _at(self, place: float) -> float:
        return round(self.base + (1 - self.base) * place / max(self._later.steps, 1), 5)

    def _begins(self, record: Record) -> list[list[Any]]:
        """Return place and labels, from the longest to the shortest, of every beginning of a later task."""
        if not tasks_shown.are_many(record):
            label = tasks_shown.HEAD_EXPANSION
            return [[self.place(0), label]]
        return [
            [self.place(step), tasks_shown.name(record, task), f"task {task + 1}", f"{task + 1}"]
            for task, step in enumerate(self._later.boundaries, 1)
        ]

    def _ticks(self) -> list[list[Any]]:
        """Return (place, step) of ticks, the most important ones first: where a page has no room it leaves out others.

        These are where tasks begin and end, where stretched parts end, then round steps in every part.
        """
        ends = sorted({0, *self._later.boundaries, self._later.steps})
        knots = sorted({*ends, *map(round, self._scale.steps)})
        inner = [step for low, high in pairwise(knots) for step in _round_steps(low, high)]
        return [[self.place(step), f"{step:,}"] for step in dict.fromkeys([*ends, *knots, *inner])]


def _round_steps(low: int, high: int) -> list[int]:
    """Return about `TICKS` round steps between two."""
    rough = max((high - low) / TICKS, 1)
    power = 10 ** math.floor(math.log10(rough))
    unit = next(each * power for each in (1, 2, 5, 10) if each * power >= rough)
    return list(range(low - low % unit + unit, high, unit))


def curves(
    record: Record, learners: Sequence[str], protocol: ProtocolName, steps: Sequence[int], axis: Axis
) -> dict[str, Any]:
    """Return the curves under a protocol.

    Returns
    -------
    ``heights`` : by learner and side, percent at each of the steps; None where it has none
    ``tests`` : by learner, (place, percent on the old side, on the new side) of every full test
    ``chance`` : (place, percent) of what guessing gets on the old side, from each beginning of a task on
    """
    heights = [[_heights(record, learner, side, protocol, steps) for side in SIDES] for learner in learners]
    tests = [
        [[axis.place(test.step), *map(_height, (test.old, test.new))] for test in full_tests(record, learner, protocol)]
        for learner in learners
    ]
    guessing = [[axis.place(step), _height(percent)] for step, percent in chances(record, protocol)]
    return {"heights": heights, "tests": tests, "chance": guessing}


def caption(record: Record, selection: Selection) -> str:
    """Say what the curves are of where one looks: protocol, and on which images lines and diamonds are."""
    at, data = moment(record, selection.step), record.data
    assert at is not None, "a moment is of a probe"
    assert data is not None, "a page is of a run with data"
    full = old_and_new_images(old_and_new(data.test_sizes, at.task), full=True)
    tests = f"; {DIAMOND} on {full}" if any(told.step for told in record.evaluations) else ""
    return f"Accuracy, {PROTOCOLS[selection.protocol]}: lines on {probe_images(data, at.task)}{tests}."


def words(record: Record) -> dict[str, str]:
    """Return what is said of the plot whatever the moment: which line is which, and what its axis counts."""
    called, base = tasks_shown.called(record), record.base
    several = "s" if tasks_shown.are_many(record) else ""
    stretched = f", the first {FIRST} stretched" if StepScale.of(record).bands else ""
    return {
        "old": f"{called['old']} task{several}",
        "new": f"{called['new']} task",
        "end": called["new"],
        "axis": f"steps since {tasks_shown.beginning(record)}{stretched}",
        "narrowed": f"; task 1, {base.started.steps:,} steps, narrowed" if base is not None else "",
        "guessing": "guessing",
    }


def _heights(
    record: Record, learner: str, side: Literal["old", "new"], protocol: ProtocolName, steps: Sequence[int]
) -> Heights:
    """Return the heights of a learner's curve: a branch's from where it leaves its origin, the teacher's in task 1."""
    x, y = own_part(record, learner, accuracy_series(record, learner, side, protocol))
    known = dict(zip(x.tolist(), y.tolist(), strict=True))
    if learner == TEACHER:
        known = {step: height for step, height in known.items() if step < 0 and side == "old"}
    return [_height(known[step]) if step in known else None for step in steps]


def _height(percent: float) -> float | None:
    return None if math.isnan(percent) else round(percent, 2)
