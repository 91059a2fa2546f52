"""Going from probe to probe of a run, and saying where one is."""

from __future__ import annotations

import numpy as np

from lwf_gui.runs.captions import epoch_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, stops

FAR = 10
"""Probes that a big step goes."""


def neighbour(record: Record, selection: Selection, probes: int) -> int | None:
    """Return the step that is so many probes away from where one looks, within the run; None without any probe."""
    steps, at = stops(record), moment(record, selection.step)
    if at is None:
        return None
    index = int(np.searchsorted(steps, at.step, side="right")) - 1
    return int(steps[min(max(index + probes, 0), len(steps) - 1)])


def position(record: Record, selection: Selection) -> str:
    """Say where one looks."""
    at = moment(record, selection.step)
    if at is None:
        return "no run yet"
    if at.track is record.base:
        return f"task 1, {-at.step:,} steps before head expansion"
    return f"step {at.step:,} of {at.track.started.steps:,} ({epoch_of(at)})"


def position_shorter(record: Record, selection: Selection) -> tuple[str, ...]:
    """Say where one looks in ever fewer words, each of them whole."""
    words, at = position(record, selection), moment(record, selection.step)
    if at is None or at.track is not record.base:
        return words.partition(" (")[0], words.partition(" of")[0]
    steps = f"{-at.step:,}"
    return (
        f"{steps} steps before head expansion",
        f"{steps} before head expansion",
        f"task 1, {steps} to go",
        f"{steps} to go",
    )
