"""What the panel of the stability gap says in words: who falls how far, who comes back, and every figure of it."""

from __future__ import annotations

import math

from lwf_gui.gui.panels.stability_gap.plan import MOST_ROWS
from lwf_gui.numbers import UNKNOWN, counted
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.names import label_of, short_label_of
from lwf_gui.runs.shown import digits, percent, rounded
from lwf_gui.runs.stability_gap import Dip, StabilityGap

FALLS = 2.0
"""Points from which on an accuracy is said to fall, or to come back: of 300 images a point is three."""

STAYS, BACK = 0.1, 0.5
"""Parts of what was lost: up to the first that comes back a learner stays there, from the second on it is back."""

SAID = 3
"""Learners of whom the verdict speaks, at most; the others have their rows."""

MIN_ACC = (
    "min-ACC is the mean over the earlier tasks of the lowest accuracy on each since its training ended, at all looks "
    "so far; each task has the same weight in it, where the other figures weigh tasks by their images"
)
GUESSED = "What the first steps do is to be guessed first: it is shown here once the guess stands."


def value(figures: StabilityGap, share: float) -> str:
    """Return an accuracy with the digits that its images support; a dash where there is none."""
    return UNKNOWN if math.isnan(share) else percent(share, figures.images)


def verdict(figures: StabilityGap) -> tuple[str, ...]:
    """Say who falls how far and who comes back, and shorter."""
    if figures.last == 0:
        which = f"Task {figures.task + 1}" if figures.earlier != "the old task" else "The new task"
        return (f"{which} has just begun: no step is made yet.", "No step is made yet.")
    told = _telling(figures)
    clauses = [clause(figures, dip) for dip in told]
    shorter = [brief(figures, dip) for dip in told]
    ways = [f"{'; '.join(part[:count])}." for part in (clauses, shorter) for count in range(len(told), 0, -1)]
    ways.append(f"Lowest: {value(figures, min(dip.lowest for dip in told))}.")
    return tuple(way.replace(" %", "\N{NO-BREAK SPACE}%") for way in ways)


def clause(figures: StabilityGap, dip: Dip) -> str:
    """Say of one learner how far it falls, how soon, and where it stands at the last look."""
    name, (before, low, after) = label_of(dip.learner), _rounded(figures, dip)
    if dip.diverged is not None:
        return f"{name} diverges at step {dip.diverged:,}"
    fallen, back, end = before - low, after - low, f"by step {dip.last:,}"
    stands = value(figures, dip.after)
    if fallen < FALLS:
        return f"{name} does not fall: {stands} {end}"
    falls = f"{name} falls to {value(figures, dip.lowest)} within {counted(dip.lowest_at, 'step')}"
    if back < max(FALLS, STAYS * fallen):
        return f"{falls} and stays near there" if dip.lowest_at < dip.last else f"{name} falls to {stands} {end}"
    if back >= BACK * fallen:
        return f"{falls} and is back at {stands} {end}"
    return f"{falls} and stands at {stands} {end}"


def brief(figures: StabilityGap, dip: Dip) -> str:
    """Say the same in three figures."""
    name = short_label_of(dip.learner)
    if dip.diverged is not None:
        return f"{name} diverges at step {dip.diverged:,}"
    before, low = (digits(share, figures.images) for share in (dip.before, dip.lowest))
    return f"{name}: {before} to {low}, then {value(figures, dip.after)}"


def before_text(figures: StabilityGap) -> str:
    """Return where all learners stood before, if they all stood at one place; else nothing."""
    stood = {value(figures, dip.before) for dip in figures.dips}
    return f"before: {stood.pop()}" if len(stood) == 1 else ""


def lowest_texts(figures: StabilityGap, dip: Dip) -> tuple[str, ...]:
    """Return what stands at a lowest point, and shorter."""
    low = value(figures, dip.lowest)
    return (f"{low} at step {dip.lowest_at:,}", low)


def axis_texts(figures: StabilityGap) -> tuple[str, ...]:
    """Return what stands below the axis of steps, and shorter."""
    begun = "the new task" if figures.earlier == "the old task" else f"task {figures.task + 1}"
    since, stretched = f"steps since {begun} began", "the first ones stretched"
    return (f"right answers of {figures.earlier} by {since}, {stretched}", f"{since}, {stretched}", since, "steps")


HEADINGS = (("before",), ("lowest, at step", "lowest, at", "lowest"), ("min-ACC so far", "min-ACC"))
"""Headings of the figures of a row but the one of the last look, each with shorter ones."""


