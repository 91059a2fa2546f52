"""Trade-off of old against new accuracy: the way of every learner, and the bias curve at one of its points.

Pure functions of a record and a look; knows nothing of windows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from lwf_gui.runs.metrics import Labels, Logits
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Moment, Selection, moment

Floats = NDArray[np.float64]

REACH, REACH_STEP = 20.0, 5.0
"""The bias goes at least so far to both sides, in logits, and grows by so much where an image needs more."""


@dataclass(frozen=True, slots=True, eq=False)
class Path:
    """Accuracies of a learner at every probe of a task, in percent; ``here`` is the probe that is looked at.

    A path ends where its learner diverged.
    """

    learner: str
    new: Floats
    old: Floats
    here: int


@dataclass(frozen=True, slots=True, eq=False)
class Bias:
    """What class-incremental accuracy becomes when a constant b is added to the new classes' logits.

    Attributes
    ----------
    thresholds : the distinct b at which an image becomes right or wrong, ascending, shape (m,)
    new, old : percent right, shape (m + 1,): entry k holds for thresholds[k - 1] < b <= thresholds[k]
    area : percent of the square under the curve of old against new accuracy; see `bias_curve`
    """

    learner: str
    thresholds: Floats
    new: Floats
    old: Floats
    area: float

    def at(self, b: float) -> tuple[float, float]:
        """Return (new, old) accuracy in percent with b added to the new classes' logits."""
        k = int(np.searchsorted(self.thresholds, b, side="left"))
        return float(self.new[k]), float(self.old[k])

    def outline(self) -> tuple[Floats, Floats]:
        """Return (new, old) at the corners of the curve: a staircase down to the right, without needless corners."""
        # Each step first goes down, as old images are lost, and then right, as new ones are won.
        x, y = np.repeat(self.new, 2)[:-1], np.repeat(self.old, 2)[1:]
        moved = np.concatenate(([True], (np.diff(x) != 0) | (np.diff(y) != 0)))
        x, y = x[moved], y[moved]
        down = np.diff(x) == 0
        corner = np.concatenate(([True], down[1:] != down[:-1], [True]))[: len(x)]  # the ends, and where it turns
        return x[corner], y[corner]


@dataclass(frozen=True, slots=True, eq=False)
class Tradeoff:
    """All paths up to one probe, and the bias curves there; ``reach`` is the largest b either way, in logits."""

    step: int
    paths: tuple[Path, ...]
    curves: tuple[Bias, ...]
    reach: float


def tradeoff(record: Record, selection: Selection) -> Tradeoff | None:
    """Return the paths under the protocol, and the bias curves, where one looks; None before the head expansion.

    Also None where the probe has images of one task alone: there is nothing to trade.
    """
    at, data = moment(record, selection.step), record.data
    if at is None or data is None or at.track is not record.incremental:
        return None
    old, seen = len(data.scenario.earlier(at.task)), data.scenario.seen(at.task)
    known = data.probe_labels < seen
    if len(np.unique(data.probe_labels[known] < old)) < 2:
        return None
    first, end = _probes_of_task(at)
    names, percent = at.learners, 100 * at.track.accuracies(selection.protocol)[first:end]
    paths = []
    for name, row in zip(names, at.rows, strict=True):
        told = int(at.track.told(slice(first, end))[:, row].sum())
        paths.append(Path(name, percent[:told, row, 1], percent[:told, row, 0], at.index - first))
    curves = tuple(
        bias_curve(name, logits[known, :seen], data.probe_labels[known], old)
        for name, logits in zip(names, at.logits, strict=True)
    )
    farthest = max((float(np.abs(curve.thresholds).max()) for curve in curves if len(curve.thresholds)), default=0.0)
    reach = max(REACH, REACH_STEP * (farthest // REACH_STEP + 1))  # strictly beyond the last image, on both sides
    return Tradeoff(at.step, tuple(paths), curves, reach)


def _probes_of_task(at: Moment) -> tuple[int, int]:
    """Return the positions of the first probe of the task where one looks, and of the first one after it."""
    axis, steps = at.track.started.axis, at.track.probe_steps.values
    end = axis.end(at.probe.step)
    side: Literal["left", "right"] = "left" if axis.grows_at(end) else "right"
    after = int(np.searchsorted(steps, end, side=side))
    return at.first, max(after, at.index + 1)  # a damaged file's probe may lie beyond its task


def bias_curve(learner: str, logits: Logits, labels: Labels, old_classes: int) -> Bias:
    """Return a learner's bias curve on the probe images, exactly: at every b where an image changes.

    Let t be the lead of an image's best old logit over its best new one. With b added to the new logits, argmax takes
    an old class as long as b <= t (of equals argmax takes the first) and a new one as soon as b > t. So an old image is
    right while b <= t, and a new image once b > t, if it is right among its own task's classes at all.

    The area under the curve is that of all points (new, old) that some b reaches or surpasses. Every new image that is
    right adds a column 1 / N_new wide, as high as old images have a larger t than it. Hence it is also the share, of
    all pairs of one old and one new image, for which some b gets both right; it cannot exceed the product of the
    task-aware accuracies.

    Parameters
    ----------
    logits : shape (N, classes)
    labels : shape (N,), output units
    """
    z = logits.astype(np.float64)
    best_old, best_new = z[:, :old_classes].argmax(1), z[:, old_classes:].argmax(1) + old_classes
    rows = np.arange(len(z))
    with np.errstate(invalid="ignore"):  # logits of training that diverged
        lead = z[rows, best_old] - z[rows, best_new]
    is_old = labels < old_classes
    right = (np.where(is_old, best_old, best_new) == labels) & np.isfinite(lead)
    thresholds = np.unique(lead[right])
    won = _changes(lead[right & ~is_old], thresholds) * (100 / max(1, int((~is_old).sum())))
    lost = _changes(lead[right & is_old], thresholds) * (100 / max(1, int(is_old.sum())))
    new = np.concatenate(([0.0], np.cumsum(won)))
    old = np.concatenate((np.cumsum(lost[::-1])[::-1], [0.0]))  # summed from the end, so that it ends at 0 exactly
    return Bias(learner, thresholds, new, old, float(won @ old[1:]) / 100)


def _changes(leads: Floats, thresholds: Floats) -> NDArray[Any]:
    """Return how many images change at each threshold."""
    return np.bincount(np.searchsorted(thresholds, leads), minlength=len(thresholds))
