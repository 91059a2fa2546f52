"""Continuing a run from one of its steps: what the record keeps, what the engine is told, what happens again later.

Pure functions of a record. A new learner of a run that is complete trains alone, be it a branch or one of another
method; see `lwf_gui.runs.beside`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from lwf_gui.branches import branch_name, branch_number, root_of
from lwf_gui.control import Planned
from lwf_gui.learners import LearnerSpec
from lwf_gui.messages import Branch, Fork, LiveSettingsApplied
from lwf_gui.recipe import LiveSettings
from lwf_gui.runs.beside import Beside
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import overrides_of, settings_after


@dataclass(frozen=True, slots=True, eq=False)
class Continuation:
    """A run that goes on from a step of another one.

    Attributes
    ----------
    record : what both have in common, to be continued
    fork : what the engine is told
    later : the user's live changes that the other run saw after the step, to be made again
    shown : live settings under the user's hand from the step on: the new learner's if it trains alone, else the run's
    beside : how the new learner's rows join the recorded ones, if it trains alone
    """

    record: Record
    fork: Fork
    later: tuple[Planned, ...]
    shown: LiveSettings
    beside: Beside | None


def continued(origin: Record, run_id: int, step: int, values: Mapping[str, Any], learner: str) -> Continuation:
    """Return how a run goes on from a step of ``origin``, which the engine knows as ``run_id``, 0 for a recorded one.

    ``values`` are fields of `LiveSettings` that shall differ: for a new learner that branches off ``learner``; if
    that is empty, for the whole run.
    """
    held = settings_after(origin, step)
    assert held is not None
    assert origin.incremental is not None
    branch = _branch(origin, step, values, learner) if learner else None
    alone = branch is not None and is_complete(origin)
    record = origin.forked(step, branch, later=alone)
    assert record.incremental is not None
    branches = record.incremental.started.branches
    live_settings = held if branch else replace(held, **values)
    trains_alone = branch.learner if branch and alone else ""
    told = tuple(record.evaluations)
    fork = Fork(run_id, step, tuple(record.marks), branches, live_settings, trains_alone, told)
    shown = replace(held, **branch.overrides) if branch and alone else live_settings
    beside = Beside(origin, step, trains_alone) if alone else None
    return Continuation(record, fork, _later(origin, fork, values, branch), shown, beside)


def with_learner(origin: Record, run_id: int, spec: LearnerSpec) -> Continuation:
    """Return how a learner joins a complete run, which the engine knows as ``run_id``, 0 for a recorded one.

    It trains alone from the first head expansion on. The recipe of the run names it, so that the next run trains all.
    """
    held = settings_after(origin, 0)
    assert held is not None
    assert origin.data is not None
    assert origin.incremental is not None
    assert is_complete(origin), "a learner joins those who have learnt all tasks"
    before = origin.data.recipe
    recipe = before.with_settings({"learners": [*before.learners, spec]})
    record = origin.begun_with(recipe)
    fork = Fork(run_id, 0, tuple(record.marks), origin.incremental.started.branches, held, spec.name)
    shown = replace(held, **recipe.own_live_settings(spec.name))
    return Continuation(
        record, fork, _later(origin, fork, {}, None), shown, Beside(origin, 0, spec.name, len(before.names))
    )


def is_complete(record: Record) -> bool:
    """Whether a run came to its end, so that its learners need not be trained again."""
    track = record.incremental
    return track is not None and track.steps == track.started.steps


def what_stays(origin: Record) -> str:
    """Say what becomes of the run when a new learner is added to it, or when it is forked as a whole."""
    if is_complete(origin):
        return "A new learner trains alone: the others stay as they are, to the end. Undo (Ctrl+Z) leads back."
    return "The run is not complete: all learners train on from here. Undo (Ctrl+Z) leads back to it."


def _branch(origin: Record, step: int, values: Mapping[str, Any], learner: str) -> Branch:
    """Return a new branch; one of a branch keeps what that has of its own."""
    assert origin.incremental is not None
    branches = origin.incremental.started.branches
    own = overrides_of(branches, origin.marks, learner, step + 1) | dict(values)
    number = 1 + max((branch_number(each.learner) for each in branches), default=0)  # some may have been left out
    return Branch(branch_name(root_of(learner), number, step, own), learner, step, own)


def _later(origin: Record, fork: Fork, values: Mapping[str, Any], branch: Branch | None) -> tuple[Planned, ...]:
    """Return the user's live changes after the step, but of ``values``, which the fork sets for the whole run.

    Those of the run at this very step are in ``fork.live_settings`` already. A new learner sees its origin's, too.
    """
    planned = list[Planned]()
    assert origin.data is not None
    kept = {*origin.data.recipe.names, *(each.learner for each in fork.branches)} - {fork.alone}
    for mark in origin.marks:
        if mark.by != "user" or mark.step < max(fork.step, 1):
            continue
        if not mark.learner and mark.step > fork.step:
            planned.append(Planned(mark.step, "", _changes(mark, () if branch else values)))
        elif mark.learner in kept and not fork.alone:
            planned.append(Planned(mark.step, mark.learner, _changes(mark, ())))
        if branch and mark.learner == branch.origin and mark.step > fork.step:
            planned.append(Planned(mark.step, branch.learner, _changes(mark, values)))
    return tuple(planned)


def _changes(mark: LiveSettingsApplied, but: Mapping[str, Any] | tuple[()]) -> dict[str, Any]:
    return {name: getattr(mark.live_settings, name) for name in mark.changed if name not in but}


def kept_states(record: Record) -> str:
    """Say how many whole states of the run are kept, and what they take; empty where there are none."""
    kept = record.snapshots
    if kept is None:
        return ""
    count = (
        f"{len(kept.steps)} whole states of the run are" if len(kept.steps) != 1 else "One whole state of the run is"
    )
    return f"{count} kept: {kept.memory / 2**20:.0f} of at most {kept.limit / 2**20:.0f} MB."


def way_back(record: Record, step: int, *, kept: bool = True) -> str:
    """Say what a fork at a step of task 2 must train again before it begins; ``kept``: whether its states still are."""
    earlier = [at for at in record.snapshots.steps if at <= step] if record.snapshots and kept else []
    if not step:
        return "The fork begins at the head expansion."
    if not earlier:
        return f"Of this run no state is kept: its first {_are(step)} trained again first, silently."
    again = step - earlier[-1]
    return (
        f"{'1 ' if again == 1 else ''}{_are(again)} trained again first, silently."
        if again
        else "The fork begins at once."
    )


def _are(count: int) -> str:
    """Return so many steps as a subject with its verb; one without its number, which is said before it or not."""
    return "step is" if count == 1 else f"{count:,} steps are"
