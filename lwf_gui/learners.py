"""Learners of a recipe: which method each follows, under which name, and which of its settings it has for itself."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from lwf_gui.groups import Group
from lwf_gui.methods import METHODS
from lwf_gui.untrusted import printable, shortened

MOST_LEARNERS = 32
"""Learners of a run: in lockstep each takes memory and time."""

LONGEST_NAME = 40
"""Characters of a learner's name."""

ALLOWED = (
    "a list of one or more of "
    + ", ".join(METHODS)
    + ', or of tables such as {method="lwf", name="LwF alpha 3", alpha=3.0}, each name at most once'
)

_NAME = re.compile(rf"[^@:\s](?:[^@:]{{0,{LONGEST_NAME - 2}}}[^@:\s])?")

_RESERVED = "teacher"

_LEARNING_RATE = "task2.lr"

Scalar = bool | int | float | str


@dataclass(frozen=True, slots=True)
class LearnerSpec:
    """A learner: ``own`` are the settings of its method, by name, that it has for itself."""

    method: str
    name: str
    own: tuple[tuple[str, Scalar], ...] = ()

    @property
    def told(self) -> str | dict[str, Any]:
        """It as it stands in a recipe: its name alone, where that says all."""
        if self.name == self.method and not self.own:
            return self.name
        return {"method": self.method, "name": self.name, **dict(self.own)}


def read(told: object) -> tuple[LearnerSpec, ...]:
    """Return the learners that a recipe's value says.

    Raises
    ------
    ValueError
        Saying what is allowed in place of what is there, to complete "it must be ...".
    """
    entries = [told] if isinstance(told, str | Mapping) else told
    if isinstance(told, str) and "," in told:
        names = ", ".join(f'"{name.strip()}"' for name in told.split(",") if name.strip())
        raise ValueError(f"a list in brackets: [{names}]")
    if not isinstance(entries, list | tuple) or not 1 <= len(entries) <= MOST_LEARNERS:
        raise ValueError(ALLOWED)
    learners = tuple(map(_learner, entries))
    called = [learner.name for learner in learners]
    if twice := next((name for name in called if called.count(name) > 1), ""):
        raise ValueError(f"a list without two learners of one name, as are {shortened(twice)} and {shortened(twice)}")
    return learners


def uses(method: str, key: str) -> bool:
    """Whether a method follows a setting of the recipe: one of its own, one that it reads, or one that is no method's.

    What trains nothing by gradient has no learning rate.
    """
    row = METHODS[method]
    if key.rpartition(".")[0] in {other.key for other in METHODS.values()}:
        return key in row.may_own().values()
    return row.minimises or key != _LEARNING_RATE


def followers(learners: Iterable[LearnerSpec], key: str) -> tuple[str, ...]:
    """Return the learners that a setting of the recipe reaches: their method has it, and they have none for themselves.

    Only these follow it where it is changed live.
    """
    return tuple(each.name for each in learners if uses(each.method, key) and not _has_own(each, key))


def owners(learners: Iterable[LearnerSpec], key: str) -> dict[str, Scalar]:
    """Return the learners that have a setting for themselves, whatever the recipe says, with its value."""
    name = key.rpartition(".")[2]
    return {each.name: dict(each.own)[name] for each in learners if _has_own(each, key)}


def _has_own(learner: LearnerSpec, key: str) -> bool:
    may_own = METHODS[learner.method].may_own()
    return key in [may_own[name] for name, _ in learner.own]


def _learner(entry: object) -> LearnerSpec:
    if isinstance(entry, LearnerSpec):
        return entry
    table = {"method": entry} if isinstance(entry, str) else entry
    if not isinstance(table, Mapping):
        raise ValueError(ALLOWED)
    own = dict(table)
    method = own.pop("method", None)
    name = own.pop("name", method)
    if isinstance(method, str) and method not in METHODS:
        raise ValueError(_unknown(method))
    if not isinstance(method, str):
        raise ValueError(ALLOWED)
    _require_name(name, method)
    return LearnerSpec(method, name, _own(method, own))


