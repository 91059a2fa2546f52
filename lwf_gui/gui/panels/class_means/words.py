"""What the panel of class means says in words: each class, each learner, the key."""

from __future__ import annotations

import math

from lwf_gui.numbers import compact, counted
from lwf_gui.runs.class_means import Place, Plane, Planes
from lwf_gui.runs.names import label_of

FROZEN = ("The backbone is frozen: nothing moves", "Frozen backbone: nothing moves", "frozen: nothing moves", "frozen")

AXES = (
    "Axes: the two directions in which the class means differ most as task 1 ends. "
    "1 spread: root mean square distance of an image's features from its class's mean then.",
    "Axes: where the class means differ most as task 1 ends. 1 spread: RMS distance of an image from its class's mean.",
    "Axes: where class means differ most as task 1 ends",
    "1 spread: RMS distance from a class's mean",
)


def spreads(distance: float) -> str:
    """Return a distance with its unit."""
    return compact(distance, "spreads")


def first_name(name: str) -> str:
    """Return the first of a class's names."""
    return name.partition("/")[0] or name


def farthest(figures: Planes, plane: Plane) -> tuple[str, str]:
    """Say which class a head has farthest from its images, the second time shorter; nothing where none has both."""
    worst = plane.worst
    if worst is None:
        return "", ""
    name, apart = first_name(figures.names[worst.unit]), spreads(worst.apart)
    return f"farthest: {name}, {apart}", f"{name}: {apart}"


def learner_sentence(figures: Planes, plane: Plane) -> str:
    """Say how far each class is from where a head has it, the farthest first."""
    known = sorted((p for p in plane.places if math.isfinite(p.apart)), key=lambda place: -place.apart)
    said = ", ".join(f"{first_name(figures.names[place.unit])} {compact(place.apart)}" for place in known)
    frozen = f" {FROZEN[0]}." if plane.frozen else ""
    return f"{label_of(plane.learner)}: {said or 'no class yet'}.{frozen}"


def tip(figures: Planes, plane: Plane, place: Place) -> str:
    """Say what is known of one class of a learner."""
    name, images = figures.names[place.unit], counted(figures.images[place.unit], "probe image")
    head = f"{label_of(plane.learner)}: {name}"
    if not math.isfinite(place.apart):
        seen = "its images are here now" if math.isfinite(place.now[0]) else "where its images are is not known"
        return f"{head}: {seen}; the head has no mean of it yet."
    by_chance = compact(figures.by_chance(place.unit), digits=1)
    moved = f" The map moved its mean by {spreads(place.moved)} in this plane." if math.isfinite(place.moved) else ""
    return (
        f"{head}: the head looks for it {spreads(place.apart)} away from where its images are now, in all dimensions "
        f"({images}; about {by_chance} by chance alone).{moved}"
    )
