"""What a learner's card says beside its big digits, and what is said of all cards together.

Each from the longest to the shortest wording: whoever shows them takes the longest that has room.
"""

from __future__ import annotations

from lwf_gui.runs import shown, tasks_shown
from lwf_gui.runs.cards import Card, teacher_accuracy
from lwf_gui.runs.metrics import PROTOCOLS
from lwf_gui.runs.record import Record
from lwf_gui.runs.seed_words import spread_ways
from lwf_gui.runs.selection import Selection

Ways = tuple[str, ...]

UNITS: Ways = ("% of the old task right", "% of old task right", "% old right", "% old", "%")
"""What the big digits are of."""


def digits(card: Card) -> str:
    """Return the big number: the old task's accuracy, a dash where there is none yet."""
    return "-" if card.old is None else shown.digits(card.old, card.counts[0])


def samples(card: Card) -> Ways:
    """Say on how many images of the old task it is taken; or how far apart seeds are, where there are several."""
    old = card.counts[0]
    if card.seeds is not None:
        return spread_ways(card.seeds, old)
    brief = (f"{old:,} images", f"of {old:,}", f"{old:,}", "") if old else ("",)
    return (card.sample, card.sample.removeprefix("all "), *brief)


def diverged(card: Card) -> Ways:
    """Say at which step the learner diverged; nothing where it did not."""
    return () if card.diverged is None else (f"diverged at step {card.diverged:,}", "diverged")


def changes(card: Card, *, since: bool = True) -> Ways:
    """Say how many points were lost or gained, and ``since`` when; or why there is nothing to say."""
    if card.change is None:
        return (*(diverged(card) or ("not trained yet", "untrained")), "")
    sign = "▼" if card.change < 0 else "▲" if card.change > 0 else "="
    change = f"{sign} {shown.points(card.change, card.counts[0])}"
    longer = (f"{change} since expansion",) if since else ()
    return (*longer, change, shown.brief(change), "")


def news(card: Card) -> Ways:
    """Say how much of the new task is right."""
    if card.change is None:
        return ("new task: -", "new: -", "")
    right = shown.percent(card.new or 0.0, card.counts[1])
    return (f"new task: {right} right", f"new task: {right}", f"new: {right}", f"new {right}", "")


def captions(record: Record, figure: Card, selection: Selection) -> Ways:
    """Say what the figures of all cards are, of which ``figure`` is one that has any, if there is one."""
    data, teacher = record.data, teacher_accuracy(record, selection.step)
    protocol = PROTOCOLS[selection.protocol].capitalize()
    if figure.old is not None and data is not None:
        after = f"after step {figure.step:,}"
        return (
            f"{protocol} accuracy on {figure.images} of {data.dataset}, {after}",
            f"{protocol}, on {figure.images}, {after}",
            f"{protocol} accuracy on {data.dataset}, {after}",
            f"{protocol}, {after}",
            protocol,
        )
    if teacher is not None and figure.diverged is None:
        right = f"{teacher:.1f} % right"
        what = "its classes" if tasks_shown.are_many(record) else "the old task"
        return (
            f"Task 1: the teacher learns {what}, {right} so far (task-aware, probe images).",
            f"Task 1: the teacher learns, {right} so far.",
            f"Teacher: {right}",
        )
    if figure.diverged is not None:
        return (f"{protocol} accuracy; every learner has diverged.", f"{protocol}; all diverged.", protocol)
    return (f"{protocol} accuracy; no learner has been trained yet.", f"{protocol}; none trained yet.", protocol)
