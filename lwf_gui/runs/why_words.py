"""Why it forgets, in a few sentences that are worked out from the figures: they say only what holds in the record."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from lwf_gui.methods import method_of, subject_of
from lwf_gui.runs.equation import acting_settings
from lwf_gui.runs.names import label_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.story import CLEAR, KINDS
from lwf_gui.runs.why import WhyFigures
from lwf_gui.runs.why_pushes import Push

LITTLE = 0.5
"""Change of a score below which it is said to stay."""

TOGETHER = 0.25
"""Spread of the changes, as a part of their mean, below which scores are said to have moved together."""

ALIKE = 0.9
"""Of the share of new images that are answered as before, how much the share of old ones is at least to follow it."""

NOTHING_YET = (
    "This is the old network still: no new image has pushed anything yet. Go on in time to see it.",
    "Nothing is pushed yet: go on in time.",
    "Nothing is pushed yet.",
)

JUMPED = "No new image was seen yet, but the head grew, and that alone changed old scores."


def kinds(record: Record) -> str:
    """Return what classes are called here, in one word: "kinds", "digits", "classes"."""
    assert record.data is not None
    return KINDS.get(record.data.dataset, "classes").partition(" ")[0]


def class_name(record: Record, unit: int) -> str:
    """Return a class by the first of its names."""
    assert record.data is not None
    return record.data.classes[unit].partition("/")[0]


def verdict(record: Record, figures: WhyFigures, learners: Sequence[str]) -> tuple[str, ...]:
    """Say why the old answers went, or stayed, with these learners; then shorter ways."""
    pushes = [push for push in figures.pushes if push.learner in learners]
    if figures.times.step == figures.times.begin or not pushes:
        return (JUMPED,) if any(push.jumped > LITTLE for push in pushes) else NOTHING_YET
    worst, best = max(pushes, key=_lost), min(pushes, key=_lost)
    if not _clear(worst.lost, figures):
        return _kept(record, figures, worst)
    other = best if _clear(worst.lost - best.lost, figures) else None
    if 2 * worst.drowned.images > worst.lost:
        others = [push for push in pushes if push is not worst] or [worst]
        return _drowned(record, figures, worst, min(others, key=_said_new))
    long, short, brief = _pushed(record, figures, worst)
    so, says = _so(record, figures, worst)
    held = _held(record, figures, other) if other else ("", "", "")
    ways = (
        (long, so, held[0]),
        (short, so, held[0]),
        (short, so, held[1]),
        (brief, says, held[1]),
        (brief, says, held[2]),
        (says, held[2]),
        (says,),
    )
    return tuple(" ".join(filter(None, way)) for way in ways)


def _lost(push: Push) -> int:
    return push.lost


def _said_new(push: Push) -> int:
    return push.drowned.images


def _clear(images: int, figures: WhyFigures) -> bool:
    return 100 * images >= CLEAR * figures.images[0]


def scope(record: Record, learner: str, step: int) -> str:
    """Return over which classes new images' cross-entropy is taken: "all", "new", or empty where it is another loss."""
    row = method_of(learner)
    if row is None or record.data is None:
        return ""
    if row.loss is None or "ce_scope" in row.reads:  # LwF's loss, or what has its cross-entropy
        return acting_settings(record, learner, step).ce_scope if not row.rehearses else ""
    if "ce_scope" not in row.of_its_group():
        return ""
    return str(getattr(record.data.recipe.settings_of(learner), "ce_scope", ""))


# What new images did


def _pushed(record: Record, figures: WhyFigures, push: Push) -> tuple[str, str, str]:
    """Say what new images did to a learner's old scores, and shorter."""
    whose, by, said = _whose(push.learner, "old scores"), np.array(push.by), ""
    if push.jumped > LITTLE:
        said = f"The head grew, and that changed {whose} before any new image was seen."
    elif np.abs(by).max() < LITTLE:
        said = f"On new images {whose} hardly moved."
    elif by.min() > -LITTLE:
        said = f"On new images {whose} rose, by up to {by.max():.1f}."
    elif len(by) == 1:
        said = f"New images pushed {whose} down by {-by.min():.1f}."
    elif _together(push):
        kept = f"{push.kept[0]:,} of {figures.images[1]:,} new images"
        said = f"New images pushed {whose} down by {_span(push)}; the highest is the old network's on {kept}."
    return (said, said, said) if said else _unevenly(record, figures, push)


def _unevenly(record: Record, figures: WhyFigures, push: Push) -> tuple[str, str, str]:
    """Say which old scores new images pushed down most and least, and shorter."""
    by = np.array(push.by)
    most, least = int(by.argmin()), int(by.argmax())
    down, up = class_name(record, most), class_name(record, least)
    like = ", which they resemble most," if most == int(np.argmax(push.resembled)) else ""
    unlike = ", which they resemble least," if least == int(np.argmin(push.resembled)) else ""
    how = f"least (by {-by[least]:.1f})" if by[least] < -LITTLE else "not at all"
    lead = {
        "all": f'New images say "none of the old {kinds(record)}": ',
        "new": f"New images say nothing of the old {kinds(record)} here, but the shared weights move: ",
    }.get(scope(record, push.learner, figures.times.step), "")
    that = (
        f"this pushed {_whose(push.learner, 'scores')}"
        if lead
        else f"New images pushed {_whose(push.learner, 'old scores')}"
    )
    long = f"{lead}{that} for {down}{like} down most (by {-by[most]:.1f}), and for {up}{unlike} {how}."
    short = (
        f"New images pushed {_whose(push.learner, 'old scores')} down, {down} most (by {-by[most]:.1f}), {up} {how}."
    )
    return long, short, f"New images push old scores down, {up} {how.partition(' (')[0]}."


