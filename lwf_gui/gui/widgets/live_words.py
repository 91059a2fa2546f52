"""What is said of settings that learners share: from where on live ones can be turned, and who follows them.

Pure functions of a recipe. A learner with a setting of its own does not follow the run's, and a method that has no such
setting never does: who turns it in vain is told so.
"""

from __future__ import annotations

from collections.abc import Iterable

from lwf_gui.learners import followers, owners, uses
from lwf_gui.numbers import listed
from lwf_gui.numerals import written
from lwf_gui.recipe import Recipe, Setting
from lwf_gui.runs.names import label_of
from lwf_gui.runs.settings_text import within
from lwf_gui.runs.splits import FEWEST


def title(recipe: Recipe, alone: str) -> str:
    """Return whose settings the live ones are; ``alone`` is the learner that trains alone, else empty."""
    if alone:
        return f"Live: {label_of(alone)}"
    return f"Live: turn them {'in task 2' if len(recipe.data.tasks) == FEWEST else 'from task 2 on'}"


def why_not(recipe: Recipe, alone: str, setting: Setting) -> str:
    """Return why it changes nothing to turn a setting, as a sentence; empty where some learner follows it."""
    if alone:
        spec = recipe.learner(alone)
        return "" if uses(spec.method, setting.key) else f"{label_of(alone)} has no {within(setting.label)}."
    if followers(recipe.learners, setting.key):
        return ""
    return all_have(recipe, setting) or f"No learner has {_one(setting)}."


def all_have(recipe: Recipe, setting: Setting) -> str:
    """Say that every learner that has a setting has it for itself, if that is so."""
    own = owners(recipe.learners, setting.key)
    followed = followers(recipe.learners, setting.key)
    return f"{_have(setting, own)} Nothing else follows this." if own and not followed else ""


def own_settings(recipe: Recipe, chosen: Iterable[Setting]) -> str:
    """Say which learners have some of these settings for themselves; nothing where none has."""
    told = [(each, owners(recipe.learners, each.key)) for each in chosen]
    return " ".join(_have(setting, own) for setting, own in told if own)


def _have(setting: Setting, own: dict[str, bool | int | float | str]) -> str:
    """Return "Alpha of their own: LwF 3 (3) and LwF low (0.3)."."""
    told = [f"{label_of(name)} ({_written(value)})" for name, value in own.items()]
    names = listed(told)
    return f"{setting.label} of their own: {names}." if len(own) > 1 else f"{setting.label} of its own: {names}."


def _written(value: bool | int | float | str) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return written(value) if isinstance(value, float) else str(value)


def _one(setting: Setting) -> str:
    """Return "an alpha"."""
    name = within(setting.label)
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
