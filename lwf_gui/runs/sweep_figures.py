"""All that the panel of sweeps shows of a sweep under one protocol: heat map, points of old against new, curves.

Pure functions of what is known of a sweep.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lwf_gui.runs.metrics import ProtocolName, Quantity
from lwf_gui.runs.seed_set import FEWEST
from lwf_gui.runs.sweep_axes import first_axes, varying
from lwf_gui.runs.sweep_curves import CellCurves, cell_curves
from lwf_gui.runs.sweep_front import FrontPoint, Fronts, fronts
from lwf_gui.runs.sweep_map import At, HeatMap, heat_map
from lwf_gui.runs.sweep_view import SEED, SweepView

HOW = (
    "The runs of a sweep appear here. File > Open sweep... shows the folder of one, also while it is trained; "
    "Run > Sweep... starts one, as does lwf-gui sweep in a terminal."
)
"""What is said where no sweep is looked at."""


@dataclass(frozen=True, slots=True)
class NoSweep:
    """There is nothing to show, and why: a sentence."""

    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class SweepFigures:
    """A sweep by one learner's figure; ``reason`` is that of `NoSweep`."""

    reason: ClassVar[str] = ""
    view: SweepView
    heat: HeatMap
    fronts: Fronts

    @property
    def keys(self) -> tuple[str, ...]:
        """The settings that can be axes."""
        return varying(self.view)

    def curves(self, at: At) -> CellCurves:
        """Return the learning curves of a cell."""
        return cell_curves(self.view, self.heat.cells[at].runs, self.heat.learner, self.heat.protocol)

    def points(self, at: At) -> tuple[FrontPoint, ...]:
        """Return the points of all learners of which a run is in a cell."""
        runs = set(self.heat.cells[at].runs)
        return tuple(point for found in self.fronts.values() for point in found if runs & set(point.runs))

    def opened(self, at: At) -> tuple[str, ...]:
        """Return the runs of a cell that are opened together: of its first combination that is done.

        That is all its seeds, where there are enough for a band; else the first one alone.
        """
        there = [self.view.run(name) for name in self.heat.cells[at].runs if name in self.view.done]
        told = [{key: value for key, value in run.settings.items() if key != SEED} for run in there]
        found = tuple(run.id for run, each in zip(there, told, strict=True) if each == told[0])
        return found if len(found) >= FEWEST else found[:1]


def sweep_figures(
    view: SweepView | None,
    protocol: ProtocolName,
    learner: str = "",
    quantity: Quantity = "old",
    axes: tuple[str, str] | None = None,
) -> SweepFigures | NoSweep:
    """Return what is shown of a sweep; what is not chosen, or not there, is as at first."""
    if view is None:
        return NoSweep(HOW)
    if not view.learners:
        return NoSweep("Nobody learns in this sweep: its recipe names no learner.")
    known = varying(view)
    if axes is None or not {*axes} <= {*known, ""} or axes[0] == axes[1]:
        axes = first_axes(view)
    name = learner if learner in view.learners else likeliest(view)
    heat = heat_map(view, axes, name, protocol, quantity)
    return SweepFigures(view, heat, fronts(view, protocol))


def likeliest(view: SweepView) -> str:
    """Return the learner that is shown at first: the one that has the first setting of the sweep, else the last."""
    section = view.keys[0].partition(".")[0] if view.keys else ""
    return next((name for name in view.learners if name == section), view.learners[-1])
