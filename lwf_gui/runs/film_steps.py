"""Which moments of a run a film shows, and for how long: evenly on the axis that stretches the first steps of a task.

Pure functions of records; knows nothing of pictures.
"""

from __future__ import annotations

from itertools import groupby
from typing import NamedTuple

import numpy as np

from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import stops
from lwf_gui.runs.step_scale import StepScale


class Shot(NamedTuple):
    """One moment.

    Attributes
    ----------
    step : of a probe, since the first head expansion
    frames : how many frames it stays for
    """

    step: int
    frames: int


def shots(record: Record, frames: int) -> list[Shot]:
    """Return the moments of a film of so many frames, in order; none of a run without probes.

    It begins with the first head expansion, and of a run that did not come so far with its first probe. Forgetting
    happens in a task's first steps, so that these have a third of the task's time.
    """
    steps = stops(record)
    if record.incremental is not None:
        steps = steps[steps >= 0]
    if not len(steps) or frames < 1:
        return []
    scale = StepScale.of(record)
    places = np.linspace(scale.place(float(steps[0])), scale.place(float(steps[-1])), frames)
    seen = np.searchsorted(scale.place(steps.astype(np.float64)), places + 1e-9, side="right") - 1
    chosen = steps[np.clip(seen, 0, None)].tolist()
    return [Shot(step, len(list(same))) for step, same in groupby(chosen)]
