"""A curve that people draw before they see the real one, and how far off it was.

Pure functions of a sketch and a record; knows nothing of windows.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lwf_gui.runs import shown
from lwf_gui.runs.accuracy_curves import accuracy_series
from lwf_gui.runs.captions import probe_counts
from lwf_gui.runs.metrics import PROTOCOLS, ProtocolName
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record

Task = Literal["old", "new"]
Points = NDArray[np.float64]

SEAM = 0.5
"""Steps within which a redrawn part goes over into the rest: a function cannot jump."""

WELL, VAGUE = 5.0, 10.0
"""Points off on average: below the first it was well predicted; above the second decimals would say nothing."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """Percent by step, as drawn: linear between its points and constant beyond them.

    Attributes
    ----------
    x : shape (N,), steps since the head expansion, strictly increasing
    y : shape (N,), percent
    """

    x: Points = field(default_factory=lambda: np.empty(0))
    y: Points = field(default_factory=lambda: np.empty(0))

    @property
    def empty(self) -> bool:
        """Whether nothing is drawn yet."""
        return not len(self.x)

    def at(self, steps: ArrayLike) -> Points:
        """Return the percentages at these steps; there must be something drawn."""
        values: Points = np.interp(np.asarray(steps, np.float64), self.x, self.y)
        return values

    def drawn(self, x: ArrayLike, y: ArrayLike) -> Sketch:
        """Return the sketch with a stroke over it, its points in the order of drawing; shapes (N,).

        Between consecutive points the stroke replaces what was there, so that of a stroke that turns back the later
        part counts. Elsewhere the sketch stays as it was, but for half a step beside the stroke.
        """
        xs, ys = np.atleast_1d(np.asarray(x, np.float64)), np.atleast_1d(np.asarray(y, np.float64))
        made = self._replaced(xs[:1], ys[:1])
        for end in range(2, len(xs) + 1):
            pair = slice(end - 2, end)
            made = made._replaced(xs[pair], ys[pair])
        return made

    def _replaced(self, x: Points, y: Points) -> Sketch:
        """Return the sketch with one point, or the line between two, in place of what was there."""
        if len(x) == 2 and x[0] == x[1]:
            x, y = x[1:], y[1:]
        order = np.argsort(x)
        x, y = x[order], y[order]
        (left_x, left_y), (right_x, right_y) = self._beside(x[0], y[0], -1), self._beside(x[-1], y[-1], 1)
        return Sketch(np.concatenate([left_x, x, right_x]), np.concatenate([left_y, y, right_y]))

    def _beside(self, x: float, y: float, side: Literal[-1, 1]) -> tuple[Points, Points]:
        """Return the points that stay to the left (-1) or right (1) of a new one.

        Where the new point lies within what was drawn but not on it, a point of the old line beside it keeps the rest
        of that line where it was.
        """
        joint = x + side * SEAM
        stays, apart = side * self.x > side * x, side * self.x > side * joint
        if stays.all() or not apart.any() or self.at(x) == y:
            return self.x[stays], self.y[stays]
        place = 0 if side > 0 else apart.sum()
        return np.insert(self.x[apart], place, joint), np.insert(self.y[apart], place, self.at(joint))


@dataclass(frozen=True, slots=True)
class Score:
    """How far a sketch was off, in percentage points.

    Attributes
    ----------
    mean : mean absolute difference over the steps so far; see `score`
    said, real : percent at ``step``, of the sketch and of the learner
    step, steps : the last probe's step that counts, and the last step of what was drawn
    images : probe images of the task
    data : name of the data that they are of
    whole : whether what was drawn goes to the end of the run
    """

    learner: str
    task: Task
    protocol: ProtocolName
    mean: float
    said: float
    real: float
    step: int
    steps: int
    images: int
    data: str
    whole: bool = True

    @property
    def off(self) -> float:
        """Points between what was said and what is, at the last probe: above 0, too much was expected."""
        return self.said - self.real

    @property
    def sentence(self) -> str:
        """Say it to a class."""
        points = f"{self.mean:.0f}" if self.mean >= VAGUE else f"{self.mean:.1f}"
        verdict = f"only {points} points off" if self.mean < WELL else f"off by {points} points"
        verdict = f"{'well predicted, ' if self.mean < WELL else ''}{verdict} on average"
        over, where = f" over {self.steps:,} steps", "at the end" if self.whole else f"at step {self.step:,}"
        if self.step < self.steps:
            verdict, over, where = f"so far {verdict}", "", f"at step {self.step:,} of {self.steps:,}"
        label = label_of(self.learner)
        name = label.lower() if label[1:].islower() else label  # "LwF" stays as it is
        verb = "keeps" if self.task == "old" else "reaches"
        return (
            f"{verdict[0].upper()}{verdict[1:]}{over}: you expected {self.said:.0f} % {where}; {name} {verb} "
            f"{shown.percent(self.real, self.images)} ({PROTOCOLS[self.protocol]}, {self.images:,} {self.task}-task "
            f"probe images of {self.data})."
        )


def score(
    sketch: Sketch, record: Record, learner: str, task: Task, protocol: ProtocolName, steps: int | None = None
) -> Score | None:
    """Compare a sketch with the probes of task 2 so far; None before the first, or for no learner of task 2.

    Probes after ``steps`` do not count; None counts all.

    Probes are dense where much happens, at the beginning. So that these few steps do not outweigh the rest of the run,
    each probe counts as many steps as it stands for: those that are nearer to it than to any other probe.
    """
    if record.incremental is None or record.data is None or learner not in record.incremental.started.learners:
        return None
    total = record.incremental.started.steps
    x, y = accuracy_series(record, learner, task, protocol)
    drawn = x <= (total if steps is None else steps)
    x, y = x[drawn], y[drawn]
    if not len(x):
        return None
    off = np.abs(sketch.at(x) - y)
    old, new = probe_counts(record.data, record.incremental.started.task_at(int(x[-1])))
    return Score(
        learner=learner,
        task=task,
        protocol=protocol,
        mean=float(np.average(off, weights=_steps_each(x))),
        said=float(sketch.at(x[-1])),
        real=float(y[-1]),
        step=int(x[-1]),
        steps=total if steps is None else min(steps, total),
        whole=steps is None or steps >= total,
        images=old if task == "old" else new,
        data=record.data.dataset,
    )


def _steps_each(x: Points) -> Points:
    """Return how many steps each probe stands for, shape (N,); a single one stands for itself."""
    if len(x) == 1:
        return np.ones(1)
    edges = np.concatenate([x[:1], (x[1:] + x[:-1]) / 2, x[-1:]])
    return np.diff(edges)


def family(record: Record, learner: str) -> set[str]:
    """Return a learner with its branches, and theirs: they share its curve up to where they leave it."""
    family = {learner}
    for branch in record.incremental.started.branches if record.incremental else ():
        if branch.origin in family:
            family.add(branch.learner)
    return family
