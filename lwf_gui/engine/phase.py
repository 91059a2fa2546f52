"""What a phase of training is given: a plan, and whom to tell and to hear."""

from __future__ import annotations

from dataclasses import dataclass

from lwf_gui.axis import StepAxis
from lwf_gui.control import Control
from lwf_gui.engine.probing import ProbeImages
from lwf_gui.messages import Emit, Phase


@dataclass(frozen=True, eq=False)
class Channel:
    """Where a phase of a run tells what happens, through ``emit``, and hears the user, through ``control``."""

    run_id: int
    phase: Phase
    control: Control
    emit: Emit


@dataclass(frozen=True, eq=False)
class Plan:
    """What a phase is to do: its tasks step by step, images a step, when to look at which probe images.

    ``columns`` are the names of the losses' terms; ``log`` wants the notebook's lines.
    """

    axis: StepAxis
    batch_size: int
    probe: ProbeImages
    columns: tuple[str, ...]
    log: bool = False
