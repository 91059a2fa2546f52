"""How another run differs from the one that is shown: data, settings, live changes, learners, seed. Pure functions.

What makes no other experiment is no difference: how often one looks, or a setting that no learner follows.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from lwf_gui.learners import LearnerSpec
from lwf_gui.messages import DataReady
from lwf_gui.methods import METHODS
from lwf_gui.numerals import written
from lwf_gui.recipe import Recipe, live_keys, settings
from lwf_gui.runs.interrupted import end_of
from lwf_gui.runs.live_changes import changes
from lwf_gui.runs.names import label_of, learners_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import settings_at
from lwf_gui.runs.settings_text import matter, setting_text, value_text, within

SAME = "same settings"
LUCK = "the difference is luck"

SAID_APART = ("seed", "learners", "data.dataset")
"""Settings that are told in another way than by their value."""


class Change(NamedTuple):
    """A live change that the user made while a run trained: of one setting, in which learner (empty: in all)."""

    step: int
    learner: str
    name: str
    text: str


def differences(shown: Record, other: Record) -> tuple[str, ...]:
    """Return what another run has that the shown one has not, in the settings' own labels; the seed at the end.

    Nothing where both are the same experiment with the same seed.
    """
    one, two = shown.data, other.data
    if one is None or two is None:
        return ()
    return (
        *_data(one, two),
        *_settings(as_begun(shown, one), as_begun(other, two)),
        *_own_settings(one.recipe, two.recipe),
        *_live_changes(shown, other),
        *_learners(shown, other),
        *([f"seed {two.recipe.seed}"] if two.recipe.seed != one.recipe.seed else []),
        *_end(shown, other),
    )


def verdict(shown: Record, other: Record) -> tuple[str, ...]:
    """Return the differences as they are said: where it is the seed alone, or nothing, that is said in words."""
    told = differences(shown, other)
    one, two = shown.data, other.data
    if one is None or two is None:
        return ()
    if not told:
        return (SAME,) if one.device == two.device else (f"{SAME}, other device ({two.device}): {LUCK}",)
    if len(told) == 1 and one.recipe.seed != two.recipe.seed:
        return (f"{SAME}, other seed ({two.recipe.seed}): {LUCK}",)
    return told


def why_apart(shown: Record, other: Record) -> str:
    """Say why figures of two runs are no figures of one thing: other images, tasks or test sets; empty where they are.

    Then no difference of them is told.
    """
    one, two = shown.data, other.data
    if one is None or two is None:
        return "one of them has no data yet"
    if one.dataset != two.dataset:
        return "other data"
    if (one.classes, one.scenario) != (two.classes, two.scenario):
        return "other tasks"
    if one.test_sizes != two.test_sizes:
        return "other test images"
    return ""


def _data(one: DataReady, two: DataReady) -> Iterator[str]:
    """Yield other images: what was read, for "auto" may have been anything."""
    if one.dataset != two.dataset:
        yield f"data: {two.dataset}"
    elif one.test_sizes != two.test_sizes and one.scenario == two.scenario:
        yield f"{sum(two.test_sizes):,} test images"


def as_begun(record: Record, data: DataReady) -> Recipe:
    """Return a run's recipe with the live settings that its learners began with: some change them before."""
    held = settings_at(record, 1)
    assert held is not None, "a run with data has live settings"
    return data.recipe.with_settings({key: getattr(held, name) for name, key in live_keys().items()})


def _settings(one: Recipe, two: Recipe) -> list[str]:
    """Return the other values of settings, live ones first."""
    keys = [key for key in matter(two.changes_from(one), one, two) if key not in SAID_APART]
    return [setting_text(key, two.get(key)) for key in sorted(keys, key=lambda key: not settings()[key].live)]


def _own_settings(one: Recipe, two: Recipe) -> Iterator[str]:
    """Yield what learners of one name have for themselves otherwise."""
    specs = {spec.name: spec for spec in one.learners}
    for spec in two.learners:
        before = specs.get(spec.name)
        if before is None or before == spec:
            continue
        if before.method != spec.method:
            yield f"{label_of(spec.name)}: method {METHODS[spec.method].label}"
        yield from _own(before, spec)


def _own(before: LearnerSpec, spec: LearnerSpec) -> Iterator[str]:
    keys, had, has = METHODS[spec.method].may_own(), dict(before.own), dict(spec.own)
    for name in dict.fromkeys((*has, *had)):
        if had.get(name) == has.get(name):
            continue
        key = keys.get(name, "")
        if name in has:
            yield f"{label_of(spec.name)}: {setting_text(key, has[name])}"
        elif key:
            yield f"{label_of(spec.name)}: {within(settings()[key].label)} as in the recipe"


def _live_changes(shown: Record, other: Record) -> Iterator[str]:
    """Yield the other run's live changes; and of what was changed in the shown run alone, that it was not."""
    made, here = changes_made(other), changes_made(shown)
    yield from (change.text for change in made if change not in here)
    touched = {(change.learner, change.name) for change in made}
    untouched = dict.fromkeys((change.learner, change.name) for change in here)
    for learner, name in untouched:
        if (learner, name) not in touched and (not learner or learner in learners_of(other)):
            yield _named(learner, f"{_label(name)} not changed")


def changes_made(record: Record) -> list[Change]:
    """Return the user's live changes since the learners began, as they are said: what they began with is a setting."""
    held, found = settings_at(record, 1), list[Change]()
    for mark in changes(record):
        for name in mark.changed:
            before, after = getattr(held, name), getattr(mark.live_settings, name)
            if mark.step and mark.by == "user" and (mark.learner or before != after):
                was = "" if mark.learner else f"{_value(name, before)} to "  # a branch may have had another value
                text = f"{_label(name)} {was}{_value(name, after)} at step {mark.step:,}"
                found.append(Change(mark.step, mark.learner, name, _named(mark.learner, text)))
        if not mark.learner:
            held = mark.live_settings
    return found


def _end(shown: Record, other: Record) -> Iterator[str]:
    """Yield how far another run came, where it did not come to its end, and the shown one came elsewhere."""
    how = end_of(other)
    if how not in ("", "finished", end_of(shown)):
        yield how.partition(", in ")[0]


def _learners(shown: Record, other: Record) -> Iterator[str]:
    """Yield the learners that only one of both runs has."""
    here, there = learners_of(shown), learners_of(other)
    yield from (f"also {label_of(name)}" for name in there if name not in here)
    yield from (f"without {label_of(name)}" for name in here if name not in there)


def _label(name: str) -> str:
    keys: Mapping[str, str] = live_keys()
    return within(settings()[keys[name]].label) if name in keys else "backbone"


def _value(name: str, value: Any) -> str:
    if name not in live_keys():
        return "frozen" if value else "trained"
    if isinstance(value, bool):
        return "on" if value else "off"
    return written(value) if isinstance(value, float) else value_text(live_keys()[name], value)


def _named(learner: str, text: str) -> str:
    return f"{label_of(learner)}: {text}" if learner else text
