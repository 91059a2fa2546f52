"""What became of one probe image: each learner's answer and confidence, probe by probe. Pure functions of a record."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from lwf_gui.runs.metrics import NO_ANSWER, predictions
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment
from lwf_gui.runs.track import Track


class Span(NamedTuple):
    """Probes in a row, from ``first`` to ``last``, at which the same class is predicted; positions, not steps."""

    first: int
    last: int
    taken: int


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """What became of one image.

    Attributes
    ----------
    image : number of the probe image
    true : its class, an output unit
    at : position of the probe where one looks
    steps : int64, shape (probes,), since the head expansion, negative in the base task; from when its class is known
    confidence : float64, shape (learners, probes), softmax at T = 1 of the true class in percent, among the classes
        of the protocol; NaN once a learner diverged
    taken : shape (learners, probes), predicted output units, or `NO_ANSWER`
    begins : (step, task) of each task that begins after the first step; none with two tasks
    """

    image: int
    true: int
    at: int
    learners: tuple[str, ...]
    steps: NDArray[np.int64]
    confidence: NDArray[np.float64]
    taken: NDArray[np.intp]
    begins: tuple[tuple[int, int], ...] = ()

    def spans(self, learner: str) -> list[Span]:
        """Return the predictions of a learner, one span for each change of mind, up to where it diverged, if it did."""
        taken = self.taken[self.learners.index(learner)]
        starts = [0, *(np.flatnonzero(np.diff(taken)) + 1).tolist(), len(taken)]
        return [Span(a, b - 1, int(taken[a])) for a, b in pairwise(starts) if taken[a] != NO_ANSWER]


def history_of(record: Record, selection: Selection, image: int) -> History | None:
    """Return what became of an image in the phase where one looks; None without a probe or such an image.

    Nobody knows anything of an image before the head has grown for its task: its history begins there.
    """
    data, here = record.data, moment(record, selection.step)
    if data is None or here is None or not 0 <= image < len(data.probe_labels):
        return None
    true, scenario = int(data.probe_labels[image]), data.scenario
    if true >= scenario.seen(here.task):
        return None
    rows, first = here.rows, _first_of(here.track, scenario.task_of_unit(true))
    logits = np.stack([probe.logits[rows, image] for probe in here.track.probes[first:]], axis=1).astype(np.float64)
    taken = predictions(logits, data.probe_labels[image : image + 1], scenario, selection.protocol)
    if selection.protocol == "task_aware":
        units = scenario.units(scenario.task_of_unit(true))
        logits[..., : units.start] = logits[..., units.stop :] = -np.inf
    with np.errstate(invalid="ignore"):  # logits of training that diverged
        weights = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shift = here.track.started.steps if here.track is record.base else 0
    return History(
        image=image,
        true=true,
        at=here.index - first,
        learners=here.learners,
        steps=here.track.probe_steps.values[first:] - shift,
        confidence=100 * weights[..., true] / weights.sum(axis=-1),
        taken=taken,
        begins=_begins(here.track, first),
    )


def _begins(track: Track, first: int) -> tuple[tuple[int, int], ...]:
    """Return (step, task) of the tasks that begin after a probe and up to the last one."""
    steps, axis = track.probe_steps.values, track.started.axis
    return tuple((step, axis.task(step)) for step in axis.boundaries if steps[first] < step <= steps[-1])


def _first_of(track: Track, task: int) -> int:
    """Return the position of the first probe at which the classes of a task have output units."""
    axis = track.started.axis
    begin = axis.boundaries[max(0, min(task - axis.first, len(axis.boundaries) - 1))]
    return track.first_probe(begin)
