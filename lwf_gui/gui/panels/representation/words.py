"""What the panel of representations says in words: who still sees old images as before, and every figure of it."""

from __future__ import annotations

import math

from lwf_gui.numbers import compact, counted
from lwf_gui.runs.names import label_of, short_label_of
from lwf_gui.runs.representation import Plane, RepresentationFigures

ALMOST, MUCH, HALF = 0.95, 0.85, 0.5
"""CKA from which on old images are said to be seen almost as before, much as before, and differently."""

ANSWERS = "What is answered hangs on the head, too."

SAID = 3
"""Learners of whom the sentence speaks, at most; the others have their curves."""

CKA = (
    "Linear CKA (centred kernel alignment) compares which images a layer sees as alike, and which as different, with "
    "how its teacher saw them as the task began: 1 is just as then, 0 is nothing of it"
)
UNIT = "1 is the root mean square distance of the teacher's features from their mean"


def value(cka: float) -> str:
    """Return a CKA in two decimals; one that is not 1 is never said to be."""
    return compact(min(cka, 0.99) if 0.99 < cka < 0.9995 else cka, digits=3, decimals=2)


def judged(cka: float) -> str:
    """Say how a layer sees old images, by its CKA as it is shown."""
    cka = round(cka, 2)
    if cka >= ALMOST:
        return "almost as before"
    if cka >= MUCH:
        return "much as before"
    return "differently" if cka >= HALF else "quite differently"


def verdict(figures: RepresentationFigures) -> tuple[str, ...]:
    """Say what happened to what the last hidden layer sees in old images, and shorter."""
    if figures.step == figures.begin:
        name = "The new task" if figures.task == 1 else f"Task {figures.task + 1}"
        return (f"{name} has just begun: every layer sees old images just as its teacher does.", "No step is made yet.")
    layer, told = figures.layers[-1], _telling(figures)
    first = figures.layers[0]
    ways = []
    for count in (len(told), 2, 1):
        some = told[:count]
        known = "; ".join(f"{label_of(each)} {judged(figures.at(each))}, {value(figures.at(each))}" for each in some)
        lead = f"The last hidden layer, {layer}, sees old images, by CKA with the teacher: {known}. {ANSWERS}"
        ways += [
            f"{lead} {_below(figures, some[0], first)}".rstrip(),
            lead,
            f"{layer} sees old images, by CKA: {known}.",
        ]
        brief = ", ".join(f"{short_label_of(each)} {value(figures.at(each))}" for each in some)
        ways.append(f"CKA of {layer} with the teacher: {brief}.")
    least = min(figures.at(each) for each in told)
    ways.append(f"Lowest CKA: {value(least)}.")
    return tuple(dict.fromkeys(ways))


def _below(figures: RepresentationFigures, learner: str, first: str) -> str:
    """Say what became of the first layer of the learner whose last one changed most."""
    low, high = figures.at(learner, 0), figures.at(learner)
    if len(figures.layers) < 2 or not math.isfinite(low) or not math.isfinite(high) or high >= ALMOST:
        return ""
    if low - high > 0.05:
        return f"Its {first} below changed less, {value(low)}: what is near the images is kept longest."
    return f"Its {first} below stands at {value(low)}."


def _telling(figures: RepresentationFigures) -> list[str]:
    """Return those of whom most is to be said, the most changed first: all of a few, else both ends."""
    known = sorted(
        (plane.learner for plane in figures.planes if math.isfinite(figures.at(plane.learner))), key=figures.at
    )
    known = known or [plane.learner for plane in figures.planes]
    return known if len(known) <= SAID else [known[0], known[-1]]


def heading(figures: RepresentationFigures, plane: Plane) -> tuple[str, ...]:
    """Return what stands beside a learner's name over its plane, and shorter."""
    cka, moved = value(figures.at(plane.learner)), compact(plane.moved(), digits=2, decimals=1)
    return (f"{figures.layers[-1]}: CKA {cka}, moved {moved}", f"CKA {cka}, moved {moved}", f"CKA {cka}", cka, "")