def _unknown(method: str) -> str:
    """Return what is allowed, after which name is no method's; or which was perhaps meant."""
    near = difflib.get_close_matches(method, METHODS, 1)
    if near:
        none = f"{shortened(method)} (did you mean {near[0]}?)"
        return f"a list of methods, of which there is no {none}: {', '.join(METHODS)}"
    return f"{ALLOWED}; there is no method {shortened(method)}"


def _require_name(name: object, method: str) -> None:
    sound = isinstance(name, str) and _NAME.fullmatch(name) and printable(name) == name
    others = {called.lower() for row in METHODS.values() if row.name != method for called in (row.name, row.label)}
    if not sound or name == _RESERVED or str(name).lower() in others:
        raise ValueError(
            f"a list whose names have 1 to {LONGEST_NAME} characters, neither @ nor :, and are neither {_RESERVED} nor "
            "that of another method"
        )


def _own(method: str, own: Mapping[str, Any]) -> tuple[tuple[str, Scalar], ...]:
    may_own = METHODS[method].may_own()
    if not own.keys() <= may_own.keys():
        raise ValueError(f"a list whose {method} has no setting of its own but {', '.join(may_own) or 'a name'}")
    return tuple((name, _checked(method, may_own[name], value)) for name, value in own.items())


def _checked(method: str, key: str, value: object) -> Scalar:
    """Return a value of a learner's own of the setting with this key."""
    of, _, name = key.rpartition(".")
    group = next(row.settings for row in METHODS.values() if row.key == of and row.settings is not None)
    try:
        sound: Scalar = getattr(group.model_validate({name: value}), name)
    except ValidationError as error:
        one = f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
        said = f"a list whose {method} has {one} in the range of the setting {key}"
        raise ValueError(said + _range(group, name)) from error
    return sound


def _range(group: type[Group], key: str) -> str:
    """Return ", 0 to 10,000" of a number that has both ends, or what there is to choose from."""
    shown = group.model_json_schema()["properties"][key]
    if "enum" in shown:
        return f", {' or '.join(shown['enum'])}"
    low, high = shown.get("minimum", shown.get("exclusiveMinimum")), shown.get("maximum", shown.get("exclusiveMaximum"))
    if low is None or high is None:
        return ""
    whole, above = shown["type"] == "integer", "exclusiveMinimum" in shown
    return f", {'a whole number from ' if whole else ''}{'above ' if above else ''}{low:,g} to {high:,g}"


def mixing_fault(learners: Sequence[LearnerSpec], place: int, settings: object) -> str:
    """Say what is wrong with the ends of a learner that mixes the weights of two others; empty: nothing, or it is none.

    An end is a learner of the run, a method, or the network after task 1. Of two that mix, one may be the other's end:
    the one that stands before it.
    """
    ends: tuple[str, ...] = getattr(settings, "ends", ())
    whose = f"{learners[place].name} cannot mix"
    if len(set(ends)) < len(ends):
        return f"{whose} {shortened(ends[0])} with itself: start and end must be two networks."
    methods = {each.name: each.method for each in learners}
    known = [each.name for each in learners[:place]]
    for end in ends:
        row = METHODS.get(methods.get(end, end))
        if end == _RESERVED or (row is not None and not row.answers_by and (row.minimises or end in known)):
            continue
        if row is None:
            return f"{whose} {shortened(end)}: it is no learner of this run, no method, and not {_RESERVED}."
        answers = f"answers by {row.answers_by}, not by its network alone"
        return f"{whose} {end}: it {answers if row.answers_by else 'mixes others itself, and must stand before'}."
    return ""


def told(learners: Iterable[LearnerSpec]) -> tuple[str | dict[str, Any], ...]:
    """Return learners as a recipe says them."""
    return tuple(learner.told for learner in learners)
