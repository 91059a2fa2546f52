"""Why it forgets, or holds, in a sentence of each learner, worked out from the figures: only what holds in the record.

All in the present tense, for a score goes down and comes back up again: how far it is from the old network's now.
"""

from __future__ import annotations

import numpy as np

from lwf_gui.runs.cards import card_of
from lwf_gui.runs.names import class_name
from lwf_gui.runs.pushed import LITTLE, evenly
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection
from lwf_gui.runs.shown import percent
from lwf_gui.runs.story_told import CLEAR, kinds
from lwf_gui.runs.why import WhyFigures
from lwf_gui.runs.why_methods import asks
from lwf_gui.runs.why_pushes import Push

ALIKE = 0.9
"""Share of images, of new ones and of old ones, whose highest old score is to stay that of the same class."""

NOTHING_YET = (
    "This is the old network still: no new image has pushed anything yet. Go on in time to see it.",
    "Nothing is pushed yet: go on in time.",
    "Nothing is pushed yet.",
    "Not yet.",
)

JUMPED = (
    "No new image was seen yet, but the head grew, and that alone changed old scores.",
    "The head grew: that alone changed old scores.",
    "The head grew.",
)

OLD = "Old images:"

Ways = tuple[str, ...]
"""The same in ever fewer words."""


def why_of(record: Record, figures: WhyFigures, learner: str) -> Ways:
    """Say why a learner's old answers went, or stayed; then in fewer words."""
    push = next(each for each in figures.pushes if each.learner == learner)
    if figures.times.step == figures.times.begin:
        return JUMPED if push.jumped > LITTLE else NOTHING_YET
    ways = _new_win if _drowned(figures, push) else _ways
    return tuple(dict.fromkeys(ways(record, figures, push)))


def _ways(record: Record, figures: WhyFigures, push: Push) -> Ways:
    """Say by what method, what moved, and what is answered then to old images; ever less of that."""
    right, before = _right(record, figures, push)
    (long, short, brief), (so, so_brief) = _moved(record, figures, push), _so(record, figures, push)
    asked, asks_brief = ("", "") if push.jumped > LITTLE else asks(record, push.learner, figures.times.step)
    told, told_brief = f"{asked} {long}. {so}".strip(), f"{asks_brief} {short}. {so or OLD}".strip()
    return (
        f"{told} {right} of the old images are right (the old network: {before}).",
        f"{told} {right} of the old images are right.",
        f"{told} {right} right." if so else f"{told} {OLD} {right} right.",
        f"{told_brief} {right} right.",
        f"{short}. {so or OLD} {right} right.",
        f"{brief}. {so or OLD} {right} right.",
        f"{brief}. {so_brief} {right} of old images right." if so else f"{brief}. {OLD} {right} right.",
        f"{brief}. {so_brief} {right} right.",
        f"{_alone(so_brief)} {right} right",
        f"{OLD} {right} right",
        f"{right} right",
    )


def _right(record: Record, figures: WhyFigures, push: Push) -> tuple[str, str]:
    """Return how many old images are answered rightly, and were as the task began: the figures of the card."""
    card = card_of(record, push.learner, Selection(figures.protocol, figures.times.step))
    assert card.old is not None, "whose scores are known has answered"
    assert card.expansion_old is not None, "it answered as the task began, too"
    return percent(card.old, card.counts[0]), percent(card.expansion_old, card.counts[0])


# What became of the scores, on new images


def _moved(record: Record, figures: WhyFigures, push: Push) -> tuple[str, str, str]:
    """Say how far a learner's old scores are from the old network's on new images, and shorter."""
    by = np.array(push.by)
    if push.jumped > LITTLE:
        said = "The head grew, and that changed old scores before any new image was seen"
        return said, "The head grew, and that changed old scores", "The head grew"
    if np.abs(by).max() < LITTLE:
        return "The old scores hardly move", "The old scores hardly move", "Hardly moved"
    if by.min() > -LITTLE:
        said = f"The old scores rise, by up to {by.max():.1f}"
        return said, said, said
    if len(by) == 1:
        said = f"The old score is pushed down by {-by.min():.1f}"
        return said, said, said
    if together(push):
        return (
            f"All old scores are pushed down evenly, by {_span(push)}",
            f"All pushed down evenly, by {_span(push)}",
            f"All evenly down by {_span(push)}",
        )
    return _unevenly(record, push)


