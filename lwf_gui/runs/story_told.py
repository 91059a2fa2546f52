"""What each learner forgot where one looks, in points of the cards, and the sentence that tells it. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from lwf_gui.runs import averages, shown, tasks_shown
from lwf_gui.runs.cards import card_of
from lwf_gui.runs.names import Names, learners_of, names_of
from lwf_gui.runs.record import Record
from lwf_gui.runs.selection import Selection, moment

KINDS = {"fashion-mnist": "kinds of clothes", "fashion-mnist-part": "kinds of clothes", "digits": "digits"}
"""What the classes of a data set are called by who has never heard of classes; others are "classes"."""

CLEAR = 10.0
"""Points from which on forgetting, or a difference of it, is explained: less may be chance."""

MOST_TOLD = 4
"""Of more learners only the two are told that forgot least and most."""

ENDS = " (the least)", " (the most)"
"""What stands behind these two."""


class Piece(NamedTuple):
    """A part of a sentence: a text, of a learner where it is a name; or the classes of a task, from ``task`` 0 on."""

    text: str
    learner: str = ""
    task: int = -1
    strong: bool = False
    """Whether it is in bold: a word that one looks for."""


BREAK = Piece("\n")
"""What follows begins a line, where there are several."""

Way = tuple[Piece, ...]
"""One wording of a sentence."""


class Forgotten(NamedTuple):
    """What one learner forgot."""

    learner: str
    points: float
    """NaN where there is no figure."""
    text: str
    before: str
    """Of how many points, where that is known."""


def told_of(record: Record, selection: Selection) -> list[Forgotten]:
    """Return what each learner forgot, as its card tells."""
    return _averages(record, selection) if tasks_shown.are_many(record) else _old(record, selection)


def noun_of(record: Record) -> str:
    """Return what the classes of a run's data are called: "kinds of clothes", "digits", "classes"."""
    assert record.data is not None, "there are classes"
    return KINDS.get(record.data.dataset, "classes")


def kinds(record: Record) -> str:
    """Return the same in one word: "kinds", "digits", "classes"."""
    return noun_of(record).partition(" ")[0]


def sizes(record: Record) -> tuple[int, ...]:
    """Return the numbers of classes, task by task."""
    assert record.data is not None, "tasks come with the data"
    return record.data.scenario.sizes


def _old(record: Record, selection: Selection) -> list[Forgotten]:
    """Return what each learner forgot of the old task, in points of its card."""
    told = []
    for learner in learners_of(record):
        card = card_of(record, learner, selection)
        if card.change is None or card.expansion_old is None:
            told.append(Forgotten(learner, float("nan"), _missing(card.diverged), ""))
            continue
        images = card.counts[0]
        lost = _lost(learner, -card.change, images, shown.digits(card.expansion_old, images))
        if not lost.points and card.old is not None and card.old != card.expansion_old:
            verb = "forgot" if card.old < card.expansion_old else "gained"
            lost = lost._replace(text=f"{verb} less than {shown.least(images)}")
        told.append(lost)
    return told


def _averages(record: Record, selection: Selection) -> list[Forgotten]:
    """Return what each learner forgot of the earlier tasks, on average, as its card tells."""
    told = []
    for learner in learners_of(record):
        figures = averages.averages(record, learner, selection)
        if not figures.known or figures.forgetting != figures.forgetting:
            told.append(Forgotten(learner, float("nan"), _missing(figures.diverged), ""))
            continue
        told.append(_lost(learner, figures.forgetting, figures.least, ""))
    return told


def _lost(learner: str, points: float, images: int, before: str) -> Forgotten:
    """Return a number of points in words: forgotten, or gained where it is below 0."""
    points = shown.rounded(points, images)
    text = f"gained {shown.points(points, images)}" if points < 0 else f"forgot {shown.points(points, images)}"
    return Forgotten(learner, points, text if points else "forgot nothing", before)


def _missing(diverged: int | None) -> str:
    return "is not trained yet" if diverged is None else f"diverged at step {diverged:,}"


def forgotten(record: Record, selection: Selection, told: list[Forgotten]) -> Iterator[Way]:
    """Yield what is told of forgetting."""
    known = [each for each in told if each.points == each.points]
    if not known and all(each.text == _missing(None) for each in told):
        return
    clause = _asked(record, selection)
    at = moment(record, selection.step)
    if at is not None and at.step == 0 and len(known) == len(told) and not any(each.points for each in told):
        yield (Piece(f"{clause}, nothing is forgotten yet."),)
        yield (Piece("Nothing is forgotten yet."),)
        return
    if len(told) <= MOST_TOLD or len(known) < 2:
        yield from _told(clause, told)
    if len(told) > 2 and len(known) > 1:
        ends = [min(known, key=lambda each: each.points), max(known, key=lambda each: each.points)]
        yield from _told(clause, ends, ENDS)


def _told(clause: str, told: list[Forgotten], notes: tuple[str, ...] = ()) -> Iterator[Way]:
    """Yield what these learners forgot, from the longest to the shortest way; behind each its note, if any."""
    for names in names_of(each.learner for each in told):
        for said in (clause, clause.removeprefix("Asked ").capitalize()):
            for of in (True, False):
                yield (Piece(f"{said}: "), *_each(told, names, notes, of=of))
    brief = clause.removeprefix("Asked among ").removeprefix("the ").removeprefix("all ")
    said = "Told the task" if brief.startswith("Told") else f"Of {brief}"
    yield (Piece(f"{said}: "), *_each(told, names, notes, of=False))


def _asked(record: Record, selection: Selection) -> str:
    """Say among how many classes an image of an old task is asked for: the protocol in plain words."""
    counts, at, short = sizes(record), moment(record, selection.step), kinds(record)
    if selection.protocol == "class_incremental":
        return f"Asked among all {sum(counts[: 1 if at is None else at.task + 1])} {short}"
    return "Told the task of each image" if tasks_shown.are_many(record) else f"Asked among the {counts[0]} old {short}"


def _each(told: Sequence[Forgotten], names: Names, notes: tuple[str, ...], *, of: bool) -> Iterator[Piece]:
    """Yield what each learner forgot; ``of``: and of how many points. What all have in common is said once."""
    (before,) = befores if of and len(befores := {each.before for each in told}) == 1 else ("",)
    alike = all(each.points > 0 for each in told)
    for place, each in enumerate(told):
        text = each.text
        if alike and place:
            text = text.removeprefix("forgot ").partition(" ")[0]
        elif before and each.points > 0:
            text = f"{text.rpartition(' ')[0]} of {before} points"
            before = ""
        yield Piece(names[each.learner], each.learner)
        note = notes[place] if notes else ""
        yield Piece(f" {text}{note}{'.' if place == len(told) - 1 else ', '}")
