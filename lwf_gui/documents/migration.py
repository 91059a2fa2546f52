"""Older run files made like new ones: what a format meant by a number is put into today's meaning, once, on loading.

Knows records and settings; nothing of files.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.messages import TERMS, Branch
from lwf_gui.runs.record import Record

Settings = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""Temperature and whether T**2 is switched on, by step of task 2, each of shape (steps,)."""

WITH_T2 = [TERMS.index(term) for term in ("kd", "kl")]
"""Columns that had the factor T**2 up to format 2."""


RENAMED = {
    "HyperApplied": "LiveSettingsApplied",
    "hyper": "live_settings",
    "trunk_frozen": "backbone_frozen",
}
"""What had another name up to format 3: kinds of messages, their fields, and live settings."""


def to_the_fields_names(told: Any) -> Any:
    """Return the messages of a file of format 3, as JSON, in the names of format 4; texts that people wrote stay.

    What is no list of tables is returned as it is, to be refused where all files are checked.
    """
    return [_renamed(entry) if isinstance(entry, dict) else entry for entry in told] if isinstance(told, list) else told


def _renamed(message: dict[Any, Any]) -> dict[Any, Any]:
    """Rename a message's kind and fields, what it lists as changed, and the live settings in it and in its branches."""
    named = {RENAMED.get(key, key): value for key, value in message.items()}
    kind = named.get("type")
    named["type"] = RENAMED.get(kind, kind) if isinstance(kind, str) else kind
    if named["type"] == "LiveSettingsApplied":
        named["live_settings"] = _keys_renamed(named.get("live_settings"))
        changed = named.get("changed")
        named["changed"] = [_name(name) for name in changed] if isinstance(changed, list) else changed
    branches = named.get("branches")
    if named["type"] == "PhaseStarted" and isinstance(branches, list):
        named["branches"] = [
            {**branch, "overrides": _keys_renamed(branch.get("overrides"))} if isinstance(branch, dict) else branch
            for branch in branches
        ]
    return named


def _keys_renamed(table: Any) -> Any:
    return {_name(key): value for key, value in table.items()} if isinstance(table, dict) else table


def _name(name: Any) -> Any:
    return RENAMED.get(name, name) if isinstance(name, str) else name


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
    live_settings = record.data.recipe.live_settings()
    temperature, on = np.full(steps, live_settings.temperature), np.full(steps, live_settings.scale_t2)
    for mark in record.marks:
        temperature[mark.step :], on[mark.step :] = mark.live_settings.temperature, mark.live_settings.scale_t2
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
