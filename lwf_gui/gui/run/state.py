"""What a run is doing, as the window shows it."""

from __future__ import annotations

import enum

from lwf_gui.messages import Failed, Finished
from lwf_gui.runs.interrupted import has_trained
from lwf_gui.runs.record import Record


class State(enum.Enum):
    """What a run is doing."""

    IDLE = "Ready"
    RECORDED = "Recorded run"
    RUNNING = "Training"
    PAUSED = "Paused"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    FINISHED = "Finished"
    FAILED = "Failed"
    FETCHING = "Downloading"


BUSY = frozenset({State.RUNNING, State.PAUSED, State.STOPPING, State.FETCHING})
"""The engine works on a run or a download."""

HEADS = {
    State.RUNNING: "Running",
    State.PAUSED: "Paused",
    State.STOPPING: "Stopping",
    State.RECORDED: "Recorded",
}
"""What a run that another one follows is called; "Shown" in every other state."""


def state_of(record: Record) -> State:
    """Return the state of a run that nothing works on any more."""
    match record.outcome:
        case Finished():
            return State.FINISHED
        case Failed():
            return State.FAILED
        case None if not has_trained(record):
            return State.IDLE
        case _:
            return State.STOPPED