def axes(plane: Plane) -> tuple[str, ...]:
    """Return how much of what the teacher's features differ in lies along each axis, and shorter."""
    one, other = (compact(100 * part, "%", digits=3, decimals=0) for part in plane.variance)
    return (
        f"across: axis 1, {one} of the variance; up: axis 2, {other}",
        f"across {one}, up {other} of the variance",
        f"variance: {one}, {other}",
        f"{one}, {other}",
        "",
    )


def title() -> tuple[str, ...]:
    """Return what the curves are, and shorter."""
    return ("linear CKA with the teacher:", "CKA with teacher:", "CKA:")


def axis_texts(figures: RepresentationFigures, *, stretched: bool) -> tuple[str, ...]:
    """Return what stands below the axis of steps, and shorter."""
    since = "steps since task 2 began"
    more = ("steps, the first of a task stretched",) if stretched else ()
    return (f"{since}, the first ones stretched" if stretched else since, *more, "steps")


def curve_tip(figures: RepresentationFigures, learner: str, layer: int) -> str:
    """Say what a curve is, and where it is."""
    here = figures.at(learner, layer)
    stands = f"{value(here)} at step {figures.step:,}" if math.isfinite(here) else f"not known at step {figures.step:,}"
    return f"{label_of(learner)}, layer {figures.layers[layer]}: {stands}, of {_of(figures)}. {CKA}."


def plane_tip(figures: RepresentationFigures, plane: Plane) -> str:
    """Say what a plane shows, and how far its images moved."""
    one, other = (compact(100 * part, "%", digits=3, decimals=0) for part in plane.variance)
    return (
        f"{label_of(plane.learner)}: {counted(len(figures.units), 'old image')} as {figures.layers[-1]} sees them, "
        f"each with the way that it came since the task began; the median one moved by {_far(plane.moved())} ({UNIT}). "
        f"The axes are the first two principal axes (PCA) of the teacher's features, with {one} and {other} of their "
        "variance, and stay as they are while the task is learnt."
    )


def class_tip(figures: RepresentationFigures, plane: Plane, unit: int) -> str:
    """Say how far the images of a class moved in a plane."""
    images = figures.of_class(unit)
    return (
        f"{label_of(plane.learner)}: {figures.names[unit]}, {counted(len(images), 'image')}. In the middle they are "
        f"{_far(plane.moved(images))} from where they were as the task began ({UNIT})."
    )


def key_tip(figures: RepresentationFigures, unit: int) -> str:
    """Say how far the images of a class moved with each learner."""
    images, told = figures.of_class(unit), figures.planes[:8]
    said = ", ".join(f"{label_of(plane.learner)} {_far(plane.moved(images))}" for plane in told)
    return f"{figures.names[unit]}: how far its images moved since the task began, in the middle: {said} ({UNIT})."


def turn_tip(by: int) -> str:
    """Say what a key does."""
    return f"Shows the planes of {'further' if by > 0 else 'earlier'} learners."


def sentence(figures: RepresentationFigures) -> str:
    """Say all that is painted."""
    rows = []
    for plane in figures.planes:
        layers = ", ".join(
            f"{name} {value(figures.at(plane.learner, place))}" for place, name in enumerate(figures.layers)
        )
        rows.append(f"{label_of(plane.learner)}: {layers}, images moved by {_far(plane.moved())}.")
    lead = f"Linear CKA of each hidden layer with its teacher at step {figures.step:,}, of {_of(figures)}."
    return " ".join((lead, verdict(figures)[0], *rows, *figures.left_out))


def _far(distance: float) -> str:
    return compact(distance, digits=2, decimals=2)


def _of(figures: RepresentationFigures) -> str:
    return f"{figures.images:,} probe images of old classes"
