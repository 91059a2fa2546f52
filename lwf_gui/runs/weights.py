"""Weights of the learners: pictures of the first layer's filters, and how far every layer has moved.

Pure functions of a record and a look; knows nothing of windows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lwf_gui.runs import tasks_shown
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, layer_names, layers_at

Floats = NDArray[np.float32]
Shades = NDArray[np.uint8]

LEVELS = 126
"""Shades on either side of zero in a `mosaic`."""

BELOW_PEAK = 0.995
"""Share of all weights that lie within the scale of the colours."""

GAP, NOTHING = 0, 255
"""Shades between pictures, and where a row of them has ended."""


@dataclass(frozen=True, slots=True, eq=False)
class Drift:
    """The weights, after one step, of all learners that have not diverged.

    Attributes
    ----------
    learners, layers : names; layers from images to logits
    filters : shape (learners, filters, h, w): weights of first-layer units, or their change since the first head
        expansion
    change : whether ``filters`` are the change
    peak : where the colours end, of all learners: the few weights beyond it would leave all others pale
    moved : percent, shape (learners, layers): L2 distance of each layer's weights from those right after the first head
        expansion, relative to the length of these; NaN where it is not known
    history : the same at all looks into the layers, shape (looks, learners, layers)
    steps : the steps of ``history``, shape (looks,)
    since : the moment from which ``moved`` and the change are measured, as in "since task 2 began"
    farthest : the longest way that any layer went in this run, in percent; 0 if none moved
    """

    step: int
    learners: tuple[str, ...]
    layers: tuple[str, ...]
    filters: Floats
    change: bool
    peak: float
    moved: Floats
    history: Floats
    steps: NDArray[np.int64]
    since: str
    farthest: float


def drift(record: Record, selection: Selection, *, change: bool = False) -> Drift | None:
    """Return the weights where one looks, or with ``change`` their change since the head first grew; None without."""
    probe = layers_at(record, selection)
    if probe is None or record.incremental is None or not np.isfinite(probe.moved).any():
        return None
    rows = record.incremental.answering(probe.step)
    filters = np.nan_to_num(probe.filters[rows].astype(np.float32), nan=0.0, posinf=0.0, neginf=0.0)
    start = record.layers[0]
    change = change and start.step == 0  # right after the first head expansion, where all distances are measured from
    if change:
        filters = filters - np.nan_to_num(start.filters[rows].astype(np.float32))
    history = 100 * np.stack([each.moved[rows] for each in record.layers])
    return Drift(
        step=probe.step,
        learners=tuple(record.incremental.started.learners[row] for row in rows),
        layers=layer_names(record, probe.moved.shape[1]),
        filters=filters,
        change=change,
        peak=_peak(filters),
        moved=100 * probe.moved[rows],
        history=history,
        steps=np.array([each.step for each in record.layers], np.int64),
        since=tasks_shown.beginning(record),
        farthest=float(history[np.isfinite(history)].max(initial=0.0)),
    )


def _peak(filters: Floats) -> float:
    """Return the absolute value that all but the largest few of the weights lie below; 0 if all are 0."""
    sizes = np.abs(filters).ravel()
    if not sizes.size:
        return 0.0
    place = int(BELOW_PEAK * (sizes.size - 1))
    return float(np.partition(sizes, place)[place] or sizes.max())


def mosaic(filters: Floats, peak: float, columns: int) -> Shades:
    """Return filters, shape (n, h, w), side by side in rows, as shades: shape (rows * (h + 1) - 1, ...).

    Shade 1 is -peak, 1 + LEVELS is 0, 1 + 2 LEVELS is peak.
    """
    count, height, width = filters.shape
    rows = math.ceil(count / columns)
    shades = np.full((rows * columns, height + 1, width + 1), NOTHING, np.uint8)
    shades[:count] = GAP
    scaled = filters * (LEVELS / peak) if peak else np.zeros_like(filters)
    shades[:count, :height, :width] = np.rint(np.clip(scaled, -LEVELS, LEVELS)) + (LEVELS + 1)
    tiled = shades.reshape(rows, columns, height + 1, width + 1).swapaxes(1, 2)
    return np.ascontiguousarray(tiled.reshape(rows * (height + 1), columns * (width + 1))[:-1, :-1])
