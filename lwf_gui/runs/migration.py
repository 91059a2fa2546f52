"""Older run files made like new ones: what a format meant by a number is put into today's meaning, once, on loading.

Knows records and settings; nothing of files.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from lwf_gui.protocol import TERMS, Branch
from lwf_gui.runs.record import Record

Settings = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""Temperature and whether T**2 is switched on, by step of task 2, each of shape (steps,)."""

WITH_T2 = [TERMS.index(term) for term in ("kd", "kl")]
"""Columns that had the factor T**2 up to format 2."""


def to_true_nats(record: Record) -> None:
    """Take the factor T**2 out of the KD and KL of a record of format 2, in place: since format 3 they are true nats.

    Raises
    ------
    ValueError
        If a temperature is not above 0.
    """
    track = record.task2
    if track is None or not track.steps:
        return
    branches = {branch.learner: branch for branch in track.started.branches}
    for column, learner in enumerate(track.started.learners):
        temperature, on = _settings(record, branches, learner, track.steps)
        if not (temperature > 0).all():
            raise ValueError("a temperature must be above 0")
        factor = np.where(on, temperature**2, 1.0)
        track.losses.values[:, column, WITH_T2] /= factor[:, None]


def _settings(record: Record, branches: dict[str, Branch], learner: str, steps: int) -> Settings:
    """Return the settings that made every step of a learner: a branch has its origin's until it leaves, then its own.

    Row n is step n + 1, from which on a change after step n holds.
    """
    assert record.data is not None, "losses come after the data"
    hyper = record.data.recipe.hyper()
    temperature, on = np.full(steps, hyper.temperature), np.full(steps, hyper.scale_t2)
    for mark in record.marks:
        temperature[mark.step :], on[mark.step :] = mark.hyper.temperature, mark.hyper.scale_t2
    chain: list[Branch] = []
    while learner in branches and len(chain) <= len(branches):
        chain.append(branches[learner])
        learner = branches[learner].origin
    ends = [*(branch.step for branch in chain[:-1][::-1]), steps]
    for branch, end in zip(reversed(chain), ends, strict=False):
        own = slice(branch.step, end)
        temperature[own] = branch.overrides.get("temperature", temperature[own])
        on[own] = branch.overrides.get("scale_t2", on[own])
    return temperature, on
