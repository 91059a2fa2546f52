"""Settings in words: which of them make another experiment, and what one and its value are called.

Pure functions of recipes; knows nothing of windows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from lwf_gui import InputError
from lwf_gui.learners import followers, read
from lwf_gui.numerals import read_number, written
from lwf_gui.recipe import Recipe, settings
from lwf_gui.runs.names import label_of
from lwf_gui.runs.splits import FEWEST, words_of

NO_MATTER = ("engine.", "train.log", "train.probe")
"""Beginnings of the keys of settings that make no other experiment: of the machine, and of how closely one looks."""


def matter(keys: Iterable[str], *recipes: Recipe) -> list[str]:
    """Return the settings that make another experiment: not those that no learner of either recipe follows."""
    reach = [key for key in keys if any(followers(recipe.learners, key) for recipe in recipes)]
    return [key for key in reach if not key.startswith(NO_MATTER)]


def setting_text(key: str, value: Any) -> str:
    """Return a setting and its value as people say them within a sentence: "alpha 2"."""
    if key == "data.tasks" and len(value) > FEWEST:
        return words_of(value, {})  # "5 tasks of 2 classes each" has its noun
    setting = settings()[key]
    label = within(setting.label)
    task = {"task1": " of task 1"}.get(setting.group, "")
    if isinstance(value, bool):
        return f"{label}{task} {'on' if value else 'off'}"
    return f"{label}{task} {value_text(key, value)}"


def keys_of(said: str) -> tuple[str, ...]:
    """Return the keys of the settings that "alpha 2" may tell of: methods' settings may share a label."""
    return tuple(key for key, each in settings().items() if said.startswith(f"{within(each.label)} "))


def plain_of(said: str) -> str:
    """Return in words of every day what a setting does, of "alpha 2"; empty where nothing is said of it."""
    return next((plain for key in keys_of(said) if (plain := settings()[key].plain)), "")


def times_of(said: str, other: str = "") -> str:
    """Return the same of "alpha 1" beside another run's "alpha 0.1": "10 times the hold on old answers"."""
    plain, ours, theirs = plain_of(said), _number_of(said), _number_of(other)
    if not plain or not ours or not theirs or said.rpartition(" ")[0] != other.rpartition(" ")[0]:
        return plain
    return f"{ours / theirs:.3g} times the {plain}" if ours > theirs else f"1/{theirs / ours:.3g} of the {plain}"


def _number_of(said: str) -> float:
    """Return the number that "alpha 1" ends with; 0 where it ends otherwise."""
    try:
        return read_number(said.rpartition(" ")[2])
    except InputError:
        return 0.0


def value_text(key: str, value: Any) -> str:
    """Return a value as people say it: no list as it is typed, and no 0 that stands for all, or for no limit."""
    zero = settings()[key].unit.partition("0: ")[2]
    if zero and not value:
        return zero
    if key == "data.tasks":
        return words_of(value, {})
    if key == "learners":
        return " and ".join(label_of(learner.name) for learner in read(value))
    return written(value) if isinstance(value, float) else str(value)


def within(label: str) -> str:
    """Return a label as it stands within a sentence: "alpha", but "EWC: strength"."""
    first = label.partition(" ")[0]
    return label if first[1:] != first[1:].lower() else label[:1].lower() + label[1:]
