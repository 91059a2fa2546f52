"""Columns of what was trained: who and when, the terms of the losses, and the settings that were in force."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

import numpy as np

from lwf_gui.exports.columns import Column, Rows, Values, is_base, phase_of
from lwf_gui.learners import uses
from lwf_gui.recipe import live_keys, settings
from lwf_gui.runs.record import Record
from lwf_gui.runs.settings_over_time import Held, settings_over_time

SWITCH = "1: on, 0: off"


def columns(record: Record) -> list[Column]:
    """Return the columns of a run's training, those that tell one row from another first."""
    return [*_keys(record), *_losses(record), *_settings(record)]


def _keys(record: Record) -> list[Column]:
    assert record.data is not None, "only of a run that has data"
    data, seed = record.data.dataset, record.data.recipe.seed
    return [
        Column("data", "", lambda rows: rows.filled(data)),
        Column("seed", "", lambda rows: rows.filled(seed, np.int64)),
        Column("phase", "", lambda rows: rows.filled(phase_of(rows))),
        Column("task", "from 1", lambda rows: rows.filled(rows.task + 1, np.int64)),
        Column("epoch", "of the task, 0: before its first step", _epochs),
        Column("step", "of the phase", lambda rows: rows.filled(0, np.int64) + rows.steps[:, None]),
        Column("learner", "", lambda rows: rows.filled("") + np.array(rows.learners, object)),
        Column("method", "", lambda rows: rows.filled("") + np.array(_methods(rows), object)),
        Column("copy_of", "learner that this one branches off later", _copies),
    ]


def _epochs(rows: Rows) -> Values:
    axis = rows.track.started.axis
    part = rows.task - axis.first
    epochs = -(-(rows.steps - axis.boundaries[part]) // axis.epoch_steps[part])
    return rows.filled(0, np.int64) + epochs[:, None]


def _methods(rows: Rows) -> list[str]:
    """Return the method of each learner; nothing of the first teacher, which learns as any network does."""
    assert rows.record.data is not None, "only of a run that has data"
    recipe = rows.record.data.recipe
    return ["" if is_base(rows) else recipe.learner(name).method for name in rows.learners]


def _copies(rows: Rows) -> Values:
    """Return of whom a branch is still a copy; its own numbers begin after the step at which it leaves."""
    found = rows.filled("")
    for place, name in enumerate(rows.learners):
        if branch := rows.record.branches.get(name):
            found[rows.steps <= branch.step, place] = branch.origin
    return found


def _losses(record: Record) -> list[Column]:
    """Return a column for every term that any learner has, the total last."""
    terms = dict.fromkeys(term for track in record.tracks.values() for term in track.started.columns[:-1])
    return [Column(f"loss_{term}", "nats per image", partial(_loss, term)) for term in (*terms, "total")]


def _loss(term: str, rows: Rows) -> Values:
    found = rows.filled(np.nan, np.float32)
    names = rows.track.started.columns
    if term in names:
        axis = rows.track.started.axis
        begin = axis.boundaries[rows.task - axis.first]
        first = max(rows.first, begin + 1)  # the loss of the step at which the task begins is the task's before
        found[first - rows.first :] = rows.track.losses.values[first - 1 : rows.last, :, names.index(term)]
    return found


def _settings(record: Record) -> list[Column]:
    """Return a column for every live setting; that of the learning rate is of all methods, and of task 1 too."""
    incremental = record.incremental
    learners = () if incremental is None else incremental.started.learners
    held = {name: settings_over_time(record, name) for name in learners}
    found = []
    for field, key in live_keys().items():
        setting = settings()[key]
        unit = SWITCH if setting.kind == "switch" else setting.unit or " or ".join(setting.choices) or "number"
        name = "learning_rate" if field == "lr" else key
        found.append(Column(name, unit, partial(_setting, field, key, held)))
    return [*found, Column("backbone_frozen", SWITCH, partial(_setting, "backbone_frozen", "", held))]


def _setting(field: str, key: str, held: Mapping[str, Held], rows: Rows) -> Values:
    """Return a live setting as it was when each step was made; nothing of a learner that does not follow it."""
    assert rows.record.data is not None, "only of a run that has data"
    recipe = rows.record.data.recipe
    number = not isinstance(getattr(recipe.live_settings(), field), str)
    found = rows.filled(np.nan, np.float64) if number else rows.filled("")
    if is_base(rows):
        if field == "lr":
            found[:] = recipe.task1.lr
        return found
    for place, name in enumerate(rows.learners):
        if not key or uses(recipe.learner(name).method, key):
            firsts = [step for step, _ in held[name]]
            values = np.array([getattr(at, field) for _, at in held[name]], found.dtype)
            found[:, place] = values[np.searchsorted(firsts, rows.steps, side="right") - 1]
    return found
