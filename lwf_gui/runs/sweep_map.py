"""The heat map of a sweep: a figure of one learner by two settings, as the mean over seeds and all further settings.

mean, and spread = sample standard deviation over the runs of a cell (divided by n - 1)

Pure functions of what is known of a sweep.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping
from dataclasses import dataclass

from lwf_gui.numbers import counted, listed
from lwf_gui.runs.metrics import ProtocolName, Quantity
from lwf_gui.runs.sweep_axes import MapAxis, axis_of, label_of_key, varying
from lwf_gui.runs.sweep_view import SEED, Done, SweepView

NARROWEST = 10.0
"""Points that the colour scale spans at least: small differences shall not look large."""

At = tuple[int, int]
"""A cell: its place across, and up."""


@dataclass(frozen=True, slots=True)
class Cell:
    """The runs of one cell.

    Attributes
    ----------
    runs : their ids, in the order of the plan
    values : percent, of those that have the figure
    diverged : how many are done and have none, for the learner diverged
    undone : why nothing is known of others, a sentence each
    damaged : how many of these are damaged documents
    absent : how many are done without this learner, which is not in their recipe
    """

    runs: tuple[str, ...]
    values: tuple[float, ...]
    diverged: int = 0
    undone: tuple[str, ...] = ()
    damaged: int = 0
    absent: int = 0

    @property
    def mean(self) -> float:
        """The mean over the runs that have the figure; NaN without any."""
        return statistics.fmean(self.values) if self.values else math.nan

    @property
    def spread(self) -> float:
        """The sample standard deviation over these; NaN of fewer than two."""
        return statistics.stdev(self.values) if len(self.values) > 1 else math.nan

    @property
    def missing(self) -> int:
        """How many runs are not done yet."""
        return len(self.runs) - len(self.values) - self.diverged - len(self.undone) - self.absent


@dataclass(frozen=True, slots=True)
class HeatMap:
    """All cells; a place without any run of the sweep has none.

    Attributes
    ----------
    low, high : the ends of the colour scale, in percent
    """

    learner: str
    protocol: ProtocolName
    quantity: Quantity
    across: MapAxis
    up: MapAxis
    cells: Mapping[At, Cell]
    low: float
    high: float
    over: str

    @property
    def best(self) -> At:
        """The cell with the highest mean; the first one while nothing is known."""
        known = {at: cell.mean for at, cell in self.cells.items() if cell.values}
        return max(known, key=known.__getitem__) if known else min(self.cells)

    def at(self, run: str) -> At:
        """Return the cell that a run is in."""
        return next(at for at, cell in self.cells.items() if run in cell.runs)


def heat_map(
    view: SweepView, axes: tuple[str, str], learner: str, protocol: ProtocolName, quantity: Quantity
) -> HeatMap:
    """Return the map of a learner's figure by two settings; the second may be empty, for none."""
    across, up = (axis_of(view, key) for key in axes)
    runs: dict[At, list[str]] = {}
    for run in view.runs:
        runs.setdefault((across.place(run.settings), up.place(run.settings)), []).append(run.id)
    cells = {at: _cell(view, ids, learner, protocol, quantity) for at, ids in runs.items()}
    low, high = _ends([cell.mean for cell in cells.values() if cell.values])
    return HeatMap(learner, protocol, quantity, across, up, cells, low, high, over(view, axes))


def over(view: SweepView, axes: tuple[str, ...]) -> str:
    """Say over what a cell's figure is the mean: "mean of 2 seeds and of 3 values of Epochs"; empty of single runs."""
    further = [key for key in varying(view) if key not in axes and key != SEED]
    parts = [counted(view.seeds, "seed")] if view.seeds > 1 and SEED not in axes else []
    parts += [f"all values of {label_of_key(key)} ({key})" for key in further]
    parts += ["the values of a part of a range"] if any(key and axis_of(view, key).shared for key in axes) else []
    return f"mean of {listed(parts)}" if parts else ""


def _cell(view: SweepView, ids: list[str], learner: str, protocol: ProtocolName, quantity: Quantity) -> Cell:
    there = [view.done[name] for name in ids if name in view.done]
    found = [figure(done, learner, protocol, quantity) for done in there if (learner, protocol) in done.curves]
    values = tuple(value for value in found if not math.isnan(value))
    undone = [view.undone[name] for name in ids if name in view.undone]
    damaged = sum(each.damaged for each in undone)
    sentences, absent = tuple(each.sentence for each in undone), len(there) - len(found)
    return Cell(tuple(ids), values, len(found) - len(values), sentences, damaged, absent)


def figure(done: Done, learner: str, protocol: ProtocolName, quantity: Quantity) -> float:
    """Return a figure of a run that is done, in percent; NaN where its learner diverged, or is not there."""
    return done.figures.get((learner, protocol), {}).get(quantity, math.nan)


def _ends(means: list[float]) -> tuple[float, float]:
    """Return the ends of the colour scale: those of the values, but never nearer than `NARROWEST`, within 0 to 100."""
    if not means:
        return 0.0, 100.0
    low, high = min(means), max(means)
    if high - low < NARROWEST:
        low = min(max((low + high - NARROWEST) / 2, 0.0), 100.0 - NARROWEST)
        high = low + NARROWEST
    return low, high
