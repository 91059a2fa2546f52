"""A method's own loss in letters and numbers, as its row of the table of methods writes it. Pure functions.

Where the row says nothing of it, the terms are summed if they make the total, and else only listed.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from string import Formatter
from typing import NamedTuple

from lwf_gui.messages import TERMS
from lwf_gui.methods import method_of

EQUALS, ABOUT, MADE_FROM = " = ", " ≈ ", " from "
"""What stands between the total and what it is made of: it is that, nearly that, or somehow comes from that."""


class FormulaPart(NamedTuple):
    """Some words of a formula, or the number of a term."""

    text: str
    term: str = ""


class Formula(NamedTuple):
    """What stands behind the total."""

    sign: str
    parts: tuple[FormulaPart, ...]

    @property
    def text(self) -> str:
        """It in one line."""
        return "".join(part.text for part in self.parts)


Write = Callable[[float], str]
"""Writes a number."""


def formula_of(
    learner: str, numbers: Mapping[str, float], settings: Mapping[str, object], write: Write
) -> Formula | None:
    """Return how a learner's loss is written; None where it is as LwF's, or nothing is known.

    Parameters
    ----------
    numbers : of a step's terms, by name, "total" among them; none before the first step
    settings : those of its method
    """
    method = method_of(learner)
    if method is None:
        return None
    if method.loss is not None and method.loss.formula:
        return Formula(EQUALS, _written(method.loss.formula, numbers, settings, write))
    others = any(not math.isnan(number) for term, number in numbers.items() if term not in TERMS)
    lwfs = method.key == "lwf" or not math.isnan(numbers.get("kl", math.nan))
    if math.isnan(numbers.get("total", math.nan)) or (lwfs and not others):
        return None
    return _listed(numbers, write)


def told(learner: str, term: str) -> str:
    """Return what a term of a learner's own loss is, as a sentence; empty where its row does not say it."""
    method = method_of(learner)
    if method is None or method.loss is None:
        return ""
    if term == "total":
        said = _in_letters(method.loss.formula, set(method.may_own()))
        return f"What each step makes smaller: total = {said}." if said and method.minimises else ""
    return dict(method.loss.terms).get(term, "")


def note_of(learner: str) -> str:
    """Return on which images and classes the terms of a learner's own loss are taken; empty where it is not said."""
    method = method_of(learner)
    return "" if method is None or method.loss is None else method.loss.note


def _in_letters(formula: str, settings: set[str]) -> str:
    """Return a formula without numbers: terms have their names before them, settings have them here."""
    names = {"kd_factor": "T²", **{name: name.replace("_", " ") for name in settings}}
    return re.sub(r"( ?)\{(\w+)\}", lambda found: found[1] + names[found[2]] if found[2] in names else "", formula)


def _written(
    formula: str, numbers: Mapping[str, float], settings: Mapping[str, object], write: Write
) -> tuple[FormulaPart, ...]:
    parts = list[FormulaPart]()
    for words, name, _, _ in Formatter().parse(formula):
        parts += [FormulaPart(words)] if words else []
        if name and name in settings and name not in numbers:
            value = settings[name]
            parts.append(FormulaPart(f"{value:.6g}" if isinstance(value, float) else str(value)))
        elif name:
            parts.append(FormulaPart(write(numbers.get(name, math.nan)), name))
    return tuple(parts)


def _listed(numbers: Mapping[str, float], write: Write) -> Formula:
    """Return all terms: their sum where that is the total, else the terms one after another."""
    terms = {term: number for term, number in numbers.items() if term != "total" and not math.isnan(number)}
    adds_up = math.isclose(sum(terms.values()), numbers["total"], rel_tol=1e-3, abs_tol=1e-3)
    parts = list[FormulaPart]()
    for index, (term, number) in enumerate(terms.items()):
        between = (" + " if adds_up else ", ") if index else ""
        name = term.upper() if term in TERMS else term
        parts += [FormulaPart(f"{between}{name} "), FormulaPart(write(number), term)]
    return Formula(EQUALS if adds_up else MADE_FROM, tuple(parts))