def _whose(learner: str, what: str) -> str:
    """Return what is a learner's: of one whose name says what is its own, the name follows."""
    name = label_of(learner)
    return f"the {what} of {name}" if "," in name else f"{name}'s {what}"


def _together(push: Push) -> bool:
    """Whether a learner's old scores sank by much the same."""
    fall = -np.array(push.by)
    return bool(fall.min() > LITTLE and np.ptp(fall) <= max(LITTLE, TOGETHER * fall.mean()))


def _span(push: Push) -> str:
    """Return by how much a learner's old scores sank: "5.0 to 5.2"."""
    least, most = (f"{value:.1f}" for value in (-max(push.by), -min(push.by)))
    return least if least == most else f"{least} to {most}"


def _so(record: Record, figures: WhyFigures, push: Push) -> tuple[str, str]:
    """Say what a learner answers to old images now, and shorter."""
    name, count = subject_of(push.learner), figures.images[0]
    if 2 * push.habit.images <= count or push.habit.unit >= figures.old:
        right = f"{name} gets {push.right[1]:,} of {count:,} old images right (before: {push.right[0]:,})."
        return right, right
    said = class_name(record, push.habit.unit)
    says = f"says {said} to {push.habit.images:,} of {count:,} old images."
    uneven = push.jumped <= LITTLE and not _together(push)
    if uneven and min(push.by) < -LITTLE and push.habit.unit == int(np.argmax(push.by)):
        return f"So {said} is left on top: it {says}", f"{name} {says}"
    return f"{name} {says}", f"{name} {says}"


def _held(record: Record, figures: WhyFigures, push: Push) -> tuple[str, str, str]:
    """Say how another learner held its old answers, and shorter."""
    name, (old, new) = subject_of(push.learner), figures.images
    row = method_of(push.learner)
    if row is not None and row.rehearses:
        again = f"{name} saw old images again and gets {push.right[1]:,} of {old:,} right."
        return again, again, again
    pull = pulls_back(record, push.learner, figures.times.step)
    so = ", and so" if pull and push.kept[1] * new >= ALIKE * push.kept[0] * old else " and"
    held = "it is pulled back to the old network's answers, and gives them" if pull else "it still answers as before"
    both = f"{held} on {push.kept[0]:,} of {new:,} new images{so} on {push.kept[1]:,} of {old:,} old ones."
    as_before = f"answers as before on {push.kept[1]:,} of these."
    if -max(push.by) <= LITTLE:
        return f"{label_of(push.learner)}: {both}", f"{name} {as_before}", f"{name} {as_before}"
    those = f"Those of {name}" if "," in name else f"{name}'s"
    sank = f"{those} sank too,{' but together,' if _together(push) else ''} by {_span(push)}"
    brief = "together:" if _together(push) else "too, yet"
    return f"{sank}: {both}", f"{those} sank {brief} it {as_before}", f"{name} {as_before}"


def pulls_back(record: Record, learner: str, step: int) -> bool:
    """Whether a learner is pulled back to the old network's answers on new images."""
    row = method_of(learner)
    return row is not None and row.distils and acting_settings(record, learner, step).alpha > 0


# Other cases


def _drowned(record: Record, figures: WhyFigures, worst: Push, best: Push) -> tuple[str, ...]:
    """Say that the new answers win on old images too."""
    name, other, many = (
        subject_of(worst.learner),
        subject_of(best.learner),
        f"{worst.drowned.images:,} of {figures.images[0]:,}",
    )
    said = f"{name} gives a new answer to {many} old images, {other} to {best.drowned.images:,}."
    if best is worst:
        said = f"{name} gives a new answer to {many} old images."
    elif best.drowned.images == worst.drowned.images:
        said = f"{name} and {other} give a new answer to {many} old images."
    because = ""
    if min(worst.drowned.fall, worst.drowned.level) > LITTLE >= worst.jumped:
        because = (
            f" New images pushed the old scores down and the new ones up: on old images "
            f"{_whose(worst.learner, 'old scores')} fell by {worst.drowned.fall:.1f}, and the new ones are at "
            f"{worst.drowned.level:.1f} on average."
        )
    some = "" if 2 * worst.drowned.images > figures.images[0] else " on some old images"
    among = f"Asked among all {kinds(record)}, the new answers win{some}: "
    return f"{among}{said}{because}", f"{among}{said}", said


def _kept(record: Record, figures: WhyFigures, worst: Push) -> tuple[str, ...]:
    """Say that little was forgotten."""
    (old, new), name = figures.images, subject_of(worst.learner)
    lost = f"Nothing is forgotten here: {name} gets {worst.right[1]:,} of {old:,} old images right."
    if worst.lost > 0:
        lost = (
            f"Little is forgotten here: {name} lost {worst.lost:,} of {worst.right[0]:,} right answers to old images."
        )
    pushed = _pushed(record, figures, worst)[1]
    kept = (
        ""
        if _together(worst)
        else f" The highest old score is the old network's on {worst.kept[0]:,} of {new:,} new images."
    )
    return f"{lost} {pushed}{kept}", f"{lost} {pushed}", lost