def headings(figures: StabilityGap) -> tuple[tuple[str, ...], ...]:
    """Return the headings of the columns of a row's figures, each from the longest to the shortest."""
    last = (f"after {counted(figures.last, 'step')}", f"at step {figures.last:,}", f"at {figures.last:,}", "after")
    return (HEADINGS[0], HEADINGS[1], last, HEADINGS[2])


def cells(figures: StabilityGap, dip: Dip) -> tuple[tuple[str, ...], ...]:
    """Return a row's figures, each from the longest to the shortest."""
    low = value(figures, dip.lowest)
    after: tuple[str, ...] = (value(figures, dip.after),)
    if dip.diverged is not None:
        after = ("diverged", UNKNOWN)
    elif dip.last < figures.last:
        after = (f"{value(figures, dip.after)}, at {dip.last:,}", UNKNOWN)
    lowest = (f"{low}, at {dip.lowest_at:,}", low)
    return ((value(figures, dip.before),), lowest, after, (value(figures, dip.min_acc),))


def tip(figures: StabilityGap, dip: Dip) -> str:
    """Say all figures of a learner, of what they are, and what a click does."""
    return f"{told(figures, dip)}, {_of(figures)}. {MIN_ACC}. A click or Enter looks at its lowest point."


def told(figures: StabilityGap, dip: Dip) -> str:
    """Say all figures of a learner."""
    after = f"at step {dip.last:,} {value(figures, dip.after)}"
    if dip.diverged is not None:
        after = f"diverged at step {dip.diverged:,}"
    so_far = "no min-ACC, for it diverged"
    if not math.isnan(dip.min_acc):
        so_far = f"min-ACC so far {value(figures, dip.min_acc)}"
    if not math.isnan(dip.worst_case):
        so_far += f", worst-case accuracy, with the current task, {value(figures, dip.worst_case)}"
    low = value(figures, dip.lowest)
    return (
        f"{label_of(dip.learner)}: before {value(figures, dip.before)}, lowest {low} at step {dip.lowest_at:,}, "
        f"{after}, {so_far}"
    )


def before_tip(figures: StabilityGap) -> str:
    """Say what the dotted line is."""
    return f"The dotted line: where all stood before the first step of the new task, {_of(figures)}."


def task_tip(figures: StabilityGap, by: int) -> str:
    """Say what a key does."""
    return f"Looks at the first steps of task {figures.task + 1 + by}."


def sentence(figures: StabilityGap) -> str:
    """Say all that is painted."""
    which = f" of task {figures.task + 1}" if figures.earlier != "the old task" else ""
    rows = ". ".join(told(figures, dip) for dip in figures.dips)
    more = (*figures.left_out, *(note for note, _ in figures.notes))
    lead = f"The first steps{which}, {_of(figures)}, {counted(len(figures.looks), 'look')}"
    return " ".join((f"{lead}. {verdict(figures)[0]} {rows}.", *more))


def note(figures: StabilityGap) -> tuple[str, ...]:
    """Return what stands below the verdict in small type, and shorter; nothing where there is nothing to say."""
    who = counted(len(figures.dips), "learner")
    gone = (f"{who} have no table: point at a curve's end for its figures.", f"{who}: no table.")
    said = [gone] * (len(figures.dips) > MOST_ROWS)
    said += [*figures.notes, *((each, each) for each in figures.left_out)]
    ways = [" ".join(each[form] for each in said[:count]) for count in range(len(said), 0, -1) for form in (0, 1)]
    return tuple(ways)


def _of(figures: StabilityGap) -> str:
    images = counted(figures.images, "probe image")
    return f"{PROTOCOLS[figures.protocol]}, of {images} of {figures.earlier}"


def _rounded(figures: StabilityGap, dip: Dip) -> tuple[float, float, float]:
    before, low, after = (rounded(share, figures.images) for share in (dip.before, dip.lowest, dip.after))
    return before, low, after


def _telling(figures: StabilityGap) -> list[Dip]:
    """Return those of whom most is to be said: all of a few, else who comes back most and who stays lowest."""
    dips = list(figures.dips)
    if len(dips) <= SAID:
        return sorted(dips, key=lambda dip: dip.lowest - dip.after)
    back = min(dips, key=lambda dip: dip.lowest - dip.after)
    low = min((dip for dip in dips if dip is not back), key=lambda dip: dip.after)
    return [back, low]
