"""The live settings of a learner over a whole run: where each of them held, from which step on. A pure function.

What it says of one step is what `lwf_gui.runs.selection.settings_of` says; this goes through all changes once.
"""

from __future__ import annotations

from dataclasses import replace

from lwf_gui.recipe import LiveSettings
from lwf_gui.runs.record import Record

Held = list[tuple[int, LiveSettings]]
"""(first step, the settings that made it and all up to the next), in order; the first step is 0."""


def settings_over_time(record: Record, learner: str) -> Held:
    """Return the settings that made a learner's steps of the later tasks; a branch has its origin's until it leaves."""
    found: Held = []
    for first, last, at in _owners(record, learner):
        own = _held(record, at)
        before = [settings for step, settings in own if step <= first]
        within = [(step, settings) for step, settings in own if step > first and (last is None or step <= last)]
        found += [(first, before[-1]), *within]
    return found


def _owners(record: Record, learner: str) -> list[tuple[int, int | None, str]]:
    """Return (first step, last step, learner) of those whose steps a learner's are; None: to the end."""
    branches, at = record.branches, learner
    found: list[tuple[int, int | None, str]] = []
    last: int | None = None
    while at in branches:
        step = branches[at].step
        if last is None or step < last:
            found.append((step + 1, last, at))
            last = step
        at = branches[at].origin
    return [(0, last, at), *reversed(found)]


def _held(record: Record, at: str) -> Held:
    """Return the settings of a learner as if it had been there from the start; a change at step s holds from s + 1."""
    assert record.data is not None, "a run that was trained has data"
    recipe, branch = record.data.recipe, record.branches.get(at)
    whole, own = recipe.live_settings(), dict(branch.overrides) if branch else {}
    named = recipe.own_live_settings(at)
    found = [(0, replace(whole, **{**named, **own}))]
    for mark in sorted(record.marks, key=lambda mark: mark.step):
        if mark.learner and mark.learner != at:
            continue
        if mark.learner:
            own |= {name: getattr(mark.live_settings, name) for name in mark.changed}
        else:
            whole = mark.live_settings
        found.append((mark.step + 1 if mark.step else 0, replace(whole, **{**named, **own})))
    return found