def _unevenly(record: Record, push: Push) -> tuple[str, str, str]:
    """Say which old scores are pushed down most and least, and shorter."""
    by = np.array(push.by)
    most, least = int(by.argmin()), int(by.argmax())
    down, up = f"{class_name(record, most)} by {-by[most]:.1f}", class_name(record, least)
    what = "Pushed down most"
    if most == int(np.argmax(push.resembled)):
        what = "What the old network takes them for is pushed down most"
    if by[least] > LITTLE:
        rest, few = f"{up} even rises ({by[least]:+.1f})", f"{up} up by {by[least]:.1f}"
    elif by[least] > -LITTLE:
        rest = few = f"{up} not at all"
    else:
        rest, few = f"{up} least, by {-by[least]:.1f}", f"{up} by {-by[least]:.1f}"
    brief = f"{class_name(record, most)} is down by {-by[most]:.1f}, {few}"
    return f"{what}: {down}; {rest}", f"Pushed down most: {down}; {rest}", brief


def together(push: Push) -> bool:
    """Whether a learner's old scores sank by much the same."""
    falls = tuple(-by for by in push.by)
    return min(falls) > LITTLE and evenly(falls)


def _span(push: Push) -> str:
    """Return by how much a learner's old scores sank: "5.0 to 5.2"."""
    least, most = (f"{value:.1f}" for value in (-max(push.by), -min(push.by)))
    return least if least == most else f"{least} to {most}"


# What is answered to old images


def _so(record: Record, figures: WhyFigures, push: Push) -> tuple[str, str]:
    """Say what stands on top on old images now, if anything, and shorter; right answers follow."""
    count, by = figures.images[0], np.array(push.by)
    if 2 * push.habit.images > count and push.habit.unit < figures.old and clear(push.lost, figures):
        said = class_name(record, push.habit.unit)
        least = push.habit.unit == int(by.argmax()) and by.min() < -LITTLE
        if least and push.jumped <= LITTLE and not together(push):
            if push.own > LITTLE - by.max():
                long = f"On old images their own score sinks by {push.own:.1f} (mean), and {said} is left on top:"
                return long, f"So {said} is left on top:"
            return f"So {said} is left on top, on old images too:", f"So {said} is left on top:"
        return f"To most old images it says {said}:", f"It mostly says {said}:"
    if not _as_before(figures, push):
        return "", OLD
    if together(push):
        return "So the same answer stays on top, on old images too:", "So the same answer is on top:"
    return "The same answer stays on top, on old images too:", "The same answer is on top:"


def _alone(said: str) -> str:
    """Return a conclusion as a sentence that follows no other."""
    said = said.removeprefix("So ")
    return said[0].upper() + said[1:]


def _as_before(figures: WhyFigures, push: Push) -> bool:
    """Whether the highest old score is nearly always that of the old network, on new images and on old ones."""
    old, new = figures.images
    return push.kept[0] >= ALIKE * new and push.kept[1] >= ALIKE * old


def clear(images: int, figures: WhyFigures) -> bool:
    """Whether so many of the old images are worth a word."""
    return 100 * images >= CLEAR * figures.images[0]


def _drowned(figures: WhyFigures, push: Push) -> bool:
    """Whether it is new answers that took the place of the old ones."""
    return clear(push.lost, figures) and 2 * push.drowned.images > push.lost


def _new_win(record: Record, figures: WhyFigures, push: Push) -> Ways:
    """Say that new answers win on old images too; then shorter."""
    (right, before), some = (
        _right(record, figures, push),
        "" if 2 * push.drowned.images > figures.images[0] else "some ",
    )
    word, because = kinds(record), ""
    if min(push.drowned.fall, push.drowned.level) > LITTLE >= push.jumped:
        because = (
            f" New images push the old scores down and the new ones up: on old images the old ones are down by "
            f"{push.drowned.fall:.1f}, the new ones are at {push.drowned.level:.1f}."
        )
    among = ""
    if push.kept[1] >= ALIKE * figures.images[0]:
        among = f" Among the old {word} alone the same answer stays on top."
    win = f"Asked among all {word}, new answers win on {some}old images"
    return (
        f"{win}: {right} right (the old network: {before}).{because}{among}",
        f"{win}: {right} right.{because}",
        f"{win}: {right} right.{among}",
        f"{win}: {right} right.",
        f"New answers win on {some}old images: {right} right.",
        f"New answers win: {right} right",
        f"{right} right",
    )
