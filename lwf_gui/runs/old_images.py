"""Which probe images of earlier tasks are looked at for what a network makes of them, and which of these are shown.

Both follow from the labels of the probe images alone, so that an engine and a reader of its file agree on them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lwf_gui.scenario import Scenario

MEASURED = 120
"""Old images whose hidden values are compared: as many of each old class, of none fewer than are shown. Of twice as
many it takes four times as long; of the classroom's networks the CKA of so few and of 6,000 test images differs by
about .02 at most."""

SHOWN = 5
"""Images of each old class that are shown as points: the first of those that are measured."""

Labels = NDArray[np.integer]
Numbers = NDArray[np.intp]


def measured(labels: Labels, old: int) -> Numbers:
    """Return the numbers of the probe images that are measured while the first ``old`` output units are old classes."""
    return _first_of(labels, old, max(SHOWN, MEASURED // max(1, old)))


def shown(labels: Labels, scenario: Scenario) -> Numbers:
    """Return the numbers of all probe images that are ever shown: of each class but those of the last task."""
    return _first_of(labels, len(scenario.earlier(scenario.last)), SHOWN)


def _first_of(labels: Labels, units: int, count: int) -> Numbers:
    """Return the numbers of the first ``count`` images of each of the first output units, in order of the images."""
    found = [np.flatnonzero(labels == unit)[:count] for unit in range(units)]
    return np.sort(np.concatenate(found)) if found else np.empty(0, np.intp)
