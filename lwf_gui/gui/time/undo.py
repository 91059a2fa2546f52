"""What undo goes back to: settings together with the run that was on screen, within a limit of memory."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from typing import NamedTuple

import numpy as np

from lwf_gui.recipe import LiveSettings, Recipe
from lwf_gui.runs.record import Record

MOST_RUNS = 8
"""Runs that are kept besides the one on screen."""

LIMIT = 256 << 20
"""Bytes of all of them."""


class Place(NamedTuple):
    """Where the user was: the settings, and the run that was shown."""

    recipe: Recipe
    preset: str
    live_settings: LiveSettings
    backbone: bool | None
    """Whether the next run's backbone is frozen by hand; None where its recipe says it."""
    record: Record
    run_preset: str
    """Name of the preset of the run that is shown."""
    ghost: Record | None
    origin: int
    """Id of the run that made the record, as the engine knows it; 0 if it came from a file."""
    recorded: bool
    """Whether it came from a file."""


def fit(places: Iterable[Place]) -> bool:
    """Whether so many runs can be kept."""
    kept = [run for place in places for run in (place.record, place.ghost) if run is not None]
    runs = {id(run): run for run in kept if run.track is not None}
    return len(runs) <= MOST_RUNS and sum(map(memory, runs.values())) <= LIMIT


def memory(record: Record) -> int:
    """Return the bytes of a record's arrays."""
    arrays = (getattr(each, field.name) for each in record.messages() for field in fields(each))
    return sum(array.nbytes for array in arrays if isinstance(array, np.ndarray))
