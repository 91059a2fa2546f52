"""What is to be seen of one image at three temperatures, in a sentence worked out from the figures."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lwf_gui.numbers import percent
from lwf_gui.runs import tasks_shown
from lwf_gui.runs.names import class_name, label_of, names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.soft_targets import Student
from lwf_gui.runs.temperatures import Temperatures

NEAR = 0.05
"""Difference of a probability up to which a learner is said to say nearly the same as the teacher."""

TOLD, LEAST = 3, 0.01
"""Classes that are told of what one believes, at most, and the least probability of one that is not the first."""

MOST = 2
"""Learners that say something else and are told one by one; of more it is said how many they are."""

SOFTER = "The larger T, the more the small ones count"

Ways = tuple[str, ...]
"""The same in ever fewer words."""


def titles(record: Record, now: Temperatures) -> Ways:
    """Say which image it is, and shorter."""
    name, old = class_name(record, now.plain.true), now.plain.old
    return f"{'An old' if old else 'A new'} image: {name}", f"{'Old' if old else 'New'}: {name}", name


def story(record: Record, now: Temperatures) -> Ways:
    """Say what the old network believes, which learners still do, and what T does; then in fewer words."""
    plain = now.plain
    believed = _believed(record, plain.teacher)
    image = f"{'old' if plain.old else 'new'} {class_name(record, plain.true)}"
    who = f"{label_of(plain.owner)} as it was" if plain.owner else "the old network"
    first, brief = f"To this {image} {who} says {believed}", f"{who[0].upper()}{who[1:]}: {believed}"
    if not plain.expanded:
        first, brief = f"To this {image} the network says {believed}", f"It says {believed}"
        return f"{first}. {_softer(record, now)}", f"{first}.", f"{brief}."
    said, short = _learners(record, now)
    told, few = (f"{first}.{said}", f"{brief}.{short}")
    return (
        f"{told} {_softer(record, now)}",
        f"{told} {SOFTER}.",
        told,
        few,
        f"{brief}.",
    )


def _believed(record: Record, shares: Sequence[float], most: int = TOLD) -> str:
    """Return what is believed most: "70 % Coat, 30 % Pullover"."""
    order = np.argsort(-np.array(shares), kind="stable")[:most].tolist()
    kept = [unit for place, unit in enumerate(order) if not place or shares[unit] >= LEAST]
    return ", ".join(f"{percent(100 * shares[unit])} {class_name(record, unit)}" for unit in kept)


def _gap(teacher: Sequence[float], student: Student) -> float:
    return float(np.max(np.abs(np.array(student.probabilities) - np.array(teacher))))


def _learners(record: Record, now: Temperatures) -> tuple[str, str]:
    """Say which learners say nearly the same as the teacher, and what the others say; then shorter."""
    plain, many = now.plain, tasks_shown.are_many(record) and bool(now.plain.owner)
    known = [each for each in plain.students if not each.answers_by]
    names = names_of([each.learner for each in plain.students])[0]
    if many:  # each has a teacher of its own, of which a distance alone is known
        known = [each for each in known if each.learner == plain.owner]
    near = [each for each in known if _gap(plain.teacher, each) <= NEAR]
    far = [each for each in known if each not in near]
    said, short = [], []
    if near:
        called = _listed([names[each.learner] for each in near])
        one = len(near) == 1
        said.append(f"{called} {'says' if one else 'say'} nearly the same")
        short.append(f"{called}: nearly the same")
    if len(far) > MOST:
        who = f"{len(far)} {'others' if near else 'learners'}"
        said.append(f"{who} say something else")
        short.append(f"{who} say something else")
    else:
        said += [f"{names[each.learner]} says {_believed(record, each.probabilities, 2)}" for each in far]
        short += [f"{names[each.learner]}: {_believed(record, each.probabilities, 1)}" for each in far]
    return "".join(f" {each}." for each in ["; ".join(said)] if each), "".join(
        f" {each}." for each in ["; ".join(short)] if each
    )


def _listed(names: list[str]) -> str:
    """Return names in a row: "a", "a and b", "a, b and 3 others"."""
    if len(names) > MOST + 1:
        return f"{', '.join(names[:MOST])} and {len(names) - MOST} others"
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def _softer(record: Record, now: Temperatures) -> str:
    """Say how much what the teacher believes less has together at each temperature: the more, the larger T is."""
    top = int(np.argmax(now.plain.teacher))
    others = [percent(100 * (1 - column.teacher[top])) for column in now.columns]
    values = ", ".join(f"{column.temperature:g}" for column in now.columns)
    name = class_name(record, top)
    return f"{SOFTER}: all but {name} have {', '.join(others)} at T = {values}."


def spoken(record: Record, now: Temperatures) -> str:
    """Say the image, the sentence, and every probability that is at least a percent."""
    parts = [f"{titles(record, now)[0]}.", story(record, now)[0]]
    names = names_of([each.learner for each in now.plain.students])[0]
    for column in now.columns:
        told = [f"the old network {_believed(record, column.teacher)}"] if column.expanded else []
        told += [
            f"{names[each.learner]} {_believed(record, each.probabilities)}"
            for each in column.students
            if not each.answers_by
        ]
        parts.append(f"T = {column.temperature:g}: {'; '.join(told)}.")
    return " ".join(parts)
