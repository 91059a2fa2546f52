"""The loss in numbers: what each learner minimised at a step, term by term, with the settings that made it.

The terms are those that the engine measured; nothing is computed again, so that whatever the engine gets wrong shows.
All of them are true nats: T**2, where it is switched on, is a factor of its own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lwf_gui.learners import uses
from lwf_gui.messages import TEACHER, TERMS, MiniBatch
from lwf_gui.methods import method_of
from lwf_gui.recipe import LiveSettings, live_keys
from lwf_gui.runs import teachers
from lwf_gui.runs.formula import formula_of
from lwf_gui.runs.loss_row import Row, number
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment, settings_of
from lwf_gui.runs.track import Track
from lwf_gui.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Balance:
    """The losses of all learners.

    Attributes
    ----------
    rows : one per learner; in the base task the teacher's, which has no KD
    step : steps since the head expansion at which one looks; negative or 0 in the base task
    trained : whether there are numbers yet
    old_classes, classes : how many: of the earlier tasks, and of all tasks so far
    batch : the parts of step ``last`` where it was trained in slow motion
    own_teachers : whether every learner has a teacher of its own: what it was before the task
    many : whether the run has more than two tasks
    """

    rows: tuple[Row, ...]
    step: int
    trained: bool
    old_classes: int
    classes: int
    batch: MiniBatch | None
    own_teachers: bool = False
    many: bool = False

    @property
    def has_lwfs(self) -> bool:
        """Whether some learner's loss is LwF's."""
        return any(row.formula is None for row in self.rows)

    @property
    def expanded(self) -> bool:
        """Whether there is a teacher to distil from."""
        return self.rows[0].learner != TEACHER


def balance(record: Record, selection: Selection) -> Balance | None:
    """Return the loss at the probe where one looks, as all panels do; None before the first step of all.

    The numbers are those of that very step. A step's loss is taken before its update, so step 0 shows the loss of the
    first step, and before that was trained there are settings but no numbers.
    """
    track = _track(record, selection)
    if track is None or record.data is None:
        return None
    old, every = _class_counts(record.data.scenario, track, 0)
    if not track.steps:
        untrained = tuple(
            _row(learner, {}, acting_settings(record, learner, None), record) for learner in track.started.learners
        )
        return Balance(untrained, 0, False, old, every, None)
    step = _step(record, selection, track)
    old, every = _class_counts(record.data.scenario, track, step)
    row = min(max(step, 1), track.steps)
    rows = tuple(
        _row(
            learner,
            dict(zip(track.started.columns, map(float, numbers), strict=True)),
            acting_settings(record, learner, row),
            record,
        )
        for learner, numbers in zip(track.started.learners, track.losses.values[row - 1], strict=True)
    )
    batch = record.batches.get(step) if track is record.incremental else None
    shift = track.started.steps if track is record.base else 0
    own = track is record.incremental and track.started.task_at(max(step - 1, 0)) > teachers.SHARED
    return Balance(rows, step - shift, True, old, every, batch, own, record.data.scenario.tasks > 2)


def _class_counts(scenario: Scenario, track: Track, step: int) -> tuple[int, int]:
    """Return how many classes are old at a step, and how many there are at the loss that it shows.

    The loss of a boundary's step is that of the last step before it, except at the very beginning.
    """
    task = max(1, track.started.task_at(max(step - 1, 0)))
    return len(scenario.earlier(task)), scenario.seen(task)


def _row(learner: str, numbers: Mapping[str, float], live_settings: LiveSettings, record: Record) -> Row:
    """Return a row of named terms; those of LwF that are not there are NaN."""
    known = {term: numbers.get(term, math.nan) for term in TERMS}
    settings = _settings(record, learner, live_settings)
    formula = formula_of(learner, numbers, settings, number)
    return Row(learner, **known, live_settings=live_settings, formula=formula, numbers=numbers, settings=settings)


def _settings(record: Record, learner: str, live_settings: LiveSettings) -> dict[str, object]:
    """Return the settings of a learner's method that made a step, by their names in its group."""
    assert record.data is not None, "losses come after the data"
    recipe = record.data.recipe
    if learner == TEACHER or (group := recipe.settings_of(learner)) is None:
        return {}
    method = recipe.learner(learner).method
    live = {key.rpartition(".")[2]: field for field, key in live_keys().items() if uses(method, key)}
    acting = {name: getattr(live_settings, field) for name, field in live.items()}
    return {**dict(group), **acting, "kd_factor": live_settings.kd_factor}


def acting_settings(record: Record, learner: str, step: int | None) -> LiveSettings:
    """Return the settings that made a step of a learner, None for those that will make its next one.

    Alpha is what acts: 0 where the method does not distil. So is what a method holds fixed.
    """
    live_settings, method = settings_of(record, learner, step), method_of(learner)
    assert live_settings is not None, "losses come after the data"
    if method is not None and method.fixed:
        live_settings = replace(live_settings, **dict[str, Any](method.fixed))
    return live_settings if method is not None and method.distils else replace(live_settings, alpha=0.0)


def captions(record: Record, selection: Selection) -> tuple[str, ...]:
    """Say what the numbers are, from the longest to the shortest way; nothing before the first step."""
    now = balance(record, selection)
    if now is None or record.data is None:
        return ()
    if not now.expanded:
        where = f"{-now.step:,} steps before head expansion" if now.step else "the last step before head expansion"
    elif not now.trained:
        where = "no step trained yet"
    else:
        where = f"step {now.step:,}" if now.step else "step 0, before the first update"
    task = "the new task" if now.expanded else "the old task"
    said = where  # the shorter ways name the task only of many
    if now.expanded and record.data.scenario.tasks > 2:  # at a boundary the one that ends
        task = f"task {record.data.scenario.task_of_unit(now.old_classes) + 1}"
        said = f"{task}, {where}"
    return (
        f"nats per training image (mini-batch) of {task} of {record.data.dataset}, {where}",
        f"nats per training image (mini-batch), {said}",
        f"nats per training image, {said}",
        f"nats, {said}",
    )


def _track(record: Record, selection: Selection) -> Track | None:
    """Return the phase that is looked at; task 1 only if it has steps, and one looks there or there is no other yet."""
    one = record.base if record.base is not None and record.base.steps else None
    tracks = [track for track in (record.incremental, one) if track is not None]
    if selection.step is not None and selection.step < 0:
        tracks.reverse()
    return tracks[0] if tracks else None


def _step(record: Record, selection: Selection, track: Track) -> int:
    """Return the step of a phase, counted from its beginning, at which all panels look; without a probe the newest."""
    at = moment(record, selection.step)
    if at is not None and at.track is track:
        return at.probe.step
    shift = track.started.steps if track is record.base else 0
    return track.steps if selection.step is None else min(max(selection.step + shift, 1), track.steps)
