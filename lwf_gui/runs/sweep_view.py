"""What is known of a sweep: its runs by settings, figures and curves of those done, and why others are not.

It grows as documents come in. Who reads them is `lwf_gui.sweeps.watch`; what is painted of them is worked out in
`sweep_map`, `sweep_front` and `sweep_curves`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.runs.metrics import ProtocolName, Quantity

SEED = "seed"

QUANTITIES: dict[Quantity, str] = {
    "old": "accuracy on the old tasks' images",
    "new": "accuracy on the last task's images",
    "average": "average accuracy, the plain mean over the tasks",
}
"""The figures of a run, counted on the full test sets at its end."""

Whose = tuple[str, ProtocolName]
"""A learner, and the protocol under which it is counted."""


@dataclass(frozen=True, slots=True)
class SweepRun:
    """One run of a sweep: its id, and the settings in which it differs from the others, its seed included."""

    id: str
    settings: Mapping[str, Any]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """Accuracies on the probe images along a run, each of shape (P,): steps since the head expansion, and percent."""

    steps: NDArray[np.float64]
    old: NDArray[np.float64]
    new: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Done:
    """What came of a run.

    Attributes
    ----------
    figures : percent of the full test sets by learner, protocol and quantity; a learner that diverged has none
    curves : by learner and protocol
    dataset : on which images
    ended : when its document was written, in seconds since the epoch
    seconds : how long it was trained
    """

    figures: Mapping[Whose, Mapping[Quantity, float]]
    curves: Mapping[Whose, Curve]
    dataset: str
    ended: float
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Undone:
    """Why nothing is known of a run: it failed, or its document is damaged; a sentence."""

    sentence: str
    damaged: bool = False


News = tuple[str, Done | Undone | None]
"""A run's id, and what is known of it from now on; None: nothing any more."""


class SweepView:
    """A sweep as far as it is known; each change raises its `version`.

    Parameters
    ----------
    name : of its folder
    keys : the settings that were named to be varied, in their order
    learners : of its recipe, in their order
    """

    def __init__(self, name: str, keys: Iterable[str], runs: Iterable[SweepRun], learners: Iterable[str] = ()) -> None:
        self.name, self.keys, self.runs = name, tuple(keys), tuple(runs)
        self._planned = tuple(learners)
        self._runs = {run.id: run for run in self.runs}
        self.done: dict[str, Done] = {}
        self.undone: dict[str, Undone] = {}
        self.running = False
        """Whether a process is at work on it, as far as can be seen."""
        self.own = False
        """Whether that is this window's."""
        self.reading = False
        """Whether what is there is still read: more runs may be done than are known."""
        self.left = ""
        """How long it will take yet, in words; empty where nothing tells."""
        self.version = 0

    @property
    def learners(self) -> tuple[str, ...]:
        """The learners of its recipe, then those that other runs have."""
        found = (learner for done in self.done.values() for learner, _ in done.figures)
        return tuple(dict.fromkeys((*self._planned, *found)))

    @property
    def seeds(self) -> int:
        """How many seeds there are."""
        return len({run.settings.get(SEED) for run in self.runs})

    @property
    def missing(self) -> int:
        """How many runs are neither done nor have failed."""
        return len(self.runs) - len(self.done) - len(self.undone)

    @property
    def datasets(self) -> tuple[str, ...]:
        """The names of the images that its runs are of."""
        return tuple(dict.fromkeys(done.dataset for done in self.done.values()))

    def run(self, name: str) -> SweepRun:
        """Return a run by its id."""
        return self._runs[name]

    def take(self, news: Iterable[News]) -> None:
        """Take in what is new."""
        for name, known in news:
            if name not in self._runs:
                continue
            self.done.pop(name, None)
            self.undone.pop(name, None)
            if isinstance(known, Done):
                self.done[name] = known
            elif known is not None:
                self.undone[name] = known
            self.version += 1

    def read(self, *, more: bool) -> None:
        """Say whether there is more to be read."""
        if more != self.reading:
            self.reading = more
            self.version += 1

    def work(self, *, running: bool, own: bool, left: str = "") -> None:
        """Say whether a process is at work on it, whether that is this window's, and how long it will take yet."""
        if (running, own, left) != (self.running, self.own, self.left):
            self.running, self.own, self.left = running, own, left
            self.version += 1
