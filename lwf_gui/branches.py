"""Branches of a run by name: the identifier says of whom, when and in what a branch differs, and so does its label.

A name alone is enough to call a branch by, wherever it is met: in a legend, a table, a JSON key. Imports no torch.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_NAME = re.compile(r"(?P<root>[^@:]+)\+(?P<number>[0-9]{1,6})@(?P<step>[0-9]{1,12})(?::(?P<own>.*))?", re.DOTALL)

_WORDS = {
    "alpha": "alpha {}",
    "temperature": "T {}",
    "lr": "learning rate {}",
    "scale_t2": {"true": "KD times T²", "false": "KD without T²"},
    "ce_scope": {"all": "cross-entropy over all classes", "new": "cross-entropy over new classes"},
    "backbone_frozen": {"true": "backbone frozen", "false": "backbone free"},
}
"""How a label says a live setting, by field of `lwf_gui.recipe.LiveSettings`."""


_SHORT = {
    "alpha": "\N{GREEK SMALL LETTER ALPHA} {}",
    "temperature": "T {}",
    "lr": "lr {}",
    "scale_t2": {"true": "T²", "false": "no T²"},
    "ce_scope": {"all": "CE all", "new": "CE new"},
    "backbone_frozen": {"true": "frozen", "false": "free"},
}
"""The same in narrow places."""


class BranchName(NamedTuple):
    """The parts of a branch's identifier."""

    root: str
    """The learner of the recipe that it descends from."""
    number: int
    step: int
    own: Mapping[str, str]
    """The live settings that it began with for itself, as text."""


def branch_name(root: str, number: int, step: int, own: Mapping[str, Any] | None = None) -> str:
    """Return the identifier of the ``number``-th branch of a run, 1 for the first, which left its origin at a step.

    ``root`` is the learner of the recipe that it descends from, be it through other branches.

    ``own`` are fields of `lwf_gui.recipe.LiveSettings` that it has for itself.
    """
    differs = ",".join(f"{name}={_text(value)}" for name, value in (own or {}).items())
    return f"{root}+{number}@{step}{f':{differs}' if differs else ''}"


def parsed(learner: str) -> BranchName | None:
    """Return the parts of a branch's identifier; None for any other name."""
    match = _NAME.fullmatch(learner)
    if match is None:
        return None
    pairs = (pair.partition("=") for pair in (match["own"] or "").split(",") if "=" in pair)
    own = {name: value for name, _, value in pairs}
    return BranchName(match["root"], int(match["number"]), int(match["step"]), own)


def root_of(learner: str) -> str:
    """Return the learner of the recipe that one descends from: itself, if it is no branch."""
    name = parsed(learner)
    return name.root if name else learner


def branch_number(learner: str) -> int:
    """Return the number of a branch; 0 of what is none."""
    name = parsed(learner)
    return name.number if name else 0


def branch_label(name: BranchName, origin: str) -> str:
    """Return what people call a branch, such as "LwF, alpha 3, from step 8"; ``origin`` is the label of its root.

    One that differs in nothing is told from others of that step by its number.
    """
    differs = [_words(field, value) for field, value in name.own.items()]
    first = origin if differs or name.number == 1 else f"{origin} {name.number}"
    return ", ".join((first, *differs, f"from step {name.step:,}"))


def short_label(name: BranchName, origin: str) -> str:
    """Return a branch's label for narrow places, such as "LwF T 5"; without a difference the step tells it."""
    differs = [_words(field, value, _SHORT) for field, value in name.own.items()]
    return " ".join((origin, *differs)) if differs else f"{origin} @{name.step:,}"


def least_label(name: BranchName) -> str:
    """Return what tells a branch from its origin alone, such as "T 5"."""
    return short_label(name, "").strip()


def _words(field: str, value: str, known: Mapping[str, Any] = _WORDS) -> str:
    words = known.get(field, {})
    return words.replace("{}", value) if isinstance(words, str) else words.get(value, f"{field} {value}")


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:.12g}" if isinstance(value, float) else str(value)
