"""Older run files made like new ones: what a format meant by a number is put into today's meaning, once, on loading.

Knows records and settings; nothing of files.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from lwf_gui.documents.container import Arrays
from lwf_gui.messages import TERMS, Branch, DataReady, Failed, Finished
from lwf_gui.runs.private import without_paths
from lwf_gui.runs.record import Record

Settings = tuple[NDArray[np.float64], NDArray[np.bool_]]
"""Temperature and whether T**2 is switched on, by step of the later tasks, each of shape (steps,)."""

WITH_T2 = [TERMS.index(term) for term in ("kd", "kl")]
"""Columns that had the factor T**2 up to format 2."""


RENAMED = {
    "HyperApplied": "LiveSettingsApplied",
    "hyper": "live_settings",
    "trunk_frozen": "backbone_frozen",
}
"""What had another name up to format 3: kinds of messages, their fields, and live settings."""

PHASES = {"task1": "base", "task2": "incremental"}
"""Phases up to format 3, when there were two tasks in every run."""

TEACHER = "Probe.incremental.teacher"
"""The array that had the old classes alone up to format 3."""


def to_many_tasks(told: Any) -> Any:
    """Return the messages of a file of format 3, as JSON, as those of format 4 are; texts that people wrote stay.

    Names become the field's, the two phases get boundaries, fractions right become counts. What is no list of tables
    is returned as it is, to be refused where all files are checked.
    """
    if not isinstance(told, list):
        return told
    tables = [_renamed(entry) if isinstance(entry, dict) else entry for entry in told]
    first = tables[0] if tables and isinstance(tables[0], dict) else {}
    told_sizes = first.get("test_sizes")
    listed = told_sizes if isinstance(told_sizes, list) and len(told_sizes) == 2 else []
    sizes = [size for size in listed if type(size) is int]
    sizes = sizes if len(sizes) == 2 else [0, 0]
    return [_of_two_tasks(entry, sizes) if isinstance(entry, dict) else entry for entry in tables]


def arrays_of_many_tasks(arrays: Arrays) -> Arrays:
    """Return the arrays of a file of format 3 as format 4 has them: named by phase, the teacher's of all classes."""
    named = {_by_phase(name): array for name, array in arrays.items()}
    teacher, logits = named.get(TEACHER), named.get("Probe.incremental.logits")
    if teacher is not None and logits is not None and teacher.ndim == 3 and logits.ndim == 4:
        same = (len(teacher), teacher.shape[1]) == (len(logits), logits.shape[2]) and teacher.dtype == logits.dtype
        if same and teacher.shape[2] < logits.shape[3]:
            named[TEACHER] = _widened(teacher, logits.shape[3])
    return named


def _by_phase(name: str) -> str:
    kind, _, rest = name.partition(".")
    phase, _, field = rest.partition(".")
    return f"{kind}.{PHASES.get(phase, phase)}.{field}" if field else name


def _widened(answers: NDArray[Any], classes: int) -> NDArray[Any]:
    """Return answers, shape (..., known), with -inf for the classes that are not known."""
    shape = (*answers.shape[:-1], classes)
    if not any(answers.strides):  # what stands for an array that is not read yet, and takes no memory
        return np.broadcast_to(answers[(0,) * answers.ndim], shape)
    made = np.full(shape, -np.inf, answers.dtype)
    made[..., : answers.shape[-1]] = answers
    return made


def _of_two_tasks(message: dict[Any, Any], sizes: list[int]) -> dict[Any, Any]:
    """Return a message with what follows from there being two tasks; ``sizes`` are their test images."""
    told = dict(message)
    if isinstance(phase := told.get("phase"), str):
        told["phase"] = PHASES.get(phase, phase)
    match told.get("type"):
        case "DataReady" if "old_classes" in told:
            old, names = told.pop("old_classes"), told.get("classes")
            new = len(names) - old if isinstance(names, list) and type(old) is int else 0
            told["scenario"] = {"sizes": [old, new]}
        case "PhaseStarted" if "steps_per_epoch" in told:
            told |= {"epoch_steps": [told.pop("steps_per_epoch")], "boundaries": [0]}
        case "TeacherReady" if "old" in told:
            told["right"] = _count(told.pop("old"), sizes[0])
        case "Evaluated" if "task" not in told and isinstance(scores := told.get("scores"), dict):
            told["task"] = 1
            told["scores"] = {name: _counted(score, sizes) for name, score in scores.items()}
    return told


def _counted(score: Any, sizes: list[int]) -> Any:
    """Return a learner's right answers by task, from fractions of the old and of the new task's images."""
    if not isinstance(score, dict) or score.keys() != {"task_aware", "class_incremental", "teacher_old"}:
        return score
    found = {}
    for protocol in ("task_aware", "class_incremental"):
        pair = score[protocol]
        counts = (
            [_count(pair.get(part), size) for part, size in zip(("old", "new"), sizes, strict=True)]
            if isinstance(pair, dict)
            else [pair]
        )
        found[protocol] = [] if None in counts else counts
    teacher = _count(score["teacher_old"], sizes[0])
    return {**found, "teacher": [] if teacher is None else [teacher]}


def _count(share: Any, images: int) -> Any:
    """Return how many images a fraction is; None where it is no number, what it is where it is nothing of the kind."""
    if type(share) not in (int, float) or abs(share) > 2:
        return share if share == share else None
    return None if share != share else round(share * images)


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


def without_folders(record: Record) -> None:
    """Leave the folders of the machine that it was made on out of a record of format 4, in place.

    Since format 5 files do not name them. What such a file does not say stays unknown: versions, machine, notes, and
    the digest of the teacher.
    """
    if record.data is not None:
        data, outcome = without_paths(record.data), record.outcome
        assert isinstance(data, DataReady)
        record.data = data
        if outcome is not None:
            left = without_paths(outcome)
            record.outcome = left if isinstance(left, Finished | Failed) else outcome


def to_true_nats(record: Record) -> None:
    """Take the factor T**2 out of the KD and KL of a record of format 2, in place: since format 3 they are true nats.

    Raises
    ------
    ValueError
        If a temperature is not above 0.
    """
    track = record.incremental
    if track is None or not track.steps:
        return
    for column, learner in enumerate(track.started.learners):
        temperature, on = _settings(record, learner, track.steps)
        if not (temperature > 0).all():
            raise ValueError("a temperature must be above 0")
        factor = np.where(on, temperature**2, 1.0)
        track.losses.values[:, column, WITH_T2] /= factor[:, None]


def _settings(record: Record, learner: str, steps: int) -> Settings:
    """Return the settings that made every step of a learner: a branch has its origin's until it leaves, then its own.

    Row n is step n + 1, from which on a change after step n holds.
    """
    assert record.data is not None, "losses come after the data"
    live_settings = record.data.recipe.live_settings()
    temperature, on = np.full(steps, live_settings.temperature), np.full(steps, live_settings.scale_t2)
    for mark in record.marks:
        temperature[mark.step :], on[mark.step :] = mark.live_settings.temperature, mark.live_settings.scale_t2
    branches, chain = record.branches, list[Branch]()
    while learner in branches and len(chain) <= len(branches):
        chain.append(branches[learner])
        learner = branches[learner].origin
    ends = [*(branch.step for branch in chain[:-1][::-1]), steps]
    for branch, end in zip(reversed(chain), ends, strict=False):
        own = slice(branch.step, end)
        temperature[own] = branch.overrides.get("temperature", temperature[own])
        on[own] = branch.overrides.get("scale_t2", on[own])
    return temperature, on
