"""The run that is shown: its record, where it came from, and, of a fork, what it branched off."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from lwf_gui.gui.time.undo import Place
from lwf_gui.messages import DataReady, Message
from lwf_gui.runs.beside import Beside
from lwf_gui.runs.record import Record


@dataclass(frozen=True, slots=True)
class Branched:
    """How a fork that is under way hangs on the run that it left.

    Attributes
    ----------
    before : where the user was, to be gone back to should the fork fail to go on
    beside : how the rows of a learner that trains alone join the recorded ones, if one does
    alone : that learner, else empty
    """

    before: Place
    beside: Beside | None
    alone: str


@dataclass(frozen=True, slots=True, eq=False)
class ShownRun:
    """One run on the screen.

    Attributes
    ----------
    preset : the name of its preset
    ghost : the run that it was forked from, whole, to be compared with
    origin : id of the run that made the record, as the engine knows it; 0 if it came from a file
    branched : of a fork under way, what it left
    before : where the user was when the run was begun, to be gone back to should it fail to begin; None without a run
    """

    record: Record
    preset: str
    ghost: Record | None = None
    origin: int = 0
    branched: Branched | None = None
    before: Place | None = None

    @property
    def alone(self) -> str:
        """The learner that trains alone; empty where all do, or none."""
        return "" if self.branched is None else self.branched.alone

    @property
    def joins(self) -> str:
        """The learner that trains alone, if it is none that branched off but one more of the recipe; else empty."""
        data = self.record.data
        return self.alone if data is not None and self.alone in data.recipe.names else ""

    def joined(self, message: Message) -> Iterable[Message]:
        """Return what a message is for the record: of a learner that trains alone, with the others' share in it."""
        beside = None if self.branched is None else self.branched.beside
        return (message,) if beside is None else beside.joined(message)

    def has_other_data_than(self, data: DataReady) -> bool:
        """Return whether a fork would go on with other images than its record began with."""
        before = self.record.data
        return before is not None and not (
            before.classes == data.classes
            and np.array_equal(before.probe_labels, data.probe_labels)
            and np.array_equal(before.probe_images, data.probe_images)
        )
