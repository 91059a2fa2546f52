"""What is said of how old scores follow the images: in the panel, under the mouse, and in the story."""

from __future__ import annotations

import math

from lwf_gui.numbers import counted
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.score_response import Response, Responses

FOLLOWS = 0.75
"""Slope from which on old scores follow the image as before, more or less."""

HELP = (
    "Each dot is an old image and an old class: to the right what score the old network gave, upwards what it is now. "
    "On the dashed line nothing has changed. Parallel to it all scores are lower by the same: the order stays, and so "
    "does the answer. A level line means that a score is the same whatever the image shows: then the highest line is "
    "answered to every image. What is left is the slope of the lines, by least squares, all old classes together; a "
    "slope below 1 means that the highest scores fell furthest."
)


def left(slope: float) -> str:
    """Say how much of the differences between images is left."""
    return "unknown" if math.isnan(slope) else f"{100 * slope:.0f} %"


def headlines(found: Response) -> tuple[str, ...]:
    """Say it beside a learner's name, from the longest to the shortest way."""
    share = left(found.slope)
    return (f": {share} of old differences left", f": {share} of differences left", f": {share} left", f": {share}")


def verdicts(found: Response, classes: tuple[str, ...]) -> tuple[str, ...]:
    """Say in words what that means, from the longest to the shortest way; nothing where it is in between."""
    if found.one_answer:
        top = classes[found.top]
        return (
            f"Whatever an old image shows, {top} is highest: {found.said} of {len(found.now)}",
            f"{top} is highest, whatever is shown",
            f"{top} is highest",
            "",
        )
    if found.slope >= FOLLOWS:
        return ("Old scores still follow what the image shows", "They still follow the image", "follow the image", "")
    return ("Old scores follow what the image shows less than before", "They follow the image less", "")


def captions(record: Record, figures: Responses) -> tuple[str, ...]:
    """Say which images and moment the figures are of, and shorter wordings."""
    data = record.data.dataset if record.data is not None else ""
    images = counted(len(figures.labels), "old probe image")
    where = f"step {figures.step:,}"
    return (
        f"scores of {len(figures.classes)} old classes on {images} of {data}, {where}; % left: slope by least squares",
        f"scores of {len(figures.classes)} old classes on {images} of {data}, {where}",
        f"old scores, {images}, {where}",
        f"{images}, {where}",
        where,
    )


def axes(task: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Say what lies along both axes: to the right, and upwards."""
    old = "the old network" if task <= 1 else f"the network after task {task}"
    return (f"score by {old}", "score before", "before"), ("score now", "now")


def sentence(figures: Responses) -> str:
    """Say all of it for people who hear it."""
    said = "; ".join(
        f"{label_of(each.learner)}{headlines(each)[0]}. {verdicts(each, figures.classes)[0]}"
        for each in figures.learners
    )
    return " ".join(filter(None, (f"{said}." if said else "", HELP, *figures.left_out)))


def learner_tip(figures: Responses, found: Response) -> str:
    """Explain one learner's plot."""
    return f"{label_of(found.learner)}{headlines(found)[0]}. {verdicts(found, figures.classes)[0]}. {HELP}"


def class_tip(figures: Responses, found: Response, unit: int) -> str:
    """Explain the line of one old class."""
    name, own = figures.classes[unit], [number for number, label in enumerate(figures.labels) if label == unit]
    rest = [number for number in range(len(figures.labels)) if number not in set(own)]
    told = [f"{left(float(found.slopes[unit]))} of its differences are left"]
    for images, where in ((own, f"images of {name}"), (rest, "other old images")):
        if images:
            was, now = (float(scores[images, unit].mean()) for scores in (found.before, found.now))
            told.append(f"on {where} it was {was:.1f} and is {now:.1f} (mean of {len(images)})")
    return f"{label_of(found.learner)}, score of {name}: {'; '.join(told)}."
